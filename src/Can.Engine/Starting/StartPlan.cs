namespace Can.Engine.Starting;

/// <summary>A compiled start: what the kernel will be asked, step by step.</summary>
/// <param name="Kind">What the plan starts.</param>
/// <param name="Steps">The steps; those of one stage in the order in which they run.</param>
public sealed record StartPlan(PlanKind Kind, IReadOnlyList<PlanStep> Steps);

/// <summary>One step of a plan: one system call, or one tiny fixed group.</summary>
/// <param name="Stage">Who carries it out, and when.</param>
/// <param name="Operation">What it does.</param>
/// <param name="Arguments">Its arguments, as <c>native/plan_format.h</c> lists them.</param>
/// <param name="Optional">A failure is ignored.</param>
public sealed partial record PlanStep(PlanStage Stage, PlanOperation Operation, IReadOnlyList<PlanArgument> Arguments, bool Optional = false);

/// <summary>An argument of a step: a number, or bytes (text as UTF-8).</summary>
public readonly record struct PlanArgument
{
    private PlanArgument(ulong number, ReadOnlyMemory<byte>? bytes) => (Number, Bytes) = (number, bytes);

    /// <summary>The number; 0 when the argument is bytes.</summary>
    public ulong Number { get; }

    /// <summary>The bytes without a terminating NUL; null when the argument is a number.</summary>
    public ReadOnlyMemory<byte>? Bytes { get; }

    /// <summary>A number.</summary>
    public static implicit operator PlanArgument(ulong value) => new(value, null);

    /// <summary>A number; negative ones keep their two's complement.</summary>
    public static implicit operator PlanArgument(long value) => new(unchecked((ulong)value), null);

    /// <summary>Text.</summary>
    public static implicit operator PlanArgument(string value) => new(0, System.Text.Encoding.UTF8.GetBytes(value));

    /// <summary>Raw bytes.</summary>
    public static implicit operator PlanArgument(byte[] value) => new(0, value);
}
