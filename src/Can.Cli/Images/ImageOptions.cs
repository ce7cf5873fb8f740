using System.CommandLine;
using Can.Cli.Common;
using Can.Engine.Containers;

namespace Can.Cli.Images;

/// <summary>Options of several verbs.</summary>
internal static class ImageOptions
{
    /// <summary>How much an image may unpack to.</summary>
    public static Option<long?> MaximumSize() =>
        Opt.One<long?>("--max-size", "SIZE", "Most bytes that it may unpack to, such as 2g; else the free space less a reserve", static text => ByteSize.Parse(text));
}
