namespace Can.Cli.Common.Progress;

/// <summary>How far something is, in words.</summary>
internal interface IProgressView
{
    /// <summary>How far it is now: lines for a terminal, where they replace those of a moment ago.</summary>
    /// <param name="width">Columns of the terminal.</param>
    IReadOnlyList<string> Lines(int width);

    /// <summary>What is new since the last call: lines for a file, where all of them stay.</summary>
    IEnumerable<string> News();
}
