using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using Can.Engine;
using CanPS.Common;

namespace CanPS.Completion;

/// <summary>Completes an argument from a list of texts; a completer must never fail, so what cannot be read completes to nothing.</summary>
internal abstract class CanCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        var word = (wordToComplete ?? "").Trim('\'', '"');
        var pattern = WildcardPattern.Get(WildcardPattern.ContainsWildcardCharacters(word) ? word : word + "*", WildcardOptions.IgnoreCase);
        try
        {
            return [.. Candidates(Engines.Current).Where(candidate => pattern.IsMatch(candidate.Text)).Select(Result)];
        }
        catch (Exception exception) when (exception is CanException or IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>Everything that could stand here, with a tool tip.</summary>
    private protected abstract IEnumerable<(string Text, string ToolTip)> Candidates(CanEngine engine);

    private static CompletionResult Result((string Text, string ToolTip) candidate) =>
        new(Quote(candidate.Text), candidate.Text, CompletionResultType.ParameterValue, candidate.ToolTip);

    // An Id such as 12345 or 12e4 would be a number without quotes; nothing else that is completed has a character that needs them.
    private static string Quote(string text) => text.Length > 0 && char.IsAsciiDigit(text[0]) ? $"'{text}'" : text;
}
