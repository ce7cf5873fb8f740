using Can.Engine.Kernel;
using Can.Engine.Storage;

namespace Can.Engine.Images.Exporting;

/// <summary>
/// What an export becomes: written beside its place under another name and put there when it is whole. Unless it is, nothing is left
/// and what was there before is as it was.
/// </summary>
internal sealed class ExportTarget : IDisposable
{
    private static readonly string[] LayoutEntries = ["oci-layout", "index.json", "blobs"];

    private readonly string path;
    private readonly string temporary;
    private readonly bool isDirectory;
    private readonly bool replace;

    /// <summary>Looks at the place.</summary>
    /// <param name="path">Absolute path of the file or directory.</param>
    /// <param name="isDirectory">Whether it becomes a directory.</param>
    /// <param name="replace">Whether a file, or a directory that holds an image layout and nothing else, may go.</param>
    /// <exception cref="CanException"><c>FileExists</c>, <c>PathNotFound</c></exception>
    public ExportTarget(string path, bool isDirectory, bool replace)
    {
        this.path = path.Length > 1 ? path.TrimEnd('/') : path;
        (this.isDirectory, this.replace) = (isDirectory, replace);
        temporary = AtomicFile.TemporaryBeside(this.path);
        RequireFree();
        if (Path.GetDirectoryName(this.path) is { } above && !Directory.Exists(above))
        {
            throw StorageError.From(Errno.ENOENT, "write", this.path);
        }
    }

    /// <summary>Writes it and puts it in its place.</summary>
    public void Fill(Action<ExportSink> write)
    {
        if (isDirectory)
        {
            Directories.Ensure(temporary, Directories.Private);
            using var directory = new DirectorySink(temporary);
            write(directory);
        }
        else
        {
            using var file = OutputFile.Create(temporary);
            using var archive = new TarSink(file.Stream, path);
            write(archive);
            file.Complete();
        }

        Publish();
    }

    /// <summary>Removes what has not got its place.</summary>
    public void Dispose() => Tree.Remove(temporary);

    private void Publish()
    {
        RequireFree();
        if (isDirectory && Directory.Exists(path) && !IsEmpty())
        {
            // A directory cannot be replaced in one step; the old one comes back if the new one cannot take its place.
            var old = AtomicFile.TemporaryBeside(path);
            Rename(path, old);
            try
            {
                Rename(temporary, path);
            }
            catch
            {
                Rename(old, path);
                throw;
            }

            Tree.Remove(old);
            return;
        }

        Rename(temporary, path);
    }

    private static void Rename(string from, string to)
    {
        if (Libc.rename(from, to) < 0)
        {
            throw StorageError.Last("write", to);
        }
    }

    private void RequireFree()
    {
        if (Directory.Exists(path))
        {
            RequireReplaceableDirectory();
        }
        else if (Libc.TryStatus(path, out var status) && (status.Mode & Libc.S_IFMT) != Libc.S_IFREG)
        {
            throw Exists("is a device, a pipe or a socket and is not replaced. Give the name of a file.");
        }
        else if (File.Exists(path) && (isDirectory || !replace))
        {
            throw Exists(isDirectory ? "is a file. Choose another place for the directory." : "exists. Choose another name, or replace it with -Force.");
        }
    }

    private void RequireReplaceableDirectory()
    {
        if (!isDirectory)
        {
            throw Exists("is a directory. Give the name of a file, or -Format OciDirectory.");
        }

        if (IsEmpty())
        {
            return;
        }

        if (!replace)
        {
            throw Exists("exists and is not empty. Choose another directory, or replace it with -Force.");
        }

        if (!IsLayout())
        {
            throw Exists("holds other things than an image layout and is not replaced. Choose another directory.");
        }
    }

    private bool IsEmpty() => !Directory.EnumerateFileSystemEntries(path).Any();

    private bool IsLayout() =>
        File.Exists($"{path}/oci-layout") && Directory.EnumerateFileSystemEntries(path).All(static entry => LayoutEntries.Contains(Path.GetFileName(entry)));

    private CanException Exists(string what) => new("FileExists", CanErrorCategory.ResourceExists, $"'{path}' {what}", path);
}
