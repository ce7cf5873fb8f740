using System.CommandLine;
using Can.Cli.Common;
using Can.Engine.Containers;

namespace Can.Cli.Images;

/// <summary>Options of several verbs.</summary>
internal static class ImageOptions
{
    /// <summary>For which platform an image is got.</summary>
    public static Option<string?> Platform() => Opt.Text("--platform", "OS/ARCH[/VARIANT]", "The image for another platform than this machine's");

    /// <summary>How much an image may unpack to.</summary>
    public static Option<long?> MaximumSize() =>
        Opt.One<long?>("--max-size", "SIZE", "Most bytes that it may unpack to, such as 2g; else the free space less a reserve", static text => ByteSize.Parse(text));
}
