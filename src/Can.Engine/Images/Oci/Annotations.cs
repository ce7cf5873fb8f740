namespace Can.Engine.Images.Oci;

/// <summary>Annotations of the index of images.</summary>
/// <remarks>https://github.com/opencontainers/image-spec/blob/main/annotations.md</remarks>
internal static class Annotations
{
    /// <summary>The reference, as <see cref="ImageReference.ToString"/> has it.</summary>
    public const string ReferenceName = "org.opencontainers.image.ref.name";

    /// <summary>When the image came into the store, if its configuration does not say when it was made.</summary>
    public const string Created = "org.opencontainers.image.created";

    /// <summary>Containerd's name for an image, also written by docker save.</summary>
    public const string ContainerdName = "io.containerd.image.name";

    /// <summary>Can's own: the image is being removed and must not be found.</summary>
    public const string Removing = "can.removing";
}
