namespace Can.Engine.Starting;

/// <summary>A compiled start: what the kernel will be asked, step by step.</summary>
/// <param name="Kind">What the plan starts.</param>
/// <param name="Steps">The steps; those of one stage in the order in which they run.</param>
public sealed record StartPlan(PlanKind Kind, IReadOnlyList<PlanStep> Steps);

/// <summary>One step of a plan: one system call, or one tiny fixed group.</summary>
/// <param name="Stage">Who carries it out, and when.</param>
/// <param name="Operation">What it does.</param>
/// <param name="Arguments">Its arguments, as <see cref="PlanOperation"/> lists them.</param>
/// <param name="Optional">A failure is ignored.</param>
public sealed partial record PlanStep(PlanStage Stage, PlanOperation Operation, IReadOnlyList<PlanArgument> Arguments, bool Optional = false);
