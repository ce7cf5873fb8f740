using Can.Engine.Kernel;
using Microsoft.Win32.SafeHandles;

namespace Can.Engine.Containers;

/// <summary>The files of one container's log, oldest first, and where in them the last so many messages begin.</summary>
internal sealed class LogFiles(string directory)
{
    private const int Block = 64 * 1024;

    /// <summary>The file that the monitor writes now.</summary>
    internal string Current { get; } = $"{directory}/current";

    /// <summary>Opens all files, oldest first; a file that is rotated meanwhile keeps its content under its descriptor.</summary>
    internal List<SafeFileHandle> Open()
    {
        var files = new List<SafeFileHandle>();
        for (var number = 0; TryOpen(number) is { } file; number++)
        {
            files.Insert(0, file);
        }

        return files;
    }

    /// <summary>
    /// Opens the file that was begun after this one, however often the log was rotated meanwhile; the oldest one there is if this
    /// one has been removed, or none was read yet. Null when there is no other.
    /// </summary>
    internal SafeFileHandle? OpenAfter(SafeFileHandle? read)
    {
        // In the moment of a rotation there is no current one.
        var newer = TryOpen(0);
        for (var number = 1; read is null || newer is null || !IsSame(newer, read); number++)
        {
            if (TryOpen(number) is not { } older)
            {
                return newer;
            }

            if (read is not null && IsSame(older, read))
            {
                older.Dispose();
                return newer;
            }

            newer?.Dispose();
            newer = older;
        }

        newer.Dispose();
        return null;
    }

    private static bool IsSame(SafeFileHandle one, SafeFileHandle other) =>
        Libc.TryStatus(one, out var first) && Libc.TryStatus(other, out var second) && (first.Device, first.Inode) == (second.Device, second.Inode);

    /// <summary>Opens one file, 0 being the newest; null if it is not there.</summary>
    private SafeFileHandle? TryOpen(int number)
    {
        var path = number == 0 ? Current : $"{Current}.{number}";
        var handle = new SafeFileHandle(Libc.open(path, Libc.O_RDONLY | Libc.O_CLOEXEC | Libc.O_NOFOLLOW, 0), true);
        if (!handle.IsInvalid)
        {
            return handle;
        }

        handle.Dispose();
        return null;
    }

    /// <summary>Where the last messages begin: how many of the files to skip, and the offset in the first that is read.</summary>
    internal static (int File, long Offset) FindTail(IReadOnlyList<SafeFileHandle> files, int messages)
    {
        var wanted = messages;
        if (files.Count > 0 && EndsUnfinished(files[^1]))
        {
            // What is written after the last whole message is one, too.
            if (wanted-- == 0)
            {
                return (files.Count - 1, RandomAccess.GetLength(files[^1]));
            }
        }

        for (var index = files.Count - 1; index >= 0; index--)
        {
            if (FindTail(files[index], ref wanted) is { } offset)
            {
                return (index, offset);
            }
        }

        return (0, 0);
    }

    /// <summary>Whether the file's last line is a piece of a message that has not been ended.</summary>
    private static bool EndsUnfinished(SafeFileHandle file)
    {
        var length = RandomAccess.GetLength(file);
        var block = new byte[Math.Min(length, Block)];
        var tail = block.AsSpan(0, RandomAccess.Read(file, block, length - block.Length)).TrimEnd((byte)'\n');
        var line = tail[(tail.LastIndexOf((byte)'\n') + 1)..];
        return LogLine.TryParse(line, out var last) && last.Partial;
    }

    /// <summary>Counts messages from the end; the offset behind the one before the first wanted, or null when more are wanted.</summary>
    private static long? FindTail(SafeFileHandle file, ref int wanted)
    {
        var end = RandomAccess.GetLength(file);
        var carried = Array.Empty<byte>();
        while (end > 0)
        {
            var start = Math.Max(0, end - Block);
            var block = new byte[end - start + carried.Length];
            _ = RandomAccess.Read(file, block.AsSpan(0, (int)(end - start)), start);
            carried.CopyTo(block, end - start);
            if (CountBackwards(block, wholeStart: start == 0, ref wanted, out var first) is { } position)
            {
                return start + position;
            }

            carried = block[..first];
            end = start;
        }

        return null;
    }

    /// <param name="block">Bytes that end at a line's end or at the beginning of a line counted before.</param>
    /// <param name="wholeStart">The block begins at a line's start.</param>
    /// <param name="wanted">Messages still to be found.</param>
    /// <param name="first">Where the first whole line begins; what is before it belongs to the block before.</param>
    private static long? CountBackwards(ReadOnlySpan<byte> block, bool wholeStart, ref int wanted, out int first)
    {
        var end = block.Length;
        while (end > 0)
        {
            var newline = block[..(end - 1)].LastIndexOf((byte)'\n');
            if (newline < 0 && !wholeStart)
            {
                break;
            }

            var line = block[(newline + 1)..end];
            if (LogLine.EndsMessage(line.TrimEnd((byte)'\n')) && wanted-- == 0)
            {
                first = end;
                return end;
            }

            end = newline + 1;
        }

        first = end;
        return null;
    }
}
