using System.Runtime.InteropServices;
using Can.Engine.Images.Tar;
using Can.Engine.Kernel;

namespace Can.Engine.Images.Importing;

/// <summary>
/// What a layer takes away from those below it. Archives say it as AUFS did, <c>.wh.NAME</c> and <c>.wh..wh..opq</c>; on the disk it is
/// what overlayfs wants: a character device 0:0, and the attribute trusted.overlay.opaque. It takes away from lower layers only, in
/// whatever order the archive has it, and never from its own.
/// </summary>
/// <remarks>https://github.com/opencontainers/image-spec/blob/main/layer.md#whiteouts,
/// https://docs.kernel.org/filesystems/overlayfs.html#whiteouts-and-opaque-directories</remarks>
internal sealed unsafe partial class LayerExtractor
{
    private static ReadOnlySpan<byte> Prefix => ".wh."u8;

    private static ReadOnlySpan<byte> MetadataPrefix => ".wh..wh."u8;

    /// <summary>What a component's name means.</summary>
    private enum Mark
    {
        None,
        Whiteout,
        Opaque,

        /// <summary>AUFS's own business, such as <c>.wh..wh.plnk</c>.</summary>
        Metadata,
    }

    /// <summary>Deals with an entry that is, or is in, something that takes away; false if it is an entry as any other.</summary>
    private bool TryWhiteout(TarEntry entry, byte[] path)
    {
        var whole = path.AsSpan(0, path.Length - 1);
        var last = EntryName.LastComponent(whole);
        if (IsBelowMark(entry, EntryName.Parent(whole)))
        {
            return true;
        }

        switch (MarkOf(entry, whole[last..]))
        {
            case Mark.Whiteout:
                Hide(entry, [.. whole[..last], .. whole[(last + Prefix.Length)..], 0]);
                return true;
            case Mark.Opaque:
                OverlayMarks.MakeOpaque(root.Parent(EntryName.Parent(whole)));
                return true;
            case Mark.Metadata:
                return true;
            default:
                // An archive of an overlay's upper directory as it is has the device itself.
                var device = entry is { Type: TarEntryType.CharacterDevice, DeviceMajor: 0, DeviceMinor: 0 };
                if (device)
                {
                    Hide(entry, path);
                }

                return device;
        }
    }

    private static bool IsBelowMark(TarEntry entry, ReadOnlySpan<byte> directory)
    {
        foreach (var range in directory.Split((byte)'/'))
        {
            switch (MarkOf(entry, directory[range]))
            {
                case Mark.Metadata:
                    return true;
                case not Mark.None:
                    throw ImageError.Corrupt($"'{ImageError.Text(entry.Name)}' is below a whiteout");
                default:
                    break;
            }
        }

        return false;
    }

    private static Mark MarkOf(TarEntry entry, ReadOnlySpan<byte> component)
    {
        if (!component.StartsWith(Prefix))
        {
            return Mark.None;
        }

        if (component.StartsWith(MetadataPrefix))
        {
            return component.SequenceEqual(".wh..wh..opq"u8) ? Mark.Opaque : Mark.Metadata;
        }

        var hidden = component[Prefix.Length..];
        return hidden.IsEmpty || hidden.SequenceEqual("."u8) || hidden.SequenceEqual(".."u8)
            ? throw ImageError.UnsafePath(entry.Name, "is a whiteout of no name")
            : Mark.Whiteout;
    }

    private void Hide(TarEntry entry, byte[] path)
    {
        var parent = root.Parent(EntryName.Parent(path.AsSpan(0, path.Length - 1)));
        fixed (byte* name = &path[EntryName.LastComponent(path)])
        {
            if (OverlayMarks.TryHide(parent, name))
            {
                return;
            }

            if (Marshal.GetLastPInvokeError() != Errno.EEXIST)
            {
                throw Failure(entry);
            }

            if (IsDirectory(parent, name))
            {
                // This layer has a directory there: what it hides is what those below have in theirs.
                OverlayMarks.MakeOpaque(parent, name);
            }
        }
    }
}
