using System.Text;
using Can.Engine.Images;
using Can.Engine.Images.Importing;
using Can.Engine.Images.Oci;
using Can.Engine.Storage.Content;

namespace Can.Engine.Tests.Images;

/// <summary>An image of several layers whose configuration is written by the test.</summary>
internal static class HandMadeImage
{
    /// <summary>Puts an image into the store.</summary>
    /// <param name="engine">Whose.</param>
    /// <param name="references">Its references.</param>
    /// <param name="members">Members of its configuration as JSON, beside platform and layers: <c>"config":{…},"history":[…]</c>.</param>
    /// <param name="layers">Files with its layers, lowest first, compressed or not.</param>
    public static Image Store(CanEngine engine, string[] references, string members, params string[] layers) =>
        Store(engine, MediaTypes.OciManifest, references, members, layers);

    /// <summary>Puts an image into the store as Docker's registries have them: the media types are Docker's own.</summary>
    public static Image StoreDocker(CanEngine engine, string[] references, params string[] layers) =>
        Store(engine, MediaTypes.DockerManifest, references, "", layers);

    private static Image Store(CanEngine engine, string type, string[] references, string members, string[] layers)
    {
        var isDocker = type == MediaTypes.DockerManifest;
        using var staging = engine.Images.BeginStaging(CancellationToken.None);
        var ingest = engine.Images.BeginIngest(staging, null, CancellationToken.None);
        var staged = Array.ConvertAll(layers, layer =>
        {
            using var file = File.OpenRead(layer);
            return ingest.Take(file, new LayerExpectation());
        });
        var diffIds = string.Join(',', staged.Select(static layer => $"\"sha256:{layer.DiffId}\""));
        var platform = $"\"architecture\":\"{OciConfiguration.Architecture}\",\"os\":\"linux\"";
        var configuration = Encoding.UTF8.GetBytes($$$"""{{{{platform}}},{{{members}}}{{{(members.Length > 0 ? "," : "")}}}"rootfs":{"type":"layers","diff_ids":[{{{diffIds}}}]}}""");
        var manifest = OciWriter.Write(new OciManifest
        {
            SchemaVersion = 2,
            MediaType = type,
            Config = new OciDescriptor { MediaType = isDocker ? MediaTypes.DockerConfiguration : MediaTypes.OciConfiguration, Digest = staging.AddBlob(configuration), Size = configuration.Length },
            Layers = [.. staged.Select(layer => isDocker ? layer.Blob with { MediaType = MediaTypes.DockerLayerGzip } : layer.Blob)],
        });
        var descriptor = new OciDescriptor { MediaType = type, Digest = staging.AddBlob(manifest), Size = manifest.Length };
        engine.Images.Publish(staging, [(descriptor, Array.ConvertAll(references, static reference => ImageReference.Parse(reference).ToString()))], CancellationToken.None);
        return engine.Images.Get(Digest.Of(configuration).Hex);
    }
}
