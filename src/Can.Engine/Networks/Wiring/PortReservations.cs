using Can.Engine.Kernel;

namespace Can.Engine.Networks.Wiring;

/// <summary>Ports that are reserved as long as this, or a monitor that was handed the sockets, holds them.</summary>
internal sealed class PortReservations(IReadOnlyList<PortReservation> ports) : IDisposable
{
    /// <summary>The ports.</summary>
    public IReadOnlyList<PortReservation> Ports { get; } = ports;

    /// <summary>Closes this process's sockets.</summary>
    public void Dispose()
    {
        foreach (var port in Ports)
        {
            port.Dispose();
        }
    }
}
