using System.Text;
using System.Text.Json;
using Can.Cli.Common.Listing.Templates;

namespace Can.Cli.Common.Listing;

/// <summary>
/// The part of Docker's templates (which are Go's) that scripts use: fields, <c>range</c>, <c>if</c>, <c>with</c>, variables, pipes,
/// <c>{{-</c> and <c>-}}</c>, and the functions of <see cref="Function"/>, in other text with <c>\t</c> and <c>\n</c>.
/// </summary>
internal sealed class Template
{
    private readonly IReadOnlyList<Node> nodes;

    private Template(string text)
    {
        var parser = new TemplateParser(text);
        (nodes, Named) = (parser.Nodes, parser.Named);
    }

    /// <summary>First names of all fields of the whole object, and an empty one if all of it is meant: what it has to have at least.</summary>
    public IReadOnlyList<string> Named { get; }

    /// <summary>Takes a template apart.</summary>
    /// <exception cref="UsageException">It cannot be understood.</exception>
    public static Template Parse(string text) => new(text);

    /// <summary>Names of the fields, in their order, of a template that has no more in it: columns of a table.</summary>
    /// <exception cref="UsageException">It has more in it.</exception>
    public List<string> Columns() => [.. nodes.Where(static node => node is not TextNode).Select(Column)];

    private static string Column(Node node) => node switch
    {
        ValueNode { Value: Field { OfDot: { } name } } => name,
        ValueNode { Value: Call { Name: "json", Arguments: [Field { OfDot: { } name }] } } => name,
        _ => throw new UsageException("the columns of a table are fields, such as {{.Name}}; without the word 'table' a template may have more"),
    };

    /// <summary>The text with the values of an object.</summary>
    /// <exception cref="UsageException">The template names what is not there.</exception>
    public string Fill(JsonElement value)
    {
        var (result, scope) = (new StringBuilder(), new Scope(value));
        foreach (var node in nodes)
        {
            node.Write(scope, result);
        }

        return result.ToString();
    }
}
