using System.Collections;
using Can.Engine.Kernel;
using Can.Engine.Networks;

namespace Can.Engine.Tests.Networks;

/// <summary>The texts and hashtables in which ports, networks and host entries are given.</summary>
public sealed class NetworkTextTests
{
    [Theory]
    [InlineData("80", "127.0.0.1::80/tcp")]
    [InlineData("8080:80", "127.0.0.1:8080:80/tcp")]
    [InlineData(":80", "127.0.0.1::80/tcp")]
    [InlineData("0:80", "127.0.0.1::80/tcp")]
    [InlineData("53:53/udp", "127.0.0.1:53:53/udp")]
    [InlineData("53:53/SCTP", "127.0.0.1:53:53/sctp")]
    [InlineData("0.0.0.0:8080:80", "0.0.0.0:8080:80/tcp")]
    [InlineData("0.0.0.0::80", "0.0.0.0::80/tcp")]
    [InlineData("[fd00::1]:8080:80", "[fd00::1]:8080:80/tcp")]
    [InlineData("[::]::80", "[::]::80/tcp")]
    [InlineData("8000-8003:80-83", "127.0.0.1:8000-8003:80-83/tcp")]
    [InlineData("8000-8003:80", "127.0.0.1:8000-8003:80/tcp")]
    [InlineData("80-83", "127.0.0.1::80-83/tcp")]
    public void Ports(string text, string canonical)
    {
        var port = PortMapping.Parse(text);

        Assert.Equal(canonical, port.ToString());
        Assert.Equal(port, PortMapping.Parse(canonical));
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("0")]
    [InlineData("8080:0")]
    [InlineData("65536")]
    [InlineData("80:65536")]
    [InlineData("-1:80")]
    [InlineData("+80:80")]
    [InlineData("83-80")]
    [InlineData("8000-8002:80-83")]
    [InlineData("8000:80-83")]
    [InlineData("80:80/icmp")]
    [InlineData("[::1]:80:80")]
    [InlineData("80-81-82")]
    public void Ports_that_are_none(string text) => EngineFixture.Fails("PortInvalid", () => PortMapping.Parse(text));

    [Fact]
    public void Addresses_that_are_none() => EngineFixture.Fails("IPAddressInvalid", () => PortMapping.Parse("10.1:80:80"));

    [Fact]
    public void A_range_is_published_port_by_port()
    {
        Assert.Equal(["127.0.0.1:8000:80/tcp", "127.0.0.1:8001:81/tcp"], PortMapping.Parse("8000-8001:80-81").Each().Select(port => port.ToString()));
        Assert.Equal(["127.0.0.1::80/tcp", "127.0.0.1::81/tcp"], PortMapping.Parse("80-81").Each().Select(port => port.ToString()));
        Assert.Equal(["127.0.0.1:8000-8001:80/tcp"], PortMapping.Parse("8000-8001:80").Each().Select(port => port.ToString()));
    }

    [Fact]
    public void Ports_as_hashtables()
    {
        Assert.Equal("0.0.0.0:8080:80/udp", PortMapping.FromDictionary(new Hashtable
        {
            ["Address"] = "0.0.0.0",
            ["HostPort"] = 8080,
            ["ContainerPort"] = 80,
            ["Protocol"] = TransportProtocol.Udp,
        }).ToString());
        EngineFixture.Fails("PortInvalid", () => PortMapping.FromDictionary(new Hashtable { ["HostPort"] = 80 }));
        EngineFixture.Fails("PortInvalid", () => PortMapping.FromDictionary(new Hashtable { ["ContainerPort"] = 80, ["Colour"] = "red" }));
    }

    [Fact]
    public void Networks_as_text()
    {
        Assert.Equal(new NetworkAttachment { Network = "web" }, NetworkAttachment.Parse("web"));

        var attachment = NetworkAttachment.Parse("name=web,ip=192.168.10.5,ip6=FD00:0::5,mac-address=02-42-C0-A8-0A-5,alias=www,alias=api,gw-priority=7");

        Assert.Equal(("web", "192.168.10.5", "fd00::5", "02:42:c0:a8:0a:05", 7),
            (attachment.Network, attachment.IPAddress, attachment.IPv6Address, attachment.MacAddress, attachment.Priority));
        Assert.Equal(["www", "api"], attachment.Aliases!);
    }

    [Fact]
    public void Networks_as_hashtables()
    {
        var attachment = NetworkAttachment.FromDictionary(new Hashtable { ["Name"] = "web", ["IPAddress"] = "192.168.10.5", ["Alias"] = "www,api", ["Priority"] = -1 });

        Assert.Equal(("web", "192.168.10.5", -1), (attachment.Network, attachment.IPAddress, attachment.Priority));
        Assert.Equal(["www", "api"], attachment.Aliases!);
    }

    [Theory]
    [InlineData("NetworkOptionInvalid", "")]
    [InlineData("NetworkOptionInvalid", "a,b")]
    [InlineData("NetworkOptionInvalid", "ip=192.168.10.5")]
    [InlineData("NetworkOptionInvalid", "name=web,colour=red")]
    [InlineData("NetworkOptionInvalid", "name=web,name=db")]
    [InlineData("NetworkOptionInvalid", "name=web,gw-priority=high")]
    [InlineData("IPAddressInvalid", "name=web,ip=300.1.1.1")]
    [InlineData("IPAddressInvalid", "name=web,ip=10.1")]
    [InlineData("MacAddressInvalid", "name=web,mac-address=03:42:c0:a8:0a:05")]
    [InlineData("MacAddressInvalid", "name=web,mac-address=00:00:00:00:00:00")]
    [InlineData("MacAddressInvalid", "name=web,mac-address=02:42:c0:a8:0a")]
    [InlineData("NetworkAliasInvalid", "name=web,alias=a b")]
    public void Networks_that_are_none(string errorId, string text) => EngineFixture.Fails(errorId, () => NetworkAttachment.Parse(text));

    [Theory]
    [InlineData("db:192.168.10.5", "db:192.168.10.5")]
    [InlineData("db=192.168.10.5", "db:192.168.10.5")]
    [InlineData("db:fd00::5", "db:fd00::5")]
    [InlineData("db:[fd00::5]", "db:fd00::5")]
    [InlineData("host.here:host-gateway", "host.here:host-gateway")]
    public void Host_entries(string text, string canonical) => Assert.Equal(canonical, HostEntry.Parse(text).ToString());

    [Theory]
    [InlineData("db")]
    [InlineData(":192.168.10.5")]
    [InlineData("db:")]
    [InlineData("d b:192.168.10.5")]
    [InlineData("db:somewhere")]
    [InlineData("db\n10.0.0.1 evil:192.168.10.5")]
    public void Host_entries_that_are_none(string text) => EngineFixture.Fails("HostEntryInvalid", () => HostEntry.Parse(text));
}
