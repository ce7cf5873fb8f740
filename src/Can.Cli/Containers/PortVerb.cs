using System.CommandLine;
using Can.Cli.Common;
using Can.Engine;

namespace Can.Cli.Containers;

/// <summary>Shows the published ports of a container.</summary>
internal sealed class PortVerb : Verb
{
    private readonly Argument<string> name = Arg.One("CONTAINER", "Name, Id or beginning of an Id");
    private readonly Argument<string?> wanted = Arg.Maybe("PORT", "Only this port of the container, such as 80 or 53/udp");

    public PortVerb()
        : base("port", "Show where a container's ports are published", "can port web", "can port web 80") => Add(name, wanted);

    /// <inheritdoc/>
    public override int Run(ParseResult line, Session session)
    {
        var container = session.Engine.Containers.Find(line.GetValue(name)!);
        var only = line.GetValue(wanted) is { } text ? PortText.EndOf(text) : null;
        var any = false;
        foreach (var port in container.Ports)
        {
            if (only is null || only == port.ContainerEnd)
            {
                any = true;
                session.Output.WriteLine(only is null ? $"{port.ContainerEnd} -> {port.HostEnd}" : port.HostEnd);
            }
        }

        return any || only is null ? ExitCode.Success : throw new CanException(
            "PortNotPublished", CanErrorCategory.ObjectNotFound, $"The port {only} of '{container.Name}' is not published. 'can port {container.Name}' shows those that are.");
    }
}
