using Can.Engine.Containers;
using Can.Engine.Containers.Options;
using Can.Engine.Kernel.Netlink;

namespace Can.Engine.Starting;

/// <summary>Steps that set up the new namespaces once the container is in its root.</summary>
internal static class NamespaceSteps
{
    public static void Add(PlanBuilder plan, ContainerDefinition definition)
    {
        plan.Add(PlanOperation.Hostname, definition.Hostname);
        if (definition.Network != NetworkMode.Host)
        {
            plan.Add(PlanOperation.Netlink, RouteMessages.LoopbackUp().Bytes);
        }
    }
}
