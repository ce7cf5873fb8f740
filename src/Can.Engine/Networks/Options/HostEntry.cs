using System.Collections;
using Can.Engine.Containers.Options;
using Can.Engine.Networks.Addresses;

namespace Can.Engine.Networks;

/// <summary>A line for a container's /etc/hosts.</summary>
/// <param name="Name">Host name.</param>
/// <param name="Address">Its address, or <see cref="HostGateway"/>.</param>
public sealed record HostEntry(string Name, string Address)
{
    /// <summary>Stands for the address by which a container reaches its host: the gateway of its first network.</summary>
    public const string HostGateway = "host-gateway";

    private const string ErrorId = "HostEntryInvalid";
    private const string What = "host entry";

    /// <summary>Parses <c>NAME:ADDRESS</c> or <c>NAME=ADDRESS</c>; an IPv6 address may stand in brackets.</summary>
    /// <exception cref="CanException"><c>HostEntryInvalid</c></exception>
    public static HostEntry Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var at = text.AsSpan().IndexOfAny('=', ':');
        return at > 0
            ? Make(text[..at], text[(at + 1)..], expected => OptionError.Invalid(ErrorId, What, text, expected))
            : throw OptionError.Invalid(ErrorId, What, text, $"NAME:ADDRESS, such as db:192.168.10.5 or host:{HostGateway}");
    }

    /// <summary>Takes a hashtable with Name and Address.</summary>
    /// <exception cref="CanException"><c>HostEntryInvalid</c></exception>
    public static HostEntry FromDictionary(IDictionary dictionary)
    {
        ArgumentNullException.ThrowIfNull(dictionary);
        var options = new OptionDictionary(ErrorId, What, dictionary);
        var entry = Make(options.Required("Name"), options.Required("Address", "IPAddress"), options.Invalid);
        options.RequireNothingLeft();
        return entry;
    }

    /// <summary>The text form.</summary>
    public override string ToString() => $"{Name}:{Address}";

    private static HostEntry Make(string name, string address, Func<string, CanException> invalid)
    {
        var bare = address is ['[', .. var inner, ']'] ? inner : address;
        if (!NetworkName.IsHostName(name))
        {
            throw invalid("a host name of letters, digits, '-', '.' and '_'");
        }

        return bare == HostGateway ? new(name, bare)
            : AddressNumber.TryParse(bare, out var parsed) ? new(name, parsed.ToString())
            : throw invalid($"an IP address or {HostGateway} behind the name");
    }
}
