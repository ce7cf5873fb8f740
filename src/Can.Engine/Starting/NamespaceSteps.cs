using Can.Engine.Containers;
using Can.Engine.Networks.Wiring;

namespace Can.Engine.Starting;

/// <summary>Steps that set up the new namespaces once the container is in its root.</summary>
internal static class NamespaceSteps
{
    public static void Add(PlanBuilder plan, ContainerDefinition definition, NetworkWiring? network)
    {
        plan.Add(PlanOperation.Hostname, definition.Hostname);
        NetworkSteps.AddChild(plan, definition, network);
    }
}
