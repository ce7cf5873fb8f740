using System.Text;
using Can.Engine.Containers.Options;
using Can.Engine.Networks.Names;
using Can.Engine.Storage;

namespace Can.Engine.Containers;

/// <summary>The files below /etc that every container gets for itself: hosts, hostname and resolv.conf.</summary>
internal static class EtcFiles
{
    /// <summary>Writes the files; the directory is made.</summary>
    /// <param name="directory">Where.</param>
    /// <param name="definition">The container.</param>
    /// <param name="stubGateway">Where it reaches a resolver of the host's that listens on loopback; null where it does not.</param>
    internal static void Write(string directory, ContainerDefinition definition, string? stubGateway)
    {
        Directories.Ensure(directory, Directories.Public);
        Put($"{directory}/hostname", Encoding.UTF8.GetBytes(definition.Hostname + "\n"));
        Put($"{directory}/resolv.conf", Encoding.UTF8.GetBytes(Resolver(definition, stubGateway)));

        // Who is on networks has one that the networks keep.
        if (definition.Attachments is null)
        {
            Put($"{directory}/hosts", Encoding.UTF8.GetBytes(Hosts(definition) + NetworkHosts.Extra(definition.Names, "127.0.0.1")));
        }
    }

    /// <summary>
    /// Brings a running container's resolv.conf in line with its networks: in place, as it is mounted, and only if it is as it was written.
    /// </summary>
    /// <param name="directory">Where.</param>
    /// <param name="definition">The container.</param>
    /// <param name="before">The gateway that stood for the host's resolver.</param>
    /// <param name="now">The one that does now.</param>
    internal static void RenewResolver(string directory, ContainerDefinition definition, string? before, string? now)
    {
        var path = $"{directory}/resolv.conf";
        if (before != now && AtomicFile.TryRead(path) is { } bytes && Encoding.UTF8.GetString(bytes) == Resolver(definition, before))
        {
            using var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
            var text = Encoding.UTF8.GetBytes(Resolver(definition, now));
            RandomAccess.Write(file, text, 0);
            RandomAccess.SetLength(file, text.Length);
        }
    }

    private static string Hosts(ContainerDefinition definition) =>
        definition.Network == NetworkMode.Host && AtomicFile.TryRead("/etc/hosts") is { } hosts
            ? Encoding.UTF8.GetString(hosts)
            : HostsFile.Header.Replace("\tlocalhost\n", $"\tlocalhost {definition.Hostname}\n", StringComparison.Ordinal);

    private static string Resolver(ContainerDefinition definition, string? stubGateway)
    {
        var host = ResolverFile.ReadHost();
        return definition.Network != NetworkMode.Host
            ? ResolverFile.Make(host, ResolverFile.ReadSystemd(), definition.Names, stubGateway)
            : definition.Names is null ? host : ResolverFile.Make(host, null, definition.Names, "127.0.0.1");
    }

    /// <summary>Readable by every user of the container, whatever the umask of the calling shell is.</summary>
    private static void Put(string path, byte[] content) => AtomicFile.Write(path, content, durable: false, Directories.PublicFile);
}
