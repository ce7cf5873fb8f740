using System.Runtime.InteropServices;
using System.Text;
using Can.Engine.Kernel;

namespace Can.Engine.Storage.Upkeep;

/// <summary>What a file or a directory with all that is in it amounts to. A file with several names counts once.</summary>
/// <param name="Allocated">Bytes on the disk.</param>
/// <param name="FileBytes">Lengths of its regular files, holes included.</param>
/// <param name="Names">Names in it, at every depth.</param>
internal readonly record struct TreeSize(long Allocated, long FileBytes, long Names)
{
    private const int BlockSize = 512; // statx's own unit, whatever the file system's is

    /// <summary>Measures; what is not there amounts to nothing, and what comes and goes meanwhile may count or not.</summary>
    public static TreeSize Of(string path) => new Walk(path).Measure();

    public static TreeSize operator +(TreeSize left, TreeSize right) =>
        new(left.Allocated + right.Allocated, left.FileBytes + right.FileBytes, left.Names + right.Names);

    /// <summary>
    /// Goes down by names and up by <c>..</c>, with one descriptor open, so that no depth is too deep. Follows no link and enters no
    /// other file system.
    /// </summary>
    private sealed unsafe class Walk(string path)
    {
        private readonly HashSet<ulong> linked = [];
        private readonly Stack<(ulong Inode, Stack<byte[]> Directories)> levels = [];
        private (uint, uint) device;
        private TreeSize size;
        private int current = -1;

        public TreeSize Measure()
        {
            Libc.statx_t status;
            fixed (byte* name = Encoding.UTF8.GetBytes(path + '\0'))
            {
                if (!TryStatus(Libc.AT_FDCWD, name, &status))
                {
                    return default;
                }

                device = (status.dev_major, status.dev_minor);
                Add(status);
                current = IsDirectory(status) ? Open(Libc.AT_FDCWD, name) : -1;
            }

            try
            {
                Run();
            }
            finally
            {
                Close();
            }

            return size;
        }

        private void Run()
        {
            for (var descended = current >= 0; descended || levels.Count > 0;)
            {
                if (descended)
                {
                    levels.Push((InodeOf(current), Scan()));
                }

                descended = levels.Peek().Directories.TryPop(out var name) && Descend(name);
                if (name is null && !Ascend())
                {
                    return;
                }
            }
        }

        private bool Descend(byte[] name)
        {
            fixed (byte* bytes = name)
            {
                var child = Open(current, bytes);
                if (child < 0)
                {
                    return false;
                }

                Close();
                current = child;
                return true;
            }
        }

        /// <returns>False at the top, and when somebody has moved the directory away meanwhile.</returns>
        private bool Ascend()
        {
            levels.Pop();
            if (levels.Count == 0)
            {
                return false;
            }

            fixed (byte* above = "..\0"u8)
            {
                var parent = Open(current, above);
                Close();
                current = parent;
                return parent >= 0 && InodeOf(parent) == levels.Peek().Inode;
            }
        }

        /// <summary>Counts what is in the current directory.</summary>
        /// <returns>The directories in it, ended by a NUL.</returns>
        private Stack<byte[]> Scan()
        {
            var directories = new Stack<byte[]>();
            foreach (var name in ReadNames())
            {
                Libc.statx_t status;
                byte[] terminated = [.. name, 0];
                fixed (byte* bytes = terminated)
                {
                    if (!TryStatus(current, bytes, &status))
                    {
                        continue;
                    }
                }

                size = size with { Names = size.Names + 1 };
                Add(status);
                if (IsDirectory(status) && (status.dev_major, status.dev_minor) == device)
                {
                    directories.Push(terminated);
                }
            }

            return directories;
        }

        private List<byte[]> ReadNames()
        {
            try
            {
                return DirectoryNames.Read(current, path);
            }
            catch (CanException error) when (error.ErrorId == "PathNotFound")
            {
                return [];
            }
        }

        private void Add(in Libc.statx_t status)
        {
            if ((status.dev_major, status.dev_minor) != device || (!IsDirectory(status) && status.nlink > 1 && !linked.Add(status.ino)))
            {
                return;
            }

            var isFile = (status.mode & Libc.S_IFMT) == Libc.S_IFREG;
            size += new TreeSize((long)status.blocks * BlockSize, isFile ? (long)status.size : 0, 0);
        }

        private void Close()
        {
            if (current >= 0)
            {
                _ = Libc.close(current);
                current = -1;
            }
        }

        private static ulong InodeOf(int descriptor)
        {
            Libc.statx_t status;
            fixed (byte* empty = "\0"u8)
            {
                return Libc.statx(descriptor, empty, Libc.AT_EMPTY_PATH, Libc.STATX_BASIC_STATS, &status) == 0 ? status.ino : 0;
            }
        }

        private static bool IsDirectory(in Libc.statx_t status) => (status.mode & Libc.S_IFMT) == Libc.S_IFDIR;

        private bool TryStatus(int directory, byte* name, Libc.statx_t* status) =>
            Libc.statx(directory, name, Libc.AT_SYMLINK_NOFOLLOW, Libc.STATX_BASIC_STATS, status) == 0
            || (Marshal.GetLastPInvokeError() is Errno.ENOENT or Errno.ENOTDIR ? false : throw StorageError.Last("measure", path));

        private int Open(int directory, byte* name)
        {
            var descriptor = Libc.openat(directory, name, Libc.O_RDONLY | Libc.O_DIRECTORY | Libc.O_NOFOLLOW | Libc.O_CLOEXEC, 0);
            return descriptor >= 0 || Marshal.GetLastPInvokeError() is Errno.ENOENT or Errno.ENOTDIR ? descriptor : throw StorageError.Last("measure", path);
        }
    }
}
