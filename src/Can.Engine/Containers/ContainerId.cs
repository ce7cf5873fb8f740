using System.Diagnostics.CodeAnalysis;
using Can.Engine.Kernel;

namespace Can.Engine.Containers;

/// <summary>Ids of containers: 64 hexadecimal digits. The first twelve are also the host name and a name on the container's networks.</summary>
internal static class ContainerId
{
    private const int ShortLength = 12;
    private const int Bytes = 32;

    /// <summary>Makes one that no container has.</summary>
    public static string New() => New(static () => Entropy.Hex(Bytes));

    /// <summary>Takes the first that can be a host name.</summary>
    /// <param name="next">Makes another Id.</param>
    /// <remarks>
    /// One short Id of 280 has decimal digits only. C libraries take such a name for an address, and do not look it up: inet_aton(3).
    /// </remarks>
    public static string New(Func<string> next)
    {
        string id;
        do
        {
            id = next();
        }
        while (IsNumber(Short(id)));
        return id;
    }

    /// <summary>The short form of an Id; null of null.</summary>
    [return: NotNullIfNotNull(nameof(id))]
    public static string? Short(string? id) => id?[..ShortLength];

    private static bool IsNumber(string text)
    {
        foreach (var character in text)
        {
            if (!char.IsAsciiDigit(character))
            {
                return false;
            }
        }

        return true;
    }
}
