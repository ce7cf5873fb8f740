namespace Can.Engine.Kernel.Netlink;

/// <summary>A socket to rtnetlink in the network namespace of the thread that makes it. Not for several threads at once.</summary>
internal sealed class RouteSocket : IDisposable
{
    /// <summary>Sends messages one by one and waits for the acknowledgement of each.</summary>
    /// <exception cref="CanException"><c>NetlinkFailed</c>: the kernel refused one; its own words are in the message. What came before it is done.</exception>
    public void Send(NetlinkMessages messages) => throw new NotImplementedException();

    /// <summary>As <see cref="Send"/>, but an error is returned: 0 or a value of errno.</summary>
    public int TrySend(NetlinkMessages messages) => throw new NotImplementedException();

    /// <summary>All interfaces of the namespace.</summary>
    public IReadOnlyList<LinkDescription> ListLinks() => throw new NotImplementedException();

    /// <summary>One interface; null when there is none of that name.</summary>
    public LinkDescription? FindLink(string name) => throw new NotImplementedException();

    /// <summary>All addresses, IPv4 and IPv6.</summary>
    public IReadOnlyList<AddressDescription> ListAddresses() => throw new NotImplementedException();

    /// <summary>All unicast routes of all tables but the local one, IPv4 and IPv6.</summary>
    public IReadOnlyList<RouteDescription> ListRoutes() => throw new NotImplementedException();

    /// <inheritdoc/>
    public void Dispose() => throw new NotImplementedException();
}
