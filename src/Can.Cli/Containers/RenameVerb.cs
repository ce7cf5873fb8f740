using System.CommandLine;
using Can.Cli.Common;

namespace Can.Cli.Containers;

/// <summary>Gives a container another name.</summary>
internal sealed class RenameVerb : Verb
{
    private readonly Argument<string> name = Arg.One("CONTAINER", "Name, Id or beginning of an Id");
    private readonly Argument<string> newName = Arg.One("NAME", "The new name");

    public RenameVerb()
        : base("rename", "Give a container another name", "can rename c1 web") => Add(name, newName);

    /// <inheritdoc/>
    public override int Run(ParseResult line, Session session)
    {
        session.Engine.Containers.Rename(session.Engine.Containers.Find(line.GetValue(name)!).Id, line.GetValue(newName)!);
        return ExitCode.Success;
    }
}
