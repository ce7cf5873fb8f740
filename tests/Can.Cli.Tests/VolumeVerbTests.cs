namespace Can.Cli.Tests;

/// <summary>Verbs about volumes.</summary>
public sealed class VolumeVerbTests(CliRoot can) : IClassFixture<CliRoot>
{
    [RootFact]
    public void A_volume_is_made_listed_inspected_and_removed()
    {
        var name = can.NewName("vol");

        Assert.Equal(name, can.Do("volume", "create", "--label", "kind=test", name).Line);
        Assert.Equal(name, can.Do("volume", "ls", "-q", "--filter", "label=kind").Line);
        Assert.True(Directory.Exists(can.Do("volume", "inspect", "-f", "{{.Mountpoint}}", name).Line));
        Assert.Contains("already", can.Fails(1, "volume", "create", name), StringComparison.Ordinal);
        Assert.Equal(name, can.Do("volume", "rm", name).Line);
        Assert.Contains("'can volume ls'", can.Fails(1, "volume", "rm", name), StringComparison.Ordinal);
        Assert.Equal("", can.Do("volume", "rm", "--force", name).Output);
        Assert.Contains(name, can.Run("volume", "inspect", name).Error, StringComparison.Ordinal);
    }

    [RootFact]
    public void Volumes_are_listed_by_whether_a_container_has_them()
    {
        var (used, unused) = (can.NewName("used"), can.NewName("unused"));
        var container = can.Do("create", "-v", $"{used}:/data", "--net", "none", CliRoot.Busybox).Line;
        can.Do("volume", "create", unused);

        var dangling = can.Do("volume", "ls", "-q", "--filter", "dangling=true", "--filter", "driver=local").Lines;
        Assert.Contains(unused, dangling);
        Assert.DoesNotContain(used, dangling);
        Assert.Equal(used, can.Do("volume", "ls", "-q", "--filter", "dangling=false", "--filter", $"name={used}").Line);
        Assert.Contains("no driver 'nfs'", can.Fails(1, "volume", "create", "-d", "nfs"), StringComparison.Ordinal);
        can.Do("rm", container);
        can.Do("volume", "rm", used, unused);
    }

    [RootFact]
    public void A_volume_without_a_name_gets_one()
    {
        var name = can.Do("volume", "create").Line;

        Assert.Equal(name, can.Do("volume", "rm", name).Line);
    }

    [RootFact]
    public void Prune_spares_what_has_a_name_unless_all_is_said()
    {
        var name = can.NewName("vol");
        can.Do("volume", "create", name);

        Assert.DoesNotContain(name, can.Do("volume", "prune", "-f").Output, StringComparison.Ordinal);
        Assert.Contains($"Deleted volume: {name}", can.Do("volume", "prune", "-a", "-f").Lines);
    }
}
