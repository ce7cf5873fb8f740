using System.Globalization;

namespace Can.Engine.Kernel.Cgroups;

/// <summary>A set of processors in the kernel's list form, such as <c>0-1,3</c>.</summary>
/// <remarks>cpuset(7), "List format"</remarks>
internal sealed class CpuList
{
    // More than any kernel is built for (CONFIG_NR_CPUS is at most 8192); keeps a typing error from making a huge list.
    private const int Largest = 65535;

    private readonly List<int> numbers;

    private CpuList(string text, List<int> numbers) => (Text, this.numbers) = (text, numbers);

    /// <summary>The list as it was written.</summary>
    public string Text { get; }

    /// <summary>The processors' numbers in ascending order.</summary>
    public IReadOnlyList<int> Numbers => numbers;

    /// <summary>How many processors are in the set.</summary>
    public int Count => numbers.Count;

    /// <summary>Reads a list that the kernel wrote; a malformed part ends it.</summary>
    public static CpuList Parse(string text) => TryParse(text, out var list) ? list : new(text, []);

    /// <summary>Reads a list; false when it is malformed or empty.</summary>
    public static bool TryParse(string text, out CpuList list)
    {
        var numbers = new List<int>();
        list = new(text.Trim(), numbers);
        foreach (var part in text.Trim().Split(','))
        {
            var dash = part.IndexOf('-', StringComparison.Ordinal);
            var (first, last) = dash < 0 ? (part, part) : (part[..dash], part[(dash + 1)..]);
            if (!TryNumber(first, out var from) || !TryNumber(last, out var to) || to < from)
            {
                return false;
            }

            for (var number = from; number <= to; number++)
            {
                AddOnce(numbers, number);
            }
        }

        return true;
    }

    /// <summary>Whether every processor of <paramref name="other"/> is in this set.</summary>
    public bool Contains(CpuList other)
    {
        foreach (var number in other.numbers)
        {
            if (numbers.BinarySearch(number) < 0)
            {
                return false;
            }
        }

        return true;
    }

    private static void AddOnce(List<int> numbers, int number)
    {
        if (numbers.Count == 0 || numbers[^1] < number)
        {
            numbers.Add(number);
            return;
        }

        var place = numbers.BinarySearch(number);
        if (place < 0)
        {
            numbers.Insert(~place, number);
        }
    }

    private static bool TryNumber(string text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number <= Largest;
}
