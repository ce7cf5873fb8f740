using System.Text.Json.Serialization;

namespace Can.Engine.Networks;

/// <summary>How a container finds names, where that differs from its host's way.</summary>
public sealed record NameSettings
{
    /// <summary>Addresses of name servers; the host's when empty.</summary>
    [JsonRequired]
    public IReadOnlyList<string> Servers { get; init; } = [];

    /// <summary>Domains that names are searched in; the host's when empty, none for a single <c>.</c>.</summary>
    [JsonRequired]
    public IReadOnlyList<string> Search { get; init; } = [];

    /// <summary>Options of resolv.conf(5); the host's when empty.</summary>
    [JsonRequired]
    public IReadOnlyList<string> Options { get; init; } = [];

    /// <summary>Further lines of /etc/hosts.</summary>
    [JsonRequired]
    public IReadOnlyList<HostEntry> Hosts { get; init; } = [];
}
