using System.Net;
using Can.Engine.Containers;
using Can.Engine.Kernel;
using Can.Engine.Kernel.Locks;
using Can.Engine.Kernel.Netlink;
using Can.Engine.Kernel.Nftables;
using Can.Engine.Kernel.Processes;
using Can.Engine.Kernel.Sockets;
using Can.Engine.Starting;
using Microsoft.Win32.SafeHandles;

namespace Can.Engine.Tests.Kernel.Netlink;

/// <summary>A container of nothing but a wired network namespace and a process of the host's files, run by the real helper.</summary>
internal sealed class MonitoredRun : IDisposable
{
    private readonly TemporaryDirectory directory = new();
    private readonly NetworkLab lab;
    private readonly int number;
    private readonly int last;

    public MonitoredRun(NetworkLab lab, int number, int last)
    {
        this.lab = lab;
        this.number = number;
        this.last = last;
        Directory.CreateDirectory(Run);
    }

    /// <summary>The command; it may end, and the restart policy then decides.</summary>
    public IReadOnlyList<string> Command { get; init; } = ["sleep", "1000"];

    public RestartCondition Policy { get; init; } = RestartCondition.No;

    /// <summary>The helper's message about the first run.</summary>
    public SyncMessage Started { get; private set; }

    public string Run => directory["run"];

    public StatusFile? Status => StatusFile.TryRead($"{Run}/status");

    private string Lock => directory["lock"];

    /// <summary>Starts it with these ports published.</summary>
    public void Start(params IReadOnlyList<PortTranslation> ports) => lab.Host.Run(() =>
    {
        var reserved = ports.Select(port => PortReservation.Bind(port.HostAddress, port.HostPort, port.Protocol)).ToList();
        using var plan = PlanFile.Make(PlanWriter.Write(Plan(ports)));
        using var held = RunLock.TryTake(Lock)!;
        var (read, write) = Libc.Pipe();
        using (read)
        {
            using (write)
            {
                (int, SafeFileHandle)[] descriptors =
                [
                    ((int)PlanDescriptor.Plan, plan), ((int)PlanDescriptor.Sync, write), ((int)PlanDescriptor.RunLock, held.Handle),
                    .. reserved.Select((port, index) => ((int)PlanDescriptor.Ports + index, port.Socket)),
                ];
                _ = Spawn.Reap(Spawn.Start(EngineFixture.HelperPath, ["can-monitor", "run"], descriptors, nullStreams: true));
            }

            reserved.ForEach(port => port.Dispose());
            using var poller = new Poller(CancellationToken.None);
            Started = SyncMessage.Read(read, poller) ?? throw new InvalidOperationException("the helper said nothing");
        }
    });

    /// <summary>Leaves another plan for the next teardown and the next run, as Set-CanContainer does.</summary>
    public void LeavePlan(params IReadOnlyList<PortTranslation> ports)
    {
        File.WriteAllBytes($"{Run}/plan.new", PlanWriter.Write(Plan(ports)));
        File.Move($"{Run}/plan.new", $"{Run}/plan", overwrite: true);
    }

    public ControlConnection Connect() => ControlConnection.TryConnect(Run) ?? throw new InvalidOperationException("no monitor");

    /// <summary>The container's namespace.</summary>
    public NetworkNamespace Namespace() => new(Status!.Value.ProcessId);

    public void Kill()
    {
        var status = Status!.Value;
        using var process = PidFd.TryOpen(status.ProcessId, status.ProcessStart)!;
        process.Signal(9);
    }

    public void WaitEnded() => EngineFixture.Eventually(() => !RunLock.IsHeld(Lock), "the monitor ends");

    public void Dispose()
    {
        if (RunLock.IsHeld(Lock) && Status is { Monitor: > 0 } status && PidFd.TryOpen(status.Monitor, status.MonitorStart) is { } monitor)
        {
            using (monitor)
            {
                monitor.Signal(9);
            }

            WaitEnded();
        }

        directory.Dispose();
    }

    private StartPlan Plan(IReadOnlyList<PortTranslation> ports)
    {
        var address = NetworkLab.Address(number, last);
        var elements = ports.Select(MapElement.Published).ToArray();
        var datagrams = ports.Where(port => port.Protocol == TransportProtocol.Udp)
            .Select(port => PortReservation.KeyOf(port.HostAddress, port.HostPort, port.Protocol)).ToArray();
        var plan = new PlanBuilder();
        plan.Add(PlanOperation.SettingRunDirectory, Run);
        plan.Add(PlanOperation.SettingRestart, (ulong)Policy, 0UL);
        plan.Add(PlanOperation.SettingPorts, (ulong)ports.Count);
        plan.Stage = PlanStage.Host;
        plan.Clone(Namespaces.Network | Namespaces.Mount | Namespaces.Pid);
        plan.Stage = PlanStage.Wire;
        plan.Netlink(RouteMessages.Veth(new VethLink($"v{number}-{last}-", 0,
            NetworkNamespace.IndexOf(NetworkLab.BridgeOf(number)), HardwareAddress.Of(address), 0, (int)PlanDescriptor.Network)));
        plan.Netlink(ElementMessages.Add(lab.Table.Name, elements));
        plan.ForgetConnections(datagrams);
        plan.Stage = PlanStage.Child;
        plan.Netlink(NetlinkMessages.Join(
            RouteMessages.LoopbackUp(),
            RouteMessages.Address(LinkReference.Inside(0), address, 24),
            RouteMessages.LinkUp(LinkReference.Inside(0), linkLocal: false),
            RouteMessages.Route(LinkReference.Inside(0), IPNetwork.Parse("0.0.0.0/0"), NetworkLab.Address(number, 1))));
        plan.Add(PlanOperation.AwaitLinks, 0UL);
        plan.Add(PlanOperation.ParentDeathSignal, 9UL); // no test leaves the process behind by killing the monitor
        plan.Execute(Command, ["PATH=/usr/bin:/bin"]);
        plan.Stage = PlanStage.Teardown;
        plan.Netlink(ElementMessages.Delete(lab.Table.Name, elements));
        plan.ForgetConnections(datagrams);
        return plan.Build(PlanKind.Container);
    }
}
