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
    private readonly Option<string?> format = Opt.Text("--format|-f", "FORMAT", "json; else lines for people");

    public InfoVerb(string name = "info")
        : base(name, "Show facts about this machine and what Can has on it", "can info", "can info --format json") => Add(format);

    /// <inheritdoc/>
    public override int Run(ParseResult line, Session session)
    {
        var facts = Facts(session);
        switch (line.GetValue(format))
        {
            case null:
                foreach (var (name, value) in facts)
                {
                    session.Output.WriteLine($"{name}: {value}");
                }

                return ExitCode.Success;
            case "json":
                session.Output.WriteLine(JsonText.Write(writer => Write(writer, facts)));
                return ExitCode.Success;
            case var other:
                throw new UsageException($"'{other}' is no format; there is json");
        }
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
    private readonly Option<string?> format = Opt.Text("--format|-f", "FORMAT", "json; else one line");

    public VersionVerb()
        : base("version", "Show the version", "can version", "can version --format json") => Add(format);

    /// <inheritdoc/>
    public override int Run(ParseResult line, Session session)
    {
        session.Output.WriteLine(line.GetValue(format) switch
        {
            null => $"can {Session.Version}",
            "json" => JsonText.Write(static writer =>
            {
                writer.WriteStartObject();
                writer.WriteString("Version", Session.Version);
                writer.WriteString("Os", "linux");
                writer.WriteString("Arch", System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant());
                writer.WriteEndObject();
            }),
            var other => throw new UsageException($"'{other}' is no format; there is json"),
        });
        return ExitCode.Success;
    }
}
