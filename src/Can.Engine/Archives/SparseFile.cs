using System.Runtime.InteropServices;
using Can.Engine.Images.Tar;
using Can.Engine.Kernel;
using Can.Engine.Storage;

namespace Can.Engine.Archives;

/// <summary>Where a file has data.</summary>
internal static class SparseFile
{
    private const int SEEK_DATA = 3;
    private const int SEEK_HOLE = 4;

    /// <summary>So many parts are too many for a map before the data; such a file is written whole.</summary>
    private const int MaximumParts = 4096;

    /// <summary>The parts that are no holes, in order; null when there are no holes, or they cannot be told.</summary>
    /// <remarks>lseek(2), "Seeking file data and holes"</remarks>
    public static List<SparsePart>? FindData(int file, long length)
    {
        var parts = new List<SparsePart>();
        for (long at = 0; at < length;)
        {
            var begin = Libc.lseek(file, at, SEEK_DATA);
            if (begin < 0 && Marshal.GetLastPInvokeError() == Errno.ENXIO)
            {
                break; // nothing but a hole up to the end
            }

            var end = begin < 0 ? -1 : Libc.lseek(file, begin, SEEK_HOLE);
            if (end < 0 || parts.Count == MaximumParts)
            {
                Rewind(file);
                return null;
            }

            // It may have grown meanwhile.
            begin = Math.Min(begin, length);
            at = Math.Min(end, length);
            if (at > begin)
            {
                parts.Add(new(begin, at - begin));
            }
        }

        Rewind(file);
        return parts is [{ Offset: 0 } whole] && whole.Length == length ? null : parts;
    }

    private static void Rewind(int file)
    {
        if (Libc.lseek(file, 0, 0) < 0)
        {
            throw StorageError.Last("read", $"descriptor {file}");
        }
    }
}
