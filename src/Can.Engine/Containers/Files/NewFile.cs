using Can.Engine.Kernel;

namespace Can.Engine.Containers.Files;

/// <summary>A file that appears under its name only once it is whole; until then it is another one beside it, gone after a failure.</summary>
internal static class NewFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Writes a file. A device or pipe of that name is written to as it is.</summary>
    /// <param name="path">Absolute path.</param>
    /// <param name="replace">Take the place of a file that is there.</param>
    /// <param name="write">Writes the content.</param>
    /// <exception cref="CanException"><c>FileExists</c>, <c>PathNotFound</c>, <c>DiskFull</c>, <c>AccessDenied</c></exception>
    public static void Write(string path, bool replace, Action<Stream> write)
    {
        var exists = Libc.TryStatus(path, out var status);
        try
        {
            if (exists && (status.Mode & Libc.S_IFMT) is not (Libc.S_IFREG or Libc.S_IFDIR))
            {
                using var stream = new FileStream(path, FileMode.Open, FileAccess.Write);
                write(stream);
                return;
            }

            if (exists && !replace)
            {
                throw Exists(path);
            }

            WriteBeside(path, replace, write);
        }
        catch (IOException exception)
        {
            throw Failure(path, exception);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new CanException("AccessDenied", CanErrorCategory.PermissionDenied, $"Cannot write '{path}': {exception.Message} Choose another place.", path, exception);
        }
    }

    private static void WriteBeside(string path, bool replace, Action<Stream> write)
    {
        var temporary = Path.Combine(Path.GetDirectoryName(path) ?? "/", $".{Path.GetFileName(path)}.{Guid.NewGuid():n}");
        try
        {
            using (var stream = new FileStream(temporary, new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                BufferSize = 0,
                UnixCreateMode = OwnerOnly,
            }))
            {
                write(stream);
            }

            File.Move(temporary, path, replace);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    private static CanException Failure(string path, IOException exception) => exception switch
    {
        DirectoryNotFoundException => new("PathNotFound", CanErrorCategory.ObjectNotFound, $"There is no directory '{Path.GetDirectoryName(path)}'. Make it first.", path, exception),
        _ when exception.HResult is Errno.ENOSPC or Errno.EDQUOT => new("DiskFull", CanErrorCategory.ResourceUnavailable, $"Cannot write '{path}': the disk is full. Free some space and try again.", path, exception),
        _ when File.Exists(path) => Exists(path, exception),
        _ => new("FileOperationFailed", CanErrorCategory.OperatingSystem, $"Cannot write '{path}': {exception.Message}", path, exception),
    };

    private static CanException Exists(string path, Exception? cause = null) =>
        new("FileExists", CanErrorCategory.ResourceExists, $"The file '{path}' exists. Choose another name, or replace it with -Force.", path, cause);
}
