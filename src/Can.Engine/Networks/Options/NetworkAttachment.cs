using System.Collections;
using System.Globalization;
using Can.Engine.Containers.Options;
using Can.Engine.Networks.Addresses;

namespace Can.Engine.Networks;

/// <summary>A network that a container is to be on, and how.</summary>
public sealed record NetworkAttachment
{
    private const string ErrorId = "NetworkOptionInvalid";
    private const string What = "network";

    /// <summary>Name of the network.</summary>
    public required string Network { get; init; }

    /// <summary>Further names by which the network's other containers find it.</summary>
    public IReadOnlyList<string>? Aliases { get; init; }

    /// <summary>An IPv4 address of its own choice; null for the next free one.</summary>
    public string? IPAddress { get; init; }

    /// <summary>An IPv6 address of its own choice; null for the next free one.</summary>
    public string? IPv6Address { get; init; }

    /// <summary>Hardware address; null for the one that belongs to its IPv4 address.</summary>
    public string? MacAddress { get; init; }

    /// <summary>The network with the highest one has the default route; 0 when null.</summary>
    public int? Priority { get; init; }

    /// <summary>Parses a name, or <c>name=NAME,ip=ADDRESS,ip6=ADDRESS,mac-address=MAC,alias=ALIAS,gw-priority=NUMBER</c>.</summary>
    /// <exception cref="CanException"><c>NetworkOptionInvalid</c>, <c>IPAddressInvalid</c>, <c>MacAddressInvalid</c>, <c>NetworkAliasInvalid</c></exception>
    public static NetworkAttachment Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (!text.Contains('=', StringComparison.Ordinal))
        {
            return text.Length > 0 && !text.Contains(',', StringComparison.Ordinal)
                ? new() { Network = text }
                : throw OptionError.Invalid(ErrorId, What, text, "the name of one network");
        }

        var values = new Hashtable(StringComparer.OrdinalIgnoreCase);
        var aliases = new List<string>();
        foreach (var part in text.Split(','))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            var (key, value) = equals < 0 ? (part, "") : (part[..equals], part[(equals + 1)..]);
            if (key.Equals("alias", StringComparison.OrdinalIgnoreCase))
            {
                aliases.Add(value);
            }
            else if (values.ContainsKey(key))
            {
                throw OptionError.Invalid(ErrorId, What, text, $"'{key}' only once");
            }
            else
            {
                values[key] = value;
            }
        }

        return Make(new OptionDictionary(ErrorId, What, values, text), aliases);
    }

    /// <summary>Takes a hashtable with Name, and IPAddress, IPv6Address, MacAddress, Alias and Priority if need be.</summary>
    /// <exception cref="CanException"><c>NetworkOptionInvalid</c>, <c>IPAddressInvalid</c>, <c>MacAddressInvalid</c>, <c>NetworkAliasInvalid</c></exception>
    public static NetworkAttachment FromDictionary(IDictionary dictionary)
    {
        ArgumentNullException.ThrowIfNull(dictionary);
        var options = new OptionDictionary(ErrorId, What, dictionary);
        return Make(options, [.. options.Texts("Alias"), .. options.Texts("Aliases")]);
    }

    /// <summary>Of what was given part by part.</summary>
    /// <param name="network">Name of the network.</param>
    /// <param name="addresses">At most one address of each family.</param>
    /// <param name="macAddress">Hardware address; null for the one that belongs to its IPv4 address.</param>
    /// <param name="aliases">Further names.</param>
    /// <param name="priority">See <see cref="Priority"/>.</param>
    /// <exception cref="CanException"><c>NetworkOptionConflict</c>, <c>IPAddressInvalid</c>, <c>MacAddressInvalid</c>, <c>NetworkAliasInvalid</c></exception>
    public static NetworkAttachment Make(string network, IReadOnlyList<string> addresses, string? macAddress, IReadOnlyList<string> aliases, int? priority)
    {
        ArgumentNullException.ThrowIfNull(addresses);
        ArgumentNullException.ThrowIfNull(aliases);
        return new NetworkAttachment
        {
            Network = network,
            MacAddress = macAddress is null ? null : AddressText.Mac(macAddress),
            Aliases = aliases.Count > 0 ? [.. aliases.Select(NetworkName.ValidateAlias)] : null,
            Priority = priority,
        }.With(addresses);
    }

    /// <summary>The same with addresses of its own choice.</summary>
    /// <exception cref="CanException"><c>NetworkOptionConflict</c>, <c>IPAddressInvalid</c></exception>
    internal NetworkAttachment With(IReadOnlyList<string> addresses)
    {
        var attachment = this;
        foreach (var address in addresses.Select(AddressText.Parse))
        {
            if ((address.IsIPv6() ? attachment.IPv6Address : attachment.IPAddress) is not null)
            {
                throw new CanException(
                    "NetworkOptionConflict", CanErrorCategory.InvalidArgument,
                    $"On the network '{Network}' a container has one address of each family; {address} is one too many. Leave one out.", address.ToString());
            }

            attachment = address.IsIPv6() ? attachment with { IPv6Address = address.ToString() } : attachment with { IPAddress = address.ToString() };
        }

        return attachment;
    }

    /// <summary>The name.</summary>
    public override string ToString() => Network;

    private static NetworkAttachment Make(OptionDictionary options, List<string> aliases)
    {
        var attachment = new NetworkAttachment
        {
            Network = options.Required("Name", "Network"),
            Aliases = aliases.Count > 0 ? [.. aliases.Select(NetworkName.ValidateAlias)] : null,
            IPAddress = options.Text("IPAddress", "ip") is { } address ? AddressText.Parse(address).ToString() : null,
            IPv6Address = options.Text("IPv6Address", "ip6") is { } sixth ? AddressText.Parse(sixth).ToString() : null,
            MacAddress = options.Text("MacAddress") is { } mac ? AddressText.Mac(mac) : null,
            Priority = PriorityOf(options),
        };
        options.RequireNothingLeft();
        return attachment;
    }

    private static int? PriorityOf(OptionDictionary options) => options.Text("Priority", "GwPriority") switch
    {
        null => null,
        var text when int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) => number,
        _ => throw options.Invalid("a whole number as priority"),
    };
}
