using System.Globalization;
using System.Runtime.InteropServices;

namespace Can.Engine.Kernel.Cgroups;

/// <summary>A container's cgroup with those that its own processes may have made below it.</summary>
internal static class CgroupTree
{
    private const int RemovalMilliseconds = 5000;

    /// <summary>Host process ids in the cgroup and below it; empty when it is gone.</summary>
    public static IReadOnlyList<int> Processes(string directory)
    {
        var processes = new List<int>();
        foreach (var cgroup in Directories(directory))
        {
            foreach (var line in KernelFile.Lines(KernelFile.TryRead($"{cgroup}/cgroup.procs")))
            {
                // 0 stands for a process of a PID namespace that is not visible from here.
                if (int.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out var process) && process != 0)
                {
                    processes.Add(process);
                }
            }
        }

        return processes;
    }

    /// <summary>How many threads are in the cgroup and below it.</summary>
    /// <param name="directory">The cgroup.</param>
    /// <param name="file">The file that lists threads: <c>cgroup.threads</c> of v2, <c>tasks</c> of v1.</param>
    public static long Threads(string directory, string file)
    {
        var threads = 0L;
        foreach (var cgroup in Directories(directory))
        {
            threads += KernelFile.TryRead($"{cgroup}/{file}").AsSpan().Count('\n');
        }

        return threads;
    }

    /// <summary>Removes the cgroup and those below it; a missing one is fine. Waits a bounded time for processes that are ending.</summary>
    /// <exception cref="CanException"><c>CgroupBusy</c></exception>
    public static void Remove(string directory)
    {
        var deadline = Environment.TickCount64 + RemovalMilliseconds;
        for (var pause = 1; Directory.Exists(directory); pause = Math.Min(pause * 2, 50))
        {
            var errno = RemoveOnce(directory);
            if (errno == 0)
            {
                return;
            }

            if (errno != Errno.EBUSY || Environment.TickCount64 > deadline)
            {
                throw CgroupError.Busy(directory, errno);
            }

            CgroupKill.KillEach(directory);
            Thread.Sleep(pause);
        }
    }

    private static int RemoveOnce(string directory)
    {
        var failure = 0;
        foreach (var cgroup in Directories(directory))
        {
            if (Libc.rmdir(cgroup) != 0 && Marshal.GetLastPInvokeError() is var errno && errno != Errno.ENOENT)
            {
                failure = errno;
            }
        }

        return failure;
    }

    /// <summary>The cgroup and all below it, the deepest first.</summary>
    private static List<string> Directories(string directory)
    {
        var found = new List<string>();
        if (Directory.Exists(directory))
        {
            Collect(directory, found);
        }

        return found;
    }

    private static void Collect(string directory, List<string> found)
    {
        try
        {
            foreach (var child in Directory.GetDirectories(directory))
            {
                Collect(child, found);
            }
        }
        catch (DirectoryNotFoundException)
        {
            return;
        }

        found.Add(directory);
    }
}
