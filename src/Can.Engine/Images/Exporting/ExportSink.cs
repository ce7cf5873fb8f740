using System.Text;
using Can.Engine.Images.Tar;
using Can.Engine.Storage;

namespace Can.Engine.Images.Exporting;

/// <summary>Where the files of a layout go. Exactly as many bytes as were announced are written to each.</summary>
internal abstract class ExportSink : IDisposable
{
    /// <summary>Begins a file.</summary>
    public abstract void Begin(string path, long size);

    /// <summary>Writes into it.</summary>
    public abstract void Write(ReadOnlySpan<byte> bytes);

    /// <summary>Ends it.</summary>
    public abstract void End(long size);

    /// <summary>There are no more.</summary>
    public abstract void Complete();

    public abstract void Dispose();
}

/// <summary>A tar. Its entries belong to root and have no date, so that the same files give the same bytes.</summary>
internal sealed class TarSink : ExportSink
{
    private const uint FileMode = 0x1A4; // 0644

    private readonly Stream stream;
    private readonly string name;
    private readonly TarWriter archive;
    private readonly HashSet<string> directories = [];

    /// <param name="stream">Gets the archive; it stays open.</param>
    /// <param name="name">What errors call it.</param>
    public TarSink(Stream stream, string name)
    {
        (this.stream, this.name) = (stream, name);
        archive = new TarWriter(Write);
    }

    public override void Begin(string path, long size)
    {
        for (var slash = path.IndexOf('/'); slash >= 0; slash = path.IndexOf('/', slash + 1))
        {
            if (directories.Add(path[..slash]))
            {
                archive.Begin(new TarEntry { Type = TarEntryType.Directory, Name = Encoding.ASCII.GetBytes(path[..(slash + 1)]), Mode = Directories.Public });
            }
        }

        archive.Begin(new TarEntry { Name = Encoding.ASCII.GetBytes(path), Mode = FileMode, DataLength = size });
    }

    public override void Write(ReadOnlySpan<byte> bytes)
    {
        try
        {
            stream.Write(bytes);
        }
        catch (IOException exception)
        {
            throw StorageError.From(exception.HResult, "write", name);
        }
    }

    public override void End(long size) => archive.EndData(size);

    public override void Complete() => archive.End();

    public override void Dispose()
    {
    }
}

/// <summary>A directory.</summary>
/// <param name="root">Its path; it is made.</param>
internal sealed class DirectorySink(string root) : ExportSink
{
    private OutputFile? file;

    public override void Begin(string path, long size)
    {
        Directories.Ensure(Path.GetDirectoryName($"{root}/{path}")!, Directories.Private);
        file = OutputFile.Create($"{root}/{path}");
    }

    public override void Write(ReadOnlySpan<byte> bytes)
    {
        try
        {
            file!.Stream.Write(bytes);
        }
        catch (IOException exception)
        {
            throw StorageError.From(exception.HResult, "write", file!.Path);
        }
    }

    public override void End(long size)
    {
        file!.Complete();
        file.Dispose();
        file = null;
    }

    public override void Complete() => Directories.Sync(root);

    public override void Dispose() => file?.Dispose();
}
