using Can.Engine.Containers.Options;
using Can.Engine.Networks;
using Can.Engine.Networks.Addresses;

namespace Can.Engine.Containers;

/// <summary>Brings what a caller asks of a container's network into the form the definition has; looks nothing up.</summary>
internal static class AttachmentResolver
{
    /// <summary>The network of a container that is told none.</summary>
    internal const string Unspecified = NetworkName.Default;

    /// <summary>Fills in the network's part of a definition.</summary>
    /// <exception cref="CanException">
    /// <c>NetworkOptionInvalid</c>, <c>NetworkOptionConflict</c>, <c>IPAddressInvalid</c>, <c>MacAddressInvalid</c>,
    /// <c>NetworkAliasInvalid</c>, <c>PortInvalid</c>, <c>PortDuplicate</c>, <c>DnsOptionInvalid</c>
    /// </exception>
    public static ContainerDefinition Resolve(ContainerDefinition definition, ContainerOptions options)
    {
        var asked = options.Networks.Count > 0 ? options.Networks : [new NetworkAttachment { Network = Unspecified }];
        var mode = ModeOf(asked);
        definition = definition with { Network = mode, Names = NamesOf(options) };
        if (mode == NetworkMode.Bridge)
        {
            return definition with { Attachments = Attachments(asked, options), Ports = PortsOf(options.PublishAll ? WithExposed(options.Ports, definition.ExposedPorts) : options.Ports) };
        }

        RequireNothingOfNetworks(mode, options, definition.Names);
        return definition;
    }

    /// <summary>The name of the network that is meant: Docker's words for the default one are understood.</summary>
    internal static string NameOf(string network) => network is NetworkMode.Bridge or "default" ? NetworkName.Default : network;

    /// <summary>Ports one by one.</summary>
    /// <exception cref="CanException"><c>PortDuplicate</c></exception>
    internal static IReadOnlyList<PortMapping>? PortsOf(IReadOnlyList<PortMapping> asked)
    {
        var single = asked.SelectMany(static mapping => mapping.Each()).ToList();
        foreach (var same in single.Where(static port => port.HostPort != 0).GroupBy(static port => $"{port.HostPort}/{port.Protocol}").Where(static same => same.Skip(1).Any()))
        {
            RequireApart([.. same]);
        }

        return single.Count > 0 ? single : null;
    }

    /// <summary>Also the exposed ports that nothing asked for publishes, in the order of their numbers.</summary>
    private static List<PortMapping> WithExposed(IReadOnlyList<PortMapping> asked, IReadOnlyList<string>? exposed)
    {
        var published = asked.SelectMany(static mapping => mapping.Each()).Select(static port => port.ContainerEnd).ToHashSet(StringComparer.Ordinal);
        return [.. asked, .. (exposed ?? []).SelectMany(static text => PortMapping.OfExposed(text).Each())
            .Where(port => published.Add(port.ContainerEnd)).OrderBy(static port => port.ContainerPort).ThenBy(static port => port.Protocol)];
    }

    /// <summary>Ports of the host with the same number are on different addresses.</summary>
    private static void RequireApart(List<PortMapping> ports)
    {
        for (var index = 0; index < ports.Count; index++)
        {
            for (var other = 0; other < index; other++)
            {
                if (Collide(ports[index], ports[other]))
                {
                    throw new CanException(
                        "PortDuplicate", CanErrorCategory.InvalidArgument,
                        $"'{ports[index]}' and '{ports[other]}' publish on the same port of the host. Give one of them another port.", ports[index].ToString());
                }
            }
        }
    }

    private static bool Collide(PortMapping one, PortMapping other) =>
        one.HostPort != 0 && one.HostPort == one.LastHostPort && other.HostPort == other.LastHostPort
        && one.HostPort == other.HostPort && one.Protocol == other.Protocol
        && (one.Address == other.Address || (SameFamily(one, other) && (IsAny(one) || IsAny(other))));

    private static bool IsAny(PortMapping mapping) => mapping.Address is "0.0.0.0" or "::";

    private static bool SameFamily(PortMapping one, PortMapping other) =>
        one.Address.Contains(':', StringComparison.Ordinal) == other.Address.Contains(':', StringComparison.Ordinal);

    private static string ModeOf(IReadOnlyList<NetworkAttachment> asked)
    {
        if (asked.FirstOrDefault(static attachment => IsMode(attachment.Network)) is not { } mode)
        {
            return NetworkMode.Bridge;
        }

        return asked.Count == 1 && mode == new NetworkAttachment { Network = mode.Network } ? mode.Network : throw Conflict(
            $"The network '{mode.Network}' stands alone and takes no options", mode.Network);
    }

    private static bool IsMode(string network) => network is NetworkMode.None or NetworkMode.Host || NetworkMode.SharedWith(network) is not null;

    private static List<NetworkAttachment> Attachments(IReadOnlyList<NetworkAttachment> asked, ContainerOptions options)
    {
        var attachments = asked.Select(attachment => attachment with
        {
            Network = NameOf(attachment.Network),
            Aliases = AliasesOf(attachment, options.NetworkAliases),
        }).ToList();
        if (attachments.GroupBy(static attachment => attachment.Network).FirstOrDefault(static group => group.Count() > 1) is { } twice)
        {
            throw Conflict($"The network '{twice.Key}' is given twice", twice.Key);
        }

        if (options.IPAddresses.Count == 0 && options.MacAddress is null)
        {
            return attachments;
        }

        return attachments.Count == 1 ? [WithAddresses(attachments[0], options)] : throw Conflict(
            "An address belongs to one network, and the container is to be on several: give it with the network, -Network @{ Name = 'web'; IPAddress = '192.168.10.5' }",
            attachments[0].Network);
    }

    private static string[]? AliasesOf(NetworkAttachment attachment, IReadOnlyList<string> common)
    {
        string[] all = [.. (attachment.Aliases ?? []).Concat(common.Select(NetworkName.ValidateAlias)).Distinct(StringComparer.Ordinal)];
        return all.Length > 0 ? all : null;
    }

    private static NetworkAttachment WithAddresses(NetworkAttachment attachment, ContainerOptions options)
    {
        attachment = attachment.With(options.IPAddresses);
        return options.MacAddress is { } mac ? attachment with { MacAddress = AddressText.Mac(mac) } : attachment;
    }

    private static NameSettings? NamesOf(ContainerOptions options)
    {
        var settings = new NameSettings
        {
            Servers = [.. options.DnsServers.Select(static server => AddressText.Parse(server).ToString())],
            Search = [.. options.DnsSearch.Select(static domain => domain == "." ? domain : Word("search domain", domain))],
            Options = [.. options.DnsOptions.Select(static option => Word("resolver option", option))],
            Hosts = options.ExtraHosts,
        };
        return settings.Servers.Count + settings.Search.Count + settings.Options.Count + settings.Hosts.Count > 0 ? settings : null;
    }

    private static string Word(string what, string text) => text.Length > 0 && !text.Any(char.IsWhiteSpace)
        ? text
        : throw OptionError.Invalid("DnsOptionInvalid", what, text, "one word");

    private static void RequireNothingOfNetworks(string mode, ContainerOptions options, NameSettings? names)
    {
        var what = options.Ports.Count > 0 ? "-Publish"
            : options.PublishAll ? "-PublishAll"
            : options.IPAddresses.Count > 0 ? "-IPAddress"
            : options.MacAddress is not null ? "-MacAddress"
            : options.NetworkAliases.Count > 0 ? "-NetworkAlias"
            : names is not null && NetworkMode.SharedWith(mode) is not null ? "-Dns, -DnsSearch, -DnsOption and -AddHost"
            : null;
        if (what is not null)
        {
            throw Conflict($"{what} cannot be had with -Network {mode}: the container has no network of its own", mode);
        }
    }

    private static CanException Conflict(string what, string target) =>
        new("NetworkOptionConflict", CanErrorCategory.InvalidArgument, $"{what}. Change or leave out one of the two.", target);
}
