using System.Runtime.ExceptionServices;

namespace Can.Engine.Images.Importing;

/// <summary>Does some things at once, each on a thread of its own, and gives the error that was the cause if one fails.</summary>
internal static class ParallelWork
{
    /// <summary>Runs all; after a failure no further one is begun.</summary>
    /// <param name="count">How many there are.</param>
    /// <param name="parallel">How many run at once.</param>
    /// <param name="stop">Is cancelled when one fails, so that the others end soon.</param>
    /// <param name="action">Does the one of this number.</param>
    public static void Run(int count, int parallel, CancellationTokenSource stop, Action<int> action)
    {
        var next = -1;
        ExceptionDispatchInfo? failure = null;
        void Work()
        {
            while (failure is null && Interlocked.Increment(ref next) is var i && i < count)
            {
                try
                {
                    action(i);
                }
                catch (Exception exception)
                {
                    Interlocked.CompareExchange(ref failure, ExceptionDispatchInfo.Capture(exception), null);
                    stop.Cancel();
                }
            }
        }

        var threads = Enumerable.Range(1, Math.Max(0, Math.Min(count, parallel) - 1)).Select(_ => new Thread(Work) { IsBackground = true, Name = "can import: layer" }).ToList();
        threads.ForEach(static thread => thread.Start());
        Work();
        threads.ForEach(static thread => thread.Join());
        failure?.Throw();
    }
}
