using System.Management.Automation;
using Can.Engine.Images.Registries;
using CanPS.Common;

namespace CanPS.Registries;

/// <summary>Logs in to a registry, and keeps the credential for the cmdlets that receive and send images.</summary>
/// <remarks>
/// <para>Asks the registry whether it takes the user and password (or the access token that many registries give out in place of
/// one), and keeps them if so: in registries/config.json of Can's state directory, in the format of docker login, readable by root
/// only.</para>
/// <para>Credentials that docker login or podman login keep in their own files, or in a helper program that these name, are used
/// as well, after Can's own. TLS is needed unless -AllowInsecure is given. Certificates of authorities that the system does not know
/// are looked for as /etc/can/certs.d/HOST:PORT/ca.crt, and in the same directories below /etc/containers and /etc/docker.</para>
/// </remarks>
/// <example>
/// <code>Connect-CanRegistry registry.example.com -Credential alice</code>
/// <para>Asks for alice's password and logs in.</para>
/// </example>
/// <example>
/// <code>$token = ConvertTo-SecureString $env:REGISTRY_TOKEN -AsPlainText; Connect-CanRegistry docker.io -Credential ([pscredential]::new('alice', $token)) -PassThru</code>
/// <para>Logs in with an access token, and shows it.</para>
/// </example>
[Cmdlet(VerbsCommunications.Connect, Nouns.Registry, SupportsShouldProcess = true)]
[OutputType(typeof(RegistryLogin))]
public sealed class ConnectCanRegistryCommand : CanCmdlet
{
    /// <summary>The registry's host, and its port after a colon: registry.example.com, localhost:5000, or docker.io.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(RegistryCompleter))]
    public string Registry { get; set; } = "";

    /// <summary>User name and password, or an access token in place of the password.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [Credential]
    public PSCredential Credential { get; set; } = PSCredential.Empty;

    /// <summary>Accepts plain HTTP, and a certificate that cannot be verified: the password can then be read on its way.</summary>
    [Parameter]
    public SwitchParameter AllowInsecure { get; set; }

    /// <summary>Emits the login.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (ShouldProcess(Registry, $"Log in as {Credential.UserName}"))
        {
            Attempt(Connect, Registry);
        }
    }

    private void Connect()
    {
        var login = Engine.Registries.Connect(Registry, RegistryParameters.Options(Credential, AllowInsecure), Cancellation);
        if (PassThru)
        {
            WriteObject(login);
        }
    }
}
