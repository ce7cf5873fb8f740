using System.CommandLine;
using System.Text.Json;
using Can.Cli.Common;
using Can.Cli.Common.Listing;
using Can.Cli.Storage;
using Can.Engine.Networks;

namespace Can.Cli.Networks;

/// <summary>Makes a network.</summary>
internal sealed class NetworkCreateVerb : Verb
{
    private readonly Argument<string> name = Arg.One("NAME", "Name of the network");
    private readonly Option<string?> driver = Opt.Text("--driver|-d", "DRIVER", $"{NetworkOptions.BridgeDriver}, which is what there is");
    private readonly Option<IReadOnlyList<string>> subnets = Opt.Texts("--subnet", "CIDR", "Subnet, such as 10.9.0.0/24; one for IPv4 and one for IPv6. A free one if left out");
    private readonly Option<IReadOnlyList<string>> gateways = Opt.Texts("--gateway", "IP", "The host's address on it; the first of the subnet if left out");
    private readonly Option<IReadOnlyList<string>> ranges = Opt.Texts("--ip-range", "CIDR", "Part of the subnet from which containers get addresses");
    private readonly Option<bool> inside = Opt.Flag("--internal", "Nothing leads out of it");
    private readonly Option<bool> isolate = Opt.Flag("--isolate", "Its containers do not reach each other");
    private readonly Option<bool> ipv6 = Opt.Flag("--ipv6", "With IPv6 addresses");
    private readonly Option<long?> mtu = Opt.Number("--mtu", "BYTES", "Largest packet");
    private readonly Option<IReadOnlyList<string>> labels = Opt.Texts("--label|-l", "NAME=VALUE", "Label");
    private readonly Option<IReadOnlyList<string>> options = Opt.Texts("--opt|-o", "NAME=VALUE", "Option of the driver: interface=NAME, public=true");

    public NetworkCreateVerb()
        : base("create", "Make a network", "can network create web", "can network create --subnet 10.9.0.0/24 --internal backend", "can network create --ipv6 --isolate guests")
    {
        Add(name);
        Add(driver, subnets, gateways, ranges, inside, isolate, ipv6, mtu, labels, options);
    }

    /// <inheritdoc/>
    public override int Run(ParseResult line, Session session)
    {
        var network = session.Engine.Networks.Create(new()
        {
            Name = line.GetValue(name)!,
            Driver = line.GetValue(driver) ?? NetworkOptions.BridgeDriver,
            Subnets = line.GetValue(subnets)!,
            Gateways = line.GetValue(gateways)!,
            IPRanges = line.GetValue(ranges)!,
            Internal = line.GetValue(inside),
            Isolate = line.GetValue(isolate),
            IPv6 = line.GetValue(ipv6),
            Mtu = line.GetValue(mtu) is { } bytes ? (int)Math.Clamp(bytes, int.MinValue, int.MaxValue) : null,
            Labels = Pairs.Of(line.GetValue(labels)!),
            Options = Pairs.Of(line.GetValue(options)!),
        });
        session.Output.WriteLine(network.Id);
        return ExitCode.Success;
    }
}

/// <summary>Lists networks.</summary>
internal sealed class NetworkLsVerb : Verb
{
    private readonly Option<bool> whole = Opt.Flag("--no-trunc", "Whole Ids");

    private readonly Filters<Network> filters = new(
        ("name", static (network, value) => network.Name.Contains(value, StringComparison.Ordinal)),
        ("id", static (network, value) => network.Id.StartsWith(value, StringComparison.Ordinal)),
        ("label", static (network, value) => Filters.HasLabel(network.Labels, value)),
        ("driver", static (network, value) => network.Driver == value),
        ("dangling", static (network, value) => network.Containers.Count == 0 == value is "true" or "1"));

    private readonly Listing<Network> listing;
    private bool full;

    public NetworkLsVerb()
        : base("ls", "List networks", "can network ls", "can network ls -q --filter label=web", "can network ls --format '{{.Name}} {{.Subnets}}'")
    {
        listing = new(
            new("ID", "NETWORK ID", network => full ? network.Id : network.ShortId),
            new("Name", "NAME", static network => network.Name),
            new("Driver", "DRIVER", static network => network.Driver),
            new("Subnets", "SUBNETS", static network => string.Join(", ", network.Subnet)),
            new("Interface", "INTERFACE", static network => network.Interface),
            new("Internal", null, static network => NetworkText.Of(network.Internal)),
            new("IPv6", null, static network => NetworkText.Of(network.IPv6)),
            new("CreatedAt", null, static network => Human.Moment(network.CreatedAt)),
            new("Labels", null, static network => string.Join(',', network.Labels.Select(static label => $"{label.Key}={label.Value}"))));
        Add(whole, listing.Quiet, listing.Format, filters.Option);
    }

    /// <inheritdoc/>
    public override int Run(ParseResult line, Session session)
    {
        full = line.GetValue(whole);
        listing.Write(line, session.Output, filters.Apply(line, session.Engine.Networks.List()));
        return ExitCode.Success;
    }
}

/// <summary>Shows networks whole.</summary>
internal sealed class NetworkInspectVerb() : InspectingVerb(
    "NETWORK", "Name or Id", "Show everything about networks", "can network inspect can0", "can network inspect -f '{{json .Containers}}' can0")
{
    /// <inheritdoc/>
    protected override Action<Utf8JsonWriter> Find(Session session, string name)
    {
        var network = NetworkText.Find(session.Engine, name);
        return writer => NetworkText.Write(writer, network, NetworkText.Members(session.Engine, network));
    }
}

/// <summary>Removes networks.</summary>
internal sealed class NetworkRmVerb : Verb
{
    private readonly Argument<string[]> names = Arg.Many("NETWORK", "Name or Id");
    private readonly Option<bool> force = Opt.Flag("--force|-f", "One that is not there is fine");

    public NetworkRmVerb()
        : base("rm", "Remove networks", "can network rm web")
    {
        Add(names);
        Add(force);
    }

    /// <inheritdoc/>
    public override int Run(ParseResult line, Session session) => session.ForEach(line.GetValue(names)!, name =>
    {
        if (!line.GetValue(force) || NetworkText.TryFind(session.Engine, name) is not null)
        {
            session.Engine.Networks.Remove(NetworkText.Find(session.Engine, name).Name);
            session.Output.WriteLine(name);
        }
    });
}

/// <summary>Puts a container on a network.</summary>
internal sealed class NetworkConnectVerb : Verb
{
    private readonly Argument<string> network = Arg.One("NETWORK", "Name or Id");
    private readonly Argument<string> container = Arg.One("CONTAINER", "Name or Id");
    private readonly Option<IReadOnlyList<string>> aliases = Opt.Texts("--alias", "NAME", "Another name of the container there");
    private readonly Option<string?> ip = Opt.Text("--ip", "IP", "IPv4 address");
    private readonly Option<string?> ip6 = Opt.Text("--ip6", "IP", "IPv6 address");
    private readonly Option<string?> mac = Opt.Text("--mac-address", "MAC", "Hardware address");

    public NetworkConnectVerb()
        : base("connect", "Put a container on a network, while it runs as well", "can network connect web c1", "can network connect --ip 10.9.0.7 --alias db backend c1")
    {
        Add(network, container);
        Add(aliases, ip, ip6, mac);
    }

    /// <inheritdoc/>
    public override int Run(ParseResult line, Session session)
    {
        string[] addresses = [.. new[] { line.GetValue(ip), line.GetValue(ip6) }.OfType<string>()];
        var attachment = NetworkAttachment.Make(
            NetworkText.Find(session.Engine, line.GetValue(network)!).Name, addresses, line.GetValue(mac), line.GetValue(aliases)!, null);
        _ = session.Engine.Containers.Connect(session.Engine.Containers.Find(line.GetValue(container)!).Id, attachment, session.Cancellation);
        return ExitCode.Success;
    }
}

/// <summary>Takes a container off a network.</summary>
internal sealed class NetworkDisconnectVerb : Verb
{
    private readonly Argument<string> network = Arg.One("NETWORK", "Name or Id");
    private readonly Argument<string> container = Arg.One("CONTAINER", "Name or Id");
    private readonly Option<bool> force = Opt.Flag("--force|-f", "Accepted for Docker's sake: nothing has to be forced");

    public NetworkDisconnectVerb()
        : base("disconnect", "Take a container off a network, while it runs as well", "can network disconnect web c1")
    {
        Add(network, container);
        Add(force);
    }


    /// <inheritdoc/>
    public override int Run(ParseResult line, Session session)
    {
        var name = NetworkText.Find(session.Engine, line.GetValue(network)!).Name;
        _ = session.Engine.Containers.Disconnect(session.Engine.Containers.Find(line.GetValue(container)!).Id, name, session.Cancellation);
        return ExitCode.Success;
    }
}

/// <summary>Removes networks that no container is on.</summary>
internal sealed class NetworkPruneVerb : Verb
{
    private readonly Confirmation confirmation = new();

    public NetworkPruneVerb()
        : base("prune", "Remove the networks that no container is on", "can network prune -f") => Add(confirmation.Force);

    /// <inheritdoc/>
    public override int Run(ParseResult line, Session session) =>
        !confirmation.IsGiven(line, session, "every network but the default one that no container is on")
            ? ExitCode.Failure
            : new Pruning(session).OfNetworks().Code;
}
