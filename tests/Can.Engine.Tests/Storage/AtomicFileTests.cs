using System.Text;
using Can.Engine.Storage;

namespace Can.Engine.Tests.Storage;

public sealed class AtomicFileTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_file_is_written_replaced_and_read_back(bool durable)
    {
        var path = directory["file"];
        AtomicFile.Write(path, "one"u8, durable);
        AtomicFile.Write(path, "two"u8, durable);

        Assert.Equal("two", Encoding.UTF8.GetString(AtomicFile.TryRead(path)!));
        Assert.Equal([path], Directory.GetFileSystemEntries(directory.Path));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4096)]
    [InlineData(1_000_000)]
    public void Every_size_is_read_back(int size)
    {
        var data = new byte[size];
        Random.Shared.NextBytes(data);
        AtomicFile.Write(directory["file"], data, durable: false);

        Assert.Equal(data, AtomicFile.TryRead(directory["file"]));
    }

    [Fact]
    public void A_missing_file_reads_as_null() => Assert.Null(AtomicFile.TryRead(directory["no/such"]));

    [Fact]
    public void A_missing_directory_is_an_error_that_names_the_path()
    {
        var error = Assert.Throws<CanException>(() => AtomicFile.Write(directory["no/such"], "x"u8, durable: false));

        Assert.Equal("PathNotFound", error.ErrorId);
        Assert.Equal(directory["no/such"], error.Target);
    }

    [Fact]
    public void A_failed_replacement_leaves_no_temporary_file()
    {
        Directory.CreateDirectory(directory["file/not-empty"]);

        Assert.Throws<CanException>(() => AtomicFile.Write(directory["file"], "x"u8, durable: false));
        Assert.Equal([directory["file"]], Directory.GetFileSystemEntries(directory.Path));
    }

    [Fact]
    public void A_full_disk_is_said_to_be_full_and_leaves_the_old_file()
    {
        directory.Shell("mkdir full && mount -t tmpfs -o size=64k tmpfs full");
        try
        {
            AtomicFile.Write(directory["full/file"], "old"u8, durable: true);
            var error = Assert.Throws<CanException>(() => AtomicFile.Write(directory["full/file"], new byte[1 << 20], durable: true));

            Assert.Equal("DiskFull", error.ErrorId);
            Assert.Equal("old", Encoding.UTF8.GetString(AtomicFile.TryRead(directory["full/file"])!));
            Assert.Single(Directory.GetFileSystemEntries(directory["full"]));
        }
        finally
        {
            directory.Shell("umount full");
        }
    }
}
