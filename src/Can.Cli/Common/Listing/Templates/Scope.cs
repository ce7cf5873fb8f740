using System.Text.Json;

namespace Can.Cli.Common.Listing.Templates;

/// <summary>What <c>.</c> is in a block, and the block's variables.</summary>
/// <param name="dot">The value of <c>.</c>.</param>
/// <param name="outer">The block around it; null for the whole template, whose <c>.</c> is <c>$</c> everywhere.</param>
internal sealed class Scope(JsonElement dot, Scope? outer = null)
{
    /// <summary>The variable that is the whole object.</summary>
    public const string Root = "$";

    private readonly Dictionary<string, JsonElement> variables = outer is null ? new(StringComparer.Ordinal) { [Root] = dot } : new(StringComparer.Ordinal);

    /// <summary>The value of <c>.</c>.</summary>
    public JsonElement Dot => dot;

    /// <summary>Declares a variable, if it has a name.</summary>
    public void Declare(string? name, JsonElement value)
    {
        if (name is not null)
        {
            variables[name] = value;
        }
    }

    /// <summary>A variable's value; that it is declared has been seen to when the template was parsed.</summary>
    public JsonElement Find(string name) => variables.TryGetValue(name, out var value) ? value : outer!.Find(name);
}
