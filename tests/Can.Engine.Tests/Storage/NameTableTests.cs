using Can.Engine.Storage;

namespace Can.Engine.Tests.Storage;

public sealed class NameTableTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();
    private readonly NameTable table;

    public NameTableTests() => table = new NameTable(directory["names/things"]);

    public void Dispose() => directory.Dispose();

    [Fact]
    public void A_name_belongs_to_the_first_who_claims_it_until_it_is_released()
    {
        Assert.True(table.TryClaim("web", "1"));
        Assert.False(table.TryClaim("web", "2"));
        Assert.Equal("1", table.Lookup("web"));

        table.Release("web");
        Assert.Null(table.Lookup("web"));
        Assert.True(table.TryClaim("web", "2"));
    }

    [Fact]
    public void Of_many_claims_at_once_exactly_one_succeeds()
    {
        var winners = Enumerable.Range(0, 64).AsParallel().WithDegreeOfParallelism(8).Where(id => table.TryClaim("web", $"{id}")).ToList();

        Assert.Equal($"{Assert.Single(winners)}", table.Lookup("web"));
    }

    [Theory]
    [InlineData("registry.example/library/busybox:latest")]
    [InlineData(".hidden")]
    [InlineData("..")]
    [InlineData("100%")]
    [InlineData("%2F")]
    [InlineData("%252F/.%2E")]
    [InlineData("größe")]
    public void Any_name_stays_in_the_directory_and_is_listed_as_it_was(string name)
    {
        Assert.True(table.TryClaim(name, "id"));

        Assert.Equal([new(name, "id")], table.List());
        Assert.Single(Directory.GetFileSystemEntries(directory["names/things"]));
        Assert.Equal("id", table.Lookup(name));
    }

    [Fact]
    public void A_name_is_released_for_its_owner_only()
    {
        table.TryClaim("web", "1");
        table.ReleaseIfOwnedBy("web", "2");
        Assert.Equal("1", table.Lookup("web"));

        table.ReleaseIfOwnedBy("web", "1");
        Assert.Null(table.Lookup("web"));
    }

    [Fact]
    public void Renaming_takes_the_new_name_and_gives_the_old_one_back()
    {
        table.TryClaim("a", "1");
        table.TryClaim("b", "2");

        Assert.False(table.Rename("a", "b", "1"));
        Assert.Equal("1", table.Lookup("a"));
        Assert.True(table.Rename("a", "c", "1"));
        Assert.Equal((null, "1"), (table.Lookup("a"), table.Lookup("c")));
    }

    [Fact]
    public void A_table_that_was_never_used_is_empty()
    {
        Assert.Empty(table.List());
        Assert.Null(table.Lookup("web"));
        table.Release("web");
    }

    [Fact]
    public void A_name_longer_than_the_file_system_allows_is_not_found() => Assert.Null(table.Lookup(new string('x', 300)));
}
