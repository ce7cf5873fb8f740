using System.Management.Automation;
using Can.Engine;
using Can.Engine.Volumes;

namespace CanPS.Volumes;

/// <summary>Finds the volumes that a cmdlet was given.</summary>
internal static class VolumeFinder
{
    /// <summary>Volumes of these names; a literal name that does not exist is an error, a pattern without a match is not.</summary>
    public static IEnumerable<Volume> ByName(VolumeService volumes, IEnumerable<string> names, Action<CanException> onMissing)
    {
        foreach (var name in names)
        {
            if (WildcardPattern.ContainsWildcardCharacters(name))
            {
                var pattern = new WildcardPattern(name);
                foreach (var volume in volumes.List().Where(volume => pattern.IsMatch(volume.Name)))
                {
                    yield return volume;
                }
            }
            else if (volumes.TryGet(name) is { } volume)
            {
                yield return volume;
            }
            else
            {
                onMissing(new CanException(
                    "VolumeNotFound", CanErrorCategory.ObjectNotFound,
                    $"There is no volume named '{name}'. Get-CanVolume lists the volumes there are; names are case-sensitive.", name));
            }
        }
    }
}
