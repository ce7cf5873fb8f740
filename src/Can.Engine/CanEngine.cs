using System.Collections.Concurrent;
using Can.Engine.Containers;
using Can.Engine.Images;
using Can.Engine.Images.Registries;
using Can.Engine.Kernel;
using Can.Engine.Kernel.Processes;
using Can.Engine.Networks;
using Can.Engine.Storage.Upkeep;
using Can.Engine.Volumes;

namespace Can.Engine;

/// <summary>
/// The engine over one root. It is cheap to make, keeps no thread and no process, and never changes the calling process's
/// directory, umask, signals, environment, standard streams or namespaces.
/// </summary>
public sealed class CanEngine
{
    // One sealed copy for each file, however many engines a process opens.
    private static readonly ConcurrentDictionary<string, HelperProgram> Helpers = new(StringComparer.Ordinal);

    private readonly ConcurrentQueue<string> notices = new();
    private readonly ConcurrentQueue<string> warnings = new();

    /// <summary>Opens a root; nothing is read or made before it is needed.</summary>
    /// <param name="root">The root; the environment's when null.</param>
    /// <param name="helperPath">Path of <c>can-monitor</c>; beside the engine's assembly when null.</param>
    public CanEngine(CanRoot? root = null, string? helperPath = null)
        : this(root ?? CanRoot.FromEnvironment(), HelperAt(helperPath ?? Path.Combine(AppContext.BaseDirectory, "can-monitor")))
    {
    }

    /// <summary>Opens a root; nothing is read or made before it is needed.</summary>
    /// <param name="root">The root.</param>
    /// <param name="helper">The program <c>can-monitor</c>.</param>
    public CanEngine(CanRoot root, HelperProgram helper)
    {
        Root = root;
        Helper = helper;
        Images = new ImageService(this);
        Registries = new RegistryService(this);
        Volumes = new VolumeService(this);
        Networks = new NetworkService(this);
        Containers = new ContainerService(this);
        Storage = new StorageService(this);
    }

    /// <summary>Where everything is kept.</summary>
    public CanRoot Root { get; }

    /// <summary>The helper.</summary>
    public HelperProgram Helper { get; }

    /// <summary>Containers.</summary>
    public ContainerService Containers { get; }

    /// <summary>Images.</summary>
    public ImageService Images { get; }

    /// <summary>Registries that images come from and go to.</summary>
    public RegistryService Registries { get; }

    /// <summary>Named volumes.</summary>
    public VolumeService Volumes { get; }

    /// <summary>What all of it takes of the disk, and whether it is whole.</summary>
    public StorageService Storage { get; }

    /// <summary>Networks.</summary>
    public NetworkService Networks { get; }

    /// <summary>Takes what the engine has to say about changes it made to the host's own settings, oldest first.</summary>
    /// <returns>The next sentence; null when all have been taken.</returns>
    public string? TakeNotice() => notices.TryDequeue(out var notice) ? notice : null;

    /// <summary>Says something that <see cref="TakeNotice"/> hands on.</summary>
    internal void Notify(string notice) => notices.Enqueue(notice);

    /// <summary>Takes what the engine warns of: something works, and yet not as it seems.</summary>
    /// <returns>The next warning; null when all have been taken.</returns>
    public string? TakeWarning() => warnings.TryDequeue(out var warning) ? warning : null;

    /// <summary>Warns of something; <see cref="TakeWarning"/> hands it on.</summary>
    internal void Warn(string warning) => warnings.Enqueue(warning);

    /// <summary>
    /// Reads what every start of a container reads: the index of images, the helper, the default network. It changes nothing, and what is wrong
    /// with it is left for the start to say. For a process that has something else to do meanwhile, on a thread of its own.
    /// </summary>
    public void ReadAhead()
    {
        try
        {
            _ = Images.Catalog.All;
            _ = Helper.Image;
            Networks.ReadAhead();
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // The start meets it again, and says it to whoever waits for it.
        }
    }

    /// <summary>What this host can do; read once for the process.</summary>
    public static HostFacts Host => HostFacts.Current;

    private static HelperProgram HelperAt(string path) => Helpers.GetOrAdd(path, HelperProgram.FromFile);
}
