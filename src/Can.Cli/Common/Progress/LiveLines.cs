namespace Can.Cli.Common.Progress;

/// <summary>Lines on a terminal that are written over again and again.</summary>
/// <param name="terminal">The terminal.</param>
/// <param name="rows">Its rows: what scrolls out of it cannot be written over.</param>
/// <param name="columns">Its columns: a line that wraps would be two.</param>
internal sealed class LiveLines(TextWriter terminal, int rows, int columns)
{
    private int shown;

    /// <summary>Shows these lines in place of the former ones; of too many the last ones.</summary>
    public void Show(IReadOnlyList<string> lines)
    {
        Back();
        foreach (var line in lines.Skip(Math.Max(0, lines.Count - rows + 1)))
        {
            terminal.Write("\e[K");
            terminal.WriteLine(line.Length < columns ? line : line[..(columns - 1)]);
            shown++;
        }

        terminal.Write("\e[J");
        terminal.Flush();
    }

    /// <summary>Takes the lines away.</summary>
    public void Clear() => Show([]);

    private void Back()
    {
        terminal.Write(shown > 0 ? $"\r\e[{shown}A" : "\r");
        shown = 0;
    }
}
