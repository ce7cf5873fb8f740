using Can.Engine.Tests.Registries;

namespace Can.Cli.Tests;

/// <summary>Verbs that speak to a registry: Debian's, in the test's own network.</summary>
public sealed class RegistryVerbTests(CliRoot can) : IClassFixture<CliRoot>
{
    [RegistryFact]
    public void An_image_is_pushed_removed_and_pulled()
    {
        using var registry = new DockerRegistry();
        var id = OnHost("images", "-q", "--no-trunc").Line;
        OnHost("tag", "busybox", $"{registry.Name}/team/shell:1");

        Assert.Contains("--tls-verify=false", Run("push", $"{registry.Name}/team/shell:1").Error, StringComparison.Ordinal);
        Assert.Contains("@sha256:", OnHost("push", "-q", "--insecure", $"{registry.Name}/team/shell:1").Line, StringComparison.Ordinal);
        OnHost("rmi", "-f", id);
        var pulled = OnHost("pull", "--tls-verify=false", $"{registry.Name}/team/shell:1");

        Assert.Matches($"^Digest: sha256:[0-9a-f]+\n{registry.Name}/team/shell:1\n$", pulled.Output);
        Assert.Matches("^[0-9a-f]{12}: done, .*\n$", pulled.Error);
        Assert.Equal(id, OnHost("images", "-q", "--no-trunc").Line);
        Assert.Matches("^[0-9a-f]{12}: already there\n$", OnHost("pull", "--insecure", $"{registry.Name}/team/shell:1").Error);
        Assert.Contains("linux/s390x", Run("pull", "-q", "--insecure", "--platform", "linux/s390x", $"{registry.Name}/team/shell:1").Error, StringComparison.Ordinal);
        Assert.Contains("nosuch", Run("pull", "-q", "--insecure", $"{registry.Name}/nosuch").Error, StringComparison.Ordinal);
        OnHost("tag", $"{registry.Name}/team/shell:1", "busybox");
    }

    [RegistryFact]
    public void A_password_is_kept_by_login_and_forgotten_by_logout()
    {
        using var registry = new DockerRegistry(secured: true);
        string[] login = ["login", "--tls-verify=false", "-u", DockerRegistry.User, "--password-stdin", registry.Name];

        Assert.Equal(1, Run("push", "--insecure", "busybox", $"{registry.Name}/shell").Code);
        Assert.Equal((1, ""), (Feed("wrong\n", login).Code, Feed("wrong\n", login).Output));
        Assert.StartsWith("Login Succeeded", Feed(DockerRegistry.Password + "\n", login).Output);
        Assert.Contains(OnHost("login", "--list", "--format", "{{.Registry}} {{.Username}}").Lines, line => line == $"{registry.Name} {DockerRegistry.User}");
        OnHost("push", "-q", "--insecure", "busybox", $"{registry.Name}/shell");
        OnHost("logout", registry.Name);
        Assert.Contains("Nobody is logged in", Run("logout", registry.Name).Error, StringComparison.Ordinal);
        Assert.Equal(1, Run("push", "--insecure", "busybox", $"{registry.Name}/shell").Code);
    }

    [RootFact]
    public void What_has_not_been_given_and_cannot_be_asked_for_is_an_error()
    {
        Assert.Contains("-u NAME", can.Fails(1, "login", "localhost:1"), StringComparison.Ordinal);
        Assert.Contains("--password-stdin", can.Fails(1, "login", "-u", "me", "localhost:1"), StringComparison.Ordinal);
        Assert.Contains("exclude", can.Fails(1, "login", "-u", "me", "-p", "x", "--password-stdin"), StringComparison.Ordinal);
        Assert.Contains("cannot be reached", can.Fails(1, "pull", "-q", "--insecure", "localhost:1/x"), StringComparison.Ordinal);
    }

    // The registry listens on the machine's own loopback, as in the engine's tests.
    private CliResult Feed(string input, params string[] words) => can.ExecuteOnHost(input, [CliRoot.Executable, .. words]);

    private CliResult Run(params string[] words) => Feed("", words);

    private CliResult OnHost(params string[] words)
    {
        var result = Run(words);
        Assert.True(result.Code == 0, $"can {string.Join(' ', words)}: {result.Error}");
        return result;
    }
}
