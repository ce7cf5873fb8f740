using System.CommandLine;
using System.CommandLine.Help;

namespace Can.Cli.Common;

/// <summary>The tree of commands that System.CommandLine parses: only the verb that is asked for, for making all takes time.</summary>
internal static class CommandTree
{
    private const string Description = "Can runs containers on this machine, without a daemon.";

    /// <summary>The tree for a command line.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="words">How many words of it name the verb; fewer than it takes when it names none.</param>
    /// <param name="verb">The verb; null when it names none.</param>
    /// <returns>The tree, without <see cref="AddHelp">help</see> where there is a verb.</returns>
    public static Command For(ReadOnlySpan<string> arguments, out int words, out Verb? verb)
    {
        (words, verb) = (0, null);
        if (arguments is [var first, ..])
        {
            if (Find(Verbs.Single, first) is { } single)
            {
                (words, verb) = (1, single.Make());
                return Root(verb);
            }

            if (Array.Find(Verbs.Groups, group => group.Name == first) is { } found)
            {
                words = 1;
                if (arguments is [_, var second, ..] && Find(found.Verbs, second) is { } inner)
                {
                    (words, verb) = (2, inner.Make());
                    if (verb.Name != second)
                    {
                        verb.Aliases.Add(second);
                    }

                    return Root(new Command(found.Name, found.Description) { verb });
                }

                return AddHelp(Root(Whole(found)));
            }
        }

        return Complete();
    }

    /// <summary>The tree of all verbs.</summary>
    public static Command Complete()
    {
        var root = Root();
        foreach (var entry in Verbs.Single)
        {
            root.Subcommands.Add(entry.Make());
        }

        foreach (var group in Verbs.Groups)
        {
            root.Subcommands.Add(Whole(group));
        }

        return AddHelp(root);
    }

    /// <summary>Adds the options for help, which take as long to make as all those of a verb and are rarely asked for.</summary>
    public static Command AddHelp(Command root)
    {
        root.Options.Add(new HelpOption("--help", []) { Description = "Show this help", Action = new HelpText() });
        root.Options.Add(new VersionOption("--version", []) { Description = "Show the version" });
        return root;
    }

    private static VerbEntry? Find(VerbEntry[] entries, string name) => Array.Find(entries, entry => entry.Is(name));

    private static Command Whole(VerbGroup group)
    {
        var command = new Command(group.Name, group.Description);
        foreach (var entry in group.Verbs)
        {
            command.Subcommands.Add(entry.Make());
        }

        return command;
    }

    // Not a RootCommand, which brings help of its own, whose short names (-h, -?, /h) are taken or mean something else here.
    private static Command Root(params ReadOnlySpan<Command> commands)
    {
        var root = new Command("can", Description);
        foreach (var command in commands)
        {
            root.Subcommands.Add(command);
        }

        return root;
    }
}
