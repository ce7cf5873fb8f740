using System.Buffers.Binary;

namespace Can.Engine.Starting;

/// <summary>Writes a plan in its wire form (<c>native/plan_format.h</c>).</summary>
public static class PlanWriter
{
    private const int HeaderLength = 24;
    private const int StepHeaderLength = 16;
    private const int ArgumentHeaderLength = 8;

    /// <summary>The plan's bytes, in one array of exactly their length.</summary>
    /// <exception cref="CanException"><c>PlanTooLarge</c>; <c>PlanTextInvalid</c>: a text contains a NUL, at which the kernel would cut it.</exception>
    public static byte[] Write(StartPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var total = HeaderLength;
        foreach (var step in plan.Steps)
        {
            total += StepHeaderLength + ArgumentsLength(step);
            RequireWithin(total, plan.Steps.Count, step.ArgumentSpan.Length);
        }

        var buffer = new byte[total]; // zeroed: padding and NULs need no further write
        var position = WriteHeader(buffer, plan);
        foreach (var step in plan.Steps)
        {
            position += WriteStep(buffer.AsSpan(position), step);
        }

        return buffer;
    }

    private static void RequireWithin(int total, int steps, int arguments)
    {
        if (total > PlanFormat.MaxBytes || steps > PlanFormat.MaxSteps || arguments > PlanFormat.MaxArguments)
        {
            throw new CanException(
                "PlanTooLarge", CanErrorCategory.InvalidArgument,
                $"The start plan is larger than {PlanFormat.MaxBytes >> 20} MiB, {PlanFormat.MaxSteps} steps or {PlanFormat.MaxArguments} arguments in a step. Use fewer mounts, or a shorter command or environment.");
        }
    }

    private static int ArgumentsLength(PlanStep step)
    {
        var length = 0;
        foreach (var argument in step.ArgumentSpan)
        {
            length = checked(length + ArgumentHeaderLength + PayloadLength(argument));
        }

        return length;
    }

    // A number takes 8 bytes; bytes have at least one NUL behind them and are padded to a multiple of 8.
    private static int PayloadLength(PlanArgument argument) =>
        argument.Kind == ArgumentKind.Number ? sizeof(ulong) : (argument.ByteCount + sizeof(ulong)) & ~7;

    private static int WriteHeader(Span<byte> buffer, StartPlan plan)
    {
        PlanFormat.Magic.CopyTo(buffer);
        BinaryPrimitives.WriteUInt32LittleEndian(buffer[8..], PlanFormat.Version);
        BinaryPrimitives.WriteUInt32LittleEndian(buffer[12..], (uint)plan.Kind);
        BinaryPrimitives.WriteUInt32LittleEndian(buffer[16..], (uint)buffer.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(buffer[20..], (uint)plan.Steps.Count);
        return HeaderLength;
    }

    private static int WriteStep(Span<byte> buffer, PlanStep step)
    {
        var position = StepHeaderLength;
        foreach (var argument in step.ArgumentSpan)
        {
            position += WriteArgument(buffer[position..], argument, step);
        }

        BinaryPrimitives.WriteUInt16LittleEndian(buffer, (ushort)step.Operation);
        BinaryPrimitives.WriteUInt16LittleEndian(buffer[2..], (ushort)step.Stage);
        BinaryPrimitives.WriteUInt16LittleEndian(buffer[4..], (ushort)step.ArgumentSpan.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(buffer[6..], (ushort)(step.Optional ? StepTraits.Optional : StepTraits.None));
        BinaryPrimitives.WriteUInt32LittleEndian(buffer[8..], (uint)(position - StepHeaderLength));
        return position;
    }

    private static int WriteArgument(Span<byte> buffer, PlanArgument argument, PlanStep step)
    {
        if (argument.Text is { } text && text.Contains('\0'))
        {
            throw new CanException(
                "PlanTextInvalid", CanErrorCategory.InvalidArgument,
                $"A text given to step {step.Operation} contains a NUL character, which no path, argument or variable can hold.", text);
        }

        BinaryPrimitives.WriteUInt32LittleEndian(buffer, (uint)argument.Kind);
        var payload = buffer[ArgumentHeaderLength..];
        if (argument.Kind == ArgumentKind.Number)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(buffer[4..], sizeof(ulong));
            BinaryPrimitives.WriteUInt64LittleEndian(payload, argument.Number);
        }
        else
        {
            BinaryPrimitives.WriteUInt32LittleEndian(buffer[4..], (uint)argument.ByteCount);
            argument.CopyTo(payload);
        }

        return ArgumentHeaderLength + PayloadLength(argument);
    }
}
