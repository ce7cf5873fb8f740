using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Can.Cli.Common;

/// <summary>The help of a verb with its examples.</summary>
internal sealed class HelpText : SynchronousCommandLineAction
{
    private readonly HelpAction ordinary = new();

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        var result = ordinary.Invoke(parseResult);
        if (parseResult.CommandResult.Command is Verb { Examples.Count: > 0 } verb)
        {
            var output = parseResult.InvocationConfiguration.Output;
            output.WriteLine("Examples:");
            foreach (var example in verb.Examples)
            {
                output.WriteLine($"  {example}");
            }
        }

        return result;
    }
}
