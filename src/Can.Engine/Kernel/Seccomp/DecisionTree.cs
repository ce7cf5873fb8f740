namespace Can.Engine.Kernel.Seccomp;

/// <summary>A balanced tree of comparisons that finds the run a loaded number is in, and goes on with that run's answer.</summary>
internal static class DecisionTree
{
    /// <summary>The jumps of a comparison skip at most so many instructions.</summary>
    private const int LongestJump = byte.MaxValue;

    /// <summary>Numbers from a start to the next run's.</summary>
    /// <param name="Start">The first number.</param>
    /// <param name="Answer">Index of what is done for them.</param>
    internal readonly record struct Run(uint Start, int Answer);

    /// <summary>The tree with its answers behind it; null when a jump would be too long.</summary>
    /// <param name="runs">In ascending order, the first one from 0.</param>
    /// <param name="answers">Each ends in results.</param>
    public static List<BpfInstruction>? TryBuild(IReadOnlyList<Run> runs, IReadOnlyList<BpfInstruction[]> answers)
    {
        // A comparison less than there are runs, then one instruction for each answer: the result, or the way to what is longer.
        var comparisons = runs.Count - 1;
        if (comparisons == 0)
        {
            return [.. answers[runs[0].Answer]];
        }

        if (comparisons + answers.Count > LongestJump)
        {
            return null;
        }

        var tree = new List<BpfInstruction>();
        Add(tree, runs, 0, runs.Count, comparisons);
        var longer = new List<BpfInstruction>();
        for (var index = 0; index < answers.Count; index++)
        {
            var answer = answers[index];
            tree.Add(answer.Length == 1 ? answer[0] : BpfInstruction.Skip(answers.Count - 1 - index + longer.Count));
            longer.AddRange(answer.Length == 1 ? [] : answer);
        }

        return [.. tree, .. longer];
    }

    /// <summary>Adds the comparisons between the runs from <paramref name="first"/> up to <paramref name="end"/>, at least two.</summary>
    private static void Add(List<BpfInstruction> tree, IReadOnlyList<Run> runs, int first, int end, int answersAt)
    {
        var (middle, at) = ((first + end) / 2, tree.Count);
        tree.Add(default);
        var below = Side(first, middle);
        var above = Side(middle, end);
        tree[at] = BpfInstruction.IfAtLeast(runs[middle].Start, above, below);

        int Side(int from, int to)
        {
            if (to - from == 1)
            {
                return answersAt + runs[from].Answer - at - 1;
            }

            var jump = tree.Count - at - 1;
            Add(tree, runs, from, to, answersAt);
            return jump;
        }
    }
}
