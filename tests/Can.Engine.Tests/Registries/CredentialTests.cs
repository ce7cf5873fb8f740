using Can.Engine.Images.Registries;
using Can.Engine.Images.Registries.Credentials;
using Can.Engine.Images.Registries.Protocol;

namespace Can.Engine.Tests.Registries;

/// <summary>Credentials in files, Can's own and others'.</summary>
public sealed class CredentialTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();
    private readonly CredentialStore store;

    public CredentialTests() => store = new CredentialStore(CanRoot.At(directory["can"]), () => [directory["docker.json"], directory["podman.json"]]);

    public void Dispose() => directory.Dispose();

    [Fact]
    public void Keeps_one_readable_by_its_owner_only()
    {
        store.Save(new RegistryHost("localhost:5000"), new RegistryCredential("user", "pass:wörd"));
        var (found, note) = store.Find(new RegistryHost("localhost:5000"), "team/app");
        Assert.Equal(("user", "pass:wörd", null), (found!.UserName, found.Password, note));
        Assert.Equal("600 700", directory.Shell($"stat -c %a {store.OwnFile}; stat -c %a $(dirname {store.OwnFile})").Trim().Replace('\n', ' '));
        Assert.Equal("user", found.ToString());
        Assert.DoesNotContain("pass:wörd", File.ReadAllText(store.OwnFile));
    }

    [Fact]
    public void Replaces_and_forgets_one()
    {
        var (host, other) = (new RegistryHost("docker.io"), new RegistryHost("images.example"));
        store.Save(host, new RegistryCredential("first", "x"));
        store.Save(other, new RegistryCredential("other", "x"));
        store.Save(host, new RegistryCredential("second", "x"));
        Assert.Equal(["docker.io second", "images.example other"], store.List().Select(login => $"{login.Registry} {login.UserName}"));
        Assert.Contains("https://index.docker.io/v1/", File.ReadAllText(store.OwnFile));
        Assert.True(store.Remove(host));
        Assert.False(store.Remove(host));
        Assert.Null(store.Find(host, "library/busybox").Credential);
        Assert.NotNull(store.Find(other, null).Credential);
    }

    [Theory]
    [InlineData("images.example/team/app", "deep")]
    [InlineData("images.example/team/other", "team")]
    [InlineData("images.example/teams", "all")]
    [InlineData("docker.io/library/busybox", "hub")]
    [InlineData("token.example/x", "")]
    [InlineData("empty.example/x", null)]
    [InlineData("unknown.example/x", null)]
    public void Understands_what_docker_and_podman_write(string repository, string? user)
    {
        Write("docker.json", $$"""
            { "auths": {
                "https://index.docker.io/v1/": { "auth": "{{Base64("hub:p")}}" },
                "images.example": { "username": "all", "password": "p" },
                "images.example/team": { "auth": "{{Base64("team:p")}}" },
                "images.example/team/app": { "auth": "{{Base64("deep:p")}}" },
                "https://token.example/v2/": { "identitytoken": "abc" },
                "empty.example": {} },
              "HttpHeaders": { "User-Agent": "Docker" } }
            """);
        var slash = repository.IndexOf('/');
        Assert.Equal(user, store.Find(new RegistryHost(repository[..slash]), repository[(slash + 1)..]).Credential?.UserName);
    }

    [Fact]
    public void Looks_into_the_first_file_first()
    {
        Write("podman.json", $$"""{ "auths": { "a.example": { "auth": "{{Base64("podman:p")}}" }, "b.example": { "auth": "{{Base64("podman:p")}}" } } }""");
        Write("docker.json", $$"""{ "auths": { "a.example": { "auth": "{{Base64("docker:p")}}" } } }""");
        Assert.Equal("docker", store.Find(new RegistryHost("a.example"), "x").Credential!.UserName);
        Assert.Equal("podman", store.Find(new RegistryHost("b.example"), "x").Credential!.UserName);
        store.Save(new RegistryHost("a.example"), new RegistryCredential("own", "p"));
        Assert.Equal("own", store.Find(new RegistryHost("a.example"), "x").Credential!.UserName);
    }

    [RootFact]
    public void Asks_a_helper_program()
    {
        var helper = $"can-test-{Guid.NewGuid():n}";
        var program = $"/usr/local/bin/docker-credential-{helper}";
        Write("docker.json", $$"""{ "credHelpers": { "a.example": "{{helper}}", "b.example": "{{helper}}", "c.example": "{{helper}}" }, "credsStore": "nowhere" }""");
        try
        {
            File.WriteAllText(program, """
                #!/bin/sh
                read -r host
                case "$1 $host" in
                  'get a.example') echo '{"ServerURL":"a.example","Username":"helped","Secret":"s"}' ;;
                  'get b.example') echo '{"Username":"<token>","Secret":"t"}' ;;
                  *) echo 'credentials not found in native keychain'; exit 1 ;;
                esac
                """);
            File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
            Assert.Equal("helped", store.Find(new RegistryHost("a.example"), "x").Credential!.UserName);
            Assert.Equal("t", store.Find(new RegistryHost("b.example"), "x").Credential!.IdentityToken);
            Assert.Equal((null, null), store.Find(new RegistryHost("c.example"), "x"));
        }
        finally
        {
            File.Delete(program);
        }

        var (none, note) = store.Find(new RegistryHost("d.example"), "x");
        Assert.Null(none);
        Assert.Contains("docker-credential-nowhere", note);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("""{ "auths": { "a.example": { "auth": "?" } } }""")]
    [InlineData("""{ "auths": { "a.example": { "auth": "bm9jb2xvbg==" } } }""")]
    public void Says_which_file_is_damaged(string content)
    {
        Write("docker.json", content);
        var error = EngineFixture.Fails("CredentialFileInvalid", () => store.Find(new RegistryHost("a.example"), "x"));
        Assert.Contains(directory["docker.json"], error.Message);
    }

    [Fact]
    public void Takes_an_empty_file_for_none()
    {
        Write("docker.json", " \n");
        Assert.Equal((null, null), store.Find(new RegistryHost("a.example"), "x"));
    }

    [Theory]
    [InlineData("localhost:5000", "localhost:5000")]
    [InlineData("images.example", "images.example")]
    [InlineData("docker.io", "docker.io")]
    [InlineData("https://index.docker.io/v1/", "docker.io")]
    [InlineData("https://images.example/v2/", "images.example")]
    public void Knows_a_registry_by_its_names(string text, string name) => Assert.Equal(name, RegistryHost.Parse(text).Name);

    [Theory]
    [InlineData("")]
    [InlineData("word")]
    [InlineData("a b")]
    [InlineData("host:port")]
    [InlineData("images.example/team")]
    public void Refuses_what_is_no_registry(string text) => EngineFixture.Fails("RegistryInvalid", () => RegistryHost.Parse(text));

    private static string Base64(string text) => Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(text));

    private void Write(string name, string content) => File.WriteAllText(directory[name], content);
}
