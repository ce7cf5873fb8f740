using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using Can.Engine.Kernel;

namespace Can.Engine.Storage.Content;

/// <summary>A SHA-256 by which content is named.</summary>
/// <param name="Hex">64 lower case hexadecimal digits.</param>
/// <remarks>https://github.com/opencontainers/image-spec/blob/main/descriptor.md#digests; the other registered algorithms are not
/// used by anybody and are refused.</remarks>
[JsonConverter(typeof(DigestConverter))]
internal sealed record Digest(string Hex)
{
    private const string Prefix = "sha256:";
    private const int HexLength = 64;

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

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
    public static bool IsHex(ReadOnlySpan<char> text) => text.Length == HexLength && !text.ContainsAnyExcept(HexDigits);

    /// <summary><c>sha256:HEX</c></summary>
    public override string ToString() => Prefix + Hex;
}

/// <summary>A digest in JSON: <c>"sha256:HEX"</c>.</summary>
internal sealed class DigestConverter : JsonConverter<Digest>
{
    /// <summary>null is no digest either, in a list too.</summary>
    public override bool HandleNull => true;

    /// <inheritdoc/>
    public override Digest Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && Digest.TryParse(reader.GetString(), out var digest)
            ? digest
            : throw new JsonException("A digest is not 'sha256:' with 64 hexadecimal digits.");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Digest value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
