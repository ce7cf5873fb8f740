using System.CommandLine;

namespace Can.Cli.Common;

/// <summary>Makes arguments.</summary>
internal static class Arg
{
    /// <summary>One that has to be given.</summary>
    public static Argument<string> One(string name, string description) =>
        new(name) { Description = description, CustomParser = static result => result.Tokens[0].Value };

    /// <summary>One that may be left out.</summary>
    public static Argument<string?> Maybe(string name, string description) =>
        new(name) { Description = description, Arity = ArgumentArity.ZeroOrOne, CustomParser = static result => result.Tokens is [var only] ? only.Value : null };

    /// <summary>One or more.</summary>
    public static Argument<string[]> Many(string name, string description) => List(name, description, ArgumentArity.OneOrMore);

    /// <summary>Any number.</summary>
    public static Argument<string[]> Any(string name, string description) => List(name, description, ArgumentArity.ZeroOrMore);

    private static Argument<string[]> List(string name, string description, ArgumentArity arity) => new(name)
    {
        Description = description,
        Arity = arity,
        CustomParser = static result => [.. result.Tokens.Select(static token => token.Value)],
        DefaultValueFactory = arity.MinimumNumberOfValues == 0 ? static _ => [] : null,
    };
}
