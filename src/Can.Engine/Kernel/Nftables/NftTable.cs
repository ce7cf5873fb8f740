namespace Can.Engine.Kernel.Nftables;

/// <summary>
/// Can's own nftables table, <c>inet NAME</c>. Its chains never change; what differs from network to network and container to
/// container are elements of its sets and maps.
/// </summary>
/// <param name="name">The name: that of the root's cgroups, <see cref="CanRoot.CgroupName"/>.</param>
internal sealed class NftTable(string name)
{
    /// <summary>The table's name.</summary>
    public string Name { get; } = name;

    /// <summary>Whether it is there and as this version of Can makes it (one netlink message).</summary>
    public bool Exists() => throw new NotImplementedException();

    /// <summary>Makes it where it is missing or of another version; elements are not kept then.</summary>
    /// <returns>True when it was made: the caller adds the elements of networks and running containers again.</returns>
    /// <exception cref="CanException"><c>NftablesMissing</c>: no libnftables (the message names the package), or a kernel without nf_tables.</exception>
    public bool Ensure() => throw new NotImplementedException();

    /// <summary>Removes it with everything in it; it may be missing.</summary>
    public void Remove() => throw new NotImplementedException();

    /// <summary>The table as <c>nft list table</c> writes it; empty when it is missing.</summary>
    public string Describe() => throw new NotImplementedException();

    /// <summary>Adds elements by a socket of the engine (plans carry <see cref="ElementMessages"/>).</summary>
    public void Add(params IReadOnlyCollection<MapElement> elements) => throw new NotImplementedException();

    /// <summary>Deletes elements; those that are gone are fine.</summary>
    public void Delete(params IReadOnlyCollection<MapElement> elements) => throw new NotImplementedException();

    /// <summary>The ports that are translated now, for whoever sweeps what a killed monitor left.</summary>
    public IReadOnlyList<PortTranslation> ListPublished() => throw new NotImplementedException();
}
