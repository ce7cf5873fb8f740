using System.Text.RegularExpressions;
using Can.Cli.Common;

namespace Can.Cli.Tests;

/// <summary>The engine's errors speak of cmdlets; the command's must not.</summary>
public sealed partial class WordingTests
{
    [Fact]
    public void No_cmdlet_that_an_error_names_is_left_untranslated()
    {
        var named = Directory.EnumerateFiles($"{CliRoot.Repository}/src/Can.Engine", "*.cs", SearchOption.AllDirectories)
            .Where(static file => !file.Contains("/obj/", StringComparison.Ordinal))
            .SelectMany(File.ReadLines)
            .Where(static line => line.Contains('"', StringComparison.Ordinal) && !line.TrimStart().StartsWith("//", StringComparison.Ordinal))
            .SelectMany(static line => Cmdlet().Matches(line).Select(static match => match.Value))
            .Distinct()
            .ToList();

        Assert.NotEmpty(named);
        Assert.Equal([], named.Where(static name => Cmdlet().IsMatch(Wording.Of(name))));
    }

    [Fact]
    public void A_message_is_one_line() => Assert.Equal("one two", Wording.Of("one\ntwo"));

    [GeneratedRegex("[A-Z][a-z]+-Can[A-Z][A-Za-z]+")]
    private static partial Regex Cmdlet();
}
