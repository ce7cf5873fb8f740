namespace Can.Engine.Images.Oci;

/// <summary>The media types of images, OCI's and the ones that Docker had before.</summary>
/// <remarks>https://github.com/opencontainers/image-spec/blob/main/media-types.md,
/// https://distribution.github.io/distribution/spec/manifest-v2-2/</remarks>
internal static class MediaTypes
{
    public const string OciIndex = "application/vnd.oci.image.index.v1+json";
    public const string OciManifest = "application/vnd.oci.image.manifest.v1+json";
    public const string OciConfiguration = "application/vnd.oci.image.config.v1+json";
    public const string OciLayer = "application/vnd.oci.image.layer.v1.tar";
    public const string OciLayerGzip = "application/vnd.oci.image.layer.v1.tar+gzip";
    public const string OciLayerZstd = "application/vnd.oci.image.layer.v1.tar+zstd";
    public const string DockerList = "application/vnd.docker.distribution.manifest.list.v2+json";
    public const string DockerManifest = "application/vnd.docker.distribution.manifest.v2+json";
    public const string DockerConfiguration = "application/vnd.docker.container.image.v1+json";
    public const string DockerLayer = "application/vnd.docker.image.rootfs.diff.tar";
    public const string DockerLayerGzip = "application/vnd.docker.image.rootfs.diff.tar.gzip";

    /// <summary>A layer's descriptor for an OCI manifest: Docker's types for the same thing become OCI's.</summary>
    public static OciDescriptor ToOci(OciDescriptor layer) => layer with
    {
        MediaType = layer.MediaType switch
        {
            DockerLayer => OciLayer,
            DockerLayerGzip => OciLayerGzip,
            var other => other,
        },
    };

    /// <summary>Whether it is a list of manifests, one for each platform.</summary>
    public static bool IsIndex(string? type) => type is OciIndex or DockerList;

    /// <summary>Whether it is one image's manifest.</summary>
    public static bool IsManifest(string? type) => type is OciManifest or DockerManifest;
}
