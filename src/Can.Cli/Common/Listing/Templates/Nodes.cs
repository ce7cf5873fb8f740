using System.Text;
using System.Text.Json;

namespace Can.Cli.Common.Listing.Templates;

/// <summary>A part of a template that writes something.</summary>
internal abstract class Node
{
    /// <summary>Writes it.</summary>
    /// <exception cref="UsageException">An expression in it has no value.</exception>
    public abstract void Write(Scope scope, StringBuilder output);

    /// <summary>Writes all of a block.</summary>
    protected static void Write(IReadOnlyList<Node> block, Scope scope, StringBuilder output)
    {
        foreach (var node in block)
        {
            node.Write(scope, output);
        }
    }
}

/// <summary>Plain text.</summary>
internal sealed class TextNode(string text) : Node
{
    /// <inheritdoc/>
    public override void Write(Scope scope, StringBuilder output) => output.Append(text);
}

/// <summary><c>{{VALUE}}</c>.</summary>
internal sealed class ValueNode(Expression value) : Node
{
    /// <summary>What is written.</summary>
    public Expression Value => value;

    /// <inheritdoc/>
    public override void Write(Scope scope, StringBuilder output) => output.Append(Values.Text(value.Evaluate(scope)));
}

/// <summary><c>{{$name := VALUE}}</c>.</summary>
internal sealed class DeclarationNode(string name, Expression value) : Node
{
    /// <inheritdoc/>
    public override void Write(Scope scope, StringBuilder output) => scope.Declare(name, value.Evaluate(scope));
}

/// <summary>What <c>if</c>, <c>with</c> and <c>range</c> say.</summary>
/// <param name="Key">The variable for keys and indices; null for none.</param>
/// <param name="Name">The variable for values; null for none.</param>
/// <param name="Value">The condition, or what is ranged over.</param>
/// <param name="At">Where in the template.</param>
internal sealed record Head(string? Key, string? Name, Expression Value, int At);

/// <summary><c>{{if VALUE}}…{{else}}…{{end}}</c>, and <c>with</c>, whose <c>.</c> is the value.</summary>
internal sealed class IfNode(Head head, bool isWith, IReadOnlyList<Node> then, IReadOnlyList<Node> otherwise) : Node
{
    /// <inheritdoc/>
    public override void Write(Scope scope, StringBuilder output)
    {
        var value = head.Value.Probe(scope);
        var isTrue = Values.IsTrue(value);
        var inner = new Scope(isTrue && isWith ? value : scope.Dot, scope);
        inner.Declare(head.Name, value);
        Write(isTrue ? then : otherwise, inner, output);
    }
}

/// <summary><c>{{range VALUE}}…{{else}}…{{end}}</c>: over lists, and over objects in the order of their keys.</summary>
internal sealed class RangeNode(Head head, IReadOnlyList<Node> body, IReadOnlyList<Node> otherwise) : Node
{
    /// <inheritdoc/>
    public override void Write(Scope scope, StringBuilder output)
    {
        var items = Items(head.Value.Evaluate(scope));
        foreach (var (key, value) in items)
        {
            var inner = new Scope(value, scope);
            inner.Declare(head.Key, key);
            inner.Declare(head.Name, value);
            Write(body, inner, output);
        }

        if (items.Count == 0)
        {
            Write(otherwise, new Scope(scope.Dot, scope), output);
        }
    }

    private List<(JsonElement Key, JsonElement Value)> Items(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => [],
        JsonValueKind.Array => [.. value.EnumerateArray().Select(static (item, index) => (Values.Of(index), item))],
        JsonValueKind.Object => [.. value.EnumerateObject().OrderBy(static member => member.Name, StringComparer.Ordinal).Select(static member => (Values.Of(member.Name), member.Value))],
        _ => throw TemplateError.At(head.At, $"'range' takes a list or an object, not {Values.Kind(value)}"),
    };
}
