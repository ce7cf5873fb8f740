using Can.Engine.Kernel;

namespace Can.Engine.Tests.Kernel;

public sealed class HostFactsTests
{
    [Fact]
    public void Capabilities_are_what_is_both_permitted_and_not_bounded_away() =>
        Assert.Equal(0x6UL, HostFacts.CapabilitiesOf("Name:\tx\nCapInh:\tff\nCapPrm:\t0000000000000007\nCapEff:\tff\nCapBnd:\t000001fffffffffe\n"));

    [Fact]
    public void The_facts_are_this_hosts()
    {
        var facts = HostFacts.Current;
        using var directory = new TemporaryDirectory();

        Assert.Equal(directory.Shell("getconf _NPROCESSORS_ONLN").Trim(), $"{facts.Processors}");
        Assert.StartsWith(facts.KernelVersion.ToString(2), directory.Shell("uname -r"), StringComparison.Ordinal);
        Assert.Contains("/proc/sys", facts.SystemPaths);
        Assert.All(facts.SystemPaths, path => Assert.True(Path.Exists(path)));
        Assert.Equal(Environment.IsPrivilegedProcess, (facts.Capabilities & Capabilities.Parse("SYS_ADMIN")) != 0);
    }

    [Fact]
    public void No_path_is_both_hidden_and_shown() => Assert.Empty(SystemPathList.Masked.Intersect(SystemPathList.ReadOnly));
}
