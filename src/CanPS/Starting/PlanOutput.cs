using System.Management.Automation;
using Can.Engine.Starting;
using CanPS.Common;

namespace CanPS.Starting;

/// <summary>Shows a plan to the person at the host.</summary>
internal static class PlanOutput
{
    /// <summary>Writes a plan's steps as Write-Host does: seen at once, and captured by <c>6&gt;&amp;1</c>.</summary>
    public static void WritePlan(this CanCmdlet cmdlet, StartPlan plan)
    {
        foreach (var step in StartPlanStep.Of(plan))
        {
            cmdlet.WriteInformation(new HostInformationMessage { Message = step.ToString() }, ["PSHOST"]);
        }
    }
}
