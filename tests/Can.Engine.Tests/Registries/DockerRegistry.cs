using System.Diagnostics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;

namespace Can.Engine.Tests.Registries;

/// <summary>Debian's docker-registry on a free port of loopback: plain, or with TLS and a password.</summary>
internal sealed partial class DockerRegistry : IDisposable
{
    public const string User = "alice";
    public const string Password = "open sesame";

    // htpasswd -nbBC 5 alice 'open sesame'
    private const string PasswordLine = "alice:$2y$05$AOEYFahpm/yaonuH1Lo7puuGOr4Cbdqa7uvHyY3PLzcixVJ55jJfa";

    private readonly TemporaryDirectory directory = new();
    private readonly Process process;

    public DockerRegistry(bool secured = false)
    {
        var security = secured ? Secure() : "";
        File.WriteAllText(directory["config.yml"], $$"""
            version: 0.1
            log: { level: info, accesslog: { disabled: true } }
            storage: { filesystem: { rootdirectory: {{directory["data"]}} } }
            http: { addr: '127.0.0.1:0', secret: any{{(secured ? $", tls: {{ certificate: {directory["cert.pem"]}, key: {directory["key.pem"]} }}" : "")}} }
            {{security}}
            """);
        var start = new ProcessStartInfo("docker-registry", ["serve", directory["config.yml"]]) { RedirectStandardError = true, RedirectStandardOutput = true };

        // Podman's; docker-registry takes every variable that begins so for a part of its configuration.
        start.Environment.Remove("REGISTRY_AUTH_FILE");
        process = Process.Start(start)!;
        Port = ReadPort();
    }

    /// <summary>Why there is none; null if there is.</summary>
    public static string? Missing { get; } = !Environment.IsPrivilegedProcess ? "needs root"
        : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists($"{folder}/docker-registry")) ? null
        : "docker-registry is not installed";

    public int Port { get; }

    /// <summary>Host and port.</summary>
    public string Name => $"localhost:{Port}";

    /// <summary>The certificate of the authority that has vouched for it, PEM.</summary>
    public string Authority => File.ReadAllText(directory["ca.pem"]);

    public void Dispose()
    {
        process.Kill();
        process.WaitForExit();
        process.Dispose();
        directory.Dispose();
    }

    [GeneratedRegex(@"listening on 127\.0\.0\.1:(\d+)")]
    private static partial Regex Listening { get; }

    private int ReadPort()
    {
        var port = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is null)
            {
                port.TrySetException(new InvalidOperationException("docker-registry did not start."));
            }
            else if (Listening.Match(line.Data) is { Success: true } match)
            {
                port.TrySetResult(int.Parse(match.Groups[1].ValueSpan));
            }
        };
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        return port.Task.GetAwaiter().GetResult();
    }

    private string Secure()
    {
        File.WriteAllText(directory["passwords"], PasswordLine);
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var authorityRequest = new CertificateRequest("CN=Test authority", authorityKey, HashAlgorithmName.SHA256);
        authorityRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var authority = authorityRequest.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.Create(authority, authority.NotBefore, authority.NotAfter, RandomNumberGenerator.GetBytes(8));
        File.WriteAllText(directory["ca.pem"], authority.ExportCertificatePem());
        File.WriteAllText(directory["cert.pem"], certificate.ExportCertificatePem());
        File.WriteAllText(directory["key.pem"], key.ExportPkcs8PrivateKeyPem());
        return $"auth: {{ htpasswd: {{ realm: test, path: {directory["passwords"]} }} }}";
    }
}

/// <summary>A test with a real registry; skipped where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RegistryFactAttribute : FactAttribute
{
    public RegistryFactAttribute() => Skip = DockerRegistry.Missing;

    /// <summary>Another program that has to be there.</summary>
    public string Needs
    {
        get => "";
        set => Skip ??= (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists($"{folder}/{value}")) ? null : $"{value} is not installed";
    }
}
