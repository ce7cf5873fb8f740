using System.Security.Cryptography;
using Can.Engine.Images.Importing;
using Can.Engine.Images.Oci;
using Can.Engine.Images.Tar;
using Can.Engine.Storage.Content;
using static Can.Engine.Tests.Images.ImageRoot;

namespace Can.Engine.Tests.Images;

/// <summary>One pass: digest, size, diff id, blob and files of a layer.</summary>
public sealed class LayerIngestTests : IDisposable
{
    private readonly ImageRoot root = new();
    private readonly Staging staging;

    public LayerIngestTests()
    {
        staging = root.Engine.Images.BeginStaging(default);
        root.Directory.Shell("mkdir tree; head -c 3000000 /dev/urandom > tree/file; tar -cf plain -C tree .; gzip < plain > gzip; xz -0 < plain > xz; zstd -q < plain > zstd");
    }

    private LayerIngest Ingest => root.Engine.Images.BeginIngest(staging, null, default);

    private byte[] Bytes(string file) => File.ReadAllBytes(root.Directory[file]);

    private string DiffId => Convert.ToHexStringLower(SHA256.HashData(Bytes("plain")));

    public void Dispose()
    {
        staging.Dispose();
        root.Dispose();
    }

    [Theory]
    [InlineData("plain", MediaTypes.OciLayer)]
    [InlineData("gzip", MediaTypes.OciLayerGzip)]
    [InlineData("zstd", MediaTypes.OciLayerZstd)]
    [InlineData("xz", MediaTypes.OciLayer)]
    public void A_layer_becomes_blob_and_files_in_one_pass_over_a_stream(string file, string type)
    {
        using var stream = File.OpenRead(root.Directory[file]);

        var staged = Ingest.Take(stream, new LayerExpectation());

        Assert.Equal(new OciDescriptor { MediaType = type, Digest = Digest.Of(Bytes(file)), Size = stream.Length }, staged.Blob);
        Assert.Equal(DiffId, staged.DiffId);
        Publish();
        Assert.Equal(Bytes(file), File.ReadAllBytes(root.Engine.Images.Content.Blobs.PathOf(staged.Blob.Digest)));
        Assert.Equal(Bytes("tree/file"), File.ReadAllBytes($"{root.Engine.Root.LayerRoot(DiffId)}/file"));
    }

    [Fact]
    public void A_file_that_the_caller_keeps_becomes_the_blob()
    {
        root.Directory.Shell("mkdir -p can/lib/downloads; cp gzip can/lib/downloads/x");
        var kept = root.Directory["can/lib/downloads/x"];
        using var stream = File.OpenRead(kept);

        var staged = Ingest.Take(stream, new LayerExpectation { Digest = Digest.Of(Bytes("gzip")), KeptIn = kept });

        Assert.False(File.Exists(kept));
        Publish();
        Assert.Equal(stream.Length, root.Engine.Images.Content.Blobs.SizeOf(staged.Blob.Digest));
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("gzip")]
    [InlineData("zstd")]
    [InlineData("xz")]
    public void Whatever_is_not_as_expected_is_refused(string file)
    {
        var (bytes, digest, other) = (Bytes(file), Digest.Of(Bytes(file)), new Digest(new string('0', 64)));
        Refused("DigestMismatch", bytes, new() { Digest = other });
        Refused("DiffIdMismatch", bytes, new() { Digest = digest, DiffId = other.Hex });
        Refused("SizeMismatch", bytes, new() { Size = bytes.Length - 1 });
        Refused("BlobTruncated", bytes, new() { Size = bytes.Length + 1 });
        Refused("BlobTruncated", bytes[..(bytes.Length / 2)], new() { Digest = digest, Size = bytes.Length });
        Refused("DigestMismatch", bytes[..(bytes.Length / 2)], new() { Digest = digest });
        Refused("ImageCorrupt", bytes[..(bytes.Length / 2)], new());
        bytes[700] ^= 1;
        Refused("DigestMismatch", bytes, new() { Digest = digest, DiffId = DiffId });
        Refused("ImageFormatUnknown", [1, 2, 3], new() { Digest = digest });
        Publish();
        staging.Dispose();
        root.AssertEmpty();
    }

    [Fact]
    public void What_the_store_has_is_pinned_and_not_read()
    {
        var staged = Ingest.Take(new MemoryStream(Bytes("gzip")), new LayerExpectation());
        Publish();
        using var next = root.Engine.Images.Content.Begin(default);
        var ingest = root.Engine.Images.BeginIngest(next, null, default);
        var expected = new LayerExpectation { Digest = staged.Blob.Digest, DiffId = DiffId, Size = staged.Blob.Size };

        Assert.Null(ingest.TryReuse(expected with { Digest = new Digest(DiffId) }));
        Assert.Equal(staged, ingest.TryReuse(expected));
        Assert.Equal("DiffIdMismatch", Assert.Throws<CanException>(() => ingest.TryReuse(expected with { DiffId = new string('0', 64) })).ErrorId);
        Directory.Delete(root.Engine.Root.LayerRoot(DiffId), recursive: true);
        Directory.Delete(Path.GetDirectoryName(root.Engine.Root.LayerRoot(DiffId))!, recursive: true);
        Assert.Equal(staged, ingest.TryReuse(expected));
        next.Publish();
        Assert.Equal(Bytes("tree/file"), File.ReadAllBytes($"{root.Engine.Root.LayerRoot(DiffId)}/file"));
    }

    [Fact]
    public void Whiteouts_hide_what_lower_layers_have_and_show_nowhere()
    {
        var lower = Layer("lower", Folder("a"), Text("a/gone"), Text("a/stays"), Folder("b"), Text("b/gone"), Text("file"), Folder("c"), Text("c/old"), Folder("d"), Text("d/old"));
        var upper = Layer(
            "upper", Text("a/.wh.gone"), Text("b/.wh..wh..opq"), Text("b/new"), Text(".wh.file"), Text(".wh.c"), Folder("c"), Text("c/new"),
            Folder("d"), Text("d/new"), Text(".wh.d"), Folder("only"), Text("only/.wh.nothing"), Text("only/kept"), Text("only/.wh.kept"), Text("implied/.wh.nothing"),
            Text(".wh..wh.plnk/x"), Text(".wh..wh.aufs"), (Entry(TarEntryType.CharacterDevice, "only/device"), ""), Text(".wh.e"), Text("e/below"));

        root.Directory.Shell($"mkdir up work merged; mount -t overlay -o index=off,lowerdir={upper}:{lower},upperdir=up,workdir=work overlay merged");
        try
        {
            Assert.Equal(
                "a a/stays b b/new c c/new d d/new e e/below implied only only/kept",
                root.Directory.Shell("cd merged; find . -mindepth 1 | sed s:./:: | LC_ALL=C sort | tr '\\n' ' '").TrimEnd());
        }
        finally
        {
            root.Directory.Shell("umount merged");
        }
    }

    [Theory]
    [InlineData(".wh.")]
    [InlineData("a/.wh.")]
    [InlineData(".wh..")]
    [InlineData(".wh...")]
    [InlineData(".wh./a")]
    public void A_whiteout_of_no_name_is_refused(string name)
    {
        root.WriteTar("bad", Text(name));
        Refused("ImageUnsafePath", Bytes("bad"), new());
    }

    [Fact]
    public void The_limit_holds_for_all_layers_together()
    {
        var ingest = root.Engine.Images.BeginIngest(staging, 5_000_000, default);
        ingest.Take(new MemoryStream(Bytes("plain")), new());
        root.Directory.Shell("head -c 100000000 /dev/zero | gzip > bomb");

        Assert.Equal("ImageTooLarge", Assert.Throws<CanException>(() => ingest.Take(new MemoryStream(Bytes("gzip")), new())).ErrorId);
        Assert.Equal("ImageTooLarge", Assert.Throws<CanException>(() => ingest.Take(new MemoryStream(Bytes("bomb")), new())).ErrorId);
    }

    private string Layer(string file, params (TarEntry Entry, string Data)[] entries)
    {
        root.WriteTar(file, entries);
        using var stream = File.OpenRead(root.Directory[file]);
        var staged = Ingest.Take(stream, new());
        Publish();
        return root.Engine.Root.LayerRoot(staged.DiffId);
    }

    private void Publish()
    {
        using (root.Engine.Images.Content.Lock(default))
        {
            staging.Publish();
        }
    }

    private void Refused(string id, byte[] bytes, LayerExpectation expected)
    {
        var error = Assert.Throws<CanException>(() => Ingest.Take(new MemoryStream(bytes), expected));
        Assert.Equal(id, error.ErrorId);
        Assert.Equal(CanErrorCategory.InvalidData, error.Category);
    }
}
