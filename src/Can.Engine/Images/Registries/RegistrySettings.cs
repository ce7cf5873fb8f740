using Can.Engine.Images.Registries.Protocol;

namespace Can.Engine.Images.Registries;

/// <summary>What the machine says about registries; tests say something else.</summary>
internal sealed record RegistrySettings
{
    /// <summary>Directories with one of certificates for each registry.</summary>
    public IReadOnlyList<string> CertificateDirectories { get; init; } = [];

    /// <summary>Credentials files of others, in the order in which they count; null for those that the environment names.</summary>
    public IReadOnlyList<string>? CredentialFiles { get; init; }

    /// <summary>How patiently things are tried again.</summary>
    public RetryPolicy Retry { get; init; } = new();
}
