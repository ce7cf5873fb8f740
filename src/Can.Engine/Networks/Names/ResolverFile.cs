using System.Net;
using System.Text;
using Can.Engine.Networks.Addresses;
using Can.Engine.Storage;

namespace Can.Engine.Networks.Names;

/// <summary>A container's resolv.conf(5): the host's, with what was asked for, and without servers that only the host itself reaches.</summary>
internal static class ResolverFile
{
    private const string HostFile = "/etc/resolv.conf";

    /// <summary>Where systemd-resolved keeps the real servers; its stub listens for the host's own programs alone.</summary>
    private const string SystemdServers = "/run/systemd/resolve/resolv.conf";

    /// <summary>The text of the host's file.</summary>
    public static string ReadHost() => Encoding.UTF8.GetString(AtomicFile.TryRead(HostFile) ?? []);

    /// <summary>The text of the file with systemd-resolved's servers; null where there is none.</summary>
    public static string? ReadSystemd() => AtomicFile.TryRead(SystemdServers) is { } bytes ? Encoding.UTF8.GetString(bytes) : null;

    /// <summary>The text for a container with a network namespace of its own.</summary>
    /// <param name="host">The host's file.</param>
    /// <param name="systemd">systemd-resolved's servers; null where there are none.</param>
    /// <param name="settings">What the caller asks for; null for nothing.</param>
    /// <param name="gateway">Where a stub of the host's is reached; null where that is not possible.</param>
    public static string Make(string host, string? systemd, NameSettings? settings, string? gateway)
    {
        var lines = Effective(host, systemd).Split('\n');
        var servers = settings?.Servers is { Count: > 0 } asked ? asked : [.. ServersOf(string.Join('\n', lines)).Select(server => Reachable(server, gateway)).OfType<string>().Distinct()];
        var text = new StringBuilder();
        foreach (var server in servers)
        {
            text.Append("nameserver ").Append(server).Append('\n');
        }

        if (settings?.Search is { Count: > 0 } search)
        {
            text.Append(search is ["."] ? "" : $"search {string.Join(' ', search)}\n");
        }
        else
        {
            Copy(text, lines, "search", "domain");
        }

        if (settings?.Options is { Count: > 0 } options)
        {
            text.Append("options ").AppendJoin(' ', options).Append('\n');
        }
        else
        {
            Copy(text, lines, "options");
        }

        return text.ToString();
    }

    /// <summary>The host's servers that listen on a loopback address, where only the host's own programs reach them.</summary>
    public static IEnumerable<string> StubsOf(string host, string? systemd) => ServersOf(Effective(host, systemd)).Where(IsLoopback);

    /// <summary>The file with the real servers, where they are known and the host asks a stub alone.</summary>
    private static string Effective(string host, string? systemd) =>
        systemd is not null && ServersOf(host).All(IsLoopback) && ServersOf(systemd).Any() ? systemd : host;

    private static IEnumerable<string> ServersOf(string text) =>
        text.Split('\n').Select(static line => line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries))
            .Where(static words => words is ["nameserver", _, ..]).Select(static words => words[1]);

    private static string? Reachable(string server, string? gateway) => IsLoopback(server) ? gateway : server;

    private static bool IsLoopback(string server) =>
        (AddressNumber.TryParseDotted(server) ?? (IPAddress.TryParse(server, out var other) ? other : null)) is { } address && IPAddress.IsLoopback(address);

    private static void Copy(StringBuilder text, string[] lines, params ReadOnlySpan<string> keywords)
    {
        foreach (var line in lines)
        {
            foreach (var keyword in keywords)
            {
                if (line.StartsWith(keyword + " ", StringComparison.Ordinal) || line.StartsWith(keyword + "\t", StringComparison.Ordinal))
                {
                    text.Append(line).Append('\n');
                }
            }
        }
    }
}
