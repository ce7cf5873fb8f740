using System.Diagnostics.CodeAnalysis;
using Can.Engine.Kernel;

namespace Can.Engine.Storage.Content;

/// <summary>A SHA-256 by which content is named.</summary>
/// <param name="Hex">64 lower case hexadecimal digits.</param>
/// <remarks>https://github.com/opencontainers/image-spec/blob/main/descriptor.md#digests; the other registered algorithms are not
/// used by anybody and are refused.</remarks>
internal sealed record Digest(string Hex)
{
    private const string Prefix = "sha256:";
    private const int HexLength = 64;

    /// <summary>The digest of some bytes.</summary>
    public static Digest Of(ReadOnlySpan<byte> bytes) => new(Convert.ToHexStringLower(Sha256.Of(bytes)));

    /// <summary>Takes <c>sha256:HEX</c>.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out Digest? digest)
    {
        digest = null;
        if (text is null || !text.StartsWith(Prefix, StringComparison.Ordinal) || !IsHex(text.AsSpan(Prefix.Length)))
        {
            return false;
        }

        digest = new Digest(text[Prefix.Length..]);
        return true;
    }

    /// <summary>Whether text is 64 lower case hexadecimal digits.</summary>
    public static bool IsHex(ReadOnlySpan<char> text) => text.Length == HexLength && Characters.All(text, char.IsAsciiHexDigitLower);

    /// <summary><c>sha256:HEX</c></summary>
    public override string ToString() => Prefix + Hex;
}
