namespace Can.Kill;

/// <summary>Which system calls are interesting, and how strace is asked to trace or to kill at one.</summary>
internal static class Trace
{
    /// <summary>Calls with which the engine changes something that others see, or waits for somebody.</summary>
    public const string EngineCalls =
        "openat,mkdir,symlink,rename,fsync,unlink,unlinkat,rmdir,chmod,flock,fcntl,memfd_create,pipe2,write,clone,clone3,vfork,wait4,poll,connect,bind,sendto,sendmsg,pidfd_open,pidfd_send_signal";

    /// <summary>The same of the helper: monitor, container's first process, teardown.</summary>
    public const string HelperCalls =
        "openat,openat2,mkdir,mkdirat,rename,renameat,unlink,unlinkat,rmdir,write,writev,clone3,socketpair,bind,listen,sendto,sendmsg,recvfrom,recvmsg,"
        + "mount,fsopen,fsconfig,fsmount,open_tree,move_mount,mount_setattr,umount2,pivot_root,sethostname,prctl,capset,seccomp,setsid,execve,poll,waitid";

    /// <summary>Calls that stand for the steps of an operation: name, definition, helper, wait, signal.</summary>
    public static IReadOnlyList<string> Landmarks { get; } = ["symlink", "rename", "clone", "clone3", "vfork", "wait4", "pidfd_send_signal"];

    /// <summary>Counts the calls in strace's output: of each call the most that one process made.</summary>
    public static IReadOnlyList<(string Call, int Count)> Count(string output)
    {
        var counts = new Dictionary<(string Process, string Call), int>();
        foreach (var line in File.ReadLines(output))
        {
            // "[PID ]call(..." - and not "<... call resumed>", which is the end of a call that was counted when it began.
            var words = line.Split(' ', 2, StringSplitOptions.RemoveEmptyEntries);
            var hasProcess = words.Length == 2 && words[0].All(char.IsAsciiDigit);
            var text = hasProcess ? words[1].TrimStart() : line;
            var bracket = text.IndexOf('(');
            if (bracket > 0 && text[..bracket].All(static letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter == '_'))
            {
                var key = (hasProcess ? words[0] : "", text[..bracket]);
                counts[key] = counts.GetValueOrDefault(key) + 1;
            }
        }

        return [.. counts.GroupBy(pair => pair.Key.Call).Select(calls => (calls.Key, calls.Max(pair => pair.Value))).OrderBy(pair => pair.Key, StringComparer.Ordinal)];
    }

    /// <summary>Arguments that trace these calls, or kill at the one.</summary>
    /// <param name="calls">The calls that are traced.</param>
    /// <param name="kill">Where to kill; null for nowhere.</param>
    /// <param name="output">Where strace writes.</param>
    public static IEnumerable<string> Arguments(string calls, Kill? kill, string output) => kill is null
        ? ["-o", output, "-e", $"trace={calls}", "-e", "signal=none"]
        : ["-o", output, "-e", $"trace={kill.Call}", "-e", $"inject={kill.Call}:signal=KILL:when={kill.Occurrence}"];
}

/// <summary>Where a kill comes: on entry to a system call, the so many-th of its kind.</summary>
internal sealed record Kill(string Call, int Occurrence);
