using Can.Engine.Kernel;

namespace Can.Cli.Common.Progress;

/// <summary>
/// Work whose progress is shown on standard error, where it disturbs no output: live on a terminal, else a line now and then.
/// A signal ends the work at once.
/// </summary>
internal static class Watched
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Does the work.</summary>
    /// <param name="session">Where to write, and what ends it.</param>
    /// <param name="quiet">Shows nothing.</param>
    /// <param name="stays">What a terminal shows last stays there.</param>
    /// <param name="view">How far it is.</param>
    /// <param name="work">The work.</param>
    public static T Run<T>(Session session, bool quiet, bool stays, IProgressView view, Func<CancellationToken, T> work)
    {
        var cancellation = session.Cancellation;
        return quiet ? work(cancellation) : Show(session, stays, view, () => work(cancellation));
    }

    /// <summary>Does work that is ended by what its caller makes of signals.</summary>
    /// <inheritdoc cref="Run"/>
    public static T Show<T>(Session session, bool stays, IProgressView view, Func<T> work)
    {
        var (rows, columns) = TerminalSize.OfStandardError();
        var task = Task.Run(work, CancellationToken.None);
        if (columns > 0)
        {
            ShowLive(session, stays, view, task, new LiveLines(session.Error, rows, columns), columns);
        }
        else
        {
            ShowNews(session, view, task);
        }

        return task.GetAwaiter().GetResult();
    }

    private static void ShowLive(Session session, bool stays, IProgressView view, Task task, LiveLines lines, int columns)
    {
        while (!Ends(task))
        {
            lines.Show(view.Lines(columns));
        }

        if (stays && task.IsCompletedSuccessfully)
        {
            lines.Show(view.Lines(columns));
        }
        else
        {
            lines.Clear();
        }

        session.Error.Flush();
    }

    private static void ShowNews(Session session, IProgressView view, Task task)
    {
        bool ended;
        do
        {
            ended = Ends(task);
            foreach (var line in view.News())
            {
                session.Error.WriteLine(line);
            }

            session.Error.Flush();
        }
        while (!ended);
    }

    // Without its exception, which comes with the result.
    private static bool Ends(Task task) => ((IAsyncResult)task).AsyncWaitHandle.WaitOne(Pause);
}
