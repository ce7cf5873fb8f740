namespace Can.Cli.Containers;

/// <summary>Ports as people write them.</summary>
internal static class PortText
{
    /// <summary>A container's end, such as <c>80/tcp</c>; the protocol may be left out.</summary>
    public static string EndOf(string text) => (text.Contains('/', StringComparison.Ordinal) ? text : $"{text}/tcp").ToLowerInvariant();
}
