using Can.Engine.Starting;

namespace CanPS.Starting;

/// <summary>A step of a start plan as <c>Get-CanStartPlan</c> shows it.</summary>
/// <param name="Index">Number of the step, from 0; errors of a start name it.</param>
/// <param name="Stage">Who carries it out, and when.</param>
/// <param name="Operation">What it does.</param>
/// <param name="Description">The system call with its arguments.</param>
/// <param name="Optional">Whether a failure is ignored.</param>
/// <param name="Arguments">The arguments in their wire form.</param>
public sealed record StartPlanStep(
    int Index, PlanStage Stage, PlanOperation Operation, string Description, bool Optional, IReadOnlyList<PlanArgument> Arguments)
{
    /// <summary>The steps of a plan.</summary>
    public static IEnumerable<StartPlanStep> Of(StartPlan plan) => plan.Steps.Select((step, index) =>
        new StartPlanStep(index, step.Stage, step.Operation, step.Description, step.Optional, step.Arguments));

    /// <summary>The step on one line.</summary>
    public override string ToString() => $"{Index,3} {Stage,-10} {Description}{(Optional ? " (if possible)" : "")}";
}
