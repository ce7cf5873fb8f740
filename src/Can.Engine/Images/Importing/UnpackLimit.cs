using System.Globalization;

namespace Can.Engine.Images.Importing;

/// <summary>
/// What one import may unpack, all its layers together: bytes of uncompressed archives, and entries. A hole in a sparse file takes no
/// space in an archive nor on the disk, so it counts nothing. May be used by several threads at once.
/// </summary>
internal sealed class UnpackLimit
{
    /// <summary>Entries that one import may have: the names and attributes of directories are remembered until a layer is whole.</summary>
    public const long MaximumEntries = 5_000_000;

    private const long MaximumReserve = 256 << 20;

    private readonly long maximum;
    private readonly string remedy;
    private long bytes;
    private long entries;

    private UnpackLimit(long maximum, string remedy) => (this.maximum, this.remedy) = (maximum, remedy);

    /// <summary>The limit that the caller gives, else the free space where the store is, less a reserve.</summary>
    /// <param name="maximum">Bytes; null for the free space.</param>
    /// <param name="directory">A directory of the store, which is there.</param>
    public static UnpackLimit Of(long? maximum, string directory)
    {
        if (maximum is { } given)
        {
            return new UnpackLimit(given, "Allow more with -MaximumSize if you trust where it comes from.");
        }

        var drive = new DriveInfo(directory);
        var reserve = Math.Min(MaximumReserve, drive.TotalSize / 20);
        return new UnpackLimit(
            Math.Max(0, drive.AvailableFreeSpace - reserve),
            $"That is the free space of the store's file system less a reserve; free some, or if the archive is honest give -MaximumSize.");
    }

    /// <summary>Counts bytes that were unpacked.</summary>
    /// <exception cref="CanException"><c>ImageTooLarge</c></exception>
    public void Add(int count)
    {
        if (Interlocked.Add(ref bytes, count) > maximum)
        {
            throw TooLarge($"more than {maximum.ToString("N0", CultureInfo.InvariantCulture)} bytes", remedy);
        }
    }

    /// <summary>Counts an entry.</summary>
    /// <exception cref="CanException"><c>ImageTooLarge</c></exception>
    public void AddEntry()
    {
        if (Interlocked.Increment(ref entries) > MaximumEntries)
        {
            throw TooLarge($"more than {MaximumEntries.ToString("N0", CultureInfo.InvariantCulture)} entries", "No image of use has so many.");
        }
    }

    private static CanException TooLarge(string what, string remedy) =>
        new("ImageTooLarge", CanErrorCategory.ResourceUnavailable, $"The image unpacks to {what}. {remedy}");
}
