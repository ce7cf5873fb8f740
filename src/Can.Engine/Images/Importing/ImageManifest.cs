using Can.Engine.Images.Oci;
using Can.Engine.Storage.Content;

namespace Can.Engine.Images.Importing;

/// <summary>Makes manifests.</summary>
internal static class ImageManifest
{
    /// <summary>Stages a manifest for a staged configuration and staged or pinned layers.</summary>
    public static OciDescriptor Stage(Staging staging, Digest configuration, long configurationSize, IReadOnlyList<OciDescriptor> layers)
    {
        var manifest = new OciManifest
        {
            SchemaVersion = 2,
            MediaType = MediaTypes.OciManifest,
            Config = new OciDescriptor { MediaType = MediaTypes.OciConfiguration, Digest = configuration, Size = configurationSize },
            Layers = layers,
        };
        var bytes = OciWriter.Write(manifest);
        return new OciDescriptor { MediaType = MediaTypes.OciManifest, Digest = staging.AddBlob(bytes), Size = bytes.Length };
    }
}
