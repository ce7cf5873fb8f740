using System.Runtime.InteropServices;

namespace Can.Engine.Kernel.Seccomp;

/// <summary>
/// Makes a filter that decides the same with far fewer instructions: libseccomp compares with each call's number, but the calls of
/// one answer come in runs, and a tree over the ends of the runs is a fifth of the size. The kernel compiles the filter anew for
/// every container, so that its size is time at each start.
/// </summary>
/// <remarks>
/// Nothing is taken from the profile: the filter is followed for every architecture and every run of numbers that it tells apart.
/// What depends on arguments as well is copied as it is. A filter of an unknown form is left alone.
/// </remarks>
internal sealed class FilterShrinker
{
    private const uint NumberOffset = 0; // of struct seccomp_data
    private const uint ArchitectureOffset = 4;

    private readonly BpfInstruction[] filter;
    private readonly SortedSet<uint> architectures = [];
    private readonly SortedSet<uint> starts = [0];

    private FilterShrinker(ReadOnlySpan<byte> filter) => this.filter = MemoryMarshal.Cast<byte, BpfInstruction>(filter).ToArray();

    /// <summary>The small filter; the given one when it cannot be made smaller.</summary>
    public static byte[] Shrink(byte[] filter)
    {
        var small = new FilterShrinker(filter).Build();
        return small is not null && small.Count * BpfInstruction.Size < filter.Length
            ? MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(small)).ToArray()
            : filter;
    }

    private List<BpfInstruction>? Build()
    {
        if (!TryFindConstants())
        {
            return null;
        }

        var small = new List<BpfInstruction> { BpfInstruction.Load(ArchitectureOffset) };
        foreach (var architecture in architectures)
        {
            if (BlockOf(architecture) is not { } block)
            {
                return null;
            }

            small.Add(BpfInstruction.IfEqual(architecture));
            small.Add(BpfInstruction.Skip(1));
            small.Add(BpfInstruction.Skip(block.Count));
            small.AddRange(block);
        }

        // Any other one; its answer does not depend on the number.
        var other = Enumerable.Range(0, int.MaxValue).Select(static value => (uint)value).First(value => !architectures.Contains(value));
        var answers = starts.Select(start => Follow(other, start)).Distinct().ToList();
        if (answers is not [var answer] || !filter[answer].IsResult)
        {
            return null;
        }

        small.Add(filter[answer]);
        return small;
    }

    /// <summary>Decides about the calls of one architecture; null when the tree's jumps would be too long.</summary>
    private List<BpfInstruction>? BlockOf(uint architecture)
    {
        var answers = new List<BpfInstruction[]>();
        var runs = new List<DecisionTree.Run>();
        foreach (var start in starts)
        {
            var answer = AnswerAt(Follow(architecture, start));
            var index = answers.FindIndex(known => known.AsSpan().SequenceEqual(answer));
            if (index < 0)
            {
                index = answers.Count;
                answers.Add(answer);
            }

            if (runs.Count == 0 || runs[^1].Answer != index)
            {
                runs.Add(new(start, index));
            }
        }

        return DecisionTree.TryBuild(runs, answers) is { } tree ? [BpfInstruction.Load(NumberOffset), .. tree] : null;
    }

    /// <summary>Where the filter gets for a call whose arguments are not known: to a result, or to the first look at an argument.</summary>
    private int Follow(uint architecture, uint number)
    {
        var value = 0u;
        for (var at = 0; ;)
        {
            var instruction = filter[at];
            if (instruction.IsResult)
            {
                return at;
            }

            if (instruction.Code == BpfInstruction.LoadAbsolute)
            {
                if (instruction.Operand is not (NumberOffset or ArchitectureOffset))
                {
                    return at;
                }

                value = instruction.Operand == NumberOffset ? number : architecture;
                at++;
            }
            else
            {
                at += 1 + instruction.JumpFor(value);
            }
        }
    }

    /// <summary>What can be reached from a place, as a filter of its own. All jumps lead forward, so they only get shorter.</summary>
    private BpfInstruction[] AnswerAt(int place)
    {
        var reached = new SortedSet<int>();
        var open = new Stack<int>([place]);
        while (open.TryPop(out var at))
        {
            if (reached.Add(at))
            {
                foreach (var jump in filter[at].Jumps)
                {
                    open.Push(at + 1 + jump);
                }
            }
        }

        var order = reached.ToList();
        return [.. order.Select((at, index) => filter[at].WithJumps(jump => order.IndexOf(at + 1 + jump) - index - 1))];
    }

    /// <summary>
    /// Finds the architectures that the filter knows, and where runs of numbers with one answer may begin: at what it compares
    /// either with, and right after it.
    /// </summary>
    /// <returns>False when the filter does more with them than to compare.</returns>
    private bool TryFindConstants()
    {
        var seen = new HashSet<(int At, uint Loaded)>();
        var open = new Stack<(int At, uint Loaded)>([(0, uint.MaxValue)]);
        while (open.TryPop(out var state))
        {
            if (!seen.Add(state))
            {
                continue;
            }

            var instruction = filter[state.At];
            var loaded = instruction.Code == BpfInstruction.LoadAbsolute ? instruction.Operand : state.Loaded;
            if (!instruction.IsKnown || (instruction.IsMask && (loaded is NumberOffset or ArchitectureOffset)))
            {
                return false;
            }

            if (instruction.IsComparison && loaded == ArchitectureOffset)
            {
                architectures.Add(instruction.Operand);
            }
            else if (instruction.IsComparison && loaded == NumberOffset)
            {
                starts.UnionWith([instruction.Operand, instruction.Operand + 1]);
            }

            foreach (var jump in instruction.Jumps)
            {
                open.Push((state.At + 1 + jump, loaded));
            }
        }

        return true;
    }
}
