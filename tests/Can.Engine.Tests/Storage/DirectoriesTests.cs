using Can.Engine.Storage;

namespace Can.Engine.Tests.Storage;

public sealed class DirectoriesTests : IDisposable
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode Everybody = Private | UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public void The_directory_gets_its_mode_whatever_the_umask_and_those_above_are_private()
    {
        Directories.Ensure(directory["a/b/c"], (uint)Everybody);

        Assert.Equal(Everybody, File.GetUnixFileMode(directory["a/b/c"]));
        Assert.Equal(Private, File.GetUnixFileMode(directory["a/b"]));
        Assert.Equal(Private, File.GetUnixFileMode(directory["a"]));
    }

    [Fact]
    public void An_existing_directory_keeps_its_mode()
    {
        Directories.Ensure(directory["a"]);
        Directories.Ensure(directory["a"], (uint)Everybody);

        Assert.Equal(Private, File.GetUnixFileMode(directory["a"]));
    }

    [Fact]
    public void A_file_in_the_way_is_an_error()
    {
        File.WriteAllText(directory["file"], "");

        Assert.Equal("PathNotFound", Assert.Throws<CanException>(() => Directories.Ensure(directory["file"])).ErrorId);
        Assert.Equal("PathNotFound", Assert.Throws<CanException>(() => Directories.Ensure(directory["file/below"])).ErrorId);
    }
}
