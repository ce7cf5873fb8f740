using System.Text.Json.Serialization;

namespace Can.Engine.Images.Registries.Protocol;

/// <summary>What a token server gives.</summary>
/// <remarks>https://distribution.github.io/distribution/spec/auth/token/, .../auth/oauth/</remarks>
internal sealed record TokenResponse
{
    [JsonPropertyName("token")]
    public string? Token { get; init; }

    [JsonPropertyName("access_token")]
    public string? AccessToken { get; init; }

    /// <summary>Seconds.</summary>
    [JsonPropertyName("expires_in")]
    public int? ExpiresIn { get; init; }
}

/// <summary>What a registry says about an error.</summary>
/// <remarks>https://github.com/opencontainers/distribution-spec/blob/main/spec.md#error-codes; token servers say <c>details</c>.</remarks>
internal sealed record ErrorResponse
{
    [JsonPropertyName("errors")]
    public IReadOnlyList<ErrorItem>? Errors { get; init; }

    [JsonPropertyName("details")]
    public string? Details { get; init; }
}

/// <summary>One error.</summary>
internal sealed record ErrorItem
{
    [JsonPropertyName("code")]
    public string? Code { get; init; }

    [JsonPropertyName("message")]
    public string? Message { get; init; }
}

/// <summary>JSON of the protocol.</summary>
[JsonSourceGenerationOptions]
[JsonSerializable(typeof(TokenResponse))]
[JsonSerializable(typeof(ErrorResponse))]
internal sealed partial class RegistryJson : JsonSerializerContext;
