using System.Globalization;
using System.Text;

namespace Can.Engine.Starting;

/// <summary>A compiled start: what the kernel will be asked, step by step.</summary>
/// <param name="Kind">What the plan starts.</param>
/// <param name="Steps">The steps; those of one stage in the order in which they run.</param>
public sealed record StartPlan(PlanKind Kind, IReadOnlyList<PlanStep> Steps)
{
    /// <summary>A line for each step, under a heading for each stage.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        PlanStage? stage = null;
        for (var index = 0; index < Steps.Count; index++)
        {
            if (Steps[index].Stage != stage)
            {
                stage = Steps[index].Stage;
                text.AppendLine(CultureInfo.InvariantCulture, $"{stage}:");
            }

            text.AppendLine(CultureInfo.InvariantCulture, $"{index,4}  {Steps[index]}");
        }

        return text.ToString();
    }
}

/// <summary>One step of a plan: one system call, or one tiny fixed group.</summary>
/// <param name="Stage">Who carries it out, and when.</param>
/// <param name="Operation">What it does.</param>
/// <param name="Arguments">Its arguments, as <see cref="PlanOperation"/> lists them.</param>
/// <param name="Optional">A failure is ignored.</param>
public sealed partial record PlanStep(PlanStage Stage, PlanOperation Operation, IReadOnlyList<PlanArgument> Arguments, bool Optional = false)
{
    /// <summary>What it does as a sentence, such as <c>mount proc on /proc (nosuid, nodev, noexec)</c>; slots by name in capitals.</summary>
    public string Description => StepDescription.Of(this);

    /// <summary>
    /// The arguments for those who go through all of them. An array's own methods for values are compiled when an interface first calls them, at
    /// each start of a process.
    /// </summary>
    internal ReadOnlySpan<PlanArgument> ArgumentSpan => Arguments as PlanArgument[] ?? [.. Arguments];

    /// <summary>The description.</summary>
    public override string ToString() => Optional ? $"{Description} (if possible)" : Description;
}
