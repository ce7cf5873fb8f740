using System.Text.Json;

namespace Can.Cli.Common.Listing.Templates;

/// <summary>What has a value.</summary>
internal abstract class Expression
{
    /// <summary>Its value.</summary>
    /// <exception cref="UsageException">It names what is not there, or its function does not take such values.</exception>
    public abstract JsonElement Evaluate(Scope scope);

    /// <summary>
    /// Its value for a condition. Members that do not apply are left out of the JSON (a container without a health check has no
    /// <c>State.Health</c>), so that one can only ask for them if a missing one counts as false.
    /// </summary>
    public virtual JsonElement Probe(Scope scope) => Evaluate(scope);
}

/// <summary>A text, number, <c>true</c>, <c>false</c> or <c>nil</c>.</summary>
internal sealed class Constant(JsonElement value) : Expression
{
    /// <inheritdoc/>
    public override JsonElement Evaluate(Scope scope) => value;
}

/// <summary><c>.</c>, the value a block is about.</summary>
internal sealed class Dot : Expression
{
    /// <inheritdoc/>
    public override JsonElement Evaluate(Scope scope) => scope.Dot;
}

/// <summary><c>$</c> or <c>$name</c>.</summary>
internal sealed class Variable(string name) : Expression
{
    /// <inheritdoc/>
    public override JsonElement Evaluate(Scope scope) => scope.Find(name);
}

/// <summary>Members of members of a value.</summary>
/// <param name="owner">Has the value.</param>
/// <param name="path">The names, each with a dot in front of it.</param>
internal sealed class Field(Expression owner, string path) : Expression
{
    private readonly string[] names = path.Split('.', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The names, with dots in between, if they are those of <c>.</c>; else null.</summary>
    public string? OfDot => owner is Dot ? path[1..] : null;

    /// <inheritdoc/>
    public override JsonElement Evaluate(Scope scope) => Find(owner.Evaluate(scope), isProbe: false);

    /// <inheritdoc/>
    public override JsonElement Probe(Scope scope) => Find(owner.Evaluate(scope), isProbe: true);

    private JsonElement Find(JsonElement value, bool isProbe)
    {
        for (var at = 0; at < names.Length; at++)
        {
            if (value.ValueKind == JsonValueKind.Object && value.TryGetProperty(names[at], out var inner))
            {
                value = inner;
            }
            else if (isProbe && at == names.Length - 1 && value.ValueKind is JsonValueKind.Object or JsonValueKind.Null)
            {
                return Values.Null;
            }
            else
            {
                throw new UsageException($"there is no {{{{{path}}}}} here; without --format everything there is is shown");
            }
        }

        return value;
    }
}

/// <summary>A function and its arguments.</summary>
internal sealed class Call(string name, Function function, IReadOnlyList<Expression> arguments, int at) : Expression
{
    /// <summary>The function's name.</summary>
    public string Name => name;

    /// <summary>The arguments.</summary>
    public IReadOnlyList<Expression> Arguments => arguments;

    /// <inheritdoc/>
    public override JsonElement Evaluate(Scope scope) => function.Body(new Arguments(name, [.. arguments.Select(argument => argument.Evaluate(scope))], at));
}

/// <summary><c>and</c>, <c>or</c>, <c>not</c>: these look at no more arguments than they need.</summary>
internal sealed class Condition(string name, IReadOnlyList<Expression> arguments) : Expression
{
    /// <summary>Whether there is such a condition.</summary>
    public static bool Has(string name) => name is "and" or "or" or "not";

    /// <inheritdoc/>
    public override JsonElement Evaluate(Scope scope)
    {
        var value = arguments[0].Probe(scope);
        if (name == "not")
        {
            return Values.Of(!Values.IsTrue(value));
        }

        for (var next = 1; next < arguments.Count && Values.IsTrue(value) == (name == "and"); next++)
        {
            value = arguments[next].Probe(scope);
        }

        return value;
    }
}
