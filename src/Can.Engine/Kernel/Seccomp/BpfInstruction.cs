using System.Runtime.InteropServices;

namespace Can.Engine.Kernel.Seccomp;

/// <summary>struct sock_filter of linux/filter.h: one instruction of classic BPF.</summary>
/// <param name="Code">Operation.</param>
/// <param name="JumpTrue">Instructions to skip if a comparison holds.</param>
/// <param name="JumpFalse">Instructions to skip if it does not.</param>
/// <param name="Operand">The constant.</param>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal readonly record struct BpfInstruction(ushort Code, byte JumpTrue, byte JumpFalse, uint Operand)
{
    /// <summary>Bytes of one instruction.</summary>
    public const int Size = 8;

    /// <summary>BPF_MAXINSNS: more the kernel does not take.</summary>
    public const int Most = 4096;

    /// <summary>BPF_LD | BPF_W | BPF_ABS</summary>
    public const ushort LoadAbsolute = 0x20;

    private const ushort And = 0x54; // BPF_ALU | BPF_AND | BPF_K
    private const ushort JumpAlways = 0x05; // BPF_JMP | BPF_JA
    private const ushort JumpEqual = 0x15; // BPF_JMP | BPF_JEQ | BPF_K
    private const ushort JumpGreater = 0x25; // BPF_JMP | BPF_JGT | BPF_K
    private const ushort JumpGreaterOrEqual = 0x35; // BPF_JMP | BPF_JGE | BPF_K
    private const ushort Result = 0x06; // BPF_RET | BPF_K

    /// <summary>SECCOMP_RET_ALLOW</summary>
    public static BpfInstruction Allow => new(Result, 0, 0, 0x7FFF0000);

    /// <summary>SECCOMP_RET_ERRNO</summary>
    public static BpfInstruction Refuse(int errno) => new(Result, 0, 0, 0x00050000u | (uint)errno);

    /// <summary>Loads a field of struct seccomp_data.</summary>
    public static BpfInstruction Load(uint offset) => new(LoadAbsolute, 0, 0, offset);

    /// <summary>Keeps only these bits.</summary>
    public static BpfInstruction Mask(uint bits) => new(And, 0, 0, bits);

    /// <summary>Skips instructions.</summary>
    public static BpfInstruction Skip(int count) => new(JumpAlways, 0, 0, (uint)count);

    /// <summary>Skips the next instruction unless the value is this.</summary>
    public static BpfInstruction IfEqual(uint value) => new(JumpEqual, 0, 1, value);

    /// <summary>Skips the next instruction unless the value is at least this.</summary>
    public static BpfInstruction IfAtLeast(uint value) => IfAtLeast(value, 0, 1);

    /// <summary>Skips so many instructions if the value is at least this, and so many if it is not.</summary>
    public static BpfInstruction IfAtLeast(uint value, int skipIfSo, int skipIfNot) =>
        new(JumpGreaterOrEqual, checked((byte)skipIfSo), checked((byte)skipIfNot), value);

    /// <summary>Skips the next instruction unless the value is above this.</summary>
    public static BpfInstruction IfAbove(uint value) => new(JumpGreater, 0, 1, value);

    /// <summary>Whether the filter ends here.</summary>
    public bool IsResult => Code == Result;

    /// <summary>Whether it keeps some bits of the loaded value.</summary>
    public bool IsMask => Code == And;

    /// <summary>Whether the way on depends on the loaded value.</summary>
    public bool IsComparison => Code is JumpEqual or JumpGreater or JumpGreaterOrEqual;

    /// <summary>Whether it is one of those that libseccomp makes its filters of.</summary>
    public bool IsKnown => Code is LoadAbsolute or JumpAlways || IsMask || IsComparison || IsResult;

    /// <summary>How many instructions can be skipped after this one; nothing where the filter ends.</summary>
    public IEnumerable<int> Jumps =>
        IsResult ? [] : IsComparison ? [JumpTrue, JumpFalse] : [Code == JumpAlways ? (int)Operand : 0];

    /// <summary>How many are skipped with this value loaded; not for a mask or a result.</summary>
    public int JumpFor(uint value) => Code switch
    {
        JumpEqual => value == Operand ? JumpTrue : JumpFalse,
        JumpGreater => value > Operand ? JumpTrue : JumpFalse,
        JumpGreaterOrEqual => value >= Operand ? JumpTrue : JumpFalse,
        JumpAlways => (int)Operand,
        _ => 0,
    };

    /// <summary>The same with other jumps.</summary>
    /// <param name="other">Gives the new jump for an old one.</param>
    public BpfInstruction WithJumps(Func<int, int> other) =>
        IsComparison ? this with { JumpTrue = checked((byte)other(JumpTrue)), JumpFalse = checked((byte)other(JumpFalse)) }
        : Code == JumpAlways ? this with { Operand = (uint)other((int)Operand) }
        : this;
}
