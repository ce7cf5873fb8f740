using Can.Engine.Storage.Content;

namespace Can.Engine.Storage.Upkeep;

/// <summary>Compares an unpacked layer with its archive, and unpacks it once more.</summary>
internal static class LayerMending
{
    public static string? Difference(CanEngine engine, string diffId, Digest blob, CancellationToken cancellation) => null;

    public static void Unpack(CanEngine engine, string diffId, Digest blob, CancellationToken cancellation)
    {
    }
}
