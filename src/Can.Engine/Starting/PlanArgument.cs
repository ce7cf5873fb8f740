using System.Text;

namespace Can.Engine.Starting;

/// <summary>An argument of a step: a number, text (UTF-8 on the wire) or raw bytes.</summary>
public readonly struct PlanArgument : IEquatable<PlanArgument>
{
    private readonly object? content;

    private PlanArgument(ulong number, object? content) => (Number, this.content) = (number, content);

    /// <summary>How it is written.</summary>
    public ArgumentKind Kind => content is null ? ArgumentKind.Number : ArgumentKind.Bytes;

    /// <summary>The number; 0 when the argument is text or bytes.</summary>
    public ulong Number { get; }

    /// <summary>The text; null when the argument is a number or raw bytes.</summary>
    public string? Text => content as string;

    /// <summary>The bytes without a terminating NUL; null when the argument is a number.</summary>
    public ReadOnlyMemory<byte>? Bytes => content switch
    {
        null => null,
        string text => Encoding.UTF8.GetBytes(text),
        var bytes => (byte[])bytes,
    };

    /// <summary>Length of <see cref="Bytes"/>; 0 for a number.</summary>
    internal int ByteCount => content switch
    {
        null => 0,
        string text => Encoding.UTF8.GetByteCount(text),
        var bytes => ((byte[])bytes).Length,
    };

    /// <summary>A number.</summary>
    public static implicit operator PlanArgument(ulong value) => new(value, null);

    /// <summary>A number; negative ones keep their two's complement.</summary>
    public static implicit operator PlanArgument(long value) => new(unchecked((ulong)value), null);

    /// <summary>Text.</summary>
    public static implicit operator PlanArgument(string value) => new(0, value);

    /// <summary>Raw bytes.</summary>
    public static implicit operator PlanArgument(byte[] value) => new(0, value);

    /// <summary>Whether both are written alike.</summary>
    public static bool operator ==(PlanArgument left, PlanArgument right) => left.Equals(right);

    /// <summary>Whether they are written differently.</summary>
    public static bool operator !=(PlanArgument left, PlanArgument right) => !left.Equals(right);

    /// <summary>Writes <see cref="Bytes"/> without an allocation.</summary>
    internal void CopyTo(Span<byte> destination)
    {
        if (content is string text)
        {
            Encoding.UTF8.GetBytes(text, destination);
        }
        else if (content is byte[] bytes)
        {
            bytes.CopyTo(destination);
        }
    }

    /// <inheritdoc/>
    public bool Equals(PlanArgument other) =>
        Number == other.Number && Kind == other.Kind
        && (Text is { } text && other.Text is { } otherText
            ? text == otherText
            : Bytes.GetValueOrDefault().Span.SequenceEqual(other.Bytes.GetValueOrDefault().Span));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is PlanArgument other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Kind, Number, ByteCount);

    /// <summary>The number, the text, or the number of bytes.</summary>
    public override string ToString() => content switch
    {
        null => Number.ToString(System.Globalization.CultureInfo.InvariantCulture),
        string text => text,
        _ => $"{ByteCount} bytes",
    };
}
