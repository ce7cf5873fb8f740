using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Can.Engine.Images.Registries.Protocol;

/// <summary>
/// The certificates of one registry: authorities trusted besides the system's (<c>*.crt</c>), and what this machine shows of itself
/// (<c>*.cert</c> with <c>*.key</c>), from the directory of its name below Can's own, containers' and Docker's directories.
/// </summary>
/// <remarks>https://docs.docker.com/engine/security/certificates/</remarks>
internal sealed class RegistryCertificates
{
    /// <summary>Can's own directory, in which every registry has one of its own.</summary>
    public const string OwnDirectory = "/etc/can/certs.d";

    private readonly bool allowAny;
    private readonly X509Certificate2Collection authorities = [];
    private readonly X509CertificateCollection own = [];

    private RegistryCertificates(bool allowAny) => this.allowAny = allowAny;

    /// <summary>Directories in which a registry's are looked for.</summary>
    public static IReadOnlyList<string> DefaultDirectories { get; } = [OwnDirectory, "/etc/containers/certs.d", "/etc/docker/certs.d"];

    /// <summary>What was wrong with the certificate of the last handshake that failed, as a sentence; null if nothing was.</summary>
    public string? Failure { get; private set; }

    /// <summary>Reads a registry's certificates.</summary>
    /// <param name="host">The registry.</param>
    /// <param name="directories">Directories with one for each registry; all of them count.</param>
    /// <param name="allowAny">Accepts what cannot be verified.</param>
    /// <exception cref="CanException"><c>CertificateInvalid</c></exception>
    public static RegistryCertificates Load(RegistryHost host, IEnumerable<string> directories, bool allowAny)
    {
        var certificates = new RegistryCertificates(allowAny);
        foreach (var directory in directories.Select(directory => $"{directory}/{host}").Where(Directory.Exists))
        {
            foreach (var path in Directory.EnumerateFiles(directory, "*.crt").Order(StringComparer.Ordinal))
            {
                Import(path, () => certificates.authorities.ImportFromPemFile(path));
            }

            foreach (var path in Directory.EnumerateFiles(directory, "*.cert").Order(StringComparer.Ordinal))
            {
                Import(path, () => certificates.own.Add(X509Certificate2.CreateFromPemFile(path, Path.ChangeExtension(path, ".key"))));
            }
        }

        return certificates;
    }

    /// <summary>How handshakes are to be made.</summary>
    public SslClientAuthenticationOptions Options => new()
    {
        ClientCertificates = own,
        RemoteCertificateValidationCallback = (_, certificate, chain, errors) => Validate(certificate as X509Certificate2, chain, errors),
    };

    private static void Import(string path, Action import)
    {
        try
        {
            import();
        }
        catch (Exception exception) when (exception is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new CanException(
                "CertificateInvalid",
                CanErrorCategory.InvalidData,
                $"The certificate '{path}' cannot be used: {exception.Message} It has to be PEM; a .cert needs its .key beside it.",
                path,
                exception);
        }
    }

    private bool Validate(X509Certificate2? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (errors == SslPolicyErrors.None || allowAny)
        {
            return true;
        }

        var problems = chain;
        using var second = new X509Chain();
        if (certificate is not null && errors == SslPolicyErrors.RemoteCertificateChainErrors && authorities.Count > 0)
        {
            second.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            second.ChainPolicy.CustomTrustStore.AddRange(authorities);
            second.ChainPolicy.ExtraStore.AddRange(chain?.ChainPolicy.ExtraStore ?? []);
            second.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
            if (second.Build(certificate))
            {
                return true;
            }

            problems = second;
        }

        Failure = Describe(certificate, problems, errors);
        return false;
    }

    private static string Describe(X509Certificate2? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is null || errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable))
        {
            return "It showed no certificate.";
        }

        var reasons = (chain?.ChainStatus ?? []).Select(static status => status.StatusInformation.Trim().TrimEnd('.')).Distinct().ToList();
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
        {
            reasons.Insert(0, "it is for another name");
        }

        return $"Its certificate ({certificate.Subject}, of {certificate.Issuer}) is not good: {string.Join("; ", reasons)}.";
    }
}
