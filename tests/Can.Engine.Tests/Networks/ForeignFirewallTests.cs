using System.Diagnostics;
using Can.Engine.Networks;

namespace Can.Engine.Tests.Networks;

/// <summary>Firewalls of others that drop what is forwarded are found, and said once, with the commands that change it.</summary>
public sealed class ForeignFirewallTests(EngineFixture fixture) : IClassFixture<EngineFixture>, IDisposable
{
    private const string Docker = "table ip filter { chain DOCKER-USER { }; chain FORWARD { type filter hook forward priority filter; policy drop; jump DOCKER-USER; }; }";
    private const string Ufw = "table ip filter { chain ufw-user-forward { }; chain FORWARD { type filter hook forward priority filter; policy drop; jump ufw-user-forward; }; }";
    private const string Firewalld = """
        table inet firewalld { chain filter_FORWARD {
            type filter hook forward priority filter + 10; policy accept;
            ct state established,related accept; iifname "lo" accept; reject with icmpx admin-prohibited; }; }
        """;

    private readonly NetworkedHost host = new(fixture);

    public void Dispose() => host.Dispose();

    public static TheoryData<string, string, string> Dropping => new()
    {
        { Docker, "nftables chain ip filter FORWARD", "iptables -I DOCKER-USER -i br-web -j ACCEPT|iptables -I DOCKER-USER -o br-web -j ACCEPT" },
        { Ufw, "nftables chain ip filter FORWARD", "ufw route allow in on br-web|ufw route allow out on br-web" },
        { Firewalld, "nftables chain inet firewalld filter_FORWARD", "firewall-cmd --permanent --zone=trusted --add-interface=br-web|firewall-cmd --reload" },
        { "table inet own { chain forwarding { type filter hook forward priority 0; policy accept; iifname \"x\" accept; counter drop; }; }", "nftables chain inet own forwarding",
            "nft insert rule inet own forwarding iifname br-web accept|nft insert rule inet own forwarding oifname br-web accept" },
        { "table ip6 six { chain forwarding { type filter hook forward priority 0; policy drop; }; }", "nftables chain ip6 six forwarding",
            "nft insert rule ip6 six forwarding iifname br-web accept|nft insert rule ip6 six forwarding oifname br-web accept" },
    };

    [RootTheory]
    [MemberData(nameof(Dropping))]
    public void One_that_drops_is_found_with_its_remedy(string rules, string chain, string remedy)
    {
        host.Nft(rules);
        using var made = Make(isIPv6: true);

        var firewall = Assert.Single(made.BlockedBy);
        Assert.Equal((chain, remedy), (firewall.Chain, string.Join('|', firewall.Remedy)));

        // The remedies of nftables are carried out as they stand.
        if (firewall.Remedy[0].StartsWith("nft ", StringComparison.Ordinal))
        {
            host.Nft(string.Join('\n', firewall.Remedy.Select(static command => command["nft ".Length..])));
            Assert.Empty(made.BlockedBy);
        }
    }

    [RootTheory]
    [InlineData("table inet own { chain forwarding { type filter hook forward priority 0; policy accept; iifname \"x\" drop; }; }")]
    [InlineData("table inet own { chain forwarding { type filter hook forward priority 0; policy accept; counter drop; accept; }; }")]
    [InlineData("table inet own { chain forwarding { type filter hook input priority 0; policy drop; }; }")]
    [InlineData("table inet own { chain forwarding { type filter hook forward priority 0; policy drop; iifname \"br-*\" accept; }; }")]
    [InlineData("table inet own { chain forwarding { type filter hook forward priority 0; policy drop; iifname { \"eth0\", \"br-web\" } accept; }; }")]
    [InlineData("table ip6 own { chain forwarding { type filter hook forward priority 0; policy drop; }; }")]
    [InlineData("table ip own { chain forwarding { drop; }; }")]
    public void One_that_does_not_is_not(string rules)
    {
        host.Nft(rules);
        using var made = Make();

        Assert.Empty(made.BlockedBy);
    }

    [RootFact]
    public void Internal_networks_forward_nothing_that_could_be_dropped()
    {
        host.Nft(Docker);
        using var made = Make(isInternal: true);

        Assert.Empty(made.BlockedBy);
    }

    [RootFact]
    public void It_is_said_once_when_the_network_is_made_or_else_when_it_is_first_used()
    {
        using var made = Make();
        Assert.Empty(made.Warnings);
        host.Nft(Docker);

        var said = host.Run(engine => (Start(engine), Start(engine)));
        Assert.Contains("containers of the network 'web' reach no other host", Assert.Single(said.Item1), StringComparison.Ordinal);
        Assert.Contains("iptables -I DOCKER-USER -i br-web -j ACCEPT", said.Item1[0], StringComparison.Ordinal);
        Assert.Empty(said.Item2);

        made.Dispose();
        using var again = Make();
        Assert.Single(again.Warnings);
        Assert.Empty(host.Run(Start));
    }

    [PeerTheory("iptables-legacy")]
    [InlineData("-P FORWARD DROP", true)]
    [InlineData("-A FORWARD -j REJECT", true)]
    [InlineData("-A FORWARD -j DROP", true)]
    [InlineData("-A FORWARD -i x -j DROP", false)]
    [InlineData("-A INPUT -j DROP", false)]
    public void One_of_the_older_kind_is_found_as_well(string rule, bool drops)
    {
        Legacy("iptables-legacy", rule);
        using var made = Make();
        Assert.Equal(drops ? ["iptables-legacy chain filter FORWARD"] : [], made.BlockedBy.Select(static firewall => firewall.Chain));
        foreach (var command in made.BlockedBy.SelectMany(static firewall => firewall.Remedy))
        {
            Legacy(command.Split(' ')[0], command[(command.IndexOf(' ', StringComparison.Ordinal) + 1)..]);
        }

        Assert.Empty(made.BlockedBy);
    }

    private void Legacy(string program, string arguments)
    {
        using var process = host.Run(_ => Process.Start(program, arguments));
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }

    private List<string> Start(CanEngine engine)
    {
        var container = engine.Containers.Create(host.On("web"), start: true, CancellationToken.None);
        engine.Containers.Remove(container.Id, force: true, CancellationToken.None);
        return Warnings(engine);
    }

    private static List<string> Warnings(CanEngine engine)
    {
        var warnings = new List<string>();
        while (engine.TakeWarning() is { } warning)
        {
            warnings.Add(warning);
        }

        return warnings;
    }

    private MadeNetwork Make(bool isInternal = false, bool isIPv6 = false) => host.Run(engine =>
    {
        var network = engine.Networks.Create(new()
        {
            Name = "web",
            Subnets = ["192.168.60.0/24"],
            Internal = isInternal,
            IPv6 = isIPv6,
            Options = new Dictionary<string, string> { ["interface"] = "br-web" },
        });
        return new MadeNetwork(host, network, Warnings(engine));
    });

    /// <summary>A network that goes with its test; what it says of the host is asked on the host.</summary>
    private sealed class MadeNetwork(NetworkedHost host, Network network, List<string> warnings) : IDisposable
    {
        public List<string> Warnings => warnings;

        public IReadOnlyList<ForeignFirewall> BlockedBy => host.Run(_ => network.BlockedBy);

        public void Dispose() => host.Run(engine =>
        {
            if (engine.Networks.TryGet(network.Name) is not null)
            {
                engine.Networks.Remove(network.Name);
            }
        });
    }
}
