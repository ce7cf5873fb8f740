using System.Text.Json;
using Can.Cli.Common.Listing;
using Can.Engine.Images;

namespace Can.Cli.Images;

/// <summary>An image as JSON, with Docker's names where Docker has it.</summary>
internal static class ImageJson
{
    /// <summary>Writes an image.</summary>
    public static void Write(Utf8JsonWriter writer, Image image)
    {
        var platform = image.Platform.Split('/');
        writer.WriteStartObject();
        writer.WriteString("Id", ImageText.Id(image, full: true));
        writer.WriteTexts("RepoTags", image.References);
        writer.WriteString("Digest", image.Digest);
        writer.WriteMoment("Created", image.CreatedAt);
        writer.WriteString("Author", image.Author);
        writer.WriteString("Os", platform[0]);
        writer.WriteString("Architecture", platform.ElementAtOrDefault(1) ?? "");
        writer.WriteString("Variant", platform.ElementAtOrDefault(2) ?? "");
        writer.WriteNumber("Size", image.Size);
        writer.WriteNumber("SharedSize", image.SharedSize);
        WriteConfiguration(writer, image.Configuration);
        writer.WriteStartObject("RootFS");
        writer.WriteString("Type", "layers");
        writer.WriteTexts("Layers", [.. image.Layers.Select(ImageText.Layer)]);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteConfiguration(Utf8JsonWriter writer, ImageConfiguration configuration)
    {
        writer.WriteStartObject("Config");
        writer.WriteString("User", configuration.User);
        writer.WriteTexts("Env", configuration.Environment);
        writer.WriteTexts("Cmd", configuration.Command);
        writer.WriteTexts("Entrypoint", configuration.Entrypoint);
        writer.WriteString("WorkingDir", configuration.WorkingDirectory);
        writer.WriteString("StopSignal", configuration.StopSignal);
        writer.WriteSet("Volumes", configuration.Volumes);
        writer.WriteSet("ExposedPorts", configuration.ExposedPorts);
        writer.WritePairs("Labels", configuration.Labels);
        writer.WriteEndObject();
    }
}
