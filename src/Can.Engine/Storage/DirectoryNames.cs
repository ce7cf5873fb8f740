using System.Buffers;
using System.Buffers.Binary;
using Can.Engine.Kernel;

namespace Can.Engine.Storage;

/// <summary>Names in a directory as the bytes they are.</summary>
internal static unsafe class DirectoryNames
{
    private const int BufferSize = 32 * 1024;

    /// <summary>Every name but <c>.</c> and <c>..</c>, in the order of the file system.</summary>
    /// <param name="directory">Descriptor at the directory's beginning.</param>
    /// <param name="path">What errors call it.</param>
    public static List<byte[]> Read(int directory, string path)
    {
        var found = new List<byte[]>();
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            fixed (byte* entries = buffer)
            {
                nint length;
                while ((length = Libc.getdents64(directory, entries, BufferSize)) > 0)
                {
                    Collect(new ReadOnlySpan<byte>(entries, (int)length), found);
                }

                return length == 0 ? found : throw StorageError.Last("list", path);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Walks struct linux_dirent64: inode 8, offset 8, length 2, type 1, name with NUL.</summary>
    private static void Collect(ReadOnlySpan<byte> entries, List<byte[]> found)
    {
        while (!entries.IsEmpty)
        {
            var length = BinaryPrimitives.ReadUInt16LittleEndian(entries[16..]);
            var name = entries[19..length];
            name = name[..name.IndexOf((byte)0)];
            if (!name.SequenceEqual("."u8) && !name.SequenceEqual(".."u8))
            {
                found.Add(name.ToArray());
            }

            entries = entries[length..];
        }
    }
}
