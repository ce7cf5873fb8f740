namespace Can.Engine.Kernel.Seccomp;

/// <summary>enum scmp_compare of seccomp.h.</summary>
internal enum SeccompComparison
{
    Less = 2,
    Equal = 4,
    MaskedEqual = 7,
}

/// <summary>A condition on an argument of a system call.</summary>
/// <param name="Argument">Its index from 0.</param>
/// <param name="Comparison">How it is compared.</param>
/// <param name="Value">With what; the mask of a masked comparison.</param>
/// <param name="Masked">What the masked argument has to be.</param>
internal readonly record struct SeccompCondition(uint Argument, SeccompComparison Comparison, ulong Value, ulong Masked = 0);

/// <summary>What happens to a system call.</summary>
/// <param name="Call">Its name.</param>
/// <param name="Errno">0 to allow it, else the error it gets.</param>
/// <param name="Condition">When the rule holds; null for always.</param>
internal sealed record SeccompRule(string Call, int Errno, SeccompCondition? Condition)
{
    public static SeccompRule Allow(string call, SeccompCondition? condition = null) => new(call, 0, condition);

    public static SeccompRule Refuse(string call, int errno) => new(call, errno, null);
}
