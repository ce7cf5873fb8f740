using System.Net;
using System.Net.Sockets;
using System.Text;
using Can.Engine.Images;
using Can.Engine.Images.Oci;
using Can.Engine.Images.Registries;
using Can.Engine.Images.Registries.Protocol;
using Can.Engine.Storage.Content;
using static Can.Engine.Tests.Registries.Protocols;

namespace Can.Engine.Tests.Registries;

/// <summary>The client against a server that does what a good registry never does.</summary>
public sealed class ProtocolTests : IDisposable
{
    private readonly WildRegistry registry = new();

    private ImageReference Reference => ImageReference.Parse($"{registry.Name}/team/app:1");

    public void Dispose() => registry.Dispose();

    [Fact]
    public async Task Gives_a_manifest_as_it_is()
    {
        var digest = registry.AddManifest("team/app", "1", """{ "schemaVersion": 2 }""", MediaTypes.DockerManifest);
        using var client = await registry.OpenAsync();
        var manifest = await client.ReadManifestAsync(Reference, CancellationToken.None);
        Assert.Equal(("""{ "schemaVersion": 2 }""", digest, MediaTypes.DockerManifest), (Encoding.UTF8.GetString(manifest.Bytes), manifest.Digest, manifest.ContentType));
        var accepted = registry.Requests[^1].Header("Accept");
        Assert.All([MediaTypes.OciIndex, MediaTypes.OciManifest, MediaTypes.DockerList, MediaTypes.DockerManifest], type => Assert.Contains(type, accepted));
    }

    [Theory]
    [InlineData(401, "RegistryUnauthorized")]
    [InlineData(403, "RegistryUnauthorized")]
    [InlineData(404, "ManifestUnknown")]
    [InlineData(418, "RegistryError")]
    [InlineData(429, "RegistryTooManyRequests")]
    [InlineData(500, "RegistryError")]
    [InlineData(503, "RegistryError")]
    public async Task Says_what_the_registry_says(int status, string errorId)
    {
        registry.Misbehave = (request, _) => request.Path == "/v2/" ? null : new WildAnswer(status, """{"errors":[{"code":"ODD","message":"so it is\u001b[31m"}]}""");
        using var client = await registry.OpenAsync();
        var error = await FailsAsync(errorId, () => client.ReadManifestAsync(Reference, CancellationToken.None));
        Assert.Contains("ODD: so it is", error.Message);
        Assert.DoesNotContain('\u001b', error.Message);
        Assert.Contains(registry.Name, error.Message);
    }

    [Theory]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task Tries_again_what_may_pass(int status)
    {
        var digest = registry.AddManifest("team/app", "1", "{}");
        registry.Misbehave = (request, before) => request.Path != "/v2/" && before < 2 ? new WildAnswer(status, "", ("Retry-After", "0")) : null;
        using var client = await registry.OpenAsync();
        Assert.Equal(digest, (await client.ReadManifestAsync(Reference, CancellationToken.None)).Digest);
        Assert.Equal(3, registry.Count("GET", "/v2/team/app/manifests/1"));
    }

    [Fact]
    public async Task Does_not_wait_longer_than_is_sensible()
    {
        registry.Misbehave = (request, _) => request.Path == "/v2/" ? null : new WildAnswer(429, "", ("Retry-After", "86400"));
        using var client = await registry.OpenAsync();
        var error = await FailsAsync("RegistryTooManyRequests", () => client.ReadManifestAsync(Reference, CancellationToken.None));
        Assert.Contains("86400 seconds", error.Message);
        Assert.Equal(1, registry.Count("GET", "/v2/team/app/manifests/1"));
    }

    [Fact]
    public async Task Stops_at_once_while_it_waits_for_the_next_attempt()
    {
        using var stop = new CancellationTokenSource();
        registry.Misbehave = (request, _) =>
        {
            if (request.Path == "/v2/")
            {
                return null;
            }

            stop.Cancel();
            return new WildAnswer(429, "", ("Retry-After", "50"));
        };
        using var client = await registry.OpenAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.ReadManifestAsync(Reference, stop.Token));
    }

    [Fact]
    public async Task Goes_on_after_a_connection_that_broke_before_the_answer()
    {
        var digest = registry.AddManifest("team/app", "1", "{}");
        registry.Misbehave = (request, before) => request.Path != "/v2/" && before == 0 ? new WildAnswer(200, "{}") { CutAfter = 1 } : null;
        using var client = await registry.OpenAsync();
        Assert.Equal(digest, (await client.ReadManifestAsync(Reference, CancellationToken.None)).Digest);
    }

    [Fact]
    public async Task Refuses_a_manifest_with_another_digest()
    {
        var digest = registry.AddManifest("team/app", "1", "{}");
        registry.Content[$"/v2/team/app/manifests/{digest}"] = ("{ }"u8.ToArray(), MediaTypes.OciManifest);
        using var client = await registry.OpenAsync();
        await FailsAsync("DigestMismatch", () => client.ReadManifestAsync(Reference.WithDigest(digest), CancellationToken.None));
        registry.Misbehave = (request, _) => request.Path == "/v2/" ? null : new WildAnswer(200, "{}", ("Docker-Content-Digest", $"sha256:{new string('0', 64)}"));
        await FailsAsync("DigestMismatch", () => client.ReadManifestAsync(Reference, CancellationToken.None));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(100L << 20)]
    public async Task Refuses_a_manifest_without_measure(long? stated)
    {
        registry.Misbehave = (request, _) => request.Path == "/v2/" ? null : new WildAnswer(200, new byte[5 << 20]) { StatedLength = stated };
        using var client = await registry.OpenAsync();
        await FailsAsync("ManifestTooLarge", () => client.ReadManifestAsync(Reference, CancellationToken.None));
    }

    [Fact]
    public async Task Refuses_a_small_blob_that_is_not_what_it_should_be()
    {
        var blob = registry.AddBlob("team/app", "one"u8.ToArray());
        registry.Content[$"/v2/team/app/blobs/{blob.Digest}"] = ("two"u8.ToArray(), "");
        using var client = await registry.OpenAsync();
        await FailsAsync("DigestMismatch", () => client.ReadBlobAsync("team/app", blob, 100, CancellationToken.None));
        await FailsAsync("BlobUnknown", () => client.ReadBlobAsync("team/app", blob with { Digest = Digest.Of("three"u8) }, 100, CancellationToken.None));
    }

    [Fact]
    public async Task Tells_no_secret_to_the_host_it_is_sent_to()
    {
        using var other = new WildRegistry();
        var blob = registry.AddBlob("team/app", "content"u8.ToArray());
        other.Content["/storage"] = registry.Content[$"/v2/team/app/blobs/{blob.Digest}"];
        registry.Misbehave = (request, _) => request.Header("Authorization") is null ? new WildAnswer(401, "", ("WWW-Authenticate", "Basic realm=\"x\""))
            : request.Path.Contains("/blobs/") ? new WildAnswer(307, "", ("Location", $"http://{other.Name}/storage?signature=1"))
            : null;
        using var client = await registry.OpenAsync(User);
        Assert.Equal("content"u8.ToArray(), await client.ReadBlobAsync("team/app", blob, 100, CancellationToken.None));
        Assert.Equal("/storage?signature=1", Assert.Single(other.Requests).Target);
        Assert.Null(other.Requests[0].Header("Authorization"));
        Assert.NotNull(registry.Requests[^1].Header("Authorization"));
    }

    [Fact]
    public async Task Does_not_follow_redirects_for_ever()
    {
        registry.Misbehave = (request, _) => request.Path == "/v2/" ? null : new WildAnswer(302, "", ("Location", request.Path));
        using var client = await registry.OpenAsync();
        await FailsAsync("RegistryError", () => client.ReadManifestAsync(Reference, CancellationToken.None));
    }

    [Fact]
    public async Task Knows_a_server_that_is_no_registry()
    {
        registry.Misbehave = static (_, _) => new WildAnswer(404, "<html>no</html>");
        await FailsAsync("RegistryError", () => registry.OpenAsync());
    }

    [Fact]
    public async Task Knows_a_server_that_is_not_there()
    {
        using var taken = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var host = new RegistryHost(taken.LocalEndPoint!.ToString()!);
        var error = await FailsAsync("RegistryUnreachable", () => RegistryClient.OpenAsync(host, new RegistryOptions(), Quick, null, CancellationToken.None));
        Assert.Contains("refused", error.Message);
    }

    [Fact]
    public async Task Speaks_without_TLS_only_when_allowed()
    {
        var host = new RegistryHost(registry.Name);
        var error = await FailsAsync("TlsFailed", () => RegistryClient.OpenAsync(host, new RegistryOptions(), Quick, null, CancellationToken.None));
        Assert.Contains("-AllowInsecure", error.Message);
        Assert.Empty(registry.Requests);
    }
}
