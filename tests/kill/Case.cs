using System.Diagnostics;

namespace Can.Kill;

/// <summary>One run of one operation, in a process of its own, traced or killed.</summary>
internal sealed class Case(Arena arena, Operation operation, bool helper, Kill? kill, int number)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public string Name { get; } = $"case-{number}";

    public override string ToString() => kill is null ? $"{operation.Name}{(helper ? " (helper)" : "")}" : $"{operation.Name} {(helper ? "helper" : "engine")} {kill.Call} {kill.Occurrence}";

    /// <summary>What became of the operation.</summary>
    public string Outcome { get; private set; } = "";

    /// <summary>Whether the kill came.</summary>
    public bool Killed { get; private set; }

    /// <summary>Runs it. The process looks first at what the case before it left.</summary>
    /// <returns>What is wrong with that; null when nothing is.</returns>
    public string? Run(Case? before)
    {
        File.Delete(arena.Output);
        using var subject = Start(before);
        var verdict = Line(subject, "checked");
        var thread = Line(subject, "ready");
        if (thread is null)
        {
            subject.Kill();
            subject.WaitForExit();
            return verdict ?? "the next operation could not be prepared";
        }

        using var strace = helper ? null : arena.Attach(thread, kill);
        subject.StandardInput.WriteLine();
        subject.StandardInput.Close();
        var words = subject.StandardOutput.ReadToEndAsync();
        if (!subject.WaitForExit(Patience))
        {
            subject.Kill();
            Outcome = "HANGS";
            return verdict;
        }

        strace?.WaitForExit();
        Outcome = subject.ExitCode == 137 ? "killed" : words.Result.Trim();
        Killed = subject.ExitCode == 137 || (helper && File.Exists(arena.Output) && File.ReadAllText(arena.Output).Contains("killed by SIGKILL", StringComparison.Ordinal));
        return verdict is { Length: > 0 } ? verdict : null;
    }

    private Process Start(Case? before)
    {
        if (helper)
        {
            arena.Gate(kill);
        }

        return Arena.Start(["subject", arena.Root, helper ? arena.GateProgram! : "-", operation.Name, Name, before?.Name ?? "-"]);
    }

    /// <summary>The rest of the line that begins with a word; null when the process has ended without one.</summary>
    private static string? Line(Process subject, string word)
    {
        while (subject.StandardOutput.ReadLine() is { } line)
        {
            if (line.StartsWith(word, StringComparison.Ordinal))
            {
                return line[word.Length..].Trim();
            }
        }

        return null;
    }
}
