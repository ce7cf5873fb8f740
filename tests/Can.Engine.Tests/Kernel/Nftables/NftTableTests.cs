using System.Net;
using Can.Engine.Kernel;
using Can.Engine.Kernel.Netlink;
using Can.Engine.Kernel.Nftables;
using Can.Engine.Tests.Kernel.Netlink;

namespace Can.Engine.Tests.Kernel.Nftables;

public sealed class NftTableTests : IDisposable
{
    private static readonly PortTranslation Web =
        new(IPAddress.Loopback, 8080, TransportProtocol.Tcp, IPAddress.Parse("10.0.0.2"), 80);

    private static readonly PortTranslation Names =
        new(IPAddress.IPv6Any, 5353, TransportProtocol.Udp, IPAddress.Parse("fd00::2"), 53);

    private readonly NftTable table = new("can-test");
    private readonly Lazy<NetworkNamespace> host = new(() => new());

    [RootFact]
    public void The_table_is_made_once_listed_and_removed_whole() => host.Value.Run(() =>
    {
        Assert.False(table.Exists());
        Assert.Equal("", table.Describe());
        Assert.True(table.Ensure());
        Assert.False(table.Ensure());
        Assert.True(table.Exists());
        Assert.Contains("map published4", table.Describe(), StringComparison.Ordinal);
        table.Remove();
        table.Remove();
        Assert.False(table.Exists());
    });

    [RootFact]
    public void Ports_that_lead_elsewhere_are_found_by_their_key() => host.Value.Run(() =>
    {
        Assert.Empty(table.FindOthers([Web]));
        table.Ensure();
        table.Add(MapElement.Published(Web), MapElement.Published(Names));
        var moved = Names with { Address = IPAddress.Parse("fd00::3") };

        Assert.Equal([Names], table.FindOthers([Web, moved, Web with { HostPort = 8081 }]));
        Assert.Empty(table.FindOthers([Web, Names]));
    });

    [RootFact]
    public void A_table_of_another_version_is_made_anew_and_foreign_ones_are_left_alone() => host.Value.Run(() =>
    {
        Assert.True(LibNftables.Run("table inet can-test { comment \"can 0\"; }; table ip foreign { set s { type ifname; }; }", out _, out _));
        Assert.False(table.Exists());
        Assert.True(table.Ensure());
        Assert.True(table.Exists());
        table.Remove();
        Assert.True(LibNftables.Run("list set ip foreign s", out _, out _));
    });

    [RootFact]
    public void Of_many_who_make_it_at_once_one_does_and_nothing_is_lost()
    {
        var made = 0;
        Parallel.For(0, 8, new ParallelOptions { MaxDegreeOfParallelism = 8 }, number => host.Value.Run(() =>
        {
            if (table.Ensure())
            {
                Interlocked.Increment(ref made);
            }

            table.Add(MapElement.Bridge($"br{number}"));
        }));

        Assert.Equal(1, made);
        var text = host.Value.Run(table.Describe);
        Assert.All(Enumerable.Range(0, 8), number => Assert.Contains($"\"br{number}\"", text, StringComparison.Ordinal));
    }

    [RootFact]
    public void Every_kind_of_element_is_added_and_deleted_and_may_be_twice() => host.Value.Run(() =>
    {
        table.Ensure();
        var empty = table.Describe();
        MapElement[] all =
        [
            MapElement.Published(Web), MapElement.Published(Names), MapElement.Bridge("br0"), MapElement.Within("br0"), MapElement.Internal("br0"),
            MapElement.Subnet(IPNetwork.Parse("10.0.0.0/24")), MapElement.Subnet(IPNetwork.Parse("10.0.1.0/24")), MapElement.Subnet(IPNetwork.Parse("fd00::/64")),
            MapElement.Masqueraded(IPNetwork.Parse("10.0.0.0/24")), MapElement.Masqueraded(IPNetwork.Parse("255.255.255.0/24")),
        ];
        table.Add(all);
        table.Add(all);

        var text = table.Describe();
        Assert.All(
            [
                "127.0.0.1 . tcp . 8080 : 10.0.0.2 . 80", "udp . 5353 : fd00::2 . 53", "\"br0\" . \"br0\"", "10.0.0.0/24, 10.0.1.0/24", "fd00::/64",
                "255.255.255.0/24",
            ],
            expected => Assert.Contains(expected, text, StringComparison.Ordinal));
        Assert.Equal([Web, Names], table.ListPublished());

        table.Delete(all);
        table.Delete(all);
        Assert.Equal(empty, table.Describe());
    });

    [RootFact]
    public void Some_that_are_gone_do_not_keep_others_from_being_deleted() => host.Value.Run(() =>
    {
        table.Ensure();
        table.Add(MapElement.Published(Names));
        table.Delete(MapElement.Published(Web), MapElement.Published(Names));

        Assert.Empty(table.ListPublished());
        table.Remove();
        table.Delete(MapElement.Published(Web));
        Assert.Empty(table.ListPublished());
    });

    [RootFact]
    public void A_key_that_leads_elsewhere_is_an_error_and_nothing_of_the_batch_happens() => host.Value.Run(() =>
    {
        table.Ensure();
        table.Add(MapElement.Published(Web));
        var elsewhere = Web with { Address = IPAddress.Parse("10.0.0.3") };

        EngineFixture.Fails("NftablesElementRefused", () => table.Add(MapElement.Published(Names), MapElement.Published(elsewhere)));
        Assert.Equal([Web], table.ListPublished());
        table.Remove();
        EngineFixture.Fails("NftablesElementRefused", () => table.Add(MapElement.Published(Web)));
    });

    [RootFact]
    public void A_key_that_leads_elsewhere_is_not_deleted_and_keeps_no_other_from_it() => host.Value.Run(() =>
    {
        table.Ensure();
        table.Add(MapElement.Published(Web), MapElement.Published(Names));

        table.Delete(MapElement.Published(Names), MapElement.Published(Web with { Address = IPAddress.Parse("10.0.0.3") }));

        Assert.Equal([Web], table.ListPublished());
    });

    [RootFact]
    public void Ports_are_led_elsewhere_whatever_they_led_to() => host.Value.Run(() =>
    {
        table.Ensure();
        table.Add(MapElement.Published(Web));
        var elsewhere = Web with { Address = IPAddress.Parse("10.0.0.3") };

        table.Lead([Names, elsewhere]);
        table.Lead([Names, elsewhere]);

        Assert.Equal([elsewhere, Names], table.ListPublished());
        table.Remove();
        EngineFixture.Fails("NftablesElementRefused", () => table.Lead([Web]));
    });

    [RootFact]
    public void A_port_is_led_elsewhere_while_those_who_had_it_take_their_elements_away()
    {
        PortTranslation[] owners = [Web, Web with { Address = IPAddress.Parse("10.0.0.3") }];
        host.Value.Run(() => Assert.True(table.Ensure()));
        var done = false;
        var removal = Task.Factory.StartNew(
            () => host.Value.Run(() =>
            {
                while (!Volatile.Read(ref done))
                {
                    Array.ForEach(owners, owner => table.Delete(MapElement.Published(owner)));
                }
            }),
            TaskCreationOptions.LongRunning);

        try
        {
            host.Value.Run(() =>
            {
                for (var turn = 0; turn < 100; turn++)
                {
                    table.Lead([owners[turn % 2]]);
                }
            });
        }
        finally
        {
            Volatile.Write(ref done, true);
            removal.GetAwaiter().GetResult();
        }

        host.Value.Run(() =>
        {
            table.Lead([Web]);
            Assert.Equal([Web], table.ListPublished());
        });
    }

    [RootFact]
    public void A_table_made_anew_has_the_elements_of_what_is_there_from_the_beginning() => host.Value.Run(() =>
    {
        MapElement[] all =
        [
            MapElement.Published(Web), MapElement.Published(Names), MapElement.Bridge("br0"), MapElement.Within("br0"), MapElement.Internal("br-1.x"),
            MapElement.Subnet(IPNetwork.Parse("10.0.0.0/24")), MapElement.Subnet(IPNetwork.Parse("fd00::/64")),
            MapElement.Masqueraded(IPNetwork.Parse("10.0.0.0/22")), MapElement.Masqueraded(IPNetwork.Parse("255.255.255.0/24")),
        ];
        table.Ensure();
        table.Add(all);
        var byMessages = table.Describe();
        table.Remove();

        Assert.True(table.Ensure(() => [.. all, MapElement.Published(Web with { Port = 81 })]));

        Assert.Equal(byMessages, table.Describe());
        Assert.False(table.Ensure(() => throw new InvalidOperationException("nobody needs them")));
        table.Delete(all);
        Assert.Empty(table.ListPublished());
    });

    [RootFact]
    public void A_thousand_elements_fit_into_a_batch() => host.Value.Run(() =>
    {
        table.Ensure();
        var many = Enumerable.Range(1, 1000).Select(port => MapElement.Published(Web with { HostPort = port })).ToArray();
        table.Add(many);
        Assert.Equal(1000, table.ListPublished().Count);
        table.Delete(many);
        Assert.Empty(table.ListPublished());
    });

    [Fact]
    public void Elements_are_told_in_words()
    {
        var added = ElementMessages.Add("can", [MapElement.Published(Web), MapElement.Published(Names), MapElement.Bridge("br0")]);

        Assert.Equal(
            "have 127.0.0.1:8080/tcp → 10.0.0.2:80 in published4 of nftables table can; "
            + "have [::]:5353/udp → [fd00::2]:53 in everywhere6 of nftables table can; have br0 in bridges of nftables table can",
            NetlinkText.Describe(added.Bytes, 12, []));
    }

    [Fact]
    public void A_deletion_is_told_as_such_and_a_port_that_will_be_picked_as_PORT() => Assert.Equal(
        "remove 127.0.0.1:PORT/tcp → 10.0.0.2:80 in published4 of nftables table can",
        NetlinkText.Describe(ElementMessages.Delete("can", [MapElement.Published(Web with { HostPort = 0 })]).Bytes, 12, []));

    [Fact]
    public void A_port_is_not_translated_between_IP_versions() =>
        Assert.Throws<ArgumentException>(() => MapElement.Published(Web with { Address = IPAddress.IPv6Loopback }));

    public void Dispose()
    {
        if (host.IsValueCreated)
        {
            host.Value.Dispose();
        }
    }
}
