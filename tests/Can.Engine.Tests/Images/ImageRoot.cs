using Can.Engine.Images;
using Can.Engine.Images.Tar;

namespace Can.Engine.Tests.Images;

/// <summary>An engine with a root of its own, and ways to make archives for it.</summary>
internal sealed class ImageRoot : IDisposable
{
    private static readonly string[] StoreDirectories = ["layers", "trash", "staging", "images/blobs/sha256"];

    public ImageRoot() => Engine = new CanEngine(CanRoot.At(Directory["can"]));

    public TemporaryDirectory Directory { get; } = new();

    public CanEngine Engine { get; }

    public void Dispose() => Directory.Dispose();

    public Image Import(string file, string? reference = "test") => Engine.Images.Import(Directory[file], reference, null, null, CancellationToken.None);

    /// <summary>Where the files of an image of one layer are.</summary>
    public string RootOf(Image image) => Engine.Root.LayerRoot(Assert.Single(image.Layers));

    /// <summary>Writes an archive of exactly these entries, with no check of any kind.</summary>
    public void WriteTar(string file, params (TarEntry Entry, string Data)[] entries)
    {
        using var stream = File.Create(Directory[file]);
        var archive = new TarWriter(stream.Write);
        foreach (var (entry, data) in entries)
        {
            entry.DataLength = data.Length;
            archive.Begin(entry);
            stream.Write(System.Text.Encoding.Latin1.GetBytes(data));
            archive.EndData(data.Length);
        }

        archive.End();
    }

    /// <summary>The error of an import that fails, after having made sure that nothing is left of it.</summary>
    public CanException ImportFails(string file)
    {
        var error = Assert.Throws<CanException>(() => Import(file));
        AssertEmpty();
        return error;
    }

    /// <summary>No image, name, layer, half-made layer or trash is there.</summary>
    public void AssertEmpty()
    {
        Assert.Empty(Engine.Images.List());
        var left = StoreDirectories.Select(name => $"{Engine.Root.State}/{name}").Where(System.IO.Directory.Exists)
            .SelectMany(System.IO.Directory.GetFileSystemEntries).Where(path => Path.GetFileName(path) != ".lock");
        Assert.Equal([], left);
    }

    public static TarEntry Entry(TarEntryType type, string name, string link = "", uint mode = 0x1ED) => new()
    {
        Type = type,
        Name = System.Text.Encoding.Latin1.GetBytes(name),
        LinkName = System.Text.Encoding.Latin1.GetBytes(link),
        Mode = mode,
    };

    /// <summary>A file with text.</summary>
    public static (TarEntry Entry, string Data) Text(string name, string text = "text") => (Entry(TarEntryType.File, name), text);

    /// <summary>A directory.</summary>
    public static (TarEntry Entry, string Data) Folder(string name) => (Entry(TarEntryType.Directory, name), "");

    /// <summary>A symbolic link.</summary>
    public static (TarEntry Entry, string Data) Link(string name, string text) => (Entry(TarEntryType.SymbolicLink, name, text), "");

    /// <summary>A hard link.</summary>
    public static (TarEntry Entry, string Data) HardLink(string name, string target) => (Entry(TarEntryType.HardLink, name, target), "");
}
