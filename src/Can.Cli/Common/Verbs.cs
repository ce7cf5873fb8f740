using Can.Cli.Completion;
using Can.Cli.Containers;
using Can.Cli.Host;
using Can.Cli.Images;
using Can.Cli.Networks;
using Can.Cli.Registries;
using Can.Cli.Storage;
using Can.Cli.Volumes;

namespace Can.Cli.Common;

/// <summary>A verb that is made only if it is asked for.</summary>
/// <param name="Name">The word people type.</param>
/// <param name="Make">Makes it.</param>
/// <param name="Aliases">Other words for it, which the help does without.</param>
internal sealed record VerbEntry(string Name, Func<Verb> Make, params string[] Aliases)
{
    /// <summary>Whether somebody types this word for it.</summary>
    public bool Is(string word) => Name == word || Array.IndexOf(Aliases, word) >= 0;
}

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

        new("images", static () => new ImagesVerb()),
        new("rmi", static () => new RmiVerb()),
        new("tag", static () => new TagVerb()),
        new("untag", static () => new UntagVerb()),
        new("history", static () => new HistoryVerb()),
        new("load", static () => new LoadVerb()),
        new("save", static () => new SaveVerb()),
        new("import", static () => new ImportVerb()),
        new("pull", static () => new PullVerb()),
        new("push", static () => new PushVerb()),
        new("login", static () => new LoginVerb()),
        new("logout", static () => new LogoutVerb()),
        new("info", static () => new InfoVerb()),
        new("version", static () => new VersionVerb()),
        new("completion", static () => new CompletionVerb()),
        new(CompleteVerb.Word, static () => new CompleteVerb()),
    ];

    /// <summary>Those of two words.</summary>
    public static readonly VerbGroup[] Groups =
    [
        new(
            "container",
            "Work with containers",
            [
                new("ls", static () => new PsVerb("ls"), "list", "ps"),
                new("run", static () => new RunVerb()),
                new("create", static () => new CreateVerb()),
                new("start", static () => new StartVerb()),
                new("attach", static () => new AttachVerb()),
                new("logs", static () => new LogsVerb()),
                new("exec", static () => new ExecVerb()),
                new("stop", static () => new StopVerb()),
                new("kill", static () => new KillVerb()),
                new("pause", static () => new PauseVerb()),
                new("unpause", static () => new UnpauseVerb()),
                new("restart", static () => new RestartVerb()),
                new("wait", static () => new WaitVerb()),
                new("rename", static () => new RenameVerb()),
                new("rm", static () => new RmVerb(), "remove"),
                new("update", static () => new UpdateVerb()),
                new("commit", static () => new CommitVerb()),
                new("cp", static () => new CopyVerb()),
                new("diff", static () => new DiffVerb()),
                new("export", static () => new ExportVerb()),
                new("inspect", static () => new InspectVerb()),
                new("port", static () => new PortVerb()),
                new("top", static () => new TopVerb()),
                new("stats", static () => new StatsVerb()),
                new("prune", static () => new ContainerPruneVerb()),
            ]),
        new(
            "image",
            "Work with images",
            [
                new("ls", static () => new ImagesVerb("ls"), "list"),
                new("rm", static () => new RmiVerb("rm"), "remove"),
                new("inspect", static () => new ImageInspectVerb()),
                new("prune", static () => new ImagePruneVerb()),
                new("tag", static () => new TagVerb()),
                new("untag", static () => new UntagVerb()),
                new("history", static () => new HistoryVerb()),
                new("load", static () => new LoadVerb()),
                new("save", static () => new SaveVerb()),
                new("import", static () => new ImportVerb()),
                new("pull", static () => new PullVerb()),
                new("push", static () => new PushVerb()),
            ]),
        new(
            "network",
            "Work with networks",
            [
                new("create", static () => new NetworkCreateVerb()),
                new("ls", static () => new NetworkLsVerb(), "list"),
                new("inspect", static () => new NetworkInspectVerb()),
                new("rm", static () => new NetworkRmVerb(), "remove"),
                new("connect", static () => new NetworkConnectVerb()),
                new("disconnect", static () => new NetworkDisconnectVerb()),
                new("prune", static () => new NetworkPruneVerb()),
            ]),
        new(
            "volume",
            "Work with volumes",
            [
                new("create", static () => new VolumeCreateVerb()),
                new("ls", static () => new VolumeLsVerb(), "list"),
                new("inspect", static () => new VolumeInspectVerb()),
                new("rm", static () => new VolumeRmVerb(), "remove"),
                new("prune", static () => new VolumePruneVerb()),
            ]),
        new(
            "system",
            "Look after the whole of it",
            [
                new("df", static () => new SystemDfVerb()),
                new("prune", static () => new SystemPruneVerb()),
                new("check", static () => new SystemCheckVerb()),
                new("info", static () => new InfoVerb()),
                new("boot", static () => new SystemBootVerb()),
                new("shutdown", static () => new SystemShutdownVerb()),
            ]),
    ];
}
