using Can.Engine.Images.Tar;
using Microsoft.Win32.SafeHandles;

namespace Can.Engine.Images.Importing.Archives;

/// <summary>An image archive in an uncompressed file: only its headers are read before it is known what is wanted.</summary>
internal sealed class TarFiles : StoredFiles
{
    /// <summary>Links that are followed, one after the other; docker save makes one.</summary>
    private const int MaximumLinks = 8;

    private readonly SafeFileHandle file;
    private readonly string path;
    private readonly Dictionary<string, (long Offset, long Length)> files = [];
    private readonly Dictionary<string, string> links = [];

    private TarFiles(SafeFileHandle file, string path) => (this.file, this.path) = (file, path);

    /// <summary>Reads the headers.</summary>
    /// <param name="file">The archive; closed with this.</param>
    /// <param name="path">Its path, for messages.</param>
    /// <param name="cancellation">Stops that.</param>
    /// <returns>Null, with the handle still open, if it holds no images but is a root file system.</returns>
    public static TarFiles? TryOpen(SafeFileHandle file, string path, CancellationToken cancellation)
    {
        var found = new TarFiles(file, path);
        var input = new FileTarInput(file, path);
        var archive = new TarReader(input);
        while (archive.Next() is { } entry)
        {
            cancellation.ThrowIfCancellationRequested();
            found.Add(entry, input.Position);
            if (found.files.Count > UnpackLimit.MaximumEntries)
            {
                throw ImageError.Corrupt("it has too many entries");
            }
        }

        return found.Has(ArchiveName.DockerManifest) || found.Has(ArchiveName.Layout) ? found : null;
    }

    public override bool Has(string name) => files.ContainsKey(Identity(name));

    public override long SizeOf(string name) => files.GetValueOrDefault(Identity(name)).Length;

    public override string Identity(string name)
    {
        for (var i = 0; i < MaximumLinks && links.TryGetValue(name, out var target); i++)
        {
            name = target;
        }

        return name;
    }

    public override void Dispose() => file.Dispose();

    private protected override Stream Open(string name)
    {
        var (offset, length) = files[Identity(name)];
        return new FileSegment(file, offset, length, path);
    }

    private void Add(TarEntry entry, long offset)
    {
        // Names that lead outside cannot be asked for; whether they are a harm is for the root file system's reader to say.
        if (entry.Name.AsSpan().IndexOf((byte)0) >= 0 || ArchiveName.Target("", entry.Name) is not { } name)
        {
            return;
        }

        links.Remove(name);
        files.Remove(name);
        switch (entry.Type)
        {
            case TarEntryType.File when entry.Sparse is null:
                files[name] = (offset, entry.DataLength);
                break;
            case TarEntryType.SymbolicLink or TarEntryType.HardLink
                when ArchiveName.Target(entry.Type == TarEntryType.HardLink ? "" : name, entry.LinkName) is { } target && target != name:
                links[name] = target;
                break;
            default:
                break;
        }
    }
}
