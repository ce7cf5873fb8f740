using Can.Engine.Images.Registries.Credentials;
using Can.Engine.Images.Registries.Protocol;
using Can.Engine.Kernel;

namespace Can.Engine.Images.Registries;

/// <summary>Logging in to registries, and out again.</summary>
public sealed class RegistryService
{
    private readonly CredentialStore credentials;

    internal RegistryService(CanEngine engine)
    {
        Settings = new RegistrySettings
        {
            CertificateDirectories = [$"{engine.Root.State}/registries/certs.d", .. RegistryCertificates.DefaultDirectories],
        };
        credentials = new CredentialStore(engine.Root, () => Settings.CredentialFiles ?? CredentialStore.FilesOfOthers());
    }

    /// <summary>What the machine says about registries.</summary>
    internal RegistrySettings Settings { get; set; }

    /// <summary>Logs in to a registry, and keeps the credential if it is good.</summary>
    /// <param name="registry">Its host, and port after a colon.</param>
    /// <param name="options">The credential, and how it is sent.</param>
    /// <param name="cancellation">Gives up at once.</param>
    /// <exception cref="CanException"><c>RegistryInvalid</c>, <c>RegistryUnauthorized</c>, <c>RegistryUnreachable</c>, <c>TlsFailed</c>,
    /// <c>RegistryError</c>; nothing is kept then.</exception>
    public RegistryLogin Connect(string registry, RegistryOptions options, CancellationToken cancellation)
    {
        Privileges.RequireRoot();
        var host = RegistryHost.Parse(registry);
        var credential = options.Credential ?? throw new ArgumentException("A credential is needed.", nameof(options));
        LogInAsync(host, options, cancellation).GetAwaiter().GetResult();
        credentials.Save(host, credential);
        return new RegistryLogin { Registry = host.Name, UserName = credential.UserName, Source = credentials.OwnFile };
    }

    /// <summary>Forgets the credential that was kept for a registry.</summary>
    /// <returns>What there was.</returns>
    /// <exception cref="CanException"><c>RegistryInvalid</c>, <c>RegistryNotConnected</c></exception>
    public RegistryLogin Disconnect(string registry)
    {
        Privileges.RequireRoot();
        var host = RegistryHost.Parse(registry);
        var logins = credentials.List().Where(login => login.Registry == host.Name).ToList();
        var own = logins.Find(login => login.Source == credentials.OwnFile);
        if (own is null || !credentials.Remove(host))
        {
            throw NotConnected(host.Name, logins.FirstOrDefault());
        }

        return own;
    }

    /// <summary>The error for a registry that nobody is logged in to.</summary>
    /// <param name="registry">The registry.</param>
    /// <param name="elsewhere">Who is, but by another tool.</param>
    public static CanException NotConnected(string registry, RegistryLogin? elsewhere = null)
    {
        var remedy = elsewhere is null ? "Get-CanRegistry lists those that are." : $"The credential in '{elsewhere.Source}' is not Can's: log out with the tool that wrote it.";
        return new CanException("RegistryNotConnected", CanErrorCategory.ObjectNotFound, $"Nobody is logged in to the registry {registry}{(elsewhere is null ? "" : " with Connect-CanRegistry")}. {remedy}", registry);
    }

    /// <summary>Everybody who is logged in, by Can or by others, registries in alphabetical order.</summary>
    /// <exception cref="CanException"><c>CredentialFileInvalid</c></exception>
    public IReadOnlyList<RegistryLogin> List()
    {
        Privileges.RequireRoot();
        return credentials.List();
    }

    /// <summary>Connects for a repository, as whoever is given or else logged in.</summary>
    internal Task<RegistryClient> OpenAsync(RegistryHost host, string? repository, RegistryOptions options, CancellationToken cancellation)
    {
        var (credential, note) = options.Credential is { } given ? (given, null) : credentials.Find(host, repository);
        return RegistryClient.OpenAsync(host, options with { Credential = credential }, Settings, note, cancellation);
    }

    private async Task LogInAsync(RegistryHost host, RegistryOptions options, CancellationToken cancellation)
    {
        using var client = await OpenAsync(host, null, options, cancellation).ConfigureAwait(false);
        await client.LogInAsync(cancellation).ConfigureAwait(false);
    }
}
