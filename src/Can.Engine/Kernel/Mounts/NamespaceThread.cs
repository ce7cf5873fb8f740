using System.Runtime.ExceptionServices;

namespace Can.Engine.Kernel.Mounts;

/// <summary>
/// A thread for what changes the namespace it runs in: it belongs to no pool, does one thing, and ends. What its namespace alone
/// held goes with it; descriptors stay.
/// </summary>
internal static class NamespaceThread
{
    /// <summary>Runs an action on a thread of its own and gives its result, or throws what it threw.</summary>
    internal static T Run<T>(Func<T> action)
    {
        T result = default!;
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                result = action();
            }
            catch (Exception exception)
            {
                // Handed on to the calling thread.
                failure = ExceptionDispatchInfo.Capture(exception);
            }
        })
        { IsBackground = true, Name = "can: mounts" };
        thread.Start();
        thread.Join();
        failure?.Throw();
        return result;
    }
}
