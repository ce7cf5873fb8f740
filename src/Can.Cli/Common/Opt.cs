using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Can.Engine;

namespace Can.Cli.Common;

/// <summary>
/// Makes options. Values are read by the engine's own parsers, so that a text means the same here as in a cmdlet; what they have to
/// say about a bad one is the error.
/// </summary>
internal static class Opt
{
    /// <summary>Given or not.</summary>
    public static Option<bool> Flag(string name, string description) => Named(new Option<bool>(First(name)), name, description, null);

    /// <summary>A text.</summary>
    /// <param name="name">All names, with <c>|</c> between them, the long one first.</param>
    /// <param name="value">What the value is called in the help.</param>
    /// <param name="description">A few words for the help.</param>
    public static Option<string?> Text(string name, string value, string description) =>
        Named(new Option<string?>(First(name)) { CustomParser = static result => result.Tokens[0].Value }, name, description, value);

    /// <summary>A text that can be given several times.</summary>
    /// <inheritdoc cref="Text"/>
    public static Option<IReadOnlyList<string>> Texts(string name, string value, string description) => Many(name, value, description, static text => text);

    /// <summary>Anything a parser makes of a text; the default value of the type when it is not given.</summary>
    /// <inheritdoc cref="Text"/>
    public static Option<T?> One<T>(string name, string value, string description, Func<string, T> parse) =>
        Named(new Option<T?>(First(name)) { CustomParser = result => Parse(result, result.Tokens[0].Value, parse) }, name, description, value);

    /// <summary>Anything a parser makes of each of several texts; empty when none is given.</summary>
    /// <inheritdoc cref="Text"/>
    public static Option<IReadOnlyList<T>> Many<T>(string name, string value, string description, Func<string, T> parse)
    {
        var option = new Option<IReadOnlyList<T>>(First(name))
        {
            Arity = ArgumentArity.OneOrMore,
            CustomParser = result =>
            {
                var values = new List<T>(result.Tokens.Count);
                foreach (var token in result.Tokens)
                {
                    if (Parse(result, token.Value, parse) is { } parsed)
                    {
                        values.Add(parsed);
                    }
                }

                return values;
            },
            DefaultValueFactory = static _ => new List<T>(),
        };
        return Named(option, name, description, value);
    }

    /// <summary>A whole number.</summary>
    /// <inheritdoc cref="Text"/>
    public static Option<long?> Number(string name, string value, string description) => One<long?>(name, value, description, static text =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : throw new UsageException($"'{text}' is not a whole number"));

    /// <summary>A number that may have a fraction.</summary>
    /// <inheritdoc cref="Text"/>
    public static Option<double?> Fraction(string name, string value, string description) => One<double?>(name, value, description, static text =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) ? number : throw new UsageException($"'{text}' is not a number such as 1.5"));

    private static T? Parse<T>(SymbolResult result, string text, Func<string, T> parse)
    {
        try
        {
            return parse(text);
        }
        catch (UsageException error)
        {
            result.AddError($"{Option(result)}: {error.Message}");
        }
        catch (CanException error)
        {
            result.AddError($"{Option(result)}: {Wording.Of(error.Message)}");
        }

        return default;
    }

    private static string Option(SymbolResult result) => result.Parent is OptionResult option ? option.Option.Name : "";

    private static string First(string name) => name.Split('|')[0];

    private static TOption Named<TOption>(TOption option, string name, string description, string? value)
        where TOption : Option
    {
        foreach (var alias in name.Split('|').AsSpan(1))
        {
            option.Aliases.Add(alias);
        }

        option.Description = description;
        option.HelpName = value;
        return option;
    }
}
