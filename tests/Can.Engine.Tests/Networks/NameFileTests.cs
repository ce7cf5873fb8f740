using System.Net;
using Can.Engine.Networks;
using Can.Engine.Networks.Names;

namespace Can.Engine.Tests.Networks;

/// <summary>The hosts and resolv.conf files that containers see.</summary>
public sealed class NameFileTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    private string HostsPath => directory["hosts"];

    private HostsFile Hosts => new(HostsPath);

    public void Dispose() => directory.Dispose();

    [Fact]
    public void Names_come_and_go_in_one_and_the_same_file()
    {
        Hosts.Set(Address(2), ["web", "www"]);
        using var reader = File.OpenRead(HostsPath);
        Hosts.Set(Address(3), ["db"]);
        Hosts.Set(Address(2), ["shop", "www"]);
        Hosts.Set(Address(3), []);

        var text = new StreamReader(reader).ReadToEnd();

        Assert.StartsWith("127.0.0.1\tlocalhost\n", text, StringComparison.Ordinal);
        Assert.Equal(["10.0.0.2\tshop www"], Lines(text));
        Assert.Equal([(Address(2), "shop,www")], Hosts.Read().Select(line => (line.Address, string.Join(',', line.Names))));
    }

    [Fact]
    public void The_place_of_a_removed_line_is_used_again()
    {
        for (var round = 0; round < 100; round++)
        {
            Hosts.Set(Address(round), [$"name{round}"]);
            Hosts.Set(Address(round), []);
        }

        Assert.True(new FileInfo(HostsPath).Length < 2 * HostsFile.Header.Length + 256);
    }

    [Fact]
    public void One_address_is_not_taken_for_the_beginning_of_another()
    {
        Hosts.Set(Address(2), ["two"]);
        Hosts.Set(Address(20), ["twenty"]);
        Hosts.Set(Address(2), []);

        Assert.Equal(["10.0.0.20\ttwenty"], Lines(File.ReadAllText(HostsPath)));
    }

    [Fact]
    public void Many_names_are_spread_over_lines_that_every_library_reads()
    {
        string[] names = [.. Enumerable.Range(0, 40).Select(number => $"{new string('n', 60)}{number}")];

        Hosts.Set(Address(2), names);

        Assert.All(File.ReadAllLines(HostsPath), line => Assert.InRange(line.Length, 0, 511));
        Assert.Equal(names, Hosts.Read().SelectMany(line => line.Names));
        Hosts.Set(Address(2), []);
        Assert.Empty(Hosts.Read());
    }

    [Fact]
    public void Fixed_lines_stay()
    {
        var own = HostsFile.FixedLine("10.0.0.2", new string('h', 54));
        Hosts.Reset(HostsFile.Header + own);
        Hosts.Set(Address(2), ["web"]);
        Hosts.Set(Address(2), []);

        Assert.Contains(own, File.ReadAllText(HostsPath), StringComparison.Ordinal);
    }

    [Fact]
    public void A_reader_never_sees_half_a_line()
    {
        Hosts.Set(Address(9), ["keeper"]);
        using var stop = new CancellationTokenSource();
        var seen = new HashSet<string>();
        var reader = new Thread(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                seen.UnionWith(Lines(File.ReadAllText(HostsPath)));
            }
        });
        reader.Start();
        for (var round = 0; round < 2000; round++)
        {
            Hosts.Set(Address(round % 3), [round % 2 == 0 ? "even" : "odd"]);
            Hosts.Set(Address(round % 3), []);
        }

        stop.Cancel();
        reader.Join();

        var whole = Enumerable.Range(0, 3).SelectMany(number => (string[])[$"10.0.0.{number}\teven", $"10.0.0.{number}\todd"]).Append("10.0.0.9\tkeeper");
        Assert.Subset(whole.ToHashSet(), seen);
    }

    [Theory]
    [InlineData("nameserver 9.9.9.9\nsearch example.org\noptions ndots:2\n", null, null, "nameserver 9.9.9.9\nsearch example.org\noptions ndots:2\n")]
    [InlineData("nameserver 127.0.0.53\nsearch a\n", "nameserver 9.9.9.9\nsearch b\n", null, "nameserver 9.9.9.9\nsearch b\n")]
    [InlineData("nameserver 127.0.0.1\nnameserver 9.9.9.9\n", null, null, "nameserver 9.9.9.9\n")]
    [InlineData("nameserver 127.0.0.1\n", null, "10.0.0.1", "nameserver 10.0.0.1\n")]
    [InlineData("nameserver ::1\nnameserver 127.0.0.1\n", null, "10.0.0.1", "nameserver 10.0.0.1\n")]
    [InlineData("# a comment\n\n", null, null, "")]
    public void The_hosts_resolvers(string host, string? systemd, string? gateway, string expected) =>
        Assert.Equal(expected, ResolverFile.Make(host, systemd, null, gateway));

    [Fact]
    public void Resolvers_of_the_callers_own()
    {
        var settings = new NameSettings { Servers = ["1.1.1.1", "fd00::1"], Search = ["."], Options = ["ndots:1", "rotate"] };

        Assert.Equal(
            "nameserver 1.1.1.1\nnameserver fd00::1\noptions ndots:1 rotate\n",
            ResolverFile.Make("nameserver 9.9.9.9\nsearch example.org\noptions timeout:1\n", null, settings, null));
    }

    private static IPAddress Address(int number) => IPAddress.Parse($"10.0.0.{number}");

    private static string[] Lines(string text) =>
        [.. text.Split('\n').Where(line => line.StartsWith("10.", StringComparison.Ordinal)).Select(line => line.TrimEnd())];
}
