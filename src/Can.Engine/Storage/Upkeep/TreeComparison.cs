using System.Runtime.InteropServices;
using System.Text;
using Can.Engine.Images.Importing;
using Can.Engine.Images.Tar;
using Can.Engine.Kernel;

namespace Can.Engine.Storage.Upkeep;

/// <summary>
/// Compares two directory trees, of which one is as it should be: names, kinds, owners, modes, times, extended attributes, links,
/// devices and contents. A directory's time counts not: one that its archive does not name has got the time when it was made.
/// </summary>
internal sealed unsafe class TreeComparison(string actual, string wanted, CancellationToken cancellation) : IDisposable
{
    private const int BufferSize = 128 * 1024;

    private readonly ExtendedAttributeReader attributes = new();
    private readonly byte[] actualBytes = GC.AllocateUninitializedArray<byte>(BufferSize);
    private readonly byte[] wantedBytes = GC.AllocateUninitializedArray<byte>(BufferSize);
    private readonly Stack<(int Actual, int Wanted)> open = [];

    /// <summary>The first thing in which the trees differ; null if they are equal.</summary>
    public string? FirstDifference()
    {
        fixed (byte* here = Encoding.UTF8.GetBytes(actual + '\0'), there = Encoding.UTF8.GetBytes(wanted + '\0'), itself = ".\0"u8)
        {
            var pair = (Actual: Open(Libc.AT_FDCWD, here, Libc.O_DIRECTORY, actual), Wanted: Open(Libc.AT_FDCWD, there, Libc.O_DIRECTORY, wanted));
            open.Push(pair);
            return DifferenceOf(pair.Actual, itself, pair.Wanted, itself, "/");
        }
    }

    public void Dispose()
    {
        while (open.TryPop(out var pair))
        {
            Close(pair);
        }
    }

    private string? DifferenceOf(int actualParent, byte* actualName, int wantedParent, byte* wantedName, string path)
    {
        cancellation.ThrowIfCancellationRequested();
        var here = Status(actualParent, actualName);
        var there = Status(wantedParent, wantedName);
        if (StatusDifference(here, there) is { } what)
        {
            return $"Its '{path}' has another {what} than in its archive.";
        }

        if (!AttributesOf(actualParent, actualName).SequenceEqual(AttributesOf(wantedParent, wantedName)))
        {
            return $"Its '{path}' has other extended attributes than in its archive.";
        }

        return (here.mode & Libc.S_IFMT) switch
        {
            Libc.S_IFREG => HaveSameContent(actualParent, actualName, wantedParent, wantedName) ? null : $"Its '{path}' has another content than in its archive.",
            Libc.S_IFLNK => LinkOf(actualParent, actualName).SequenceEqual(LinkOf(wantedParent, wantedName)) ? null : $"Its link '{path}' leads elsewhere than in its archive.",
            Libc.S_IFDIR => DirectoryDifference(actualParent, actualName, wantedParent, wantedName, path),
            _ => null,
        };
    }

    private static string? StatusDifference(in Libc.statx_t here, in Libc.statx_t there)
    {
        var isDirectory = (here.mode & Libc.S_IFMT) == Libc.S_IFDIR;
        return (here.mode & Libc.S_IFMT) != (there.mode & Libc.S_IFMT) ? "kind"
            : here.mode != there.mode ? "mode"
            : (here.uid, here.gid) != (there.uid, there.gid) ? "owner"
            : (here.rdev_major, here.rdev_minor) != (there.rdev_major, there.rdev_minor) ? "device number"
            : isDirectory ? null
            : here.size != there.size ? "size"
            : (here.mtime_seconds, here.mtime_nanoseconds) != (there.mtime_seconds, there.mtime_nanoseconds) && !IsWhiteout(here) ? "time of change"
            : here.nlink != there.nlink && !IsWhiteout(here) ? "number of names"
            : null;
    }

    /// <summary>A whiteout means what it means whenever it was made.</summary>
    private static bool IsWhiteout(in Libc.statx_t status) => (status.mode & Libc.S_IFMT) == Libc.S_IFCHR && status is { rdev_major: 0, rdev_minor: 0 };

    private string? DirectoryDifference(int actualParent, byte* actualName, int wantedParent, byte* wantedName, string path)
    {
        var pair = (Actual: Open(actualParent, actualName, Libc.O_DIRECTORY, actual), Wanted: Open(wantedParent, wantedName, Libc.O_DIRECTORY, wanted));
        open.Push(pair);
        var here = NamesIn(pair.Actual, actual);
        var there = NamesIn(pair.Wanted, wanted);
        foreach (var name in there)
        {
            var child = $"{path.TrimEnd('/')}/{Encoding.UTF8.GetString(name.AsSpan(0, name.Length - 1))}";
            if (!here.Remove(name))
            {
                return $"Its '{child}' is missing.";
            }

            fixed (byte* bytes = name)
            {
                if (DifferenceOf(pair.Actual, bytes, pair.Wanted, bytes, child) is { } difference)
                {
                    return difference;
                }
            }
        }

        Close(open.Pop());
        return here.Count == 0 ? null : $"Its '{path.TrimEnd('/')}/{Encoding.UTF8.GetString(here.First()).TrimEnd('\0')}' is not in its archive.";
    }

    /// <summary>Names ended by a NUL.</summary>
    private static SortedSet<byte[]> NamesIn(int directory, string path) => new(
        DirectoryNames.Read(directory, path).Select(static name => (byte[])[.. name, 0]),
        Comparer<byte[]>.Create(static (left, right) => left.AsSpan().SequenceCompareTo(right)));

    private bool HaveSameContent(int actualParent, byte* actualName, int wantedParent, byte* wantedName)
    {
        var pair = (Actual: Open(actualParent, actualName, 0, actual), Wanted: Open(wantedParent, wantedName, 0, wanted));
        try
        {
            while (true)
            {
                cancellation.ThrowIfCancellationRequested();
                var here = Fill(pair.Actual, actualBytes, actual);
                var there = Fill(pair.Wanted, wantedBytes, wanted);
                if (here != there || !actualBytes.AsSpan(0, here).SequenceEqual(wantedBytes.AsSpan(0, there)))
                {
                    return false;
                }

                if (here < BufferSize)
                {
                    return true;
                }
            }
        }
        finally
        {
            Close(pair);
        }
    }

    /// <summary>Reads until the buffer is full or the file ends.</summary>
    private static int Fill(int file, byte[] buffer, string path)
    {
        var length = 0;
        fixed (byte* bytes = buffer)
        {
            while (length < buffer.Length)
            {
                var count = Libc.read(file, bytes + length, (nuint)(buffer.Length - length));
                if (count == 0)
                {
                    break;
                }

                if (count < 0 && Marshal.GetLastPInvokeError() != Errno.EINTR)
                {
                    throw StorageError.Last("read a file of", path);
                }

                length += (int)Math.Max(count, 0);
            }
        }

        return length;
    }

    private List<(string Name, string Value)> AttributesOf(int directory, byte* name)
    {
        var found = new List<ExtendedAttribute>();
        attributes.Read(directory, name, found);
        return found.ConvertAll(static attribute => (Convert.ToHexString(attribute.Name), Convert.ToHexString(attribute.Value)));
    }

    private static byte[] LinkOf(int directory, byte* name)
    {
        var text = new byte[4096]; // PATH_MAX, which no link's text exceeds
        fixed (byte* bytes = text)
        {
            return text[..Math.Max(0, (int)Libc.readlinkat(directory, name, bytes, (nuint)text.Length))];
        }
    }

    private static Libc.statx_t Status(int directory, byte* name)
    {
        Libc.statx_t status;
        return Libc.statx(directory, name, Libc.AT_SYMLINK_NOFOLLOW, Libc.STATX_BASIC_STATS, &status) == 0
            ? status
            : throw StorageError.Last("look at", Marshal.PtrToStringUTF8((nint)name) ?? "");
    }

    private static int Open(int directory, byte* name, int flags, string path)
    {
        var descriptor = Libc.openat(directory, name, Libc.O_RDONLY | Libc.O_NOFOLLOW | Libc.O_CLOEXEC | flags, 0);
        return descriptor >= 0 ? descriptor : throw StorageError.Last("open a file of", path);
    }

    private static void Close((int Actual, int Wanted) pair)
    {
        _ = Libc.close(pair.Actual);
        _ = Libc.close(pair.Wanted);
    }
}
