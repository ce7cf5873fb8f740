using System.Text;
using Can.Engine.Images;
using Can.Engine.Images.Registries;
using Can.Engine.Images.Registries.Protocol;
using static Can.Engine.Tests.Registries.Protocols;

namespace Can.Engine.Tests.Registries;

/// <summary>How the client answers those who ask who it is.</summary>
public sealed class BearerTests : IDisposable
{
    private readonly WildRegistry registry = new();
    private readonly WildRegistry server = new();
    private string token = "first";

    public BearerTests()
    {
        registry.AddManifest("team/app", "1", "{}");
        registry.Misbehave = (request, _) => request.Header("Authorization") == $"Bearer {token}" ? null
            : new WildAnswer(401, "", ("WWW-Authenticate", $"Bearer realm=\"http://{server.Name}/token\",service=\"the registry, \\\"it\\\"\",scope=\"repository:team/app:pull\""));
        server.Misbehave = (_, _) => new WildAnswer(200, $$"""{"access_token":"{{token}}","expires_in":300}""");
    }

    private ImageReference Reference => ImageReference.Parse($"{registry.Name}/team/app:1");

    public void Dispose()
    {
        registry.Dispose();
        server.Dispose();
    }

    [Fact]
    public async Task Gets_a_token_for_nobody()
    {
        await PullAsync(null);
        var request = Assert.Single(server.Requests);
        Assert.Equal("GET", request.Method);
        Assert.Equal("/token?service=the%20registry%2C%20%22it%22&scope=repository%3Ateam%2Fapp%3Apull", request.Target);
        Assert.Null(request.Header("Authorization"));
    }

    [Fact]
    public async Task Gets_a_token_for_a_password_and_tells_the_registry_nothing_of_it()
    {
        await PullAsync(User);
        var basic = $"Basic {Convert.ToBase64String("user:pass:word"u8)}";
        Assert.Equal(basic, Assert.Single(server.Requests).Header("Authorization"));
        Assert.Contains("account=user", server.Requests[0].Target);
        Assert.DoesNotContain(registry.Requests, request => request.Header("Authorization") == basic);
    }

    [Fact]
    public async Task Gets_a_token_for_an_identity_token()
    {
        await PullAsync(new RegistryCredential("", "", "refresh/me"));
        var request = Assert.Single(server.Requests);
        Assert.Equal(("POST", null), (request.Method, request.Header("Authorization")));
        var form = Encoding.UTF8.GetString(request.Body);
        Assert.Contains("grant_type=refresh_token", form);
        Assert.Contains("refresh_token=refresh%2Fme", form);
        Assert.Contains("scope=repository%3Ateam%2Fapp%3Apull", form);
    }

    [Fact]
    public async Task Uses_a_token_again_and_gets_another_when_it_has_ended()
    {
        using var client = await registry.OpenAsync();
        await client.ReadManifestAsync(Reference, CancellationToken.None);
        await client.ReadManifestAsync(Reference, CancellationToken.None);
        Assert.Single(server.Requests);
        token = "second";
        await client.ReadManifestAsync(Reference, CancellationToken.None);
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task Does_not_ask_for_tokens_for_ever()
    {
        server.Misbehave = static (_, _) => new WildAnswer(200, """{"token":"useless"}""");
        var error = await FailsAsync("RegistryUnauthorized", () => PullAsync(User));
        Assert.Contains("'user'", error.Message);
        Assert.DoesNotContain("word", error.Message);
        Assert.Equal(2, server.Requests.Count);
    }

    [Theory]
    [InlineData(401, "{}", "RegistryUnauthorized")]
    [InlineData(403, """{"details":"no such user"}""", "RegistryUnauthorized")]
    [InlineData(500, "", "RegistryError")]
    [InlineData(200, "garbage", "RegistryError")]
    [InlineData(200, "{}", "RegistryError")]
    [InlineData(200, """{"token":"with\r\nsplitting"}""", "RegistryError")]
    public async Task Says_what_is_wrong_with_the_token_server(int status, string body, string errorId)
    {
        server.Misbehave = (_, _) => new WildAnswer(status, body);
        await FailsAsync(errorId, () => PullAsync(User));
    }

    [Fact]
    public async Task Does_not_ask_again_with_a_password_that_was_refused()
    {
        registry.Misbehave = static (_, _) => new WildAnswer(401, "", ("WWW-Authenticate", "Basic realm=\"x\""));
        await FailsAsync("RegistryUnauthorized", () => PullAsync(User));
        Assert.Equal(1, registry.Count("GET", "/v2/team/app/manifests/1"));
    }

    [Fact]
    public async Task Says_that_nobody_is_logged_in()
    {
        registry.Misbehave = static (_, _) => new WildAnswer(401, "", ("WWW-Authenticate", "Basic realm=\"x\""));
        var error = await FailsAsync("RegistryUnauthorized", () => PullAsync(null));
        Assert.Contains("Connect-CanRegistry", error.Message);
    }

    [Theory]
    [InlineData("realm=\"a\",service=b , scope=\"c d\"", "a|b|c d")]
    [InlineData("realm=\"a\\\"b\\\\c\"", "a\"b\\c||")]
    [InlineData("Realm = \"a\"", "a||")]
    [InlineData("realm=\"open", "open||")]
    [InlineData("service", "||")]
    [InlineData("", "||")]
    public void Understands_a_challenge(string text, string expected)
    {
        var parameters = AuthChallenge.Parameters(text);
        Assert.Equal(expected, $"{parameters.GetValueOrDefault("realm")}|{parameters.GetValueOrDefault("service")}|{parameters.GetValueOrDefault("scope")}");
    }

    private async Task PullAsync(RegistryCredential? user)
    {
        using var client = await registry.OpenAsync(user);
        await client.ReadManifestAsync(Reference, CancellationToken.None);
    }
}
