namespace Can.Engine.Images.Registries;

/// <summary>How a registry is spoken to.</summary>
public sealed record RegistryOptions
{
    /// <summary>
    /// Accepts a certificate that cannot be verified, and a registry without TLS. Everything, the password included, can then be read
    /// and changed by whoever is in between.
    /// </summary>
    public bool AllowInsecure { get; init; }

    /// <summary>Who is asking; null for whoever the credentials files name.</summary>
    public RegistryCredential? Credential { get; init; }

    /// <summary>Platforms that most images for several are there for; for completion.</summary>
    public static IReadOnlyList<string> UsualPlatforms { get; } = ["linux/amd64", "linux/arm64", "linux/arm/v7", "linux/arm/v6", "linux/386", "linux/ppc64le", "linux/riscv64", "linux/s390x"];

    /// <summary>For which platform an image is received, such as <c>linux/arm64</c>; null for this machine's.</summary>
    public string? Platform { get; init; }
}

/// <summary>A user of a registry. Its text never shows a secret.</summary>
/// <param name="userName">User name; may be empty if there is an identity token.</param>
/// <param name="password">Password, or an access token in its place.</param>
/// <param name="identityToken">OAuth2 refresh token that stands for both; null if there is none.</param>
public sealed class RegistryCredential(string userName, string password, string? identityToken = null)
{
    /// <summary>User name.</summary>
    public string UserName { get; } = userName;

    internal string Password { get; } = password;

    internal string? IdentityToken { get; } = identityToken;

    /// <inheritdoc/>
    public override string ToString() => UserName;
}
