namespace Can.Cli.Common.Listing.Templates;

/// <summary>What is wrong with a template.</summary>
internal static class TemplateError
{
    /// <summary>An error that says where.</summary>
    /// <param name="at">Where in the template, from 0; people count from 1.</param>
    /// <param name="what">What is wrong.</param>
    public static UsageException At(int at, string what) => new($"the template is wrong at character {at + 1}: {what}");
}
