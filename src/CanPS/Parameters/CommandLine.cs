using System.Collections;
using System.Management.Automation;

namespace CanPS.Parameters;

/// <summary>Makes a program and its arguments of what PowerShell bound to <c>-Command</c>.</summary>
internal static class CommandLine
{
    /// <summary>Flattens arrays and turns everything into text, numbers as they were typed.</summary>
    /// <returns>Null when nothing was given.</returns>
    public static IReadOnlyList<string>? From(object?[]? command)
    {
        if (command is null)
        {
            return null;
        }

        var words = new List<string>(command.Length);
        Add(words, command);
        return words;
    }

    private static void Add(List<string> words, IEnumerable items)
    {
        foreach (var item in items)
        {
            var value = item is PSObject wrapped ? wrapped.BaseObject : item;
            if (value is IEnumerable inner and not string)
            {
                Add(words, inner);
            }
            else
            {
                words.Add(LanguagePrimitives.ConvertTo<string>(item) ?? "");
            }
        }
    }
}
