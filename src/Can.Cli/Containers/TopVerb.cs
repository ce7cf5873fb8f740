using System.CommandLine;
using System.Globalization;
using Can.Cli.Common;
using Can.Cli.Common.Listing;
using Can.Engine.Containers;

namespace Can.Cli.Containers;

/// <summary>Lists the processes of a container.</summary>
internal sealed class TopVerb : Verb
{
    private readonly Listing<ContainerProcess> listing = new(
        new("PID", "PID", static process => Number(process.ProcessId)),
        new("PPID", "PPID", static process => Number(process.ParentProcessId)),
        new("ContainerPID", "PID IN CONTAINER", static process => Number(process.ContainerProcessId)),
        new("UID", "UID", static process => Number(process.User)),
        new("State", "STATE", static process => process.State.ToString()),
        new("Time", "TIME", static process => process.CpuTime.ToString("hh\\:mm\\:ss", CultureInfo.InvariantCulture)),
        new("RSS", "RSS", static process => Human.BinarySize(process.WorkingSet)),
        new("StartTime", null, static process => Human.Moment(process.StartTime)),
        new("Command", "COMMAND", static process => process.CommandLine));

    private readonly Argument<string> name = Arg.One("CONTAINER", "Name, Id or beginning of an Id");

    public TopVerb()
        : base("top", "List the processes of a container, with their ids on the host", "can top web")
    {
        Add(listing.Format, listing.Quiet);
        Add(name);
    }

    /// <inheritdoc/>
    public override int Run(ParseResult line, Session session)
    {
        var containers = session.Engine.Containers;
        listing.Write(line, session.Output, containers.Processes(containers.Find(line.GetValue(name)!).Id));
        return ExitCode.Success;
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
