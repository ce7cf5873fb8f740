using Can.Cli.Containers;

namespace Can.Cli.Common;

/// <summary>A verb that is made only if it is asked for.</summary>
/// <param name="Name">The word people type.</param>
/// <param name="Make">Makes it.</param>
internal sealed record VerbEntry(string Name, Func<Verb> Make);

/// <summary>Verbs under a common first word, such as <c>network</c>.</summary>
/// <param name="Name">The word people type.</param>
/// <param name="Description">One sentence for the help.</param>
/// <param name="Verbs">The second words.</param>
internal sealed record VerbGroup(string Name, string Description, VerbEntry[] Verbs);

/// <summary>Every verb there is, in the order of the help.</summary>
internal static class Verbs
{
    /// <summary>Those of one word.</summary>
    public static readonly VerbEntry[] Single =
    [
        new("run", static () => new RunVerb()),
        new("create", static () => new CreateVerb()),
        new("start", static () => new StartVerb()),
        new("attach", static () => new AttachVerb()),
        new("ps", static () => new PsVerb()),
        new("logs", static () => new LogsVerb()),
        new("exec", static () => new ExecVerb()),
        new("stop", static () => new StopVerb()),
        new("kill", static () => new KillVerb()),
        new("pause", static () => new PauseVerb()),
        new("unpause", static () => new UnpauseVerb()),
        new("restart", static () => new RestartVerb()),
        new("wait", static () => new WaitVerb()),
        new("rename", static () => new RenameVerb()),
        new("rm", static () => new RmVerb()),
        new("update", static () => new UpdateVerb()),
        new("commit", static () => new CommitVerb()),
        new("cp", static () => new CopyVerb()),
        new("diff", static () => new DiffVerb()),
        new("export", static () => new ExportVerb()),
        new("inspect", static () => new InspectVerb()),
        new("port", static () => new PortVerb()),
        new("top", static () => new TopVerb()),
        new("stats", static () => new StatsVerb()),
        new("plan", static () => new PlanVerb()),
    ];

    /// <summary>Those of two words.</summary>
    public static readonly VerbGroup[] Groups =
    [
    ];
}
