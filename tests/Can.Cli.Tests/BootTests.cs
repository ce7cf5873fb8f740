namespace Can.Cli.Tests;

/// <summary>What the service does at the machine's beginning and end.</summary>
public sealed class BootTests : IDisposable
{
    private readonly CliRoot can = new();

    public void Dispose() => can.Dispose();

    [RootFact]
    public void After_a_shutdown_boot_starts_what_belongs_to_the_machine()
    {
        foreach (var policy in (string[])["always", "unless-stopped", "no"])
        {
            can.Do("run", "-d", "--name", policy, "--restart", policy, "--stop-timeout", "0", "busybox", "sleep", "1000");
        }

        can.Do("run", "-d", "--name", "stopped", "--restart", "unless-stopped", "--stop-timeout", "0", "busybox", "sleep", "1000");
        can.Do("stop", "stopped");

        Assert.Equal(["Stopped always", "Stopped no", "Stopped unless-stopped"], can.Do("system", "shutdown").Lines.Order(StringComparer.Ordinal));
        Assert.Empty(can.Do("ps", "-q").Lines);
        Assert.Equal(["Started always", "Started unless-stopped"], can.Do("system", "boot").Lines);
        Assert.Equal(["always", "unless-stopped"], can.Do("ps", "--format", "{{.Names}}").Lines.Order(StringComparer.Ordinal));
        Assert.Empty(can.Do("system", "boot").Lines);
    }

    [RootFact]
    public void One_that_cannot_be_started_is_said_and_the_others_run()
    {
        var directory = Directory.CreateDirectory(can.Files["bound"]);
        can.Do("run", "-d", "--name", "bad", "--restart", "always", "--stop-timeout", "0", "-v", $"{directory.FullName}:/data", "busybox", "sleep", "1000");
        can.Do("run", "-d", "--name", "good", "--restart", "always", "--stop-timeout", "0", "busybox", "sleep", "1000");
        can.Do("system", "shutdown");
        directory.Delete();

        var boot = can.Run("system", "boot");

        Assert.Equal((1, "Started good\n"), (boot.Code, boot.Output));
        Assert.Contains("'bad'", boot.Error, StringComparison.Ordinal);
    }

    [RootFact]
    public void The_service_calls_what_there_is()
    {
        var calls = File.ReadAllLines($"{CliRoot.Repository}/packaging/can.service")
            .Where(static line => line.StartsWith("ExecSt", StringComparison.Ordinal))
            .Select(static line => line[(line.IndexOf('=', StringComparison.Ordinal) + 1)..].TrimStart('-').Split(' '));

        Assert.All(calls, words => Assert.Equal(("can", 0), (words[0], can.Run([.. words[1..], "--help"]).Code)));
    }
}
