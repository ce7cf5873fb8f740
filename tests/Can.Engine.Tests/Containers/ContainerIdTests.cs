using Can.Engine.Containers;

namespace Can.Engine.Tests.Containers;

/// <summary>Ids of containers, whose first digits are host names.</summary>
public sealed class ContainerIdTests
{
    private static readonly string Rest = new('a', 52);

    [Fact]
    public void Every_id_is_another_64_digits()
    {
        var ids = Enumerable.Range(0, 2000).Select(static _ => ContainerId.New()).ToList();

        Assert.All(ids, static id => Assert.Matches("^[0-9a-f]{64}$", id));
        Assert.All(ids, static id => Assert.DoesNotMatch("^[0-9]{12}", id));
        Assert.Equal(ids.Count, ids.Distinct().Count());
    }

    [Fact]
    public void The_short_id_is_never_a_number()
    {
        string[] numbers = ["168882410128" + Rest, "000000000000" + Rest];
        string[] names = ["16888241012a" + Rest, "f68882410128" + Rest, "168882e10128" + Rest];
        Assert.All(names, name => Assert.Equal(name, Taken([.. numbers, name, "bbbbbbbbbbbb" + Rest])));
    }

    [Fact]
    public void The_short_id_is_the_first_twelve_digits() => Assert.Equal("16888241012a", ContainerId.Short("16888241012a" + Rest));

    private static string Taken(IEnumerable<string> offered)
    {
        using var next = offered.GetEnumerator();
        return ContainerId.New(() => next.MoveNext() ? next.Current : throw new InvalidOperationException("Every Id was refused."));
    }
}
