using Can.Engine.Networks.Firewalls;
using Can.Engine.Storage;

namespace Can.Engine.Networks;

public sealed partial class NetworkService
{
    /// <summary>Firewalls of the host's that stand in a network's way.</summary>
    internal static IReadOnlyList<ForeignFirewall> FirewallsAgainst(NetworkDefinition network) => ForeignFirewalls.Find(network);

    /// <summary>Says so once for each network and boot: when it is made, or first put on the host.</summary>
    private void WarnOfFirewalls(NetworkDefinition network)
    {
        var said = $"{store.RunDirectoryOf(network.Id)}/warned";
        if (File.Exists(said) || FirewallsAgainst(network) is not { Count: > 0 } firewalls)
        {
            return;
        }

        Directories.Ensure(store.RunDirectoryOf(network.Id));
        AtomicFile.Write(said, [], durable: false);
        engine.Warn(
            $"A firewall of this host drops forwarded packets: containers of the network '{network.Name}' reach no other host, and published ports are not reached from there. "
            + $"It is the {string.Join(", and the ", firewalls)}.");
    }
}
