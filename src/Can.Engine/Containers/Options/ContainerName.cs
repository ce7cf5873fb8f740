namespace Can.Engine.Containers.Options;

/// <summary>Names of containers.</summary>
public static class ContainerName
{
    private const int LongestFileName = 255;

    /// <summary>Requires a name of at least two of <c>a-z A-Z 0-9 _ . -</c> that begins with a letter or digit, as Docker does.</summary>
    /// <exception cref="CanException"><c>ContainerNameInvalid</c></exception>
    public static void Validate(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name.Length > LongestFileName || !IsValid(name))
        {
            throw OptionError.Invalid(
                "ContainerNameInvalid", "container name", name,
                "two to 255 of the characters a-z, A-Z, 0-9, '_', '.' and '-', the first one a letter or a digit");
        }
    }

    private static bool IsValid(string name) =>
        name.Length >= 2 && char.IsAsciiLetterOrDigit(name[0]) && name.All(static letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '.' or '-');
}
