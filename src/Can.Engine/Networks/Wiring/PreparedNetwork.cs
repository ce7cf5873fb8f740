using Can.Engine.Kernel;

namespace Can.Engine.Networks.Wiring;

/// <summary>What a start needs of a container's networks: the plan's part, and the sockets that the monitor inherits.</summary>
internal sealed class PreparedNetwork(NetworkWiring wiring, IReadOnlyList<PortReservation> reservations, string? stubGateway) : IDisposable
{
    /// <summary>What the plan says.</summary>
    public NetworkWiring Wiring { get; } = wiring;

    /// <summary>The reserved ports.</summary>
    public IReadOnlyList<PortReservation> Reservations { get; } = reservations;

    /// <summary>Address by which the container reaches a resolver of the host's that listens on loopback; null for none.</summary>
    public string? StubGateway { get; } = stubGateway;

    /// <summary>Closes this process's sockets; the monitor's own keep the ports.</summary>
    public void Dispose()
    {
        foreach (var reservation in Reservations)
        {
            reservation.Dispose();
        }
    }
}
