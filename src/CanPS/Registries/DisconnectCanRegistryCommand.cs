using System.Management.Automation;
using Can.Engine.Images.Registries;
using CanPS.Common;

namespace CanPS.Registries;

/// <summary>Forgets the credentials that Connect-CanRegistry keeps.</summary>
/// <remarks>
/// <para>Removes a registry's credential from Can's own file. Nothing is asked of the registry, and files of other tools stay as they
/// are: what docker login keeps, docker logout removes.</para>
/// </remarks>
/// <example>
/// <code>Disconnect-CanRegistry registry.example.com</code>
/// <para>Logs out.</para>
/// </example>
/// <example>
/// <code>Get-CanRegistry *.example.com | Disconnect-CanRegistry -PassThru</code>
/// <para>Logs out of several registries and shows what was forgotten.</para>
/// </example>
[Cmdlet(VerbsCommunications.Disconnect, Nouns.Registry, SupportsShouldProcess = true)]
[OutputType(typeof(RegistryLogin))]
public sealed class DisconnectCanRegistryCommand : CanCmdlet
{
    /// <summary>The registries' hosts, and their ports after a colon.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(RegistryCompleter))]
    public string[] Registry { get; set; } = [];

    /// <summary>Emits what was forgotten.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var registry in Registry)
        {
            if (ShouldProcess(registry, "Log out"))
            {
                Attempt(() => Disconnect(registry), registry);
            }
        }
    }

    private void Disconnect(string registry)
    {
        var login = Engine.Registries.Disconnect(registry);
        if (PassThru)
        {
            WriteObject(login);
        }
    }
}
