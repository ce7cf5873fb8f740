using System.Collections;
using System.Management.Automation;
using Can.Engine.Networks;

namespace CanPS.Parameters;

/// <summary><c>NAME</c>, <c>none</c>, <c>host</c>, <c>container:NAME</c> or <c>name=NAME,ip=…</c>.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class NetworkOptionAttribute : OptionAttribute<NetworkAttachment>
{
    /// <inheritdoc/>
    protected override NetworkAttachment Parse(string text) => NetworkAttachment.Parse(text);

    /// <inheritdoc/>
    protected override NetworkAttachment FromDictionary(IDictionary dictionary) => NetworkAttachment.FromDictionary(dictionary);

    /// <inheritdoc/>
    private protected override object? Prepare(object? value) => value is PSObject { BaseObject: Network network } ? network.Name
        : value is Network bare ? bare.Name
        : value is string text && !text.Contains('=', StringComparison.Ordinal) && text.Contains(',', StringComparison.Ordinal) ? text.Split(',')
        : value;
}

/// <summary><c>[ADDRESS:][HOST]:CONTAINER[/PROTOCOL]</c>.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class PublishOptionAttribute : OptionAttribute<PortMapping>
{
    /// <inheritdoc/>
    protected override PortMapping Parse(string text) => PortMapping.Parse(text);

    /// <inheritdoc/>
    protected override PortMapping FromDictionary(IDictionary dictionary) => PortMapping.FromDictionary(dictionary);
}

/// <summary><c>NAME:ADDRESS</c>.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class HostEntryOptionAttribute : OptionAttribute<HostEntry>
{
    /// <inheritdoc/>
    protected override HostEntry Parse(string text) => HostEntry.Parse(text);

    /// <inheritdoc/>
    protected override HostEntry FromDictionary(IDictionary dictionary) => HostEntry.FromDictionary(dictionary);
}
