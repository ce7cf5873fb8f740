using Can.Engine.Kernel;

namespace Can.Engine.Storage.Upkeep;

/// <summary>What is not as it should be.</summary>
public enum StorageProblemKind
{
    /// <summary>The list of images.</summary>
    Index,

    /// <summary>A blob: its bytes are not those of its name.</summary>
    Blob,

    /// <summary>An image that lacks something.</summary>
    Image,

    /// <summary>An unpacked layer.</summary>
    Layer,

    /// <summary>A container.</summary>
    Container,

    /// <summary>A volume.</summary>
    Volume,

    /// <summary>What an interrupted operation left; it only takes room.</summary>
    Leftover,
}

/// <summary>Something in the store that is not as it should be.</summary>
public sealed class StorageProblem
{
    internal StorageProblem(StorageProblemKind kind, string path, string problem, string remedy) =>
        (Kind, Path, Problem, Remedy) = (kind, path, problem, remedy);

    /// <summary>What kind of thing it is.</summary>
    public StorageProblemKind Kind { get; }

    /// <summary>Where it is.</summary>
    public string Path { get; }

    /// <summary>What is wrong with it.</summary>
    public string Problem { get; }

    /// <summary>What to do.</summary>
    public string Remedy { get; }

    /// <summary>What a repair would do; empty if it could do nothing.</summary>
    public string RepairAction { get; internal init; } = "";

    /// <summary>Whether a repair can do something about it.</summary>
    public bool CanRepair => Repairing is not null;

    /// <summary>Whether it has been repaired.</summary>
    public bool Repaired { get; private set; }

    internal Action<CancellationToken>? Repairing { get; init; }

    /// <summary>Does what can be done about it; nothing if there is nothing.</summary>
    /// <exception cref="CanException"><c>DiskFull</c> and the like</exception>
    public void Repair(CancellationToken cancellation)
    {
        Privileges.RequireRoot();
        Repairing?.Invoke(cancellation);
        Repaired = CanRepair;
    }

    /// <summary>Where and what.</summary>
    public override string ToString() => $"{Path}: {Problem}";
}
