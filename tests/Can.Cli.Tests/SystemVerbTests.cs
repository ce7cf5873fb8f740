using System.Text.Json;

namespace Can.Cli.Tests;

/// <summary>Verbs about the whole of it.</summary>
public sealed class SystemVerbTests : IDisposable
{
    private readonly CliRoot can = new();

    public void Dispose() => can.Dispose();

    [RootFact]
    public void Df_counts_and_prune_frees()
    {
        Assert.Contains(can.Do("system", "df", "--format", "{{.Type}} {{.TotalCount}} {{.Active}}").Lines, static line => line == "Images 1 0");
        Assert.Equal(1, can.Feed("\n", "system", "prune").Code);

        Assert.Equal("Total reclaimed space: 0B", can.Do("system", "prune", "-f").Line);
        can.Do("volume", "create", "kept");
        can.Do("network", "create", "unused");
        var pruned = can.Do("system", "prune", "--all", "--volumes", "--force").Lines;

        Assert.Equal(["Deleted network: unused", "Deleted image: busybox:latest"], pruned[..^1]);
        Assert.Equal("kept", can.Do("volume", "ls", "-q").Line);
        Assert.Empty(can.Do("images", "-q").Lines);
    }

    [RootFact]
    public void Check_finds_a_damaged_blob_and_repairs_what_it_can()
    {
        Assert.Equal("", can.Do("system", "check", "-q").Error);
        var blob = Directory.EnumerateFiles($"{can.Root}/lib/images/blobs/sha256").MaxBy(static path => new FileInfo(path).Length)!;
        var bytes = File.ReadAllBytes(blob);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(blob, bytes);

        var found = can.Run("system", "check", "--format", "json");

        Assert.Equal(1, found.Code);
        Assert.Contains(found.Lines, line => JsonDocument.Parse(line).RootElement.GetProperty("Path").GetString() == blob);
        Assert.Equal((1, "", ""), Parts(can.Run("system", "check", "-q")));
    }

    [RootFact]
    public void Info_and_version_are_for_people_and_programs()
    {
        var info = JsonDocument.Parse(can.Do("info", "--format", "json").Line).RootElement;

        Assert.Equal((1, 0), (info.GetProperty("Images").GetInt32(), info.GetProperty("Containers").GetInt32()));
        Assert.Equal($"{can.Root}/lib", info.GetProperty("Root").GetString());
        Assert.Contains($"Root: {can.Root}/lib", can.Do("system", "info").Lines);
        Assert.Equal("1 " + info.GetProperty("NCPU").GetInt32(), can.Do("info", "-f", "{{.Images}} {{.NCPU}}").Line);
        Assert.Equal(can.Do("version").Line, $"can {can.Do("version", "-f", "{{.Server.Version}}").Line}");
        Assert.Contains("json", can.Fails(1, "info", "--format", "yaml"), StringComparison.Ordinal);
        Assert.Equal($"can {JsonDocument.Parse(can.Do("version", "--format", "json").Line).RootElement.GetProperty("Version").GetString()}", can.Do("version").Line);
    }

    [RootFact]
    public void With_nothing_to_start_or_stop_boot_and_shutdown_succeed()
    {
        Assert.Equal((0, "", ""), Parts(can.Run("system", "boot")));
        Assert.Equal((0, "", ""), Parts(can.Run("system", "shutdown")));
    }

    private static (int, string, string) Parts(CliResult result) => (result.Code, result.Output, result.Error);
}
