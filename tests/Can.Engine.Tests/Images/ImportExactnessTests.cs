namespace Can.Engine.Tests.Images;

/// <summary>What comes out of an import is, file by file, what GNU tar makes of the same archive.</summary>
public sealed class ImportExactnessTests : IDisposable
{
    /// <summary>Everything that a root can hold, made by ordinary tools.</summary>
    private const string Tree = """
        mkdir -p tree/usr/bin tree/etc tree/empty "tree/$(printf 'latin-\344-\377')"
        cd tree
        head -c 3000000 /dev/urandom > usr/big; : > etc/nothing; echo x > usr/bin/tool; chmod 4755 usr/bin/tool
        ln usr/bin/tool usr/bin/alias; ln -s usr/bin bin; ln -s /nowhere/at/all etc/dangling; ln etc/dangling etc/dangling2
        mkfifo etc/fifo; mknod etc/null c 1 3; mknod etc/disk b 259 70000; chmod 1777 empty; chmod 2755 etc
        echo y > "$(printf 'bad\001\n name')"; long=$(printf 'n%.0s' $(seq 200)); mkdir "$long"; mkdir "$long/$long"; echo z > "$long/$long/$long"
        ln -s "$long/$long/$long" longlink; ln "$long/$long/$long" longhard
        truncate -s 10M sparse; printf data | dd of=sparse bs=1 seek=5000000 conv=notrunc status=none
        chown 12345:54321 usr/big; chown 3000000000:3000000001 empty; chown -h 7:8 bin
        touch -d '2001-02-03 04:05:06.123456789' usr/big; touch -d '1965-01-01 00:00:00.5' etc/nothing; touch -h -d '1999-09-09' bin
        touch -d '2010-10-10 10:10:10' usr/bin usr empty etc .
        """;

    /// <summary>Type, mode, owner, size, times, link text, device and link count of every name, and the content.</summary>
    private const string Description = """
        find . -printf '%P %y %#m %U:%G %s %T@ %l %n\n' | sed -E 's/^(.*) d (.*) [0-9]+ ([0-9.-]+)  [0-9]+$/\1 d \2 \3/' | LC_ALL=C sort
        find . \( -type b -o -type c \) -exec stat -c '%n %t:%T' {} + | sort
        find . -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum
        """;

    private readonly ImageRoot root = new();

    public void Dispose() => root.Dispose();

    [Theory]
    [InlineData("--format=gnu")]
    [InlineData("--format=pax --xattrs --xattrs-include=*")]
    [InlineData("--format=gnu --sparse")]
    [InlineData("--format=pax --sparse --sparse-version=0.0 --xattrs --xattrs-include=*")]
    [InlineData("--format=pax --sparse --sparse-version=0.1 --xattrs --xattrs-include=*")]
    [InlineData("--format=pax --sparse --sparse-version=1.0 --xattrs --xattrs-include=*")]
    [InlineData("--format=pax --xattrs --xattrs-include=* --sort=name --transform=flags=r;s,^\\./,/,")]
    public void An_archive_is_unpacked_as_tar_does(string options)
    {
        MakeTree();
        root.Directory.Shell($"tar -cf root.tar '{options.Replace(" ", "' '", StringComparison.Ordinal)}' -C tree .");
        root.Directory.Shell("mkdir expected; tar -xpf root.tar -C expected --xattrs '--xattrs-include=*' --numeric-owner");

        var image = root.Import("root.tar");

        AssertSame("expected", root.RootOf(image));
        Assert.Equal(options.Contains("xattrs", StringComparison.Ordinal), ExtendedAttributes.Describe(root.RootOf(image)).Any(line => line.Contains("security.capability=", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_directory_is_taken_as_it_is()
    {
        MakeTree();

        var image = root.Import("tree");

        AssertSame("tree", root.RootOf(image));
    }

    [Fact]
    public void The_layer_is_named_by_the_digest_of_the_uncompressed_archive_whatever_compressed_it()
    {
        MakeTree();
        root.Directory.Shell("tar -cf root.tar -C tree .; gzip -k root.tar; (head -c 100000 root.tar | gzip; tail -c +100001 root.tar | gzip; head -c 512 /dev/zero) > two.gz");
        var bytes = File.ReadAllBytes(root.Directory["root.tar"]);
        File.WriteAllBytes(root.Directory["root.tar.zst"], ZstdFrame.Compress(bytes));
        File.WriteAllBytes(root.Directory["two.zst"], [0x50, 0x2A, 0x4D, 0x18, 1, 0, 0, 0, 42, .. ZstdFrame.Compress(bytes[..100_000]), .. ZstdFrame.Compress(bytes[100_000..])]);
        var digest = root.Directory.Shell("sha256sum root.tar")[..64];

        foreach (var file in new[] { "root.tar", "root.tar.gz", "root.tar.zst", "two.gz", "two.zst" })
        {
            Assert.Equal([digest], root.Import(file).Layers);
        }

        Assert.Single(root.Engine.Images.List());
        Assert.Single(Directory.GetDirectories($"{root.Engine.Root.State}/layers"));
    }

    [Fact]
    public void The_same_directory_has_the_same_digest_every_time()
    {
        MakeTree();
        root.Directory.Shell("cp -a tree other; touch -r tree other");

        Assert.Equal(root.Import("tree").Id, root.Import("other").Id);
    }

    [Fact]
    public void What_is_mounted_in_a_directory_is_left_out()
    {
        root.Directory.Shell("mkdir -p tree/mount; touch tree/file; mount -t tmpfs tmpfs tree/mount; touch tree/mount/secret");
        try
        {
            var files = root.RootOf(root.Import("tree"));

            Assert.True(File.Exists($"{files}/file"));
            Assert.Empty(Directory.GetFileSystemEntries($"{files}/mount"));
        }
        finally
        {
            root.Directory.Shell("umount tree/mount");
        }
    }

    [Fact]
    public void The_store_itself_is_not_part_of_an_image_in_it()
    {
        root.Directory.Shell("touch file");

        var files = root.RootOf(root.Import(""));

        Assert.Equal(["can", "file"], Directory.GetFileSystemEntries(files).Select(path => Path.GetFileName(path)).Order());
        Assert.Empty(Directory.GetFileSystemEntries($"{files}/can"));
    }

    private void MakeTree()
    {
        root.Directory.Shell(Tree);
        ExtendedAttributes.Set(root.Directory["tree/etc/nothing"], "user.note", "a=b\n"u8.ToArray());
        ExtendedAttributes.Set(root.Directory["tree/empty"], "user.dir", "d"u8.ToArray());
        ExtendedAttributes.Set(root.Directory["tree/usr/big"], "user.bytes", [0, 0xFF, 10]);
        ExtendedAttributes.Set(root.Directory["tree/bin"], "trusted.link", "l"u8.ToArray());
        ExtendedAttributes.Set(root.Directory["tree/usr/bin/tool"], "security.capability", Convert.FromHexString("0100000200200000000000000000000000000000"));
    }

    private void AssertSame(string expected, string actual)
    {
        Assert.Equal(
            root.Directory.Shell($"cd '{expected}'; {Description}").Split('\n'),
            root.Directory.Shell($"cd '{actual}'; {Description}").Split('\n'));
        Assert.Equal(ExtendedAttributes.Describe(root.Directory[expected]), ExtendedAttributes.Describe(actual));
    }
}
