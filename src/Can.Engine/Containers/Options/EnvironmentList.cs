namespace Can.Engine.Containers.Options;

/// <summary>Environments as lists of NAME=VALUE.</summary>
internal static class EnvironmentList
{
    /// <summary>What a terminal's TERM is unless something else is asked for, as Docker's.</summary>
    public const string DefaultTerminal = "TERM=xterm";

    /// <summary>The base list with additions, each name once: the later value at the place of the earlier one.</summary>
    /// <param name="variables">NAME=VALUE.</param>
    /// <param name="additions">Names and values that win.</param>
    /// <param name="tty">TERM is needed, and made up when neither has it.</param>
    public static IReadOnlyList<string> Merge(
        IReadOnlyList<string> variables, IEnumerable<KeyValuePair<string, string>> additions, bool tty)
    {
        var result = new List<string>(variables);
        foreach (var (name, value) in additions)
        {
            Set(result, name, value);
        }

        if (tty && IndexOf(result, "TERM") < 0)
        {
            result.Add(DefaultTerminal);
        }

        return result;
    }

    /// <summary>Gives a name a value, at the place where it stands already.</summary>
    public static void Set(List<string> variables, string name, string value)
    {
        var index = IndexOf(variables, name);
        if (index < 0)
        {
            variables.Add($"{name}={value}");
        }
        else
        {
            variables[index] = $"{name}={value}";
        }
    }

    /// <summary>Whether a name has a value.</summary>
    public static bool Has(List<string> variables, string name) => IndexOf(variables, name) >= 0;

    private static int IndexOf(List<string> variables, string name) =>
        variables.FindIndex(variable =>
            variable.Length > name.Length && variable[name.Length] == '=' && variable.StartsWith(name, StringComparison.Ordinal));
}
