using System.Net;
using System.Net.NetworkInformation;
using Can.Engine.Kernel;
using Can.Engine.Kernel.Nftables;
using Can.Engine.Networks.Wiring;
using Can.Engine.Starting;

namespace Can.Engine.Tests.Starting;

/// <summary>What networks add to a plan.</summary>
public sealed class PlanNetworkTests
{
    private static readonly StartPlan Plain = Plans.Of(Plans.Definition);

    private static readonly WiredInterface First = new()
    {
        Number = 0,
        HostName = "v0123456780",
        Bridge = "can0",
        BridgeIndex = 7,
        HardwareAddress = PhysicalAddress.Parse("02:42:0a:57:00:02"),
        Addresses = [new(IPAddress.Parse("10.87.0.2"), 22)],
        Gateways = [IPAddress.Parse("10.87.0.1")],
        Mtu = 0,
        Isolated = false,
    };

    private static readonly NetworkWiring Wiring = new()
    {
        Interfaces = [First],
        Ports = [],
        Table = "can-6588117f",
        HostsPath = "/r/run/networks/N/hosts",
        HostsShared = true,
    };

    [Fact]
    public void An_interface_is_made_by_the_monitor_and_set_up_by_the_child() => Assert.Equal(
        [
            "- C bind /r/run/containers/ID/etc/hosts on /etc/hosts (nodev)",
            "- C set lo up",
            "+ W make veth v0123456780RUN on the bridge with index 7 with eth0 in NETWORK as its peer; set v0123456780RUN up",
            "+ C bind /r/run/networks/N/hosts on /etc/hosts (ro, nodev)",
            "+ C write \"1\" to /proc/sys/net/ipv6/conf/eth0/disable_ipv6 in ROOT (if possible)",
            "+ C set lo up; add address 10.87.0.2/22 to eth0; set eth0 up; add route default via 10.87.0.1",
            "+ C wait until eth0 can send",
        ],
        Difference(Wiring));

    [Fact]
    public void Published_ports_are_translated_after_the_wiring_and_given_back_first()
    {
        var port = new PortTranslation(IPAddress.Loopback, 8080, TransportProtocol.Tcp, IPAddress.Parse("10.87.0.2"), 80);
        var plan = Of(Wiring with { Ports = [port] }, sockets: 1);
        var lines = Plans.Lines(plan).ToList();

        Assert.Contains("S hold the sockets of 1 published ports: PORTS", lines);
        Assert.Equal(2, lines.Count(line => line.Contains("127.0.0.1:8080/tcp → 10.87.0.2:80", StringComparison.Ordinal)));
        var wire = plan.Steps.Where(step => step.Stage == PlanStage.Wire).ToList();
        Assert.Equal([PlanOperation.Netlink, PlanOperation.Netlink], wire.Select(step => step.Operation));
        Assert.Equal(PlanOperation.Netlink, plan.Steps.First(step => step.Stage == PlanStage.Teardown).Operation);
        Assert.DoesNotContain(plan.Steps, step => step.Operation == PlanOperation.ForgetConnections);
    }

    [Fact]
    public void Connections_of_published_datagrams_are_forgotten_at_both_ends()
    {
        var port = new PortTranslation(IPAddress.Any, 53, TransportProtocol.Udp, IPAddress.Parse("10.87.0.2"), 53);
        var forgetting = Of(Wiring with { Ports = [port] }, sockets: 1).Steps.Where(step => step.Operation == PlanOperation.ForgetConnections);

        Assert.Equal([PlanStage.Wire, PlanStage.Teardown], forgetting.Select(step => step.Stage));
    }

    [Fact]
    public void Nothing_takes_an_interface_away() => Assert.DoesNotContain(
        Of(Wiring).Steps, step => step.Stage == PlanStage.Teardown && step.Operation == PlanOperation.Netlink);

    [Fact]
    public void But_where_another_container_may_live_in_the_namespace() => Assert.Equal(
        ["+ T remove interface v0123456780RUN"], Plans.Difference(Of(Wiring), Of(Wiring with { IsEntered = true })));

    [Fact]
    public void The_network_of_another_container_is_entered_before_anything_is_mounted()
    {
        var shared = new SharedNetwork { StatusPath = "/o/status", HostsPath = "/o/hosts", HostsShared = false, ResolverPath = "/o/resolv.conf" };
        var plan = Plans.Of(Plans.Definition with { Network = "container:other" }, surroundings: Plans.Surroundings with { Shared = shared });
        var lines = Plans.Lines(plan).ToList();

        Assert.Contains("H clone pid, mnt, uts, ipc, into CGROUP where there is one", lines);
        Assert.True(lines.IndexOf("C join the network of the container that /o/status tells of") < lines.FindIndex(line => line.StartsWith("C mount", StringComparison.Ordinal)));
        Assert.Contains("C bind /o/hosts on /etc/hosts (nodev)", lines);
        Assert.Contains("C bind /o/resolv.conf on /etc/resolv.conf (nodev)", lines);
        Assert.DoesNotContain("C set lo up", lines);
    }

    private static IReadOnlyList<string> Difference(NetworkWiring wiring) => Plans.Difference(Plain, Of(wiring));

    private static StartPlan Of(NetworkWiring wiring, int sockets = 0) => Plans.Of(
        Plans.Definition with { Network = "bridge" }, surroundings: Plans.Surroundings with { Network = wiring, PortSockets = sockets });
}
