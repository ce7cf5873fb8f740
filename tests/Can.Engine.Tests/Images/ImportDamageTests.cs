using static Can.Engine.Tests.Images.ImageRoot;

namespace Can.Engine.Tests.Images;

/// <summary>Whatever goes wrong, one clear error comes out and nothing is left.</summary>
public sealed class ImportDamageTests : IDisposable
{
    private readonly ImageRoot root = new();

    public void Dispose() => root.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(511)]
    [InlineData(512)]
    [InlineData(700)]
    [InlineData(1024)]
    [InlineData(2048)]
    [InlineData(2559)]
    public void An_archive_cut_off_anywhere_is_damaged(int length)
    {
        root.WriteTar("whole.tar", Text("a"), Text("b", new string('x', 600)));
        root.Directory.Shell($"head -c {length} whole.tar > root.tar");

        // Too short for a header it is not even an archive.
        Assert.Equal(length < 512 ? "ImageFormatUnknown" : "ImageCorrupt", root.ImportFails("root.tar").ErrorId);
    }

    [Fact]
    public void An_archive_with_only_one_block_of_zeros_at_its_end_is_taken_as_tar_takes_it()
    {
        root.WriteTar("whole.tar", Text("a"));
        root.Directory.Shell("head -c 1536 whole.tar > root.tar");

        Assert.True(File.Exists($"{root.RootOf(root.Import("root.tar"))}/a"));
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("zstd")]
    public void A_compressed_archive_cut_off_or_changed_is_damaged(string format)
    {
        root.Directory.Shell("mkdir tree; head -c 300000 /dev/urandom > tree/file; tar -cf whole.tar -C tree .; gzip < whole.tar > whole");
        if (format == "zstd")
        {
            File.WriteAllBytes(root.Directory["whole"], ZstdFrame.Compress(File.ReadAllBytes(root.Directory["whole.tar"])));
        }

        root.Directory.Shell("head -c 200000 whole > cut; head -c -1 whole > end; head -c -3 whole > end3; head -c -8 whole > end8; head -c -20 whole > end20; head -c 20 whole > start");
        root.Directory.Shell("cp whole flipped; printf '\\377\\377\\377\\377\\000\\000' | dd of=flipped bs=1 seek=150000 conv=notrunc status=none");

        // A frame of zstd need not have a checksum, and this one has none.
        foreach (var file in new[] { "cut", "end", "end3", "end8", "end20", "start", format == "gzip" ? "flipped" : "cut" })
        {
            Assert.Equal("ImageCorrupt", root.ImportFails(file).ErrorId);
        }
    }

    [Fact]
    public void A_damaged_header_is_found_by_its_checksum()
    {
        root.WriteTar("root.tar", Text("a"), Text("b"));
        root.Directory.Shell("printf 'Z' | dd of=root.tar bs=1 seek=1030 conv=notrunc status=none");

        Assert.Equal("ImageCorrupt", root.ImportFails("root.tar").ErrorId);
    }

    [Theory]
    [InlineData("17 path=too-short\n")]
    [InlineData("999 path=too-long\n")]
    [InlineData("path=no-length\n")]
    [InlineData("11 no-equal\n")]
    [InlineData("13 size=none\n")]
    [InlineData("12 size=-1\n\n")]
    [InlineData("19 uid=99999999999\n")]
    [InlineData("22 GNU.sparse.map=a,b\n")]
    [InlineData("24 GNU.sparse.size=1000\n23 GNU.sparse.map=0,99\n")]
    [InlineData("32 LIBARCHIVE.xattr.user.a=%%%%\n")]
    public void A_damaged_extended_header_is_refused(string records)
    {
        root.WriteTar("records", Text("././@PaxHeader", records));
        root.WriteTar("rest", Text("a", "data"));
        root.Directory.Shell("(head -c -1024 records; cat rest) > root.tar");
        SetType(0, 'x');

        Assert.Equal("ImageCorrupt", root.ImportFails("root.tar").ErrorId);
    }

    [Fact]
    public void An_entry_of_an_unknown_kind_is_refused()
    {
        root.WriteTar("root.tar", Text("a"));
        SetType(0, 'M');

        Assert.Contains("'M'", root.ImportFails("root.tar").Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("printf hello", "neither")]
    [InlineData("true", "empty")]
    [InlineData("head -c 10240 /dev/zero", "neither")]
    [InlineData("head -c 10240 /dev/urandom", "neither")]
    [InlineData("printf BZh91AY", "bzip2")]
    [InlineData("printf '\\3757zXZ'", "xz")]
    public void What_is_no_archive_is_said_to_be_none(string command, string says)
    {
        root.Directory.Shell($"{command} > root.tar");

        var error = root.ImportFails("root.tar");

        Assert.Equal("ImageFormatUnknown", error.ErrorId);
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
        Assert.Equal(root.Directory["root.tar"], error.Target);
    }

    [Fact]
    public void What_is_compressed_but_no_archive_is_damaged()
    {
        root.Directory.Shell("echo hello | gzip > root.tar");

        Assert.Equal("ImageCorrupt", root.ImportFails("root.tar").ErrorId);
    }

    [Fact]
    public void An_archive_without_files_is_refused()
    {
        root.Directory.Shell("tar -cf - -T /dev/null | gzip > root.tar");

        Assert.Equal("ImageCorrupt", root.ImportFails("root.tar").ErrorId);
    }

    [Fact]
    public void A_missing_path_is_refused() => Assert.Equal("PathNotFound", root.ImportFails("no/such").ErrorId);

    [Theory]
    [InlineData("size=2m", "ImageTooLarge")]
    [InlineData("size=64m,nr_inodes=120", "DiskFull")]
    public void A_full_disk_is_said_to_be_full_and_is_as_free_as_before(string options, string id)
    {
        root.Directory.Shell("mkdir can tree; head -c 4000000 /dev/urandom > tree/file; cd tree; seq 200 | xargs touch; tar -cf ../root.tar .");
        root.Directory.Shell($"mount -t tmpfs -o {options} tmpfs can");
        try
        {
            Assert.Equal(id, root.ImportFails("root.tar").ErrorId);
            Assert.Equal("0\n", root.Directory.Shell("du -s --apparent-size --block-size=1M can | cut -f1 | sed s/^1$/0/"));
        }
        finally
        {
            root.Directory.Shell("umount can");
        }
    }

    [Fact]
    public void A_cancelled_import_ends_and_leaves_nothing()
    {
        root.Directory.Shell("mkdir tree; head -c 20000000 /dev/urandom > tree/0; cp tree/0 tree/1; cp tree/0 tree/2; tar -cf root.tar -C tree .");
        using var source = new CancellationTokenSource();
        var progress = new Callback(done =>
        {
            if (done > 15_000_000)
            {
                source.Cancel();
            }
        });

        Assert.ThrowsAny<OperationCanceledException>(() => root.Engine.Images.Import(root.Directory["root.tar"], "test", null, progress, source.Token));
        root.AssertEmpty();
    }

    [Fact]
    public void An_import_cancelled_before_it_begins_leaves_nothing()
    {
        root.WriteTar("root.tar", Text("a"));

        Assert.ThrowsAny<OperationCanceledException>(() => root.Engine.Images.Import(root.Directory["root.tar"], "test", null, null, new CancellationToken(true)));
        root.AssertEmpty();
    }

    [Fact]
    public void What_a_killed_import_left_is_swept_by_the_next_one_and_what_a_running_one_has_is_not()
    {
        root.WriteTar("root.tar", Text("a"));
        var (layers, stagings) = ($"{root.Engine.Root.State}/layers", $"{root.Engine.Root.State}/staging");
        var (pinned, stray) = (new string('a', 64), new string('b', 64));
        root.Directory.Shell(
            $"mkdir -p {stagings}/dead/layers/x {stagings}/alive/pins/layers {layers}/{pinned}/root {layers}/{stray}/root; "
            + $"touch {stagings}/dead/lock {stagings}/alive/lock {stagings}/alive/pins/layers/{pinned}");

        using (Can.Engine.Storage.StoreLock.TryAcquire($"{stagings}/alive/lock"))
        {
            var image = root.Import("root.tar");

            Assert.Equal([$"{stagings}/alive"], Directory.GetDirectories(stagings));
            Assert.Equal(new[] { pinned, image.Layers[0] }.Order(StringComparer.Ordinal), Directory.GetDirectories(layers).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        }
    }

    /// <summary>Changes the type flag of the header at an offset, and its checksum with it.</summary>
    private void SetType(int offset, char type)
    {
        var bytes = File.ReadAllBytes(root.Directory["root.tar"]);
        bytes[offset + 156] = (byte)type;
        "        "u8.CopyTo(bytes.AsSpan(offset + 148));
        var sum = bytes.AsSpan(offset, 512).ToArray().Sum(value => value);
        System.Text.Encoding.ASCII.GetBytes(Convert.ToString(sum, 8).PadLeft(6, '0') + "\0 ").CopyTo(bytes, offset + 148);
        File.WriteAllBytes(root.Directory["root.tar"], bytes);
    }

    private sealed class Callback(Action<long> report) : IProgress<(long Done, long Total)>
    {
        public void Report((long Done, long Total) value) => report(value.Done);
    }
}
