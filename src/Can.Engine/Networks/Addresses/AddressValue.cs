namespace Can.Engine.Networks.Addresses;

/// <summary>
/// An address as an unsigned number of 128 bits. The runtime's own such type has no code that is made ahead of time, so every start
/// of a container on a network would first have to compile what it calls.
/// </summary>
/// <param name="High">The upper 64 bits.</param>
/// <param name="Low">The lower 64 bits, of IPv4 the lowest 32 of them.</param>
internal readonly record struct AddressValue(ulong High, ulong Low)
{
    private const int Half = 64;

    /// <summary>The number whose lowest bits, and no others, are 1.</summary>
    /// <param name="bits">How many, up to 128.</param>
    public static AddressValue LowestBits(int bits) => bits > Half ? new(Ones(bits - Half), ulong.MaxValue) : new(0, Ones(bits));

    public static implicit operator AddressValue(ulong value) => new(0, value);

    public static AddressValue operator +(AddressValue left, AddressValue right)
    {
        var low = left.Low + right.Low;
        return new(left.High + right.High + (low < left.Low ? 1UL : 0), low);
    }

    public static AddressValue operator -(AddressValue left, AddressValue right) =>
        new(left.High - right.High - (left.Low < right.Low ? 1UL : 0), left.Low - right.Low);

    public static AddressValue operator ++(AddressValue value) => value + 1;

    public static AddressValue operator &(AddressValue left, AddressValue right) => new(left.High & right.High, left.Low & right.Low);

    public static AddressValue operator |(AddressValue left, AddressValue right) => new(left.High | right.High, left.Low | right.Low);

    public static AddressValue operator ~(AddressValue value) => new(~value.High, ~value.Low);

    public static bool operator <(AddressValue left, AddressValue right) => left.High < right.High || (left.High == right.High && left.Low < right.Low);

    public static bool operator >(AddressValue left, AddressValue right) => right < left;

    public static bool operator <=(AddressValue left, AddressValue right) => !(right < left);

    public static bool operator >=(AddressValue left, AddressValue right) => !(left < right);

    /// <summary>Whether it is the same number.</summary>
    public bool Equals(AddressValue other) => High == other.High && Low == other.Low;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(High, Low);

    private static ulong Ones(int bits) => bits == Half ? ulong.MaxValue : (1UL << bits) - 1;
}
