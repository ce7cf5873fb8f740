using Can.Engine.Containers;
using Can.Engine.Containers.Options;
using Can.Engine.Kernel;

namespace Can.Engine.Starting;

/// <summary>Steps that hide and protect what /proc and /sys show or change of the host.</summary>
internal static class ProtectionSteps
{
    /// <summary>Adds them unless the container is privileged or has <c>systempaths=unconfined</c>; only for paths that this host has.</summary>
    public static void Add(PlanBuilder plan, ContainerDefinition definition, HostFacts host)
    {
        if (definition.Privileged || SecuritySettings.Parse(definition.SecurityOptions).SystemPathsUnconfined)
        {
            return;
        }

        foreach (var path in SystemPathList.Masked.Where(host.SystemPaths.Contains))
        {
            plan.Add(PlanOperation.Mask, path);
        }

        foreach (var path in SystemPathList.ReadOnly.Where(host.SystemPaths.Contains))
        {
            plan.Add(PlanOperation.ReadOnlyIn, path);
        }
    }
}
