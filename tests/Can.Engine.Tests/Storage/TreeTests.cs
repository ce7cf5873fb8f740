using Can.Engine.Storage;

namespace Can.Engine.Tests.Storage;

public sealed class TreeTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public void A_tree_of_every_kind_of_file_goes()
    {
        directory.Shell("""
            mkdir -p tree/a/b tree/empty; chmod 0 tree/empty
            echo x > tree/a/b/file; ln tree/a/b/file tree/hard; ln -s nowhere tree/a/link; ln -s . tree/a/loop
            mkfifo tree/fifo; mknod tree/device c 1 3; touch "tree/$(printf '\377\n\001')"
            """);

        Tree.Remove(directory["tree"]);

        Assert.Empty(Directory.GetFileSystemEntries(directory.Path));
    }

    [Fact]
    public void Links_are_removed_and_never_followed()
    {
        directory.Shell("mkdir outside tree; touch outside/file; ln -s ../outside tree/link; ln -s outside top");

        Tree.Remove(directory["tree"]);
        Tree.Remove(directory["top"]);

        Assert.Equal([directory["outside"]], Directory.GetFileSystemEntries(directory.Path));
        Assert.True(File.Exists(directory["outside/file"]));
    }

    [Fact]
    public void Files_and_missing_paths_are_fine()
    {
        File.WriteAllText(directory["file"], "");

        Tree.Remove(directory["file"]);
        Tree.Remove(directory["file"]);
        Tree.Remove(directory["no/such"]);

        Assert.False(File.Exists(directory["file"]));
    }

    [Fact]
    public void Directories_nested_a_thousand_deep_go()
    {
        directory.Shell("""
            mkdir tree; touch tree/.can-removing-0
            i=0; cd -P tree; while [ $i -lt 1000 ]; do mkdir d e; touch e/f; cd -P d; i=$((i + 1)); done
            """);

        Tree.Remove(directory["tree"]);

        Assert.False(Directory.Exists(directory["tree"]));
    }

    [Fact]
    public void A_directory_with_many_entries_goes()
    {
        directory.Shell("mkdir tree; cd tree; seq 5000 | xargs touch; seq -f d%g 1000 | xargs mkdir");

        Tree.Remove(directory["tree"]);

        Assert.False(Directory.Exists(directory["tree"]));
    }

    [Fact]
    public void What_is_mounted_inside_is_not_entered()
    {
        directory.Shell("mkdir -p tree/mount; mount -t tmpfs tmpfs tree/mount; touch tree/mount/file");
        try
        {
            var error = Assert.Throws<CanException>(() => Tree.Remove(directory["tree"]));

            Assert.Equal("PathIsMountPoint", error.ErrorId);
            Assert.True(File.Exists(directory["tree/mount/file"]));
        }
        finally
        {
            directory.Shell("umount tree/mount");
        }
    }
}
