namespace Can.Engine.Kernel.Netlink;

/// <summary>Which interface a message is about: one whose index is known, or the container's ethN, which the helper looks up.</summary>
internal readonly record struct LinkReference
{
    private LinkReference(int index, int? number) => (Index, Number) = (index, number);

    /// <summary>The index; 0 when the helper looks it up.</summary>
    public int Index { get; }

    /// <summary>N of ethN; null when the index is known.</summary>
    public int? Number { get; }

    /// <summary>The loopback interface, which is number 1 in every network namespace.</summary>
    public static LinkReference Loopback => new(1, null);

    /// <summary>The interface with this index.</summary>
    public static LinkReference At(int index) => new(index, null);

    /// <summary>ethN of the namespace in which the helper sends the message.</summary>
    public static LinkReference Inside(int number) => new(0, number);
}
