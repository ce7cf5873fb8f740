namespace Can.Engine.Kernel.Cgroups;

/// <summary>Kills all processes of a cgroup.</summary>
internal static class CgroupKill
{
    private const int MostRounds = 100;

    /// <summary>Sends SIGKILL to every process; a missing cgroup is fine. Their end is not waited for.</summary>
    public static void Kill(CgroupHierarchy hierarchy, string directory)
    {
        if (!Directory.Exists(directory))
        {
            return;
        }

        if (!hierarchy.IsUnified)
        {
            KillFrozen(directory);
        }
        else if (KernelFile.TryWrite($"{directory}/cgroup.kill", "1") == Errno.ENOENT)
        {
            KillEach(directory); // before Linux 5.14, or just removed
        }
    }

    /// <summary>Kills process by process, again and again until a look finds none that has not been killed, since they may fork in between.</summary>
    public static void KillEach(string directory)
    {
        var killed = new HashSet<int>();
        for (var round = 0; round < MostRounds; round++)
        {
            var found = false;
            foreach (var process in CgroupTree.Processes(directory))
            {
                found |= killed.Add(process) && KillOne(directory, process);
            }

            if (!found)
            {
                return;
            }
        }
    }

    /// <summary>v1: what is frozen cannot fork away; the signal takes effect with the thaw.</summary>
    private static void KillFrozen(string directory)
    {
        _ = KernelFile.TryWrite($"{directory}/freezer.state", "FROZEN");
        KillEach(directory);
        _ = KernelFile.TryWrite($"{directory}/freezer.state", "THAWED");
        KillEach(directory);
    }

    /// <summary>Holds the process first and then looks whether it is still the cgroup's, so that a reused id hits nobody else.</summary>
    private static bool KillOne(string directory, int process)
    {
        var descriptor = Libc.pidfd_open(process);
        if (descriptor < 0)
        {
            return false;
        }

        try
        {
            foreach (var member in CgroupTree.Processes(directory))
            {
                if (member == process)
                {
                    return Libc.pidfd_send_signal(descriptor, Libc.SIGKILL) == 0;
                }
            }

            return false;
        }
        finally
        {
            _ = Libc.close(descriptor);
        }
    }
}
