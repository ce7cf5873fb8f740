using Can.Engine.Images;
using Can.Engine.Images.Oci;
using Can.Engine.Images.Registries;
using Can.Engine.Storage.Content;

namespace Can.Engine.Tests.Registries;

/// <summary>Receiving images from a registry that is not always good.</summary>
public sealed class ReceiveTests : IDisposable
{
    private readonly WildRegistry registry = new();
    private readonly TransferRoot root = new();

    private string Reference => $"{registry.Name}/team/app:1";

    public void Dispose()
    {
        root.Dispose();
        registry.Dispose();
    }

    [RootFact]
    public void Receives_an_image_byte_for_byte()
    {
        var layers = new[] { root.Layer("a"), root.Layer("b"), root.Layer("c"), root.Layer("d") };
        var digest = TransferRoot.Publish(registry, "team/app", "1", layers);
        var image = root.Receive(Reference);
        Assert.Equal([Reference], image.References);
        Assert.Equal(digest.ToString(), image.Digest);
        Assert.Equal(layers.Select(layer => layer.DiffId.Hex), image.Layers);
        Assert.Equal(["true"], image.Configuration.Command);
        Assert.All(layers, layer => Assert.Equal(layer.Blob, File.ReadAllBytes(root.Engine.Images.Content.Blobs.PathOf(Digest.Of(layer.Blob)))));
        Assert.Equal(100_000, root.ReadFile(image, "d").Length);
        Assert.Empty(root.Kept);
    }

    [RootFact]
    public void Receives_by_digest()
    {
        var digest = TransferRoot.Publish(registry, "team/app", "1", root.Layer("a"));
        var reference = $"{registry.Name}/team/app@{digest}";
        Assert.Equal([reference], root.Receive(reference).References);
    }

    [RootFact]
    public void Does_not_transfer_what_is_there()
    {
        var (common, own) = (root.Layer("common"), root.Layer("own"));
        TransferRoot.Publish(registry, "team/app", "1", common);
        TransferRoot.Publish(registry, "team/app", "2", common, own);
        var progress = new TransferProgress();
        root.Receive(Reference);
        root.Keep(Digest.Of(common.Blob), common.Blob[..10]);
        root.Engine.Images.Receive($"{registry.Name}/team/app:2", new RegistryOptions { AllowInsecure = true }, null, progress, CancellationToken.None);
        root.Receive($"{registry.Name}/team/app:2");
        Assert.Equal(1, registry.Count("GET", $"/v2/team/app/blobs/{Digest.Of(common.Blob)}"));
        Assert.Equal(1, registry.Count("GET", $"/v2/team/app/blobs/{Digest.Of(own.Blob)}"));
        Assert.Equal([BlobTransferState.Present, BlobTransferState.Done], progress.Blobs.Select(blob => blob.State));
        Assert.Equal(own.Blob.Length, progress.Blobs[1].Done);
        Assert.Empty(root.Kept);
    }

    [RootFact]
    public void Goes_on_where_a_connection_broke()
    {
        var layer = root.Layer("a");
        TransferRoot.Publish(registry, "team/app", "1", layer);
        registry.Misbehave = (request, before) => IsBlob(request, layer.Blob) && before == 0
            ? new WildAnswer(200, layer.Blob) { CutAfter = 70_000 }
            : null;
        root.Receive(Reference);
        Assert.Equal([0, 70_000], registry.Requests.Where(request => IsBlob(request, layer.Blob)).Select(request => request.From));
    }

    [RootFact]
    public void Goes_on_without_ranges_too()
    {
        var layer = root.Layer("a");
        TransferRoot.Publish(registry, "team/app", "1", layer);
        registry.Misbehave = (request, before) => IsBlob(request, layer.Blob) ? new WildAnswer(200, layer.Blob) { CutAfter = before == 0 ? 70_000 : null } : null;
        Assert.Equal(100_000, root.ReadFile(root.Receive(Reference), "a").Length);
    }

    [RootFact]
    public async Task Keeps_what_has_come_when_it_is_stopped_and_asks_for_the_rest_only()
    {
        var (whole, cut) = (root.Layer("whole"), root.Layer("cut"));
        TransferRoot.Publish(registry, "team/app", "1", whole, cut);
        registry.Misbehave = (request, _) => IsBlob(request, cut.Blob) ? new WildAnswer(200, cut.Blob) { Pause = (60_000, Task.Delay(Timeout.Infinite)) } : null;
        using var stop = new CancellationTokenSource();
        var progress = new TransferProgress();
        var work = Task.Run(() => root.Engine.Images.Receive(Reference, new RegistryOptions { AllowInsecure = true }, null, progress, stop.Token));
        EngineFixture.Eventually(() => progress.Blobs is [{ State: BlobTransferState.Done }, { Done: 60_000 }], "one layer is whole and the other half");
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => work);
        Assert.Equal(60_000, root.Kept[Digest.Of(cut.Blob).Hex]);
        Assert.Equal(whole.Blob.Length, root.Kept[Digest.Of(whole.Blob).Hex]);
        root.Files.AssertEmpty();

        registry.Misbehave = static (_, _) => null;
        root.Receive(Reference);
        Assert.Equal(60_000, registry.Requests.Last(request => IsBlob(request, cut.Blob)).From);
        Assert.Equal(1, registry.Count("GET", $"/v2/team/app/blobs/{Digest.Of(whole.Blob)}"));
        Assert.Empty(root.Kept);
    }

    [RootTheory]
    [InlineData(50_000)]
    [InlineData(200_000)]
    public void Begins_anew_when_what_was_kept_is_bad(int length)
    {
        var layer = root.Layer("a");
        TransferRoot.Publish(registry, "team/app", "1", layer);
        root.Keep(Digest.Of(layer.Blob), new byte[length]);
        Assert.Equal(100_000, root.ReadFile(root.Receive(Reference), "a").Length);
        Assert.Equal(0, registry.Requests.Last(request => IsBlob(request, layer.Blob)).From);
        Assert.Empty(root.Kept);
    }

    [RootFact]
    public void Refuses_a_layer_with_another_digest()
    {
        var (layer, other) = (root.Layer("a"), root.Layer("b"));
        TransferRoot.Publish(registry, "team/app", "1", layer);
        registry.Content[$"/v2/team/app/blobs/{Digest.Of(layer.Blob)}"] = (Padded(other.Blob, layer.Blob.Length), "");
        EngineFixture.Fails("DigestMismatch", () => root.Receive(Reference));
        root.AssertNothing();
    }

    [RootFact]
    public void Refuses_a_layer_of_another_configuration()
    {
        var (layer, other) = (root.Layer("a"), root.Layer("b"));
        TransferRoot.Publish(registry, "team/app", "1", (layer.Blob, other.DiffId));
        EngineFixture.Fails("DiffIdMismatch", () => root.Receive(Reference));
        root.AssertNothing();
    }

    [RootFact]
    public void Says_that_a_layer_is_too_short_and_keeps_it()
    {
        var layer = root.Layer("a");
        TransferRoot.Publish(registry, "team/app", "1", layer);
        registry.Misbehave = (request, _) => IsBlob(request, layer.Blob) && request.From == 0 ? new WildAnswer(200, layer.Blob[..50_000]) : IsBlob(request, layer.Blob) ? new WildAnswer(416) : null;
        EngineFixture.Fails("BlobTruncated", () => root.Receive(Reference));
        root.Files.AssertEmpty();
        Assert.Equal(50_000, Assert.Single(root.Kept).Value);
    }

    [RootFact]
    public void Says_that_a_connection_breaks_again_and_again()
    {
        var layer = root.Layer("a");
        TransferRoot.Publish(registry, "team/app", "1", layer);
        registry.Misbehave = (request, _) => IsBlob(request, layer.Blob) ? new WildAnswer(200, layer.Blob) { CutAfter = 10 } : null;
        EngineFixture.Fails("BlobTruncated", () => root.Receive(Reference));
        root.Files.AssertEmpty();
    }

    [RootFact]
    public void Refuses_a_layer_that_is_too_long()
    {
        var layer = root.Layer("a");
        TransferRoot.Publish(registry, "team/app", "1", layer);
        registry.Misbehave = (request, _) => IsBlob(request, layer.Blob) ? new WildAnswer(200, Padded(layer.Blob, layer.Blob.Length + 1)) : null;
        EngineFixture.Fails("SizeMismatch", () => root.Receive(Reference));
        root.AssertNothing();
    }

    [RootTheory]
    [InlineData("""{"schemaVersion":2,""", MediaTypes.OciManifest, "RegistryError")]
    [InlineData("[]", "text/plain", "ManifestUnsupported")]
    [InlineData("""{"schemaVersion":2}""", MediaTypes.OciManifest, "RegistryError")]
    [InlineData("""{"schemaVersion":2,"config":{"digest":"md5:abc","size":1},"layers":[]}""", MediaTypes.OciManifest, "RegistryError")]
    [InlineData("""{"schemaVersion":1}""", "application/vnd.docker.distribution.manifest.v1+prettyjws", "ManifestUnsupported")]
    [InlineData("""{"schemaVersion":2,"manifests":[{"digest":"sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a","size":2,"platform":{"os":"plan9","architecture":"mips"}}]}""", MediaTypes.OciIndex, "PlatformNotFound")]
    public void Refuses_a_manifest_that_is_no_image_for_it(string json, string type, string errorId)
    {
        registry.AddManifest("team/app", "1", json, type);
        EngineFixture.Fails(errorId, () => root.Receive(Reference));
        root.AssertNothing();
    }

    [RootFact]
    public void Refuses_an_artifact()
    {
        var blob = registry.AddBlob("team/app", "{}"u8.ToArray());
        registry.AddManifest("team/app", "1", $$"""{"schemaVersion":2,"config":{"mediaType":"application/vnd.oci.empty.v1+json","digest":"{{blob.Digest}}","size":2},"layers":[]}""");
        EngineFixture.Fails("ManifestUnsupported", () => root.Receive(Reference));
    }

    [RootFact]
    public void Takes_the_image_for_this_machine_out_of_an_index()
    {
        var digest = TransferRoot.Publish(registry, "team/app", "own", root.Layer("a"));
        var manifest = registry.Content[$"/v2/team/app/manifests/{digest}"];
        registry.AddManifest("team/app", "1", $$$"""
            {"schemaVersion":2,"manifests":[
              {"mediaType":"{{{MediaTypes.OciManifest}}}","digest":"{{{Digest.Of("x"u8)}}}","size":1,"platform":{"os":"linux","architecture":"s390x"}},
              {"mediaType":"{{{MediaTypes.OciManifest}}}","digest":"{{{Digest.Of("y"u8)}}}","size":1,"platform":{"os":"unknown","architecture":"unknown"}},
              {"mediaType":"{{{MediaTypes.OciManifest}}}","digest":"{{{digest}}}","size":{{{manifest.Body.Length}}},"platform":{"os":"linux","architecture":"{{{OciConfiguration.Architecture}}}"}}]}
            """, MediaTypes.OciIndex);
        var image = root.Receive(Reference);
        Assert.Equal((digest.ToString(), Reference), (image.Digest, Assert.Single(image.References)));
    }

    [RootFact]
    public void Takes_the_image_for_another_platform_when_asked_to()
    {
        var own = TransferRoot.Publish(registry, "team/app", "own", root.Layer("a"));
        var other = TransferRoot.Publish(registry, "team/app", "other", "s390x", [root.Layer("b")]);
        var entries = new[] { (own, OciConfiguration.Architecture), (other, "s390x") }.Select(entry =>
            $$$"""{"mediaType":"{{{MediaTypes.OciManifest}}}","digest":"{{{entry.Item1}}}","size":{{{registry.Content[$"/v2/team/app/manifests/{entry.Item1}"].Body.Length}}},"platform":{"os":"linux","architecture":"{{{entry.Item2}}}"}}""");
        registry.AddManifest("team/app", "1", $$"""{"schemaVersion":2,"manifests":[{{string.Join(',', entries)}}]}""", MediaTypes.OciIndex);

        var image = Receive(Reference, "linux/s390x");

        Assert.Equal((other.ToString(), "linux/s390x"), (image.Digest, image.Platform));
        Assert.Contains("linux/s390x", EngineFixture.Fails("PlatformNotFound", () => Receive(Reference, "linux/riscv64")).Message);
        EngineFixture.Fails("PlatformInvalid", () => Receive(Reference, "linux//v8"));
    }

    [RootFact]
    public void Refuses_an_image_without_an_index_that_is_for_another_platform()
    {
        TransferRoot.Publish(registry, "team/app", "1", root.Layer("a"));
        Assert.Contains("linux/s390x", EngineFixture.Fails("PlatformNotFound", () => Receive(Reference, "s390x")).Message);
        root.AssertNothing();
        Assert.Equal($"linux/{OciConfiguration.Architecture}", Receive(Reference, $"linux/{OciConfiguration.Architecture}").Platform);
    }

    private Image Receive(string reference, string platform) =>
        root.Engine.Images.Receive(reference, new RegistryOptions { AllowInsecure = true, Platform = platform }, null, null, CancellationToken.None);

    [RootFact]
    public async Task Receives_the_same_image_twice_at_once()
    {
        var layers = Enumerable.Range(0, 5).Select(index => root.Layer($"file{index}")).ToArray();
        TransferRoot.Publish(registry, "team/app", "1", layers);
        var other = new CanEngine(root.Engine.Root);
        other.Registries.Settings = root.Settings;
        var images = await Task.WhenAll(
            Task.Run(() => root.Receive(Reference)),
            Task.Run(() => other.Images.Receive(Reference, new RegistryOptions { AllowInsecure = true }, null, null, CancellationToken.None)));
        Assert.Equal(images[0].Id, images[1].Id);
        Assert.All(layers, layer => Assert.Equal(1, registry.Count("GET", $"/v2/team/app/blobs/{Digest.Of(layer.Blob)}")));
        Assert.Empty(root.Kept);
    }

    private static bool IsBlob(WildRequest request, byte[] blob) => request.Path.EndsWith(Digest.Of(blob).ToString(), StringComparison.Ordinal);

    private static byte[] Padded(byte[] bytes, int length)
    {
        Array.Resize(ref bytes, length);
        return bytes;
    }
}
