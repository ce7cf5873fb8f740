using System.Diagnostics;

namespace Can.Kill;

/// <summary>Finds out which system calls the operations make, and kills at them one by one.</summary>
/// <param name="arena">Where.</param>
/// <param name="all">At every one of them; else at the first two and the last of each kind.</param>
/// <param name="limit">When to stop although cases are left.</param>
/// <param name="started">When the program began.</param>
/// <param name="stopped">Stop after the case that runs now.</param>
internal sealed class Campaign(Arena arena, bool all, TimeSpan limit, long started, CancellationToken stopped)
{
    private readonly List<string> failures = [];
    private Case? before;
    private int number;

    /// <summary>Runs everything, a line a case, and a summary.</summary>
    /// <returns>The exit code.</returns>
    public int Run(Func<Operation, bool> wanted)
    {
        var (planned, killed) = (0, 0);
        var cases = Plan(wanted).ToList();
        foreach (var (operation, victim, kill) in cases)
        {
            if (stopped.IsCancellationRequested || Stopwatch.GetElapsedTime(started) > limit)
            {
                break;
            }

            planned++;
            killed += Perform(new Case(arena, operation, victim, kill, ++number)) ? 1 : 0;
        }

        Judge(before is null ? null : arena.CheckLast(before));
        foreach (var failure in failures)
        {
            Console.WriteLine($"  {failure}");
        }

        Console.WriteLine($"kill -9: {planned} of {cases.Count} cases run, {killed} killed, {failures.Count} failed");
        return failures.Count == 0 ? 0 : 1;
    }

    /// <summary>Every kind of case in turn, so that a run cut short by the time has seen some of all.</summary>
    private IEnumerable<(Operation Operation, Victim Victim, Kill Kill)> Plan(Func<Operation, bool> wanted)
    {
        var columns = new List<List<(Operation, Victim, Kill)>>();
        foreach (var operation in Operation.All.Where(wanted))
        {
            columns.AddRange(Victims(operation).Select(victim => Kills(operation, victim)));
        }

        for (var row = 0; row < columns.Max(column => column.Count); row++)
        {
            foreach (var column in columns.Where(column => row < column.Count))
            {
                yield return column[row];
            }
        }
    }

    private IEnumerable<Victim> Victims(Operation operation)
    {
        if (operation.Name is not ("run" or "network-run"))
        {
            yield return Victim.Engine;
        }

        if (operation.Name is "run" or "start" or "network-run" or "network-start")
        {
            yield return Victim.Helper;
        }

        if (arena.Shell is not null && operation.Name is "new" or "start" or "stop" or "remove")
        {
            yield return Victim.Shell;
        }
    }

    private List<(Operation, Victim, Kill)> Kills(Operation operation, Victim victim)
    {
        Perform(new Case(arena, operation, victim, kill: null, ++number));
        return [.. Trace.Count(arena.Output).SelectMany(call => Occurrences(call, victim).Select(occurrence => (operation, victim, new Kill(call.Call, occurrence))))];
    }

    /// <summary>A shell runs the same engine and takes long to start: a few calls that change something are enough.</summary>
    private IEnumerable<int> Occurrences((string Call, int Count) call, Victim victim) =>
        victim == Victim.Shell ? (all || Trace.Landmarks.Contains(call.Call) ? [1] : [])
        : all ? Enumerable.Range(1, call.Count)
        : ((int[])[1, 2, call.Count]).Where(occurrence => occurrence <= call.Count).Distinct();

    /// <summary>Runs a case, and judges the one before it.</summary>
    private bool Perform(Case now)
    {
        Judge(now.Run(before));
        before = now;
        if (now.Outcome.Contains("HANGS", StringComparison.Ordinal))
        {
            failures.Add($"{now}: the operation hangs");
        }

        return now.Killed;
    }

    private void Judge(string? wrong)
    {
        if (before is null)
        {
            return;
        }

        Console.WriteLine($"{(wrong is null ? "ok" : "FAILED")}\t{before}\t{before.Outcome}");
        if (wrong is not null)
        {
            failures.Add($"{before}: {wrong}");
        }
    }
}
