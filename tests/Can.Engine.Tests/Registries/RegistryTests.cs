using Can.Engine.Images.Registries;
using Can.Engine.Storage.Content;
using static Can.Engine.Tests.Images.ImageRoot;

namespace Can.Engine.Tests.Registries;

/// <summary>Images to and from a real registry, with skopeo as a witness.</summary>
public sealed class RegistryTests : IDisposable
{
    private readonly TransferRoot root = new();

    public void Dispose() => root.Dispose();

    [RegistryFact]
    public void Gives_back_what_it_was_given()
    {
        using var registry = new DockerRegistry();
        var image = Import("a");
        var sent = root.Send("team/app:1", $"{registry.Name}/team/app:1");
        Assert.Equal((image.Digest, image.Id, $"{registry.Name}/team/app:1"), (sent.Digest, sent.Id, sent.Reference));
        Assert.Equal(0, sent.Mounted + sent.Present);
        using var other = new TransferRoot();
        var received = other.Receive($"{registry.Name}/team/app:1");
        Assert.Equal((image.Id, image.Digest), (received.Id, received.Digest));
        Assert.Equal("a"u8.ToArray(), other.ReadFile(received, "a"));
        Assert.Equal(Blobs(root, image.Digest), Blobs(other, image.Digest));
    }

    [RegistryFact]
    public void Sends_nothing_twice()
    {
        using var registry = new DockerRegistry();
        Import("a");
        var first = root.Send("team/app:1", $"{registry.Name}/team/app:1");
        var again = root.Send("team/app:1", $"{registry.Name}/team/app:2");
        Assert.Equal((0, first.Uploaded), (again.Uploaded, again.Present));
    }

    [RegistryFact]
    public void Lets_the_registry_take_a_blob_from_its_other_repository()
    {
        using var registry = new DockerRegistry();
        Import("a");
        var first = root.Send("team/app:1", $"{registry.Name}/team/app:1");
        root.Engine.Images.AddReferences("team/app:1", [$"{registry.Name}/team/app:1"]);
        var mounted = root.Send("team/app:1", $"{registry.Name}/other/app:1");
        Assert.Equal((0, first.Uploaded), (mounted.Uploaded, mounted.Mounted));

        // A repository that has it according to its name only.
        root.Engine.Images.AddReferences("team/app:1", [$"{registry.Name}/a/never:1"]);
        using var empty = new DockerRegistry();
        root.Engine.Images.AddReferences("team/app:1", [$"{empty.Name}/never/app:1"]);
        Assert.Equal(first.Uploaded, root.Send("team/app:1", $"{empty.Name}/other/app:1").Uploaded);
    }

    [RegistryFact]
    public void Asks_for_a_destination_when_there_is_none_or_several()
    {
        var image = Import("a");
        root.Engine.Images.AddReferences(image.Id, ["localhost:1/b:1"]);
        EngineFixture.Fails("DestinationMissing", () => root.Send(image.Id));
        EngineFixture.Fails("ImageNotFound", () => root.Send("nosuch"));
    }

    [RegistryFact(Needs = "skopeo")]
    public void Sends_what_skopeo_reads()
    {
        using var registry = new DockerRegistry();
        var image = Import("a");
        root.Send("team/app:1", $"{registry.Name}/team/app:1");
        var shell = root.Files.Directory;
        Assert.Equal(image.Digest, shell.Shell($"skopeo inspect --tls-verify=false docker://{registry.Name}/team/app:1 --format '{{{{.Digest}}}}'").Trim());
        shell.Shell($"skopeo copy --insecure-policy --src-tls-verify=false docker://{registry.Name}/team/app:1 dir:copied");
        Assert.True(File.Exists(shell[$"copied/{image.Id}"]));
    }

    [RegistryFact(Needs = "skopeo")]
    public void Receives_what_skopeo_has_sent()
    {
        using var registry = new DockerRegistry();
        var image = Import("a");
        foreach (var format in (string[])["oci", "v2s2"])
        {
            var target = $"{registry.Name}/team/{format}:1";
            root.Files.Directory.Shell(
                $"skopeo copy --insecure-policy --dest-tls-verify=false --dest-compress --format {format} --digestfile digest oci:{root.Engine.Images.Content.Layout}:team/app:1 docker://{target}");
            using var other = new TransferRoot();
            var received = other.Receive(target);
            Assert.Equal(File.ReadAllText(root.Files.Directory["digest"]).Trim(), received.Digest);
            Assert.Equal(image.Layers, received.Layers);
            Assert.Equal("a"u8.ToArray(), other.ReadFile(received, "a"));

            // What came goes on to others as it came.
            Assert.Equal(received.Digest, other.Send(target, $"{registry.Name}/again/{format}:1").Digest);
        }
    }

    [RegistryFact]
    public void Trusts_an_authority_that_was_put_there_and_logs_in()
    {
        using var registry = new DockerRegistry(secured: true);
        var reference = $"{registry.Name}/team/app:1";
        var user = new RegistryOptions { Credential = new RegistryCredential(DockerRegistry.User, DockerRegistry.Password) };
        Import("a");
        var untrusted = EngineFixture.Fails("TlsFailed", () => root.Engine.Registries.Connect(registry.Name, user, CancellationToken.None));
        Assert.Contains("Test authority", untrusted.Message);
        Trust(registry);

        EngineFixture.Fails("RegistryUnauthorized", () => root.Engine.Images.Send("team/app:1", reference, new RegistryOptions(), null, CancellationToken.None));
        var wrong = new RegistryOptions { Credential = new RegistryCredential(DockerRegistry.User, "wrong") };
        EngineFixture.Fails("RegistryUnauthorized", () => root.Engine.Registries.Connect(registry.Name, wrong, CancellationToken.None));
        Assert.Empty(root.Engine.Registries.List());

        root.Engine.Registries.Connect(registry.Name, user, CancellationToken.None);
        Assert.Equal((registry.Name, DockerRegistry.User), Assert.Single(root.Engine.Registries.List()) is var login ? (login.Registry, login.UserName) : default);
        var sent = root.Engine.Images.Send("team/app:1", reference, new RegistryOptions(), null, CancellationToken.None);
        var received = root.Engine.Images.Receive(reference, new RegistryOptions(), null, null, CancellationToken.None);
        Assert.Equal(sent.Digest, received.Digest);

        root.Engine.Registries.Disconnect(registry.Name);
        EngineFixture.Fails("RegistryUnauthorized", () => root.Engine.Images.Receive(reference, new RegistryOptions(), null, null, CancellationToken.None));
        EngineFixture.Fails("RegistryNotConnected", () => root.Engine.Registries.Disconnect(registry.Name));
    }

    [RegistryFact]
    public void Refuses_a_certificate_for_another_name()
    {
        using var registry = new DockerRegistry(secured: true);
        Trust(registry);
        var error = EngineFixture.Fails("TlsFailed", () => root.Engine.Images.Receive($"127.0.0.1:{registry.Port}/x", new RegistryOptions(), null, null, CancellationToken.None));
        Assert.Contains("another name", error.Message);
    }

    [RegistryFact]
    public void Takes_an_untrusted_certificate_when_told_to()
    {
        using var registry = new DockerRegistry(secured: true);
        var user = new RegistryOptions { AllowInsecure = true, Credential = new RegistryCredential(DockerRegistry.User, DockerRegistry.Password) };
        Assert.Equal(registry.Name, root.Engine.Registries.Connect(registry.Name, user, CancellationToken.None).Registry);
    }

    private Can.Engine.Images.Image Import(string name)
    {
        root.Files.WriteTar("image.tar", Text(name, name));
        return root.Files.Import("image.tar", "team/app:1");
    }

    private void Trust(DockerRegistry registry)
    {
        foreach (var name in (string[])[registry.Name, $"127.0.0.1:{registry.Port}"])
        {
            var folder = $"{root.Engine.Root.State}/registries/certs.d/{name}";
            Directory.CreateDirectory(folder);
            File.WriteAllText($"{folder}/ca.crt", registry.Authority);
        }
    }

    /// <summary>All bytes of an image, by digest.</summary>
    private static IEnumerable<string> Blobs(TransferRoot from, string digest)
    {
        Assert.True(Digest.TryParse(digest, out var manifest));
        var record = from.Engine.Images.Catalog.Describe(from.Engine.Images.Catalog.Visible.First(entry => entry.Digest == manifest));
        return record.Blobs.Select(blob => Digest.Of(File.ReadAllBytes(from.Engine.Images.Content.Blobs.PathOf(blob))).Hex).Order();
    }
}
