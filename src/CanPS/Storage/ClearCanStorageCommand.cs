using System.Management.Automation;
using Can.Engine.Storage.Upkeep;
using CanPS.Common;

namespace CanPS.Storage;

/// <summary>Removes what nobody needs: ended containers, unused images and volumes, interrupted downloads.</summary>
/// <remarks>
/// <para>Removes containers that do not run, with their anonymous volumes; images without a reference of which there is no container;
/// anonymous volumes that no container has; layers that interrupted downloads left. With -All images that have references and volumes
/// that have a name go too, unless a container has them. Without a kind, all kinds have their turn.</para>
/// <para>What goes is emitted with the bytes of disk that were freed. Each removal is asked for, unless -Force is given.</para>
/// </remarks>
/// <example>
/// <code>Clear-CanStorage -WhatIf</code>
/// <para>Shows what would be removed.</para>
/// </example>
/// <example>
/// <code>Clear-CanStorage -Image -All -Force</code>
/// <para>Removes every image of which there is no container, without asking.</para>
/// </example>
/// <example>
/// <code>(Clear-CanStorage -Force | Measure-Object Size -Sum).Sum</code>
/// <para>Clears up and shows how many bytes that freed.</para>
/// </example>
[Cmdlet(VerbsCommon.Clear, Nouns.Storage, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(StorageItem))]
public sealed class ClearCanStorageCommand : CanCmdlet
{
    /// <summary>Removes containers that do not run.</summary>
    [Parameter]
    public SwitchParameter Container { get; set; }

    /// <summary>Removes images without a reference; with -All every image of which there is no container.</summary>
    [Parameter]
    public SwitchParameter Image { get; set; }

    /// <summary>Removes anonymous volumes; with -All every volume that no container has.</summary>
    [Parameter]
    public SwitchParameter Volume { get; set; }

    /// <summary>Removes what interrupted downloads left; they begin anew then.</summary>
    [Parameter]
    public SwitchParameter Download { get; set; }

    /// <summary>Removes images that have references and volumes that have a name, too.</summary>
    [Parameter]
    public SwitchParameter All { get; set; }

    /// <summary>Does not ask.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        // Containers first: what only they need is not needed then.
        (StorageKind Kind, bool Chosen)[] kinds =
        [
            (StorageKind.Container, Container), (StorageKind.Image, Image), (StorageKind.Volume, Volume), (StorageKind.Download, Download),
        ];
        var any = Array.Exists(kinds, static kind => kind.Chosen);
        var gone = new HashSet<string>();
        foreach (var (kind, chosen) in kinds)
        {
            if (chosen || !any)
            {
                Attempt(() => Clear(kind, gone), kind);
            }
        }
    }

    private void Clear(StorageKind kind, HashSet<string> gone)
    {
        foreach (var item in Engine.Storage.FindUnused(kind, All, gone, Cancellation))
        {
            Attempt(() => Clear(item, gone), item);
        }
    }

    private void Clear(StorageItem item, HashSet<string> gone)
    {
        if (ShouldClear(item))
        {
            Engine.Storage.Remove(item, Cancellation);
            WriteObject(item);
        }
        else if (!IsWhatIf)
        {
            return;
        }

        // Planned or done: what comes next is looked at as it is then.
        gone.Add(item.Id);
    }

    private bool ShouldClear(StorageItem item)
    {
        if (Force && !IsWhatIf && !MyInvocation.BoundParameters.ContainsKey("Confirm"))
        {
            return true;
        }

        var target = $"{item.Name} ({Display.Size(item.Size)})";
        return ShouldProcess(target, $"Remove {item.Kind.ToString().ToLowerInvariant()}");
    }
}
