using System.Runtime.InteropServices;
using Can.Engine.Kernel;
using Can.Engine.Kernel.Seccomp;

namespace Can.Engine.Tests.Kernel.Seccomp;

/// <summary>A small filter must decide exactly as the large one it was made from.</summary>
public sealed class FilterShrinkerTests
{
    private const uint X86 = 0x40000003, X64 = 0xC000003E, Arm = 0x40000028, Arm64 = 0xC00000B7, Riscv64 = 0xC00000F3;

    // What the rules' conditions look at, beside and beyond it, with something in the upper half as well.
    private static readonly ulong[] Arguments =
    [
        0, 1, 2, 8, 9, 11, 12, 13, 16, 38, 40, 45, 46, 99, 0x10000, 0x20000, 0x20008, 0x2020000, 0x7E020000, 0x11, 0x40000, 0xFFFFFFFF,
        0x1_00000000, 0x1_00000001, 0x1_0000000D, 0x1_FFFFFFFF, 0xFFFFFFFF_00000000, 0xFFFFFFFF_FFFFFFFF,
    ];

    public static TheoryData<string> Architectures => new(nameof(SeccompArchitecture.X64), nameof(SeccompArchitecture.Arm64));

    [Theory]
    [MemberData(nameof(Architectures))]
    public void It_decides_the_same(string name)
    {
        var architecture = name == nameof(SeccompArchitecture.X64) ? SeccompArchitecture.X64 : SeccompArchitecture.Arm64;
        foreach (var capabilities in new[] { 0UL, Capabilities.Default, Capabilities.Parse("SYS_ADMIN"), ulong.MaxValue })
        {
            var large = FilterCompiler.CompileOlder(capabilities, architecture);
            var small = FilterShrinker.Shrink(large);

            Assert.InRange(small.Length, 1, large.Length / 2);
            AssertSame(large, small);
        }
    }

    [Fact]
    public void A_filter_of_another_form_is_left_alone()
    {
        BpfInstruction[] reads = [BpfInstruction.Load(0), BpfInstruction.Mask(1), BpfInstruction.IfEqual(1), BpfInstruction.Allow, BpfInstruction.Refuse(1)];
        BpfInstruction[] unknown = [BpfInstruction.Load(0), new(0x45, 0, 1, 1), BpfInstruction.Allow, BpfInstruction.Refuse(1)]; // BPF_JSET
        foreach (var filter in new[] { Bytes(reads), Bytes(unknown) })
        {
            Assert.Same(filter, FilterShrinker.Shrink(filter));
        }
    }

    [Fact]
    public void What_is_small_already_stays_as_it_is()
    {
        var filter = Bytes([BpfInstruction.Load(0), BpfInstruction.IfAtLeast(5), BpfInstruction.Allow, BpfInstruction.Refuse(1)]);

        Assert.Same(filter, FilterShrinker.Shrink(filter));
    }

    private static byte[] Bytes(BpfInstruction[] filter) => MemoryMarshal.AsBytes(filter.AsSpan()).ToArray();

    private static void AssertSame(byte[] large, byte[] small)
    {
        var numbers = Enumerable.Range(-2, 1200).SelectMany(number => new[] { (uint)number, (uint)number | 0x40000000, (uint)number + 0xF0000 }).Distinct().ToArray();
        foreach (var architecture in new[] { X86, X64, Arm, Arm64, Riscv64, 0u })
        {
            foreach (var number in numbers)
            {
                foreach (var argument in Arguments)
                {
                    var (expected, actual) = (Decide(large, architecture, number, argument), Decide(small, architecture, number, argument));
                    Assert.True(expected == actual, $"{architecture:x} {number:x} {argument:x}: {expected:x}, now {actual:x}");
                }
            }
        }
    }

    /// <summary>Interprets a filter as the kernel does (linux/filter.h), for a call all of whose arguments are the same.</summary>
    private static uint Decide(byte[] filter, uint architecture, uint number, ulong argument)
    {
        var program = MemoryMarshal.Cast<byte, BpfInstruction>(filter);
        var value = 0u;
        for (var at = 0; ; at++)
        {
            var instruction = program[at];
            switch (instruction.Code)
            {
                case 0x06: // BPF_RET | BPF_K
                    return instruction.Operand;
                case 0x20: // BPF_LD | BPF_W | BPF_ABS, of struct seccomp_data
                    value = instruction.Operand switch
                    {
                        0 => number,
                        4 => architecture,
                        >= 16 and var offset => (uint)(argument >> (offset % 8 == 0 ? 0 : 32)),
                        _ => throw new InvalidOperationException($"field {instruction.Operand}"),
                    };
                    break;
                case 0x54: // BPF_ALU | BPF_AND | BPF_K
                    value &= instruction.Operand;
                    break;
                case 0x05: // BPF_JMP | BPF_JA
                    at += (int)instruction.Operand;
                    break;
                case 0x15: // BPF_JMP | BPF_JEQ | BPF_K
                    at += value == instruction.Operand ? instruction.JumpTrue : instruction.JumpFalse;
                    break;
                case 0x25: // BPF_JMP | BPF_JGT | BPF_K
                    at += value > instruction.Operand ? instruction.JumpTrue : instruction.JumpFalse;
                    break;
                case 0x35: // BPF_JMP | BPF_JGE | BPF_K
                    at += value >= instruction.Operand ? instruction.JumpTrue : instruction.JumpFalse;
                    break;
                default:
                    throw new InvalidOperationException($"instruction {instruction.Code:x}");
            }
        }
    }
}
