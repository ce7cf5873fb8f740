using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Can.Engine.Images.Oci;

/// <summary>
/// Writes an OCI image configuration, whose SHA-256 is the image's Id. It says nothing about when, so that the same files with the
/// same defaults are the same image however often they are imported.
/// </summary>
/// <remarks>https://github.com/opencontainers/image-spec/blob/main/config.md</remarks>
internal static class OciConfiguration
{
    /// <summary>The configuration's bytes.</summary>
    /// <param name="configuration">Defaults for containers.</param>
    /// <param name="layers">Diff ids, lowest first.</param>
    /// <param name="createdBy">What the history says about each layer.</param>
    public static byte[] Write(ImageConfiguration configuration, IReadOnlyList<string> layers, string createdBy)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("architecture", Architecture);
            json.WriteString("os", "linux");
            WriteDefaults(json, configuration);
            WriteLayers(json, layers);
            json.WriteStartArray("history");
            foreach (var _ in layers)
            {
                json.WriteStartObject();
                json.WriteString("created_by", createdBy);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>What containers get from an image.</summary>
    public static ImageConfiguration Defaults(OciImage image)
    {
        var defaults = image.Config ?? new OciImageDefaults();
        return new ImageConfiguration
        {
            Entrypoint = defaults.Entrypoint ?? [],
            Command = defaults.Cmd ?? [],
            Environment = defaults.Env ?? [],
            WorkingDirectory = defaults.WorkingDir ?? "",
            User = defaults.User ?? "",
            StopSignal = defaults.StopSignal ?? "",
            Volumes = defaults.Volumes ?? [],
            ExposedPorts = defaults.ExposedPorts ?? [],
            Labels = defaults.Labels ?? new Dictionary<string, string>(),
            HealthCheck = defaults.HealthCheck?.ToHealthCheck(),
        };
    }

    /// <summary>This machine's architecture in Go's names, as the specification wants them.</summary>
    public static string Architecture => RuntimeInformation.OSArchitecture switch
    {
        System.Runtime.InteropServices.Architecture.X64 => "amd64",
        System.Runtime.InteropServices.Architecture.X86 => "386",
        var other => other.ToString().ToLowerInvariant(),
    };

    private static void WriteDefaults(Utf8JsonWriter json, ImageConfiguration configuration)
    {
        json.WriteStartObject("config");
        WriteText(json, "User", configuration.User);
        WriteSet(json, "ExposedPorts", configuration.ExposedPorts);
        WriteList(json, "Env", configuration.Environment);
        WriteList(json, "Entrypoint", configuration.Entrypoint);
        WriteList(json, "Cmd", configuration.Command);
        WriteSet(json, "Volumes", configuration.Volumes);
        WriteText(json, "WorkingDir", configuration.WorkingDirectory);
        WriteLabels(json, configuration.Labels);
        WriteText(json, "StopSignal", configuration.StopSignal);
        OciHealthCheck.Write(json, configuration.HealthCheck);
        json.WriteEndObject();
    }

    private static void WriteText(Utf8JsonWriter json, string name, string value)
    {
        if (value.Length > 0)
        {
            json.WriteString(name, value);
        }
    }

    private static void WriteList(Utf8JsonWriter json, string name, IReadOnlyList<string> values)
    {
        if (values.Count == 0)
        {
            return;
        }

        json.WriteStartArray(name);
        foreach (var value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }

    private static void WriteSet(Utf8JsonWriter json, string name, IReadOnlyList<string> values)
    {
        if (values.Count == 0)
        {
            return;
        }

        json.WriteStartObject(name);
        foreach (var value in values.Distinct().Order(StringComparer.Ordinal))
        {
            json.WriteStartObject(value);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteLabels(Utf8JsonWriter json, IReadOnlyDictionary<string, string> labels)
    {
        if (labels.Count == 0)
        {
            return;
        }

        json.WriteStartObject("Labels");
        foreach (var (name, value) in labels.OrderBy(static label => label.Key, StringComparer.Ordinal))
        {
            json.WriteString(name, value);
        }

        json.WriteEndObject();
    }

    private static void WriteLayers(Utf8JsonWriter json, IReadOnlyList<string> layers)
    {
        json.WriteStartObject("rootfs");
        json.WriteString("type", "layers");
        json.WriteStartArray("diff_ids");
        foreach (var layer in layers)
        {
            json.WriteStringValue($"sha256:{layer}");
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
