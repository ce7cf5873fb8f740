using System.Text;
using System.Text.RegularExpressions;

namespace Can.Cli.Tests;

/// <summary>Enough of a shell to read an example: quotes, another command's output as one word, and an end at a pipe or a redirection.</summary>
internal static partial class ShellWords
{
    [GeneratedRegex(@"\$\([^)]*\)")]
    private static partial Regex Substitution();

    public static IEnumerable<string> Split(string text)
    {
        var (word, quote, any) = (new StringBuilder(), '\0', false);
        foreach (var character in Substitution().Replace(text, "output"))
        {
            if (quote != '\0' ? character == quote : character is '\'' or '"')
            {
                (quote, any) = (quote == '\0' ? character : '\0', true);
            }
            else if (quote == '\0' && character is '|' or '>' or '<')
            {
                break;
            }
            else if (quote == '\0' && character == ' ')
            {
                if (any || word.Length > 0)
                {
                    yield return word.ToString();
                }

                _ = word.Clear();
                any = false;
            }
            else
            {
                _ = word.Append(character);
            }
        }

        if (any || word.Length > 0)
        {
            yield return word.ToString();
        }
    }
}
