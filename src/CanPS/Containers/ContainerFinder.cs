using System.Management.Automation;
using Can.Engine;
using Can.Engine.Containers;

namespace CanPS.Containers;

/// <summary>Finds the containers that a cmdlet was given, the same way for every cmdlet.</summary>
internal static class ContainerFinder
{
    /// <summary>Containers of these names; a literal name that does not exist is an error, a pattern without a match is not.</summary>
    public static IEnumerable<Container> ByName(ContainerService containers, IEnumerable<string> names, Action<CanException> onError)
    {
        foreach (var name in names)
        {
            if (WildcardPattern.ContainsWildcardCharacters(name))
            {
                foreach (var container in Matching(containers, name, onError))
                {
                    yield return container;
                }
            }
            else if (Read(containers, name, onError, out var damaged) is { } container)
            {
                yield return container;
            }
            else if (!damaged)
            {
                onError(NotFound(name));
            }
        }
    }

    /// <summary>Containers whose Ids begin so.</summary>
    public static IEnumerable<Container> ById(ContainerService containers, IEnumerable<string> ids, Action<CanException> onError)
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
                onError(exception);
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
    private static IEnumerable<Container> Matching(ContainerService containers, string pattern, Action<CanException> onError)
    {
        if (pattern == "*")
        {
            return containers.List(onError);
        }

        var wildcard = new WildcardPattern(pattern);
        return containers.Names()
            .Where(wildcard.IsMatch)
            .Select(name => Read(containers, name, onError, out _))
            .OfType<Container>()
            .OrderBy(container => container.CreatedAt);
    }

    /// <summary>A container whose definition is damaged is an error of its own and does not hide the others.</summary>
    private static Container? Read(ContainerService containers, string name, Action<CanException> onError, out bool damaged)
    {
        damaged = false;
        try
        {
            return containers.TryGetByName(name);
        }
        catch (CanException error)
        {
            damaged = true;
            onError(error);
            return null;
        }
    }
}
