using System.Management.Automation;
using Can.Engine.Images.Registries;
using CanPS.Common;
using CanPS.Parameters;

namespace CanPS.Registries;

/// <summary>Gets the registries that credentials are kept for.</summary>
/// <remarks>
/// <para>Gets who is logged in to which registry, and where that is kept: in Can's own file, or in a file or helper program of Docker,
/// Podman and their kin. The first entry of a registry is the one that counts. A password is never shown.</para>
/// </remarks>
/// <example>
/// <code>Get-CanRegistry</code>
/// <para>Lists all.</para>
/// </example>
/// <example>
/// <code>Get-CanRegistry docker.io, *.example.com</code>
/// <para>Gets those whose name fits.</para>
/// </example>
[Cmdlet(VerbsCommon.Get, Nouns.Registry)]
[OutputType(typeof(RegistryLogin))]
public sealed class GetCanRegistryCommand : CanCmdlet
{
    /// <summary>The registries' hosts, and their ports after a colon; wildcards are allowed. All when none is given.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [Text]
    [ArgumentCompleter(typeof(RegistryCompleter))]
    public string[] Registry { get; set; } = ["*"];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var registry in Registry)
        {
            Attempt(() => Get(registry), registry);
        }
    }

    private void Get(string registry)
    {
        var pattern = new WildcardPattern(registry, WildcardOptions.IgnoreCase);
        var found = Engine.Registries.List().Where(login => pattern.IsMatch(login.Registry)).ToList();
        if (found.Count == 0 && !WildcardPattern.ContainsWildcardCharacters(registry))
        {
            throw RegistryService.NotConnected(registry);
        }

        WriteObject(found, enumerateCollection: true);
    }
}
