using Can.Engine.Containers;
using Can.Engine.Kernel.Netlink;

namespace Can.Engine.Networks;

// A network namespace that a second container has entered outlives the run of its owner, with interfaces and addresses in it.
public sealed partial class NetworkService
{
    /// <summary>Notes that another container enters this one's network: from now on its interfaces have to be taken away when a run ends.</summary>
    /// <returns>Whether that is news, and the container's plan has to be made anew.</returns>
    internal bool MarkEntered(ContainerDefinition definition)
    {
        if (definition.Attachments is null || IsEntered(definition.Id))
        {
            return false;
        }

        File.WriteAllBytes(EnteredPath(definition.Id), []);
        return true;
    }

    /// <summary>Whether another container has ever entered this one's network.</summary>
    private bool IsEntered(string id) => File.Exists(EnteredPath(id));

    /// <summary>Takes away what a run has left in a namespace that lives on: its monitor was killed, or knew less of its interfaces than this.</summary>
    private void SweepInterfaces(string id)
    {
        if (!IsEntered(id))
        {
            return;
        }

        var prefix = HostNameOf(id);
        using var socket = new RouteSocket();
        foreach (var link in socket.ListLinks().Where(link => link.Name.StartsWith(prefix, StringComparison.Ordinal)))
        {
            _ = socket.TrySend(RouteMessages.RemoveLink(LinkReference.At(link.Index))); // it may be gone by now
        }
    }

    private string EnteredPath(string id) => $"{root.ContainerRun(id)}/entered";
}
