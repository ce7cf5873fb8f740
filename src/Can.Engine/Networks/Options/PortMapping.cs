using System.Collections;
using System.Globalization;
using System.Net;
using Can.Engine.Containers.Options;
using Can.Engine.Kernel;
using Can.Engine.Networks.Addresses;

namespace Can.Engine.Networks;

/// <summary>Ports of a container that are published on an address of the host, as they were asked for.</summary>
public sealed record PortMapping
{
    /// <summary>Where a port is published unless it is said otherwise: for this host alone.</summary>
    public const string DefaultAddress = "127.0.0.1";

    private const string ErrorId = "PortInvalid";
    private const string What = "published port";
    private const string Expected =
        "[ADDRESS:][HOST]:CONTAINER[/tcp|/udp|/sctp] with ports or ranges from 1 to 65535, such as 8080:80, 0.0.0.0:53:53/udp or 8000-8003:80-83";

    /// <summary>Address of the host; 0.0.0.0 or :: for all of them.</summary>
    public required string Address { get; init; }

    /// <summary>First port of the host; 0 lets the kernel pick a free one.</summary>
    public required int HostPort { get; init; }

    /// <summary>Last port of the host.</summary>
    public required int LastHostPort { get; init; }

    /// <summary>First port of the container.</summary>
    public required int ContainerPort { get; init; }

    /// <summary>Last port of the container; where it is the first one and the host has several, a free one of those is picked.</summary>
    public required int LastContainerPort { get; init; }

    /// <summary>Protocol.</summary>
    public required TransportProtocol Protocol { get; init; }

    /// <summary>Parses Docker's text form; the address is 127.0.0.1 when it is left out, and IPv6 addresses stand in brackets.</summary>
    /// <exception cref="CanException"><c>PortInvalid</c>, <c>IPAddressInvalid</c></exception>
    public static PortMapping Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var (rest, protocol) = Split(text, text.LastIndexOf('/'));
        var (before, container) = SplitLast(rest);
        var (address, host) = before is null ? (null, null) : SplitLast(before);
        return Make(address, host, container, protocol, expected => OptionError.Invalid(ErrorId, What, text, expected));
    }

    /// <summary>Takes a hashtable with ContainerPort, and HostPort, Address (or HostIp) and Protocol if need be.</summary>
    /// <exception cref="CanException"><c>PortInvalid</c>, <c>IPAddressInvalid</c></exception>
    public static PortMapping FromDictionary(IDictionary dictionary)
    {
        ArgumentNullException.ThrowIfNull(dictionary);
        var options = new OptionDictionary(ErrorId, What, dictionary);
        var container = options.Required("ContainerPort", "Target");
        var mapping = Make(options.Text("Address", "HostIp"), options.Text("HostPort", "Published"), container, options.Text("Protocol"), options.Invalid);
        options.RequireNothingLeft();
        return mapping;
    }

    /// <summary>What publishes exposed ports, such as <c>80</c>, <c>53/udp</c> or <c>8000-8010/tcp</c>, on free ports of the default address.</summary>
    /// <exception cref="CanException"><c>PortInvalid</c></exception>
    internal static PortMapping OfExposed(string text)
    {
        var (ports, protocol) = Split(text, text.LastIndexOf('/'));
        return Make(null, null, ports, protocol, _ => OptionError.Invalid(
            ErrorId, "exposed port", text, "PORT[-PORT][/tcp|/udp|/sctp] with ports from 1 to 65535, such as 80, 53/udp or 8000-8010"));
    }

    /// <summary>One mapping for each port of the container.</summary>
    public IEnumerable<PortMapping> Each() => LastContainerPort == ContainerPort
        ? [this]
        : Enumerable.Range(0, LastContainerPort - ContainerPort + 1).Select(offset => this with
        {
            HostPort = HostPort == 0 ? 0 : HostPort + offset,
            LastHostPort = HostPort == 0 ? 0 : HostPort + offset,
            ContainerPort = ContainerPort + offset,
            LastContainerPort = ContainerPort + offset,
        });

    /// <summary>Whether a published port is one that this names: a part that is left out, or the default address, fits any.</summary>
    internal bool Fits(string address, int hostPort, int containerPort, TransportProtocol protocol) =>
        containerPort == ContainerPort && protocol == Protocol
        && (HostPort == 0 || hostPort == HostPort)
        && (address == Address || Address == DefaultAddress);

    /// <summary>The container's end, such as <c>80/tcp</c>; of a range the first port.</summary>
    internal string ContainerEnd => string.Create(CultureInfo.InvariantCulture, $"{ContainerPort}/{Protocol.ToString().ToLowerInvariant()}");

    /// <summary>The text form.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{AddressOf(Address)}:{Range(HostPort, LastHostPort)}:{Range(ContainerPort, LastContainerPort)}/{Protocol.ToString().ToLowerInvariant()}");

    /// <summary>An address in front of a port.</summary>
    internal static string AddressOf(string address) => address.Contains(':', StringComparison.Ordinal) ? $"[{address}]" : address;

    private static PortMapping Make(string? address, string? host, string container, string? protocol, Func<string, CanException> invalid)
    {
        var (first, last) = Ports(container, invalid);
        var (hostFirst, hostLast) = host is null or "" or "0" ? (0, 0) : Ports(host, invalid);
        if (hostFirst != 0 && last != first && hostLast - hostFirst != last - first)
        {
            throw invalid("as many ports of the host as of the container, or one port of the container");
        }

        return new()
        {
            Address = AddressFrom(address).ToString(),
            HostPort = hostFirst,
            LastHostPort = hostLast,
            ContainerPort = first,
            LastContainerPort = last,
            Protocol = ProtocolFrom(protocol, invalid),
        };
    }

    private static IPAddress AddressFrom(string? text)
    {
        var address = AddressText.Parse(text is null or "" ? DefaultAddress : text is ['[', .. var inner, ']'] ? inner : text);

        // The kernel translates no address to or from ::1, whatever a rule says.
        return !IPAddress.IPv6Loopback.Equals(address) ? address : throw OptionError.Invalid(
            ErrorId, What, text!, $"an address that can be translated, which ::1 cannot; publish on {DefaultAddress}");
    }

    private static TransportProtocol ProtocolFrom(string? text, Func<string, CanException> invalid) => text?.ToUpperInvariant() switch
    {
        null or "" or "TCP" => TransportProtocol.Tcp,
        "UDP" => TransportProtocol.Udp,
        "SCTP" => TransportProtocol.Sctp,
        _ => throw invalid("the protocol tcp, udp or sctp"),
    };

    private static (int First, int Last) Ports(string text, Func<string, CanException> invalid)
    {
        var parts = text.Split('-');
        return parts.Length is 1 or 2
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var first)
            && int.TryParse(parts[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var last)
            && first is >= 1 and <= ushort.MaxValue && last is >= 1 and <= ushort.MaxValue && first <= last
                ? (first, last)
                : throw invalid(Expected);
    }

    private static (string Before, string? Tail) Split(string text, int at) => at < 0 ? (text, null) : (text[..at], text[(at + 1)..]);

    /// <summary>What stands after the last colon, and what before it.</summary>
    private static (string? Before, string After) SplitLast(string text)
    {
        var colon = text.LastIndexOf(':');
        return colon < 0 || text.EndsWith(']') ? (null, text) : (text[..colon], text[(colon + 1)..]);
    }

    private static string Range(int first, int last) => first == 0 ? "" : first == last
        ? first.ToString(CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{first}-{last}");
}
