using System.Text;
using Can.Engine.Storage;

namespace Can.Engine.Containers;

/// <summary>The files below /etc that every container gets for itself: hosts, hostname and resolv.conf.</summary>
internal static class EtcFiles
{
    /// <summary>Where a stub resolver of the host keeps the real servers; the stub's own address is of no use in another namespace.</summary>
    private const string SystemdResolved = "/run/systemd/resolve/resolv.conf";

    private const string HostResolver = "/etc/resolv.conf";

    /// <summary>Writes the files; the directory is made.</summary>
    internal static void Write(string directory, ContainerDefinition definition)
    {
        Directories.Ensure(directory, Directories.Public);
        Put($"{directory}/hostname", Encoding.UTF8.GetBytes(definition.Hostname + "\n"));
        Put($"{directory}/hosts", Hosts(definition));
        Put($"{directory}/resolv.conf", Resolver(definition));
    }

    private static byte[] Hosts(ContainerDefinition definition)
    {
        if (definition.Network == "host" && AtomicFile.TryRead("/etc/hosts") is { } hosts)
        {
            return hosts;
        }

        return Encoding.UTF8.GetBytes(
            $"127.0.0.1\tlocalhost {definition.Hostname}\n::1\tlocalhost ip6-localhost ip6-loopback\nfe00::\tip6-localnet\nff00::\tip6-mcastprefix\nff02::1\tip6-allnodes\nff02::2\tip6-allrouters\n");
    }

    private static byte[] Resolver(ContainerDefinition definition)
    {
        var text = AtomicFile.TryRead(HostResolver) ?? [];
        var stub = definition.Network != "host" && text.AsSpan().IndexOf("nameserver 127.0.0.53"u8) >= 0;
        return stub && AtomicFile.TryRead(SystemdResolved) is { } real ? real : text;
    }

    /// <summary>Readable by every user of the container, whatever the umask of the calling shell is.</summary>
    private static void Put(string path, byte[] content) => AtomicFile.Write(path, content, durable: false, Directories.PublicFile);
}
