using System.Diagnostics;

namespace Can.Kill;

/// <summary>Who is killed.</summary>
internal enum Victim
{
    /// <summary>A process that calls the engine.</summary>
    Engine,

    /// <summary>The helper, or the container's first process before its program runs.</summary>
    Helper,

    /// <summary>A pwsh in the middle of a cmdlet.</summary>
    Shell,
}

/// <summary>One run of one operation, in a process of its own, traced or killed.</summary>
internal sealed class Case(Arena arena, Operation operation, Victim victim, Kill? kill, int number)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public string Name { get; } = $"case-{number}";

    public override string ToString() => $"{operation.Name} {victim.ToString().ToLowerInvariant()} {(kill is null ? "traced" : $"{kill.Call} {kill.Occurrence}")}";

    /// <summary>What became of the operation.</summary>
    public string Outcome { get; private set; } = "";

    /// <summary>Whether the kill came.</summary>
    public bool Killed { get; private set; }

    /// <summary>Runs it. The process looks first at what the case before it left.</summary>
    /// <returns>What is wrong with that; null when nothing is.</returns>
    public string? Run(Case? before)
    {
        File.Delete(arena.Output);
        var verdict = victim == Victim.Shell ? Check(before) : null;
        using var subject = Start(before);
        verdict ??= victim == Victim.Shell ? null : Line(subject, "checked");
        var thread = Line(subject, "ready");
        if (thread is null)
        {
            subject.Kill();
            subject.WaitForExit();
            return verdict ?? "the next operation could not be prepared";
        }

        using var strace = victim == Victim.Helper ? null : arena.Attach(thread, kill, operation.HasThreads);
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
        Killed = subject.ExitCode == 137 || (victim == Victim.Helper && File.Exists(arena.Output) && File.ReadAllText(arena.Output).Contains("killed by SIGKILL", StringComparison.Ordinal));
        return verdict is { Length: > 0 } ? verdict : null;
    }

    private Process Start(Case? before)
    {
        if (victim == Victim.Shell)
        {
            return arena.StartShell(operation.Name, Name);
        }

        if (victim == Victim.Helper)
        {
            arena.Gate(kill);
        }

        return Arena.Start(["subject", arena.Root, victim == Victim.Helper ? arena.GateProgram : "-", operation.Name, Name, before?.Name ?? "-"]);
    }

    /// <summary>A shell does not look at what others left: another process does it first.</summary>
    private string? Check(Case? before)
    {
        if (before is null)
        {
            return null;
        }

        using var checker = Arena.Start(["check", arena.Root, before.Name]);
        var verdict = Line(checker, "checked");
        checker.WaitForExit();
        return verdict ?? "the look at what it left failed";
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
