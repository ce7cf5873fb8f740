using System.Diagnostics;

namespace Can.Engine.Tests.Networks;

/// <summary>Hosts that lack something: a network is an error that says what, nothing is left, and containers on the host's network work.</summary>
public sealed class LackingHostTests(EngineFixture fixture) : IClassFixture<EngineFixture>
{
    private const string HideLibrary = "for f in $(ldconfig -p | sed -n 's/.*libnftables.so.1.*=> //p'); do mount --bind /dev/null $f; done";

    /// <summary>Of /proc/sys/net all but ipv6: what a kernel without it shows.</summary>
    private const string HideIPv6 = "d=$(mktemp -d) && mount -t tmpfs none $d && mkdir $d/ipv4 && mount --bind /proc/sys/net/ipv4 $d/ipv4 && mount --rbind $d /proc/sys/net && umount -l $d && rmdir $d";

    [RootFact]
    public void Without_the_library() => AssertError(Live(HideLibrary, ""), "NftablesMissing", "libnftables1");

    [RootFact]
    public void Without_the_right_to_change_networks() =>
        AssertError(Live("true", "setpriv --bounding-set=-net_admin --inh-caps=-net_admin"), "NetworkPermissionDenied", "CAP_NET_ADMIN");

    [RootFact]
    public void Where_proc_sys_is_read_only() =>
        AssertError(Live("mount --bind /proc/sys /proc/sys && mount -o remount,bind,ro /proc/sys", ""), "SysctlFailed", "route_localnet");

    [RootFact]
    public void Without_IPv6_a_network_that_wants_it() => AssertError(Live(HideIPv6, "", "ipv6"), "IPv6Disabled", "ipv6.disable=1");

    [RootFact]
    public void Without_IPv6_a_network_that_does_not() => Assert.Equal(["life works 192.168.70.2", "host works"], Live(HideIPv6, ""));

    private static void AssertError(string[] lines, string errorId, string hint)
    {
        Assert.StartsWith($"{errorId} ", lines[0], StringComparison.Ordinal);
        Assert.Contains(hint, lines[0], StringComparison.Ordinal);
        Assert.Equal("host works", lines[1]);

        // Who may not change a network cannot remove one either.
        Assert.All(lines[2..], line => Assert.StartsWith($"remove {errorId}", line, StringComparison.Ordinal));
    }

    /// <summary>A container's life (tests/kill, NetworkLife.cs) on a host of its own.</summary>
    /// <param name="before">What is done to the host first, in a mount namespace of its own.</param>
    /// <param name="wrapper">A command that takes rights away.</param>
    /// <param name="arguments">Further arguments.</param>
    private string[] Live(string before, string wrapper, params string[] arguments)
    {
        _ = fixture.Engine; // the image
        var program = Path.Combine(AppContext.BaseDirectory, "Can.Kill.dll");
        string[] all =
        [
            "--net", "--mount", "--", "/bin/sh", "-ec", $"ip link set lo up; {before}; exec {wrapper} \"$@\"", "sh",
            "dotnet", program, "life", fixture.Root.Run[..^"/run".Length], .. arguments,
        ];
        using var process = Process.Start(new ProcessStartInfo("unshare", all) { RedirectStandardOutput = true })!;
        var text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Empty(fixture.Residue());
        return [.. text.Split('\n').Select(static line => line.Trim()).Where(static line => line.Length > 0)];
    }
}
