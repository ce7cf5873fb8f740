namespace Can.Engine.Containers;

/// <summary>A line of a container's log.</summary>
/// <param name="Container">The container's name.</param>
/// <param name="Timestamp">When the monitor read it.</param>
/// <param name="Stream">Standard output or standard error.</param>
/// <param name="Message">The line without its end.</param>
public sealed record LogEntry(string Container, DateTimeOffset Timestamp, OutputSource Stream, string Message)
{
    /// <summary>The message.</summary>
    public override string ToString() => Message;
}

/// <summary>Which part of a log to read.</summary>
public sealed record LogOptions
{
    /// <summary>Only the last so many lines; null for all.</summary>
    public int? Tail { get; init; }

    /// <summary>Only lines after this time.</summary>
    public DateTimeOffset? After { get; init; }

    /// <summary>Only lines before this time.</summary>
    public DateTimeOffset? Before { get; init; }

    /// <summary>Go on with new lines until the container ends or the call is cancelled.</summary>
    public bool Follow { get; init; }
}
