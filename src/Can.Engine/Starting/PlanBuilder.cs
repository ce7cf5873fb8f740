using Can.Engine.Kernel;
using Can.Engine.Kernel.Netlink;

namespace Can.Engine.Starting;

/// <summary>Collects the steps of a plan; one method for each operation that plans use, with its arguments named and typed.</summary>
internal sealed class PlanBuilder
{
    private readonly List<PlanStep> steps = new(128);

    /// <summary>The stage of the steps that follow.</summary>
    public PlanStage Stage { get; set; }

    public StartPlan Build(PlanKind kind) => new(kind, steps);

    /// <summary>Adds a step as it is.</summary>
    public void Add(PlanOperation operation, params PlanArgument[] arguments) =>
        Add(operation, arguments, optional: false);

    /// <summary>Adds a step whose failure is ignored.</summary>
    public void AddOptional(PlanOperation operation, params PlanArgument[] arguments) =>
        Add(operation, arguments, optional: true);

    public void WriteFile(string path, string data, bool optional = false) =>
        Add(PlanOperation.WriteFile, [path, data], optional);

    public void WriteFileIn(string path, string data, bool optional = false) =>
        Add(PlanOperation.WriteFileIn, [path, data], optional);

    /// <summary>Sends netlink messages.</summary>
    public void Netlink(NetlinkMessages messages, bool optional = false)
    {
        PlanArgument[] arguments = messages is { Protocol: NetlinkProtocol.Route, Slots.Length: 0 }
            ? [messages.Bytes]
            : Join([messages.Bytes, (ulong)messages.Protocol], Array.ConvertAll(messages.Slots, static slot => (PlanArgument)slot.Argument));
        Add(PlanOperation.Netlink, arguments, optional);
    }

    /// <summary>Forgets the tracked connections that asked for these ports (<see cref="PortReservation.KeyOf"/>).</summary>
    public void ForgetConnections(IEnumerable<byte[]> ports, bool optional = false) =>
        Add(PlanOperation.ForgetConnections, [ports.SelectMany(port => port).ToArray()], optional);

    public void Clone(Namespaces flags) => Add(PlanOperation.Clone, (ulong)flags);

    public void Join(Namespaces flags) => Add(PlanOperation.Join, (ulong)flags);

    public void Unshare(Namespaces flags) => Add(PlanOperation.Unshare, (ulong)flags);

    /// <summary>Changes how a host mount, and those below it, propagate.</summary>
    public void Propagation(string target, MountFlags flags) =>
        Add(PlanOperation.Mount, "", target, "", (ulong)flags, "");

    public void Overlay(string mountPoint, string upper, string work, RootTraits flags, string options, IEnumerable<string> lower) =>
        Add(PlanOperation.Overlay, Join([mountPoint, upper, work, (ulong)flags, options], Texts([.. lower])));

    public void MountIn(string type, string target, MountAttributes attributes, string options = "") =>
        Add(PlanOperation.MountIn, type, type, target, (ulong)attributes, options);

    public void BindIn(
        string source, string target, MountAttributes attributes, BindTarget made,
        bool recursive = false, MountFlags propagation = MountFlags.None, MountAttributes cleared = MountAttributes.None) =>
        Add(
            PlanOperation.BindIn, source, target, (ulong)attributes, recursive ? 1UL : 0UL, (ulong)made, (ulong)propagation, (ulong)cleared);

    public void SymlinkIn(string text, string path) => Add(PlanOperation.SymlinkIn, text, path);

    public void Capabilities(ulong effective, ulong permitted, ulong inheritable, ulong ambient) =>
        Add(PlanOperation.Capabilities, effective, permitted, inheritable, ambient);

    public void Execute(IReadOnlyList<string> arguments, IReadOnlyList<string> environment) =>
        Add(PlanOperation.Execute, Join([(ulong)arguments.Count], Texts([.. arguments, .. environment])));

    private static PlanArgument[] Texts(string[] texts) => Array.ConvertAll(texts, static text => (PlanArgument)text);

    // A collection expression would do it by a list, and that by methods that no compiler makes ahead of time.
    private static PlanArgument[] Join(PlanArgument[] first, PlanArgument[] others)
    {
        var all = new PlanArgument[first.Length + others.Length];
        first.CopyTo(all, 0);
        others.CopyTo(all, first.Length);
        return all;
    }

    private void Add(PlanOperation operation, PlanArgument[] arguments, bool optional) => steps.Add(new PlanStep(Stage, operation, arguments, optional));
}
