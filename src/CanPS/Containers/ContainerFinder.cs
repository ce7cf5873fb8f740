using System.Management.Automation;
using Can.Engine;
using Can.Engine.Containers;

namespace CanPS.Containers;

/// <summary>Finds the containers that a cmdlet was given, the same way for every cmdlet.</summary>
internal static class ContainerFinder
{
    /// <summary>Containers of these names; a literal name that does not exist is an error, a pattern without a match is not.</summary>
    public static IEnumerable<Container> ByName(ContainerService containers, IEnumerable<string> names, Action<CanException> onMissing)
    {
        foreach (var name in names)
        {
            if (WildcardPattern.ContainsWildcardCharacters(name))
            {
                foreach (var container in Matching(containers, name))
                {
                    yield return container;
                }
            }
            else if (containers.TryGetByName(name) is { } container)
            {
                yield return container;
            }
            else
            {
                onMissing(NotFound(name));
            }
        }
    }

    /// <summary>Containers whose Ids begin so.</summary>
    public static IEnumerable<Container> ById(ContainerService containers, IEnumerable<string> ids, Action<CanException> onMissing)
    {
        foreach (var id in ids)
        {
            Container container;
            try
            {
                container = containers.GetByIdPrefix(id);
            }
            catch (CanException exception)
            {
                onMissing(exception);
                continue;
            }

            yield return container;
        }
    }

    /// <summary>The error for a name that no container has.</summary>
    public static CanException NotFound(string name) => new(
        "ContainerNotFound", CanErrorCategory.ObjectNotFound,
        $"There is no container named '{name}'. Get-CanContainer lists the containers there are; names are case-sensitive.", name);

    // Only the definitions of names that match are read.
    private static IEnumerable<Container> Matching(ContainerService containers, string pattern)
    {
        if (pattern == "*")
        {
            return containers.List();
        }

        var wildcard = new WildcardPattern(pattern);
        return containers.Names()
            .Where(wildcard.IsMatch)
            .Select(containers.TryGetByName)
            .OfType<Container>()
            .OrderBy(container => container.CreatedAt);
    }
}
