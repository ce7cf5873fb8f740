using System.Text;
using System.Text.Json;
using Can.Engine.Images.Oci;
using Can.Engine.Storage.Content;

namespace Can.Engine.Tests.Images;

public sealed class OciJsonTests
{
    private static readonly Digest Some = Digest.Of("some"u8);

    [Fact]
    public void An_index_comes_back_as_it_was_written()
    {
        var index = new OciIndex
        {
            SchemaVersion = 2,
            MediaType = MediaTypes.OciIndex,
            Manifests =
            [
                new() { MediaType = MediaTypes.OciManifest, Digest = Some, Size = 7, Platform = new() { Architecture = "arm", Os = "linux", Variant = "v7" } },
                new() { Digest = Some, Size = 1L << 40, Annotations = new Dictionary<string, string> { [Annotations.ReferenceName] = "team/app:1" } },
            ],
            Annotations = new Dictionary<string, string> { ["a"] = "ä\n" },
        };

        Assert.Equivalent(index, OciReader.Index(OciWriter.Write(index)), strict: true);
    }

    [Fact]
    public void A_manifest_comes_back_as_it_was_written_with_its_types_readable()
    {
        var manifest = new OciManifest
        {
            SchemaVersion = 2,
            MediaType = MediaTypes.OciManifest,
            Config = new() { MediaType = MediaTypes.OciConfiguration, Digest = Some, Size = 3 },
            Layers = [new() { MediaType = MediaTypes.OciLayerGzip, Digest = Some, Size = 5 }],
        };
        var written = OciWriter.Write(manifest);

        Assert.Equivalent(manifest, OciReader.Manifest(written), strict: true);
        Assert.Contains(MediaTypes.OciLayerGzip, Encoding.UTF8.GetString(written), StringComparison.Ordinal);
    }

    [Fact]
    public void A_configuration_is_read_with_everything_that_containers_get()
    {
        var image = Image("""
            {"architecture":"amd64","os":"linux","created":"2024-05-06T07:08:09.123456789Z","author":"me","rootfs":{"type":"layers","diff_ids":["DIGEST"]},
             "config":{"User":"1:2","ExposedPorts":{"80/tcp":{}},"Env":["A=b"],"Entrypoint":["/e"],"Cmd":["c"],"Volumes":{"/v":{}},"WorkingDir":"/w",
                       "Labels":{"l":"m"},"StopSignal":"SIGINT","OnBuild":null,"Shell":["sh"]},
             "history":[{"created":"2024-05-06T07:08:09Z","created_by":"x","comment":"y","author":"z","empty_layer":true}]}
            """);

        Assert.Equal("amd64 linux me", $"{image.Architecture} {image.Os} {image.Author}");
        Assert.Equal(new DateTimeOffset(2024, 5, 6, 7, 8, 9, TimeSpan.Zero).AddTicks(1234567), image.Created);
        Assert.Equal([Some], image.Rootfs.DiffIds);
        var config = image.Config!;
        Assert.Equal(["1:2", "80/tcp", "A=b", "/e", "c", "/v", "/w", "m", "SIGINT"],
            [config.User!, config.ExposedPorts![0], config.Env![0], config.Entrypoint![0], config.Cmd![0], config.Volumes![0], config.WorkingDir!, config.Labels!["l"], config.StopSignal!]);
        Assert.Equal("x y z True", image.History!.Select(static step => $"{step.CreatedBy} {step.Comment} {step.Author} {step.EmptyLayer}").Single());
    }

    [Fact]
    public void What_Docker_leaves_null_is_nothing() => Assert.Null(
        Image("""{"config":{"Env":null,"Cmd":null,"Volumes":null,"Labels":null},"history":null,"rootfs":{"diff_ids":[]}}""").Config!.Env);

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"rootfs":null}""")]
    [InlineData("""{"rootfs":{}}""")]
    [InlineData("""{"rootfs":{"diff_ids":[null]}}""")]
    [InlineData("""{"rootfs":{"diff_ids":["sha256:12"]}}""")]
    [InlineData("""{"rootfs":{"diff_ids":["DIGEST"]},"config":{"Env":[null]}}""")]
    [InlineData("""{"rootfs":{"diff_ids":["DIGEST"]},"config":{"Labels":{"a":null}}}""")]
    [InlineData("""{"rootfs":{"diff_ids":["DIGEST"]},"config":{"Volumes":["/v"]}}""")]
    [InlineData("""{"rootfs":{"diff_ids":["DIGEST"]},"config":[]}""")]
    [InlineData("""{"rootfs":{"diff_ids":["DIGEST"]},"created":"today"}""")]
    [InlineData("""{"rootfs":{"diff_ids":["DIGEST"]},"history":[null]}""")]
    [InlineData("""{"rootfs":{"diff_ids":["DIGEST"]}""")]
    [InlineData("""{"rootfs":{"diff_ids":["DIGEST"]},"os":"\ud800"}""")]
    public void What_is_no_configuration_is_an_error(string text) => Assert.ThrowsAny<JsonException>(() => Image(text));

    [Theory]
    [InlineData("""{"schemaVersion":2}""")]
    [InlineData("""{"manifests":[]}""")]
    [InlineData("""{"schemaVersion":2,"manifests":[null]}""")]
    [InlineData("""{"schemaVersion":2,"manifests":[{"digest":"DIGEST"}]}""")]
    [InlineData("""{"schemaVersion":2,"manifests":[{"digest":"DIGEST","size":-1}]}""")]
    [InlineData("""{"schemaVersion":2,"manifests":[{"digest":null,"size":1}]}""")]
    [InlineData("""{"schemaVersion":2,"manifests":[{"digest":"DIGEST","size":"1"}]}""")]
    [InlineData("""{"schemaVersion":2,"manifests":[{"digest":"DIGEST","size":1,"annotations":{"a":null}}]}""")]
    public void What_is_no_index_is_an_error(string text) => Assert.ThrowsAny<JsonException>(() => OciReader.Index(Bytes(text)));

    private static OciImage Image(string text) => OciReader.Image(Bytes(text));

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text.Replace("DIGEST", Some.ToString(), StringComparison.Ordinal));
}
