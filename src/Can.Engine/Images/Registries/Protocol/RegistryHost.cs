namespace Can.Engine.Images.Registries.Protocol;

/// <summary>A registry: what references call it, and what its protocol is spoken with.</summary>
/// <param name="Name">Host, and port after a colon, as in references: <c>docker.io</c>, <c>localhost:5000</c>.</param>
internal sealed record RegistryHost(string Name)
{
    /// <summary>Keys under which credentials for the default registry are kept, by Docker and by others.</summary>
    private static readonly string[] DefaultAliases = [ImageReference.DefaultRegistry, "index.docker.io", DefaultAuthority];

    private const string DefaultAuthority = "registry-1.docker.io";

    /// <summary>Host and port that are connected to.</summary>
    public string Authority => IsDefault ? DefaultAuthority : Name;

    /// <summary>The key under which Docker keeps credentials and asks its helpers for them.</summary>
    public string CredentialKey => IsDefault ? "https://index.docker.io/v1/" : Name;

    private bool IsDefault => Name == ImageReference.DefaultRegistry;

    /// <summary>Takes what people give: <c>localhost:5000</c>, <c>docker.io</c>, or a URL as in Docker's files.</summary>
    /// <exception cref="CanException"><c>RegistryInvalid</c></exception>
    public static RegistryHost Parse(string text) => new(FromKey(text) ?? throw new CanException(
        "RegistryInvalid",
        CanErrorCategory.InvalidArgument,
        $"'{text}' is not a registry. Give its host, and its port after a colon if need be, such as 'registry.example.com' or 'localhost:5000'.",
        text));

    /// <summary>The registry that a key of a credentials file means; null if it means none, or a repository of one.</summary>
    public static string? FromKey(string key)
    {
        var isUrl = key.StartsWith("https://", StringComparison.Ordinal) || key.StartsWith("http://", StringComparison.Ordinal);
        var host = isUrl ? key[(key.IndexOf("//", StringComparison.Ordinal) + 2)..].Split('/')[0] : key;
        if (DefaultAliases.Contains(host))
        {
            return ImageReference.DefaultRegistry;
        }

        // Whatever is a registry in front of a repository is one; a single word would be the repository's first part.
        return ImageReference.TryParse($"{host}/any") is { } parsed && parsed.Registry == host ? host : null;
    }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
