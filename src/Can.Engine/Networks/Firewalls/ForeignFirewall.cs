namespace Can.Engine.Networks;

/// <summary>A firewall of the host's that drops what containers of a network send elsewhere, and what others send to them.</summary>
/// <param name="Chain">Where it does so: <c>nftables chain ip filter FORWARD</c>.</param>
/// <param name="Remedy">Commands that allow it.</param>
public sealed record ForeignFirewall(string Chain, IReadOnlyList<string> Remedy)
{
    /// <summary>Where, and what to do about it.</summary>
    public override string ToString() => $"{Chain} (to allow: {string.Join("; ", Remedy)})";
}
