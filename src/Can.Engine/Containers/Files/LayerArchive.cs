using Can.Engine.Archives;
using Can.Engine.Images.Importing;
using Can.Engine.Images.Tar;
using Can.Engine.Kernel;

namespace Can.Engine.Containers.Files;

/// <summary>Writes the changes of a container as the archive of a layer.</summary>
/// <remarks>https://github.com/opencontainers/image-spec/blob/main/layer.md</remarks>
internal sealed class LayerArchive
{
    private const uint DefaultMode = Libc.S_IFDIR | 0x1ED; // 0755, as the engine makes the writable layer

    private readonly EntryWriter entries;
    private readonly string container;

    /// <param name="output">Where the archive goes.</param>
    /// <param name="container">The container's name, for errors.</param>
    /// <param name="changing">The container may change its files meanwhile.</param>
    public LayerArchive(BlockWriter output, string container, bool changing)
    {
        this.container = container;
        entries = new EntryWriter(output, container) { Changing = changing, Accept = Accept };
    }

    /// <summary>Bytes of file content written so far; may be read by any thread.</summary>
    public long Done => entries.Done;

    /// <summary>Writes the root directory, if it is not as every container's is.</summary>
    /// <param name="upper">Descriptor of the writable layer.</param>
    public void BeginAt(int upper)
    {
        var status = FileReading.Status(upper);
        if ((status.mode, status.uid, status.gid) != (DefaultMode, 0, 0))
        {
            _ = entries.TryWrite(upper, "."u8, "./"u8.ToArray(), status);
        }
    }

    /// <summary>Writes a change.</summary>
    /// <exception cref="CanException"><c>FileNameReserved</c>: a layer would take the file for something else.</exception>
    public void Write(UpperChange change)
    {
        var name = change.Path.AsSpan()[EntryName.LastComponent(change.Path)..];
        if (change.Kind == ContainerChangeKind.Deleted)
        {
            if (!change.IsImplied)
            {
                entries.WriteMarker([.. change.Path.AsSpan(0, change.Path.Length - name.Length), .. ".wh."u8, .. name]);
            }

            return;
        }

        if (name.StartsWith(".wh."u8))
        {
            throw new CanException(
                "FileNameReserved", CanErrorCategory.InvalidData,
                $"'/{FileReading.Text(change.Path)}' in the container '{container}' has a name that in an image's layer says that a file is deleted. Rename or remove it.",
                $"/{FileReading.Text(change.Path)}");
        }

        var isDirectory = (change.Status.mode & Libc.S_IFMT) == Libc.S_IFDIR;
        _ = entries.TryWrite(change.Directory, change.Name, isDirectory ? [.. change.Path, (byte)'/'] : change.Path, change.Status);
        if (change.IsOpaque)
        {
            entries.WriteMarker([.. change.Path, .. "/.wh..wh..opq"u8]);
        }
    }

    /// <summary>Marks the archive's end.</summary>
    public void End() => entries.End();

    /// <summary>The overlay's own marks are no data.</summary>
    private static bool Accept(TarEntry entry)
    {
        entry.ExtendedAttributes.RemoveAll(static attribute => OverlayAttributes.IsOwn(attribute.Name));
        return true;
    }
}
