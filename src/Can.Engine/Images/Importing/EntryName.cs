namespace Can.Engine.Images.Importing;

/// <summary>Names of entries as paths below the image's root.</summary>
internal static class EntryName
{
    /// <summary>
    /// The name without leading slashes, empty and <c>.</c> components and a trailing slash, ended by a NUL; only the NUL when it
    /// is the root itself.
    /// </summary>
    /// <exception cref="CanException"><c>ImageUnsafePath</c>: it has a <c>..</c>, which no root file system's archive needs.</exception>
    public static byte[] Normalize(ReadOnlySpan<byte> name)
    {
        if (name.Contains((byte)0))
        {
            throw ImageError.UnsafePath(name, "contains a NUL");
        }

        var path = new byte[name.Length + 1];
        var length = 0;
        foreach (var range in name.Split((byte)'/'))
        {
            var component = name[range];
            if (component.IsEmpty || component.SequenceEqual("."u8))
            {
                continue;
            }

            if (component.SequenceEqual(".."u8))
            {
                throw ImageError.UnsafePath(name, "leads out of its directory by '..'");
            }

            if (length > 0)
            {
                path[length++] = (byte)'/';
            }

            component.CopyTo(path.AsSpan(length));
            length += component.Length;
        }

        Array.Resize(ref path, length + 1);
        path[length] = 0;
        return path;
    }

    /// <summary>The directory part of a normalized path without a NUL; empty for the root.</summary>
    public static ReadOnlySpan<byte> Parent(ReadOnlySpan<byte> path) => path.LastIndexOf((byte)'/') is >= 0 and var slash ? path[..slash] : [];

    /// <summary>Index of the last component.</summary>
    public static int LastComponent(ReadOnlySpan<byte> path) => path.LastIndexOf((byte)'/') + 1;
}
