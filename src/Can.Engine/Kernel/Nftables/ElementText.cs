using System.Net;
using System.Text;

namespace Can.Engine.Kernel.Nftables;

/// <summary>An element in the language of nft(8).</summary>
internal static class ElementText
{
    /// <summary><c>bridges { "can0" }</c>, as it stands behind <c>add element inet TABLE</c>.</summary>
    public static string Of(MapElement element) => $"{element.Set} {{ {Content(element)} }}";

    private static string Content(MapElement element)
    {
        if (MapElement.ToTranslation(element.Set, element.Key, element.Data) is { } port && element.Data.Length > 0)
        {
            var host = element.Set.StartsWith(SetNames.Everywhere, StringComparison.Ordinal) ? "" : $"{port.HostAddress} . ";
            return $"{host}{port.Protocol.ToString().ToLowerInvariant()} . {port.HostPort} : {port.Address} . {port.Port}";
        }

        return element.Set switch
        {
            SetNames.Bridges or SetNames.Internal => Name(element.Key),
            SetNames.Within => $"{Name(element.Key[..MapElement.NameLength])} . {Name(element.Key[MapElement.NameLength..])}",
            _ => $"{new IPAddress(element.Key)}-{new IPAddress(LastOf(element))}",
        };
    }

    private static string Name(byte[] key) => $"\"{Encoding.ASCII.GetString(key).TrimEnd('\0')}\"";

    /// <summary>The last address of a range, whose element says which one is behind it.</summary>
    private static byte[] LastOf(MapElement element)
    {
        var last = element.EndKey.Length > 0 ? (byte[])element.EndKey.Clone() : new byte[element.Key.Length];
        for (var position = last.Length - 1; position >= 0 && last[position]-- == 0; position--)
        {
        }

        return last;
    }
}
