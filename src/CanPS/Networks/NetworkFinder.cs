using System.Management.Automation;
using Can.Engine;
using Can.Engine.Networks;

namespace CanPS.Networks;

/// <summary>Finds the networks that a cmdlet was given.</summary>
internal static class NetworkFinder
{
    /// <summary>Networks of these names; a literal name that does not exist is an error, a pattern without a match is not.</summary>
    public static IEnumerable<Network> ByName(NetworkService networks, IEnumerable<string> names, Action<CanException> onMissing)
    {
        foreach (var name in names)
        {
            if (WildcardPattern.ContainsWildcardCharacters(name))
            {
                var pattern = new WildcardPattern(name);
                foreach (var network in networks.List().Where(network => pattern.IsMatch(network.Name)))
                {
                    yield return network;
                }
            }
            else if (networks.TryGet(name) is { } network)
            {
                yield return network;
            }
            else
            {
                onMissing(new CanException(
                    "NetworkNotFound", CanErrorCategory.ObjectNotFound,
                    $"There is no network named '{name}'. Get-CanNetwork lists the networks there are; names are case-sensitive.", name));
            }
        }
    }
}
