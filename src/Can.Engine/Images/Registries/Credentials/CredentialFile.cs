using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Can.Engine.Images.Registries.Protocol;
using Can.Engine.Storage;

namespace Can.Engine.Images.Registries.Credentials;

/// <summary>A file of credentials as <c>docker login</c> and <c>podman login</c> write it.</summary>
/// <remarks>https://github.com/containers/image/blob/main/docs/containers-auth.json.5.md</remarks>
internal sealed record CredentialFile
{
    /// <summary>Credentials by registry, or by a repository or its first parts.</summary>
    [JsonPropertyName("auths")]
    public IReadOnlyDictionary<string, CredentialEntry>? Auths { get; init; }

    /// <summary>The helper program that keeps the credentials of every registry that has none of its own.</summary>
    [JsonPropertyName("credsStore")]
    public string? Store { get; init; }

    /// <summary>Helper programs by registry.</summary>
    [JsonPropertyName("credHelpers")]
    public IReadOnlyDictionary<string, string>? Helpers { get; init; }

    /// <summary>Reads a file; null if there is none.</summary>
    /// <exception cref="CanException"><c>CredentialFileInvalid</c>, <c>AccessDenied</c></exception>
    public static CredentialFile? TryRead(string path)
    {
        // An empty file is what some tools leave for none.
        if (AtomicFile.TryRead(path) is not { } bytes || bytes.AsSpan().Trim(" \t\r\n"u8).IsEmpty)
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize(bytes, CredentialJson.Default.CredentialFile);
        }
        catch (JsonException exception)
        {
            // The parser's message may quote the content.
            throw new CanException(
                "CredentialFileInvalid",
                CanErrorCategory.InvalidData,
                $"The credentials file '{path}' cannot be understood (line {exception.LineNumber + 1}). Mend it, or remove it and log in again.",
                path);
        }
    }

    /// <summary>The entry for a repository: the one with the longest fitting key, and its key; null if there is none.</summary>
    public (string Key, CredentialEntry Entry)? Find(RegistryHost host, string? repository)
    {
        for (var name = repository is null ? host.Name : $"{host}/{repository}"; name.Contains('/'); name = name[..name.LastIndexOf('/')])
        {
            if (Auths?.GetValueOrDefault(name) is { } narrow)
            {
                return (name, narrow);
            }
        }

        var found = Auths?.FirstOrDefault(entry => RegistryHost.FromKey(entry.Key) == host.Name);
        return found is { Value: { } value, Key: { } key } ? (key, value) : null;
    }

    /// <summary>The helper program that is to be asked about a registry; null if there is none.</summary>
    public string? HelperOf(RegistryHost host) => Helpers?.FirstOrDefault(entry => RegistryHost.FromKey(entry.Key) == host.Name).Value ?? Store;
}

/// <summary>One registry's credentials.</summary>
internal sealed record CredentialEntry
{
    /// <summary>Base64 of <c>user:password</c>.</summary>
    [JsonPropertyName("auth")]
    public string? Auth { get; init; }

    [JsonPropertyName("username")]
    public string? UserName { get; init; }

    [JsonPropertyName("password")]
    public string? Password { get; init; }

    [JsonPropertyName("identitytoken")]
    public string? IdentityToken { get; init; }

    /// <summary>The entry for a credential.</summary>
    public static CredentialEntry Of(RegistryCredential credential) => new()
    {
        Auth = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{credential.UserName}:{credential.Password}")),
        IdentityToken = credential.IdentityToken,
    };

    /// <summary>The credential; null if the entry is empty, as Docker leaves it beside a helper program.</summary>
    /// <param name="path">The file, for the error.</param>
    /// <exception cref="CanException"><c>CredentialFileInvalid</c></exception>
    public RegistryCredential? Credential(string path)
    {
        var (user, password) = (UserName ?? "", Password ?? "");
        if (!string.IsNullOrEmpty(Auth))
        {
            (user, password) = Decode(path);
        }

        return password.Length > 0 || !string.IsNullOrEmpty(IdentityToken)
            ? new RegistryCredential(user, password, string.IsNullOrEmpty(IdentityToken) ? null : IdentityToken)
            : null;
    }

    private (string User, string Password) Decode(string path)
    {
        var bytes = new byte[Auth!.Length];
        if (Convert.TryFromBase64String(Auth, bytes, out var length)
            && Encoding.UTF8.GetString(bytes, 0, length).TrimEnd('\0') is var text
            && text.IndexOf(':') is >= 0 and var colon)
        {
            return (text[..colon], text[(colon + 1)..]);
        }

        throw new CanException(
            "CredentialFileInvalid",
            CanErrorCategory.InvalidData,
            $"An 'auth' of the credentials file '{path}' is not user:password in Base64. Log in again.",
            path);
    }
}

/// <summary>What a helper program gives.</summary>
internal sealed record HelperCredential
{
    public string? Username { get; init; }

    public string? Secret { get; init; }
}

/// <summary>JSON of credentials.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CredentialFile))]
[JsonSerializable(typeof(HelperCredential))]
internal sealed partial class CredentialJson : JsonSerializerContext;
