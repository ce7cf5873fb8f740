using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using static Can.Engine.Tests.Images.ImageRoot;

namespace Can.Engine.Tests.Images;

/// <summary>Makes an image of two layers and writes it as other tools do.</summary>
internal sealed class ImageArchive
{
    private readonly ImageRoot root;

    public ImageArchive(ImageRoot root)
    {
        this.root = root;
        root.WriteTar("lower", Folder("etc"), Text("etc/gone"), Text("file", "lower"));
        root.WriteTar("upper", Text("etc/.wh.gone", ""), Text("file", "upper"));
        root.Directory.Shell("gzip -n < upper > upper.gz");
    }

    public static string Here { get; } = $"linux/{Can.Engine.Images.Oci.OciConfiguration.Architecture}";

    /// <summary>The configuration gives each layer the other's diff id.</summary>
    public bool SwapDiffIds { get; set; }

    /// <summary>docker-archives have the right names and nothing in the layers.</summary>
    public bool EmptyLayers { get; set; }

    public string Id => Hash(Configuration(Here));

    public string ManifestDigest => $"sha256:{Hash(Manifest(Here))}";

    private string[] DiffIds => SwapDiffIds ? [Hash(Bytes("upper")), Hash(Bytes("lower"))] : [Hash(Bytes("lower")), Hash(Bytes("upper"))];

    public void WriteLayout(string directory, params string[] references) =>
        WriteLayout(directory, references.Select(reference => Descriptor("application/vnd.oci.image.manifest.v1+json", Manifest(Here), reference)), [Here]);

    /// <summary>One reference to an index of manifests for these platforms.</summary>
    public void WritePlatforms(string directory, string[] platforms)
    {
        var manifests = platforms.Select(platform =>
        {
            var descriptor = Descriptor("application/vnd.oci.image.manifest.v1+json", Manifest(platform), null);
            descriptor["platform"] = new JsonObject { ["os"] = platform.Split('/')[0], ["architecture"] = platform.Split('/')[1] };
            return descriptor;
        });
        var index = Json(new JsonObject { ["schemaVersion"] = 2, ["manifests"] = new JsonArray([.. manifests]) });
        WriteLayout(directory, [Descriptor("application/vnd.oci.image.index.v1+json", index, "multi:1")], platforms);
        WriteBlob(directory, index);
    }

    public void WriteDocker(string file, params string[] references) => WriteDocker(file, [references]);

    /// <summary>One entry for each list of references, with configurations that differ.</summary>
    public void WriteDocker(string file, params string[][] references)
    {
        var configurations = references.Select((_, i) => Configuration(Here, i)).ToList();
        var names = configurations.Select(bytes => (string?)$"{Hash(bytes)}.json").ToList();
        var layers = new[] { $"{Hash(Bytes("lower"))}.tar", $"{Hash(Bytes("upper"))}.tar" };
        var manifest = new JsonArray([.. names.Select((name, i) => DockerImage(name!, references[i], layers))]);
        root.WriteTar(
            file,
            [.. configurations.Select((bytes, i) => Data(names[i]!, bytes)), Data(layers[0], EmptyLayers ? [] : Bytes("lower")), Data(layers[1], EmptyLayers ? [] : Bytes("upper")), Data("manifest.json", Json(manifest))]);
    }

    /// <summary>Layers are links, one as docker save's and one as podman save's.</summary>
    public void WriteDockerWithLinks(string file, params string[] references)
    {
        var (id, other) = (new string('1', 64), new string('2', 64));
        var configuration = Configuration(Here);
        root.WriteTar(
            file,
            Folder($"{id}/"),
            Link($"{id}/layer.tar", $"../{other}/layer.tar"),
            Folder($"{other}/"),
            Text($"{other}/VERSION", "1.0"),
            Text($"{other}/json", "{}"),
            Data($"{other}/layer.tar", Bytes("lower")),
            Data("top.tar", Bytes("upper.gz")),
            Data($"{Hash(configuration)}.json", configuration),
            Data("manifest.json", Json(new JsonArray(DockerImage($"{Hash(configuration)}.json", references, [$"{id}/layer.tar", "top.tar"])))));
    }

    public void Damage(string directory, string file, string how)
    {
        file = file.Replace("LAYER", Hash(Bytes("upper.gz")), StringComparison.Ordinal).Replace("CONFIG", Id, StringComparison.Ordinal).Replace("MANIFEST", Hash(Manifest(Here)), StringComparison.Ordinal);
        var path = root.Directory[$"{directory}/{file}"];
        var bytes = File.ReadAllBytes(path);
        switch (how)
        {
            case "flip":
                bytes[bytes.Length / 2] ^= 0x01;
                File.WriteAllBytes(path, bytes);
                break;
            case "cut":
                File.WriteAllBytes(path, bytes[..^7]);
                break;
            case "longer":
                File.WriteAllBytes(path, [.. bytes, 0]);
                break;
            case "huge":
                File.WriteAllText(path, "{\"x\":\"" + new string('x', 100_000_000) + "\"}");
                break;
            case "deep":
                File.WriteAllText(path, new string('[', 1_000_000));
                break;
            default:
                File.Delete(path);
                break;
        }
    }

    /// <summary>Empties the files of the layers.</summary>
    public void ForgetLayers(string directory)
    {
        foreach (var layer in new[] { "lower", "upper.gz" })
        {
            File.WriteAllBytes(root.Directory[$"{directory}/blobs/sha256/{Hash(Bytes(layer))}"], []);
        }
    }

    private static JsonObject DockerImage(string configuration, string[] references, string[] layers) => new()
    {
        ["Config"] = configuration,
        ["RepoTags"] = new JsonArray([.. references.Select(text => (JsonNode)text)]),
        ["Layers"] = new JsonArray([.. layers.Select(text => (JsonNode)text)]),
    };

    private void WriteLayout(string directory, IEnumerable<JsonObject> manifests, string[] platforms)
    {
        Directory.CreateDirectory(root.Directory[$"{directory}/blobs/sha256"]);
        File.WriteAllText(root.Directory[$"{directory}/oci-layout"], """{"imageLayoutVersion":"1.0.0"}""");
        File.WriteAllBytes(root.Directory[$"{directory}/index.json"], Json(new JsonObject { ["schemaVersion"] = 2, ["manifests"] = new JsonArray([.. manifests]) }));
        foreach (var blob in platforms.SelectMany(platform => new[] { Manifest(platform), Configuration(platform), Bytes("lower"), Upper(platform) }))
        {
            WriteBlob(directory, blob);
        }
    }

    private void WriteBlob(string directory, byte[] bytes) => File.WriteAllBytes(root.Directory[$"{directory}/blobs/sha256/{Hash(bytes)}"], bytes);

    /// <summary>Another platform has a layer of its own.</summary>
    private byte[] Upper(string platform)
    {
        if (platform == Here)
        {
            return Bytes("upper.gz");
        }

        root.WriteTar("other", Text("platform", platform));
        return Bytes("other");
    }

    private byte[] Manifest(string platform) => Json(new JsonObject
    {
        ["schemaVersion"] = 2,
        ["mediaType"] = "application/vnd.oci.image.manifest.v1+json",
        ["config"] = Descriptor("application/vnd.oci.image.config.v1+json", Configuration(platform), null),
        ["layers"] = new JsonArray(
            Descriptor("application/vnd.oci.image.layer.v1.tar", Bytes("lower"), null),
            Descriptor("application/vnd.oci.image.layer.v1.tar+gzip", Upper(platform), null)),
        ["annotations"] = new JsonObject { ["kept"] = "byte for byte" },
    });

    private byte[] Configuration(string platform, int number = 0)
    {
        var diffIds = platform == Here ? DiffIds : [DiffIds[0], Hash(Upper(platform))];
        return Json(new JsonObject
        {
            ["os"] = platform.Split('/')[0],
            ["architecture"] = platform.Split('/')[1],
            ["created"] = $"2024-01-0{number + 1}T00:00:00Z",
            ["unknown"] = "kept",
            ["config"] = new JsonObject { ["Cmd"] = new JsonArray("/bin/sh") },
            ["rootfs"] = new JsonObject { ["type"] = "layers", ["diff_ids"] = new JsonArray([.. diffIds.Select(id => (JsonNode)$"sha256:{id}")]) },
        });
    }

    private static JsonObject Descriptor(string type, byte[] content, string? reference)
    {
        var descriptor = new JsonObject { ["mediaType"] = type, ["digest"] = $"sha256:{Hash(content)}", ["size"] = content.Length };
        if (reference is not null)
        {
            descriptor["annotations"] = new JsonObject { ["org.opencontainers.image.ref.name"] = reference };
        }

        return descriptor;
    }

    private byte[] Bytes(string file) => File.ReadAllBytes(root.Directory[file]);

    private static (Can.Engine.Images.Tar.TarEntry Entry, string Data) Data(string name, byte[] bytes) => Text(name, Encoding.Latin1.GetString(bytes));

    private static byte[] Json(JsonNode node) => JsonSerializer.SerializeToUtf8Bytes(node);

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
