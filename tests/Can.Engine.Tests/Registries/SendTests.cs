using System.Collections.Concurrent;
using Can.Engine.Images;
using Can.Engine.Images.Oci;
using Can.Engine.Images.Registries;
using Can.Engine.Images.Registries.Protocol;
using Can.Engine.Storage.Content;
using static Can.Engine.Tests.Registries.Protocols;

namespace Can.Engine.Tests.Registries;

/// <summary>Uploads to a registry that does not always take them.</summary>
public sealed class SendTests : IDisposable
{
    private const string Uploads = "/v2/team/app/blobs/uploads/";

    private readonly WildRegistry registry = new();
    private readonly TemporaryDirectory directory = new();
    private readonly byte[] bytes = Noise(1_000_000);
    private readonly BlobTransfer transfer;
    private readonly ConcurrentDictionary<string, byte[]> uploaded = new();

    public SendTests()
    {
        File.WriteAllBytes(directory["blob"], bytes);
        transfer = new TransferProgress().Begin([(Blob.Digest.ToString(), Blob.Size)])[0];
        registry.Misbehave = (request, _) => Accept(request);
    }

    private OciDescriptor Blob => new() { Digest = Digest.Of(bytes), Size = bytes.Length };

    public void Dispose()
    {
        directory.Dispose();
        registry.Dispose();
    }

    [Fact]
    public async Task Uploads_a_blob_in_one_piece()
    {
        Assert.Equal(BlobOutcome.Uploaded, await SendAsync());
        Assert.Equal(bytes, uploaded["/upload/1"]);
        Assert.Equal($"/upload/1?state=2&digest={Uri.EscapeDataString(Blob.Digest.ToString())}", registry.Requests[^1].Target);
        Assert.Equal(bytes.Length, transfer.Done);
    }

    [Theory]
    [InlineData("POST", 503)]
    [InlineData("PATCH", 500)]
    [InlineData("PATCH", 429)]
    [InlineData("PUT", 502)]
    public async Task Uploads_again_what_failed(string method, int status)
    {
        registry.Misbehave = (request, before) => request.Method == method && before == 0 ? new WildAnswer(status) : Accept(request);
        Assert.Equal(BlobOutcome.Uploaded, await SendAsync());
        Assert.Equal(bytes, uploaded["/upload/1"]);
        Assert.Equal(bytes.Length, transfer.Done);
    }

    [Fact]
    public async Task Gives_up_in_the_end()
    {
        registry.Misbehave = (request, _) => request.Method == "PATCH" ? new WildAnswer(500, """{"errors":[{"code":"UNKNOWN","message":"no disk"}]}""") : Accept(request);
        var error = await FailsAsync("RegistryError", SendAsync);
        Assert.Contains("no disk", error.Message);
        Assert.Equal(3, registry.Requests.Count(request => request.Method == "PATCH"));
    }

    [Theory]
    [InlineData(201, true)]
    [InlineData(202, false)]
    [InlineData(400, false)]
    [InlineData(404, false)]
    public async Task Asks_the_registry_to_take_it_from_another_repository(int status, bool taken)
    {
        registry.Misbehave = (request, _) => request.Target.Contains("mount=") ? new WildAnswer(status, "", ("Location", "/upload/1?state=1")) : Accept(request);
        Assert.Equal(taken ? BlobOutcome.Mounted : BlobOutcome.Uploaded, await SendAsync(from: "other/app"));
        Assert.Contains(registry.Requests, request => request.Target == $"{Uploads}?mount={Uri.EscapeDataString(Blob.Digest.ToString())}&from=other%2Fapp");
        Assert.Equal(!taken, uploaded.ContainsKey("/upload/1"));
    }

    [Fact]
    public async Task Tells_no_secret_to_the_host_it_uploads_to()
    {
        using var other = new WildRegistry { Misbehave = static (request, _) => new WildAnswer(request.Method == "PUT" ? 201 : 202, "", ("Location", "/store")) };
        registry.Misbehave = (request, _) => request.Header("Authorization") is null ? new WildAnswer(401, "", ("WWW-Authenticate", "Basic realm=\"x\""))
            : request.Path == Uploads ? new WildAnswer(202, "", ("Location", $"http://{other.Name}/store"))
            : null;
        Assert.Equal(BlobOutcome.Uploaded, await SendAsync(User));
        Assert.Equal(["PATCH", "PUT"], other.Requests.Select(request => request.Method));
        Assert.All(other.Requests, request => Assert.Null(request.Header("Authorization")));
    }

    [Fact]
    public async Task Asks_for_the_right_to_push()
    {
        using var server = new WildRegistry { Misbehave = static (_, _) => new WildAnswer(200, """{"token":"t"}""") };
        registry.Misbehave = (request, _) => request.Header("Authorization") is null
            ? new WildAnswer(401, "", ("WWW-Authenticate", $"Bearer realm=\"http://{server.Name}/token\""))
            : Accept(request);
        await SendAsync(from: "other/app");
        Assert.Contains(server.Requests, request => request.Target == "/token?scope=repository%3Ateam%2Fapp%3Apull%2Cpush");
        Assert.Contains(server.Requests, request => request.Target == "/token?scope=repository%3Ateam%2Fapp%3Apull%2Cpush&scope=repository%3Aother%2Fapp%3Apull");
    }

    [Fact]
    public async Task Refuses_a_registry_that_changes_the_manifest()
    {
        registry.Misbehave = static (request, _) => request.Method == "PUT" ? new WildAnswer(201, "", ("Docker-Content-Digest", $"sha256:{new string('0', 64)}")) : null;
        using var client = await registry.OpenAsync();
        await FailsAsync("DigestMismatch", () => client.WriteManifestAsync(
            ImageReference.Parse($"{registry.Name}/team/app:1"), "{}"u8.ToArray(), Digest.Of("{}"u8), MediaTypes.OciManifest, CancellationToken.None));
        Assert.Equal(MediaTypes.OciManifest, registry.Requests[^1].Header("Content-Type"));
    }

    [Fact]
    public async Task Stops_at_once()
    {
        using var stop = new CancellationTokenSource();
        registry.Misbehave = (request, _) =>
        {
            if (request.Method != "PATCH")
            {
                return Accept(request);
            }

            stop.Cancel();
            return new WildAnswer(202, "x") { Pause = (0, Task.Delay(Timeout.Infinite)) };
        };
        using var client = await registry.OpenAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.SendBlobAsync("team/app", Blob, directory["blob"], null, transfer, stop.Token));
    }

    private async Task<BlobOutcome> SendAsync(RegistryCredential? user = null, string? from = null)
    {
        using var client = await registry.OpenAsync(user);
        return await client.SendBlobAsync("team/app", Blob, directory["blob"], from, transfer, CancellationToken.None);
    }

    private Task<BlobOutcome> SendAsync() => SendAsync(null);

    private WildAnswer? Accept(WildRequest request)
    {
        switch (request.Method)
        {
            case "POST":
                return new WildAnswer(202, "", ("Location", "/upload/1?state=1"));
            case "PATCH":
                uploaded[request.Path] = request.Body;
                return new WildAnswer(202, "", ("Location", "/upload/1?state=2"));
            case "PUT":
                return new WildAnswer(201);
            default:
                return null;
        }
    }
}
