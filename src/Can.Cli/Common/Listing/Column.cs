namespace Can.Cli.Common.Listing;

/// <summary>A fact of each listed object.</summary>
/// <param name="Key">Its name in JSON and in templates: Docker's where Docker has it.</param>
/// <param name="Heading">Its heading in the table; null if the table does not show it.</param>
/// <param name="Value">Its text.</param>
internal sealed record Column<T>(string Key, string? Heading, Func<T, string> Value);
