using System.CommandLine;

namespace Can.Cli.Common;

/// <summary>Asks before a verb removes what it found by itself.</summary>
internal sealed class Confirmation
{
    /// <summary>Do not ask.</summary>
    public Option<bool> Force { get; } = Opt.Flag("--force|-f", "Do not ask");

    /// <summary>Asks on standard error and reads the answer from standard input, so that <c>yes | can …</c> works as well.</summary>
    /// <param name="line">The command line.</param>
    /// <param name="session">Where to ask.</param>
    /// <param name="what">What will be removed.</param>
    /// <returns>Whether it may be done.</returns>
    public bool IsGiven(ParseResult line, Session session, string what)
    {
        if (line.GetValue(Force))
        {
            return true;
        }

        session.Error.Write($"This removes {what}. Go on? [y/N] ");
        session.Error.Flush();
        using var input = new StreamReader(Console.OpenStandardInput());
        var answer = input.ReadLine();
        if (answer is null)
        {
            session.Error.WriteLine();
        }

        return answer?.Trim() is "y" or "Y" or "yes" or "Yes";
    }
}
