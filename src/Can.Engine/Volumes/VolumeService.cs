using System.Runtime.InteropServices;
using Can.Engine.Kernel;
using Can.Engine.Kernel.Locks;
using Can.Engine.Storage;

namespace Can.Engine.Volumes;

/// <summary>Everything that can be done with named volumes.</summary>
public sealed class VolumeService
{
    private readonly CanEngine engine;
    private readonly string directory;
    private readonly Trash trash;

    internal VolumeService(CanEngine engine)
    {
        this.engine = engine;
        directory = $"{engine.Root.State}/volumes";
        trash = new Trash(engine.Root);
    }

    /// <summary>The root this service works on.</summary>
    public CanRoot Root => engine.Root;

    /// <summary>Every volume, by name. What killed processes left behind is swept away on the way.</summary>
    /// <exception cref="CanException"><c>StoreCorrupt</c></exception>
    public IReadOnlyList<Volume> List()
    {
        Privileges.RequireRoot();
        Sweep();
        return Directory.Exists(directory)
            ? [.. Directory.EnumerateDirectories(directory).Select(static path => Path.GetFileName(path)!).Order(StringComparer.Ordinal).Select(TryGet).OfType<Volume>()]
            : [];
    }

    /// <summary>The volume of this literal name; null if there is none.</summary>
    /// <exception cref="CanException"><c>StoreCorrupt</c></exception>
    public Volume? TryGet(string name)
    {
        Privileges.RequireRoot();
        return VolumeName.IsValid(name) && JsonFile.TryRead($"{directory}/{name}/volume.json", CanJson.Default.VolumeRecord) is { } record
            ? Snapshot(record)
            : null;
    }

    /// <summary>Makes a volume.</summary>
    /// <param name="name">Its name; 64 random hexadecimal digits when null.</param>
    /// <param name="labels">Its labels; null for none.</param>
    /// <param name="anonymous">It goes with the one container for which it is made.</param>
    /// <exception cref="CanException"><c>VolumeNameInvalid</c>, <c>VolumeExists</c></exception>
    public Volume Create(string? name, IReadOnlyDictionary<string, string>? labels, bool anonymous = false)
    {
        Privileges.RequireRoot();
        name ??= VolumeName.NewAnonymous();
        VolumeName.Validate(name);
        var record = new VolumeRecord
        {
            Name = name,
            CreatedAt = DateTimeOffset.UtcNow,
            Labels = labels ?? new Dictionary<string, string>(),
            Anonymous = anonymous,
        };
        return TryPublish(record)
            ? Snapshot(record)
            : throw new CanException(
                "VolumeExists", CanErrorCategory.ResourceExists, $"There is a volume '{name}' already. Choose another name, or remove that one: Remove-CanVolume {name}.", name);
    }

    /// <summary>The volume of this name, made if need be.</summary>
    /// <exception cref="CanException"><c>VolumeNameInvalid</c></exception>
    public Volume GetOrCreate(string name)
    {
        while (true)
        {
            try
            {
                return TryGet(name) ?? Create(name, labels: null);
            }
            catch (CanException exception) when (exception.ErrorId == "VolumeExists")
            {
                // Somebody else was faster: theirs is as good.
            }
        }
    }

    /// <summary>Removes a volume and its files.</summary>
    /// <exception cref="CanException"><c>VolumeNotFound</c>, <c>VolumeInUse</c> (message and target name the containers)</exception>
    public void Remove(string name)
    {
        if (TryGet(name) is null)
        {
            throw new CanException("VolumeNotFound", CanErrorCategory.ObjectNotFound, $"There is no volume '{name}'. Get-CanVolume lists those there are.", name);
        }

        RequireUnused(name);
        if (trash.Take($"{directory}/{name}") is not { } taken)
        {
            return;
        }

        // A container publishes its definition first and looks for its volumes second: look again now that it would find none.
        try
        {
            RequireUnused(name);
        }
        catch
        {
            _ = Libc.rename(taken, $"{directory}/{name}");
            throw;
        }

        Tree.Remove(taken);
        AtomicFile.RemoveStale(directory);
    }

    /// <summary>Where a volume's files are on the host, whether it is there or not.</summary>
    public string PathOf(string name) => $"{directory}/{name}/data";

    /// <summary>Made whole under another name; the rename, which fails where a volume is, makes it one.</summary>
    private bool TryPublish(VolumeRecord record)
    {
        var path = $"{directory}/{record.Name}";
        var staging = AtomicFile.TemporaryBeside(path);

        // Whoever dies gives the lock back, and the next look knows that the directory is nobody's.
        using var held = OperationLock.Take(staging, CancellationToken.None);
        try
        {
            Directories.Ensure($"{staging}/data", Directories.Public);
            JsonFile.Write($"{staging}/volume.json", record, CanJsonText.Write, durable: true);
            if (Libc.rename(staging, path) == 0)
            {
                Directories.Sync(directory);
                return true;
            }

            return Marshal.GetLastPInvokeError() is Errno.ENOTEMPTY or Errno.EEXIST ? false : throw StorageError.Last("create the volume", path);
        }
        finally
        {
            Tree.Remove(staging);
        }
    }

    /// <summary>Removes volumes whose making or removal was cut short.</summary>
    private void Sweep()
    {
        trash.Empty();
        if (!Directory.Exists(directory))
        {
            return;
        }

        foreach (var unfinished in Directory.EnumerateDirectories(directory, ".*"))
        {
            using var free = OperationLock.TryTake(unfinished);
            if (free is not null)
            {
                Tree.Remove(unfinished);
            }
        }
    }

    private void RequireUnused(string name)
    {
        var users = engine.Containers.DefinitionsUsingVolume(name).Select(static definition => definition.Name).ToList();
        if (users.Count > 0)
        {
            throw new CanException(
                "VolumeInUse",
                CanErrorCategory.InvalidOperation,
                $"The volume '{name}' is in use by {string.Join(", ", users)}. Remove {(users.Count == 1 ? "that container" : "those containers")} first.",
                name);
        }
    }

    private Volume Snapshot(VolumeRecord record) => new()
    {
        Name = record.Name,
        CreatedAt = record.CreatedAt,
        Path = PathOf(record.Name),
        Labels = record.Labels,
        Anonymous = record.Anonymous,
    };
}
