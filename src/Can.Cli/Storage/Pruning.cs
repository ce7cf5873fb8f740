using Can.Cli.Common;
using Can.Cli.Common.Listing;
using Can.Engine.Storage.Upkeep;

namespace Can.Cli.Storage;

/// <summary>Removes what nobody needs, kind after kind, and says what has gone.</summary>
/// <param name="session">The engine and where to write.</param>
internal sealed class Pruning(Session session)
{
    private readonly HashSet<string> gone = [];
    private long freed;

    /// <summary>The exit code so far.</summary>
    public int Code { get; private set; } = ExitCode.Success;

    /// <summary>Removes what nobody needs of a kind; containers come first, for what only they need is not needed then.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="all">Also images that have references, volumes that have names.</param>
    /// <returns>This.</returns>
    public Pruning Of(StorageKind kind, bool all)
    {
        Note(session.ForEach(session.Engine.Storage.FindUnused(kind, all, gone, session.Cancellation), item =>
        {
            session.Engine.Storage.Remove(item, session.Cancellation);
            gone.Add(item.Id);
            freed += item.Size;
            session.Output.WriteLine($"Deleted {item.Kind.ToString().ToLowerInvariant()}: {item.Name}");
        }));
        return this;
    }

    /// <summary>Removes networks that no container is on.</summary>
    /// <returns>This.</returns>
    public Pruning OfNetworks()
    {
        Note(session.ForEach(session.Engine.Networks.ListUnused(), network =>
        {
            session.Engine.Networks.Remove(network.Name);
            session.Output.WriteLine($"Deleted network: {network.Name}");
        }));
        return this;
    }

    /// <summary>Says how much it was.</summary>
    /// <returns>The exit code.</returns>
    public int End()
    {
        session.Output.WriteLine($"Total reclaimed space: {Human.Size(freed)}");
        return Code;
    }

    private void Note(int code) => Code = Math.Max(Code, code);
}
