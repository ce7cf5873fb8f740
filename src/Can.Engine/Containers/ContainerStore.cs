using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Can.Engine.Kernel;
using Can.Engine.Storage;

namespace Can.Engine.Containers;

/// <summary>The definitions and names of containers on disk.</summary>
internal sealed class ContainerStore(CanRoot root)
{
    /// <summary>Definitions already parsed, by Id, with the version of the file they were read from.</summary>
    private readonly ConcurrentDictionary<string, (Libc.FileStatus Version, ContainerDefinition Definition)> parsed = new();

    /// <summary>The claimed names.</summary>
    internal NameTable Names { get; } = new($"{root.State}/names/containers");

    /// <summary>Ids of all containers with a state directory, in no order; one that is being made or removed has no definition.</summary>
    internal IEnumerable<string> Ids() => IdsIn($"{root.State}/containers");

    /// <summary>Ids of all containers with a run directory, in no order.</summary>
    internal IEnumerable<string> RunIds() => IdsIn($"{root.Run}/containers");

    private static IEnumerable<string> IdsIn(string directory) =>
        Directory.Exists(directory) ? Directory.EnumerateDirectories(directory).Select(path => path[(path.LastIndexOf('/') + 1)..]).Where(IsId) : [];

    /// <summary>The definition of a container; null if there is none.</summary>
    /// <exception cref="CanException"><c>StoreCorrupt</c></exception>
    internal ContainerDefinition? TryRead(string id)
    {
        var path = DefinitionPath(id);
        if (!Libc.TryStatus(path, out var version))
        {
            parsed.TryRemove(id, out _);
            return null;
        }

        if (parsed.TryGetValue(id, out var known) && known.Version == version)
        {
            return known.Definition;
        }

        try
        {
            var definition = JsonFile.TryRead(path, CanJson.Default.ContainerDefinition);
            if (definition is not null)
            {
                parsed[id] = (version, definition);
            }

            return definition;
        }
        catch (CanException error) when (error.ErrorId == "StoreCorrupt" && IsUnsettled(id))
        {
            return null;
        }
    }

    /// <summary>Publishes a definition: from here on the container exists, whatever happens to this process.</summary>
    /// <param name="definition">The definition.</param>
    /// <param name="settled">It survives a loss of power too; otherwise <see cref="Settle"/> sees to that later.</param>
    internal void Write(ContainerDefinition definition, bool settled = true)
    {
        var path = DefinitionPath(definition.Id);
        JsonFile.Write(path, definition, CanJsonText.Write, durable: settled);
        if (Libc.TryStatus(path, out var version))
        {
            parsed[definition.Id] = (version, definition);
        }
    }

    /// <summary>Waits until a new container's definition survives a loss of power. Until then its making does not return.</summary>
    internal void Settle(string id) => AtomicFile.Sync(DefinitionPath(id));

    /// <summary>
    /// Whether a definition was never settled: after a loss of power its name is there and its content is not. No container was
    /// promised then, so it is none. One that has run is another matter: its definition was whole, and its owner has to look at it.
    /// </summary>
    internal bool IsUnsettled(string id) =>
        IsBlank(AtomicFile.TryRead(DefinitionPath(id))) && IsBlank(AtomicFile.TryRead($"{root.ContainerState(id)}/status"));

    /// <summary>File systems leave nothing, or zeros, of what was not written yet.</summary>
    private static bool IsBlank(byte[]? content) => content is null || !content.AsSpan().ContainsAnyExcept((byte)0);

    /// <summary>Withdraws a definition: from here on the container does not exist, whatever is left of it.</summary>
    internal void Withdraw(string id)
    {
        if (Libc.rename(DefinitionPath(id), WithdrawnPath(id)) < 0 && Marshal.GetLastPInvokeError() is not (Errno.ENOENT or Errno.ENOTDIR))
        {
            throw StorageError.Last("withdraw the definition", DefinitionPath(id));
        }

        parsed.TryRemove(id, out _);
    }

    /// <summary>
    /// Notes what a container that is about to be made will own outside of its directory, so that it can be swept away if its
    /// making is cut short.
    /// </summary>
    internal void Announce(ContainerDefinition definition) =>
        JsonFile.Write(WithdrawnPath(definition.Id), definition, CanJsonText.Write, durable: false);

    /// <summary>The definition that was announced or withdrawn; null if there is none that can be read.</summary>
    internal ContainerDefinition? TryReadWithdrawn(string id)
    {
        try
        {
            return JsonFile.TryRead(WithdrawnPath(id), CanJson.Default.ContainerDefinition);
        }
        catch (CanException error) when (error.ErrorId == "StoreCorrupt")
        {
            return null;
        }
    }

    /// <summary>Whether text has the form of a full Id.</summary>
    internal static bool IsId(string text) => text.Length == 64 && Characters.All(text, char.IsAsciiHexDigitLower);

    private string WithdrawnPath(string id) => $"{root.ContainerState(id)}/withdrawn.json";

    private string DefinitionPath(string id) => $"{root.ContainerState(id)}/container.json";
}
