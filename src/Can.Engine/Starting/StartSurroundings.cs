using Can.Engine.Networks.Wiring;

namespace Can.Engine.Starting;

/// <summary>What a plan needs beyond the definition and the host.</summary>
public sealed record StartSurroundings
{
    /// <summary>The compiled default filter; null where none is wanted.</summary>
    public byte[]? SeccompFilter { get; init; }

    /// <summary>Host directory of each named volume.</summary>
    public IReadOnlyDictionary<string, string> VolumePaths { get; init; } = new Dictionary<string, string>();

    /// <summary>The first run begins with a console attached (FD_CONSOLE).</summary>
    public bool Attached { get; init; }

    /// <summary>Interfaces, routes and published ports; null for a container without networks.</summary>
    internal NetworkWiring? Network { get; init; }

    /// <summary>How many sockets of published ports the monitor inherits.</summary>
    internal int PortSockets { get; init; }

    /// <summary>The network of another container that this one enters; null in all other modes.</summary>
    internal SharedNetwork? Shared { get; init; }

    /// <summary>Rows and columns of the terminal.</summary>
    public (int Rows, int Columns) TerminalSize { get; init; } = (24, 80);
}
