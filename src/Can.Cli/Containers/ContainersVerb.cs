using System.CommandLine;
using Can.Cli.Common;
using Can.Engine.Containers;

namespace Can.Cli.Containers;

/// <summary>A verb that does the same to each of some containers and prints what it was given for each that it did it to.</summary>
internal abstract class ContainersVerb : Verb
{
    private readonly Argument<string[]> names = Arg.Many("CONTAINER", "Names, Ids or beginnings of Ids");

    protected ContainersVerb(string name, string description, Option[] options, params string[] examples)
        : base(name, description, examples)
    {
        Add(options);
        Add(names);
    }

    /// <inheritdoc/>
    public override int Run(ParseResult line, Session session) => session.ForEach(line.GetValue(names)!, name =>
    {
        Do(line, session, session.Engine.Containers.Find(name));
        session.Output.WriteLine(name);
    });

    /// <summary>Does it to one.</summary>
    protected abstract void Do(ParseResult line, Session session, Container container);
}
