using Can.Engine.Storage.Upkeep;

namespace Can.Engine.Tests.Storage.Upkeep;

public sealed class TreeSizeTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public void It_is_what_du_says()
    {
        directory.Shell("mkdir -p t/a/b t/c; head -c 100000 /dev/urandom > t/a/b/file; ln t/a/b/file t/c/again; ln -s nowhere t/link; truncate -s 1G t/sparse; mkfifo t/fifo");

        var size = TreeSize.Of(directory["t"]);

        Assert.Equal(long.Parse(directory.Shell("du -s -B1 t").Split('\t')[0], null), size.Allocated);
        Assert.Equal(100_000 + (1L << 30), size.FileBytes);
        Assert.Equal(long.Parse(directory.Shell("find t -mindepth 1 | wc -l"), null), size.Names);
    }

    [Fact]
    public void Files_and_things_that_are_not_there_have_a_size_too()
    {
        directory.Shell("head -c 5000 /dev/urandom > file");

        Assert.Equal(5000, TreeSize.Of(directory["file"]).FileBytes);
        Assert.Equal(default, TreeSize.Of(directory["nosuch"]));
    }

    [Fact]
    public void No_depth_is_too_deep()
    {
        // Deeper than any path can be named.
        directory.Shell("mkdir t; i=0; cd -P t; while [ $i -lt 100 ]; do mkdir $(printf '%0100d' 0); cd -P 0*; i=$((i + 1)); done; echo x > file");

        Assert.Equal(101, TreeSize.Of(directory["t"]).Names);
    }
}
