using System.CommandLine;
using System.Text.Json;
using Can.Cli.Common;
using Can.Cli.Common.Listing;
using Can.Engine;
using Can.Engine.Containers;
using Can.Engine.Kernel.Processes;

namespace Can.Cli.Host;

/// <summary>Shows what this machine and this store are.</summary>
internal sealed class InfoVerb : Verb
{
    private readonly Option<string?> format = Opt.Text("--format|-f", "FORMAT", "json, or a template such as '{{.NCPU}}'; else lines for people");

    public InfoVerb(string name = "info")
        : base(name, "Show facts about this machine and what Can has on it", "can info", "can info --format json", "can info -f '{{.NCPU}}'") => Add(format);

    /// <inheritdoc/>
    public override int Run(ParseResult line, Session session)
    {
        var facts = Facts(session);
        if (line.GetValue(format) is { } wanted)
        {
            Inspection.WriteOne(wanted, session.Output, JsonText.Write(writer => Write(writer, facts)));
            return ExitCode.Success;
        }

        foreach (var (name, value) in facts)
        {
            session.Output.WriteLine($"{name}: {value}");
        }

        return ExitCode.Success;
    }

    private static List<(string Name, object Value)> Facts(Session session)
    {
        var (engine, host) = (session.Engine, CanEngine.Host);
        var containers = engine.Containers.List();
        return
        [
            ("Containers", containers.Count),
            ("ContainersRunning", containers.Count(static one => one.State is ContainerState.Running or ContainerState.Restarting)),
            ("ContainersPaused", containers.Count(static one => one.State == ContainerState.Suspended)),
            ("ContainersStopped", containers.Count(static one => one.State is ContainerState.Exited or ContainerState.Created)),
            ("Images", engine.Images.List().Count),
            ("Networks", engine.Networks.Names().Count),
            ("Volumes", engine.Volumes.List().Count),
            ("Version", Session.Version),
            ("Helper", Helper(engine.Helper)),
            ("Root", engine.Root.State),
            ("RunRoot", engine.Root.Run),
            ("KernelVersion", host.KernelVersion.ToString()),
            ("CgroupVersion", (host.Cgroups.HasV1, host.Cgroups.HasV2) switch { (true, true) => "1 and 2", (true, _) => "1", _ => "2" }),
            ("NCPU", host.Processors),
            ("MemTotal", GC.GetGCMemoryInfo().TotalAvailableMemoryBytes),
            ("Name", Environment.MachineName),
        ];
    }

    private static string Helper(HelperProgram helper) =>
        (helper.Location == CommandHelper.Name ? "part of can" : helper.Location) + (helper.Refusal is { } refusal ? $" ({refusal})" : "");

    private static void Write(Utf8JsonWriter writer, List<(string Name, object Value)> facts)
    {
        writer.WriteStartObject();
        foreach (var (name, value) in facts)
        {
            if (value is string text)
            {
                writer.WriteString(name, text);
            }
            else
            {
                writer.WriteNumber(name, Convert.ToInt64(value, null));
            }
        }

        writer.WriteEndObject();
    }
}

/// <summary>Shows the version.</summary>
internal sealed class VersionVerb : Verb
{
    private readonly Option<string?> format = Opt.Text("--format|-f", "FORMAT", "json, or a template such as '{{.Version}}'; else one line");

    public VersionVerb()
        : base("version", "Show the version", "can version", "can version --format json", "can version -f '{{.Server.Version}}'") => Add(format);

    /// <inheritdoc/>
    public override int Run(ParseResult line, Session session)
    {
        if (line.GetValue(format) is { } wanted)
        {
            Inspection.WriteOne(wanted, session.Output, JsonText.Write(Write));
        }
        else
        {
            session.Output.WriteLine($"can {Session.Version}");
        }

        return ExitCode.Success;
    }

    // There is no server: what asks for its version is told of the engine's, which is this one.
    private static void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        WriteFacts(writer);
        foreach (var part in (string[])["Client", "Server"])
        {
            writer.WriteStartObject(part);
            WriteFacts(writer);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private static void WriteFacts(Utf8JsonWriter writer)
    {
        writer.WriteString("Version", Session.Version);
        writer.WriteString("Os", "linux");
        writer.WriteString("Arch", System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant());
    }
}
