using Can.Engine.Kernel;
using Can.Engine.Storage;

namespace Can.Engine.Volumes;

/// <summary>Names of volumes: those of containers, so that a name is a file name as it is.</summary>
internal static class VolumeName
{
    private const int MaximumLength = 255;
    private const int AnonymousBytes = 32;

    /// <summary>A name for a volume without one: 64 random hexadecimal digits.</summary>
    public static string NewAnonymous() => Entropy.Hex(AnonymousBytes);

    /// <summary>Whether it is two or more letters, digits, underscores, points and hyphens that begin with a letter or digit.</summary>
    public static bool IsValid(string name) =>
        name.Length is >= 2 and <= MaximumLength && char.IsAsciiLetterOrDigit(name[0]) && Characters.All(name, static character => char.IsAsciiLetterOrDigit(character) || character is '_' or '.' or '-');

    /// <summary>Refuses other names.</summary>
    /// <exception cref="CanException"><c>VolumeNameInvalid</c></exception>
    public static void Validate(string name)
    {
        if (!IsValid(name))
        {
            throw new CanException(
                "VolumeNameInvalid",
                CanErrorCategory.InvalidArgument,
                $"'{name}' is not a volume name. Give two to 255 of the characters a-z, A-Z, 0-9, '_', '.' and '-', the first one a letter or a digit.",
                name);
        }
    }
}
