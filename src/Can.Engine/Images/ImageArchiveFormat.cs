namespace Can.Engine.Images;

/// <summary>What an image is exported as.</summary>
public enum ImageArchiveFormat
{
    /// <summary>
    /// A tar that <c>docker load</c> of every version, <c>podman load</c> and <c>skopeo docker-archive:</c> read: manifest.json,
    /// configurations and uncompressed layers. It is an OCI image layout as well, as docker save writes it since version 25.
    /// </summary>
    DockerArchive,

    /// <summary>An OCI image layout in a tar. Every byte is as in the store, so digests stay.</summary>
    OciArchive,

    /// <summary>An OCI image layout in a directory. Every byte is as in the store, so digests stay.</summary>
    OciDirectory,
}
