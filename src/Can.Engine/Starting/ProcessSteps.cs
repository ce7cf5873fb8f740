namespace Can.Engine.Starting;

/// <summary>Steps that give a process its limits and its identity, take its rights away, and make it the program.</summary>
internal static class ProcessSteps
{
    private const ulong Umask = 0x12; // 022
    private const ulong SigKill = 9;

    /// <summary>Adds the steps, in the order in which each still has the right it needs.</summary>
    public static void Add(PlanBuilder plan, ProcessSettings process)
    {
        foreach (var (resource, soft, hard) in process.Limits)
        {
            plan.Add(PlanOperation.ResourceLimit, (long)resource, soft, hard);
        }

        plan.Add(PlanOperation.Umask, Umask);
        // Optional: inside of another container the call is often forbidden, and without keyrings there is nothing to leave.
        plan.AddOptional(PlanOperation.Keyring, process.Keyring);
        plan.Add(PlanOperation.BoundingSet, process.Capabilities);
        if (!process.NoNewPrivileges)
        {
            // Without no_new_privs, loading a filter needs CAP_SYS_ADMIN, which is about to go.
            AddFilter(plan, process);
        }

        plan.Add(PlanOperation.User, process.User.Length == 0 ? "0" : process.User);
        // A change of identity clears it, so not before.
        plan.Add(PlanOperation.ParentDeathSignal, SigKill);
        // As Docker's: what exec leaves of these to a user other than root is nothing.
        plan.Capabilities(process.Capabilities, process.Capabilities, 0, 0);
        if (process.NoNewPrivileges)
        {
            plan.Add(PlanOperation.NoNewPrivileges);
            AddFilter(plan, process);
        }

        plan.Add(PlanOperation.WorkingDirectory, process.WorkingDirectory);
        if (process.Init)
        {
            plan.Add(PlanOperation.Init);
        }

        plan.Execute(process.Arguments, process.Environment);
    }

    private static void AddFilter(PlanBuilder plan, ProcessSettings process)
    {
        if (process.Filter is { } filter)
        {
            plan.Add(PlanOperation.Seccomp, filter, 0UL);
        }
    }
}
