using System.Runtime.InteropServices;
using System.Text;
using Can.Engine.Kernel;

namespace Can.Engine.Storage;

/// <summary>
/// A directory of symbolic links, name → id. Making a link is atomic and exclusive, so a name is claimed without a lock, and one
/// readlink(2) finds an object without reading any definition.
/// </summary>
/// <param name="directory">Where the links are; made on the first claim.</param>
internal sealed class NameTable(string directory)
{
    /// <summary>Claims a name.</summary>
    /// <returns>False if somebody has it.</returns>
    public bool TryClaim(string name, string id)
    {
        var path = PathOf(name);
        if (Libc.symlink(id, path) == 0)
        {
            return true;
        }

        switch (Marshal.GetLastPInvokeError())
        {
            case Errno.EEXIST:
                return false;
            case Errno.ENOENT:
                Directories.Ensure(directory);
                return Libc.symlink(id, path) == 0
                    || (Marshal.GetLastPInvokeError() == Errno.EEXIST ? false : throw StorageError.Last("claim the name", path));
            default:
                throw StorageError.Last("claim the name", path);
        }
    }

    /// <summary>Who has a name; null if nobody.</summary>
    public string? Lookup(string name) => ReadLink(PathOf(name));

    /// <summary>Gives a name back; nothing happens if nobody has it.</summary>
    public void Release(string name)
    {
        var path = PathOf(name);
        if (Libc.unlink(path) < 0 && Marshal.GetLastPInvokeError() != Errno.ENOENT)
        {
            throw StorageError.Last("release the name", path);
        }
    }

    /// <summary>Gives a name back if this id has it. The owner's own lock is what keeps others from changing it meanwhile.</summary>
    public void ReleaseIfOwnedBy(string name, string id)
    {
        if (Lookup(name) == id)
        {
            Release(name);
        }
    }

    /// <summary>Claims the new name, then gives the old one back; between the two the id has both.</summary>
    /// <returns>False if somebody has the new name.</returns>
    public bool Rename(string from, string to, string id)
    {
        if (!TryClaim(to, id))
        {
            return false;
        }

        ReleaseIfOwnedBy(from, id);
        return true;
    }

    /// <summary>How many names there are.</summary>
    public int Count() =>
        Directory.Exists(directory) ? Directory.EnumerateFileSystemEntries(directory).Count(static path => !Path.GetFileName(path.AsSpan()).StartsWith('.')) : 0;

    /// <summary>Every name with its id, in no particular order.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> List()
    {
        var names = new List<KeyValuePair<string, string>>();
        if (!Directory.Exists(directory))
        {
            return names;
        }

        foreach (var path in Directory.EnumerateFileSystemEntries(directory))
        {
            // A leading dot is a temporary name: real ones have theirs encoded.
            var file = Path.GetFileName(path);
            if (file[0] != '.' && ReadLink(path) is { } id)
            {
                names.Add(new(Decode(file), id));
            }
        }

        return names;
    }

    /// <summary>The file name that stands for a name: '/' and '%' anywhere and '.' in front become %XX.</summary>
    internal static string Encode(string name)
    {
        var encoded = name.Replace("%", "%25", StringComparison.Ordinal).Replace("/", "%2F", StringComparison.Ordinal);
        return encoded is ['.', ..] ? $"%2E{encoded.AsSpan(1)}" : encoded;
    }

    /// <summary>The name that a file name stands for.</summary>
    internal static string Decode(string file) => file
        .Replace("%2E", ".", StringComparison.Ordinal)
        .Replace("%2F", "/", StringComparison.Ordinal)
        .Replace("%25", "%", StringComparison.Ordinal);

    private static unsafe string? ReadLink(string path)
    {
        var buffer = stackalloc byte[256];
        var length = Libc.readlink(path, buffer, 256);
        if (length >= 0)
        {
            return Encoding.UTF8.GetString(buffer, (int)length);
        }

        // A name too long to exist does not exist; EINVAL is a file that is no link and so none of ours.
        return Marshal.GetLastPInvokeError() is Errno.ENOENT or Errno.ENOTDIR or Errno.ENAMETOOLONG or Errno.EINVAL
            ? null
            : throw StorageError.Last("look up the name", path);
    }

    private string PathOf(string name) => $"{directory}/{Encode(name)}";
}
