using System.Text.Json;

namespace Can.Cli.Tests;

/// <summary>Verbs about networks.</summary>
public sealed class NetworkVerbTests(CliRoot can) : IClassFixture<CliRoot>
{
    [RootFact]
    public void A_network_is_made_listed_inspected_and_removed()
    {
        var name = can.NewName("net");
        var id = can.Do("network", "create", "--subnet", "10.71.0.0/24", "--gateway", "10.71.0.9", "--ip-range", "10.71.0.128/25", "--internal", "--label", "kind=test", name).Line;

        Assert.Matches("^[0-9a-f]{64}$", id);
        Assert.Equal(id[..12], can.Do("network", "ls", "-q", "--filter", $"name={name}").Line);
        Assert.Equal($"{name} bridge 10.71.0.0/24", can.Do("network", "ls", "--filter", "label=kind=test", "--format", "{{.Name}} {{.Driver}} {{.Subnets}}").Line);
        var whole = JsonDocument.Parse(can.Do("network", "inspect", id[..12]).Output).RootElement[0];
        Assert.Equal(("10.71.0.9", true), (whole.GetProperty("IPAM").GetProperty("Config")[0].GetProperty("Gateway").GetString(), whole.GetProperty("Internal").GetBoolean()));
        Assert.Equal("test", can.Do("network", "inspect", "-f", "{{.Labels.kind}}", name).Line);

        Assert.Contains("already", can.Fails(1, "network", "create", name), StringComparison.Ordinal);
        Assert.Equal(name, can.Do("network", "rm", name).Line);
        Assert.Contains("'can network ls'", can.Fails(1, "network", "rm", name), StringComparison.Ordinal);
        Assert.Equal("", can.Do("network", "rm", "-f", name).Output);
    }

    [RootFact]
    public void Prune_removes_networks_that_nobody_is_on()
    {
        var name = can.NewName("net");
        can.Do("network", "create", name);

        Assert.Equal(1, can.Feed("n\n", "network", "prune").Code);
        Assert.Contains($"Deleted network: {name}", can.Do("network", "prune", "-f").Lines);
        Assert.Equal(1, can.Run("network", "inspect", name).Code);
    }

    [RootTheory]
    [InlineData("network", "create", "bad name")]
    [InlineData("network", "create", "--subnet", "10.0.0.0/33", "x")]
    [InlineData("network", "create", "-d", "macvlan", "x")]
    [InlineData("network", "inspect", "nosuch")]
    [InlineData("network", "connect", "nosuch", "c")]
    [InlineData("network", "frobnicate")]
    public void What_cannot_be_done_is_said_and_ends_with_1(params string[] words)
    {
        var result = can.Run(words);

        Assert.Equal(1, result.Code);
        Assert.StartsWith("can: ", result.Error);
    }
}
