using System.CommandLine;
using System.Text.Json;

namespace Can.Cli.Common.Listing;

/// <summary>A verb that shows everything about objects of one noun.</summary>
internal abstract class InspectingVerb : Verb
{
    private readonly Option<string?> format = Opt.Text("--format|-f", "FORMAT", "json (default), or a template such as '{{.Name}} {{json .Labels}}'");
    private readonly Argument<string[]> names;

    /// <param name="noun">What the arguments are, such as <c>NETWORK</c>.</param>
    /// <param name="how">How they are named.</param>
    /// <param name="description">One sentence for the help.</param>
    /// <param name="examples">Whole command lines for the help.</param>
    protected InspectingVerb(string noun, string how, string description, params string[] examples)
        : base("inspect", description, examples)
    {
        names = Arg.Many(noun, how);
        Add(format);
        Add(names);
    }

    /// <inheritdoc/>
    public sealed override int Run(ParseResult line, Session session)
    {
        var objects = new List<string>();
        var result = session.ForEach(line.GetValue(names)!, name => objects.Add(JsonText.Write(Find(session, name))));
        Inspection.Write(line.GetValue(format), session.Output, objects);
        return result;
    }

    /// <summary>Finds an object.</summary>
    /// <returns>What writes it as JSON.</returns>
    protected abstract Action<Utf8JsonWriter> Find(Session session, string name);
}
