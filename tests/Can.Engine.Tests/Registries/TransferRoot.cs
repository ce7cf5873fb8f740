using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Can.Engine.Images;
using Can.Engine.Images.Oci;
using Can.Engine.Images.Registries;
using Can.Engine.Storage.Content;
using Can.Engine.Tests.Images;

namespace Can.Engine.Tests.Registries;

/// <summary>An engine with a root of its own that knows no credentials but its own, and images for registries.</summary>
internal sealed class TransferRoot : IDisposable
{
    public TransferRoot() => Settings = Engine.Registries.Settings with { CredentialFiles = [], Retry = Protocols.Quick.Retry };

    public ImageRoot Files { get; } = new();

    public CanEngine Engine => Files.Engine;

    public RegistrySettings Settings
    {
        get => Engine.Registries.Settings;
        set => Engine.Registries.Settings = value;
    }

    private string Downloads => $"{Engine.Root.State}/downloads";

    /// <summary>Names and lengths of what is kept of downloads.</summary>
    public IReadOnlyDictionary<string, long> Kept =>
        Directory.Exists(Downloads) ? new DirectoryInfo(Downloads).GetFiles().ToDictionary(static file => file.Name, static file => file.Length) : [];

    public void Dispose() => Files.Dispose();

    public Image Receive(string reference) =>
        Engine.Images.Receive(reference, new RegistryOptions { AllowInsecure = true }, null, null, CancellationToken.None);

    public SentImage Send(string reference, string? destination = null) =>
        Engine.Images.Send(reference, destination, new RegistryOptions { AllowInsecure = true }, null, CancellationToken.None);

    /// <summary>Puts a file into the place of what is kept of a download.</summary>
    public void Keep(Digest digest, byte[] bytes)
    {
        Directory.CreateDirectory(Downloads);
        File.WriteAllBytes($"{Downloads}/{digest.Hex}", bytes);
    }

    /// <summary>Nothing but an empty store.</summary>
    public void AssertNothing()
    {
        Files.AssertEmpty();
        Assert.Empty(Kept);
    }

    /// <summary>A file of an image.</summary>
    public byte[] ReadFile(Image image, string name) => File.ReadAllBytes($"{Engine.Root.LayerRoot(image.Layers[^1])}/{name}");

    /// <summary>A layer with one file of noise, compressed.</summary>
    public (byte[] Blob, Digest DiffId) Layer(string name, int length = 100_000)
    {
        var path = $"{Guid.NewGuid():n}.tar";
        Files.WriteTar(path, (ImageRoot.Entry(Can.Engine.Images.Tar.TarEntryType.File, name), Encoding.Latin1.GetString(RandomNumberGenerator.GetBytes(length))));
        var tar = File.ReadAllBytes(Files.Directory[path]);
        var blob = new MemoryStream();
        using (var gzip = new GZipStream(blob, CompressionLevel.Fastest))
        {
            gzip.Write(tar);
        }

        return (blob.ToArray(), Digest.Of(tar));
    }

    /// <summary>Puts an image into a registry.</summary>
    /// <returns>Its manifest's digest.</returns>
    public static Digest Publish(WildRegistry registry, string repository, string tag, params (byte[] Blob, Digest DiffId)[] layers) =>
        Publish(registry, repository, tag, OciConfiguration.Architecture, layers);

    /// <summary>Puts an image for an architecture into a registry.</summary>
    /// <returns>Its manifest's digest.</returns>
    public static Digest Publish(WildRegistry registry, string repository, string tag, string architecture, (byte[] Blob, Digest DiffId)[] layers)
    {
        var configuration = registry.AddBlob(repository, Encoding.UTF8.GetBytes(
            $$$"""{"architecture":"{{{architecture}}}","os":"linux","config":{"Cmd":["true"]},"rootfs":{"type":"layers","diff_ids":[{{{string.Join(',', layers.Select(static layer => $"\"{layer.DiffId}\""))}}}]}}"""));
        var blobs = layers.Select(layer => Descriptor(registry.AddBlob(repository, layer.Blob), MediaTypes.OciLayerGzip));
        return registry.AddManifest(repository, tag, $$"""
            {"schemaVersion":2,"mediaType":"{{MediaTypes.OciManifest}}","config":{{Descriptor(configuration, MediaTypes.OciConfiguration)}},"layers":[{{string.Join(',', blobs)}}]}
            """);
    }

    private static string Descriptor(OciDescriptor blob, string type) => $$"""{"mediaType":"{{type}}","digest":"{{blob.Digest}}","size":{{blob.Size}}}""";
}
