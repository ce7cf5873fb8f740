namespace Can.Engine.Containers.Files;

/// <summary>The overlay's own extended attributes on its layers.</summary>
internal static class OverlayAttributes
{
    /// <summary>Whether an attribute is the overlay's, and so nobody's data.</summary>
    public static bool IsOwn(ReadOnlySpan<byte> name) => name.StartsWith("trusted.overlay."u8);
}
