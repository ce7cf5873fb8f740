using System.Management.Automation;
using Can.Engine.Storage.Upkeep;
using CanPS.Common;

namespace CanPS.Storage;

/// <summary>Looks whether everything in the store is whole.</summary>
/// <remarks>
/// <para>Reads every blob and compares it with its digest; follows every image from its reference to its manifest, its configuration
/// and its layers; looks whether the unpacked layers, the containers' layers and their volumes are there. Emits an object for each
/// problem with what to do about it, and nothing if all is well. With -Quiet it emits $true or $false instead.</para>
/// <para>With -Deep every layer is unpacked once more and compared with the unpacked one, file by file. What interrupted operations
/// left is a problem of the kind Leftover; it takes room and does no harm, and does not make -Quiet say $false.</para>
/// <para>With -Repair an image of which something is damaged is removed, so that it can be imported or received anew, and a damaged
/// layer is unpacked once more. Containers are not touched.</para>
/// </remarks>
/// <example>
/// <code>Test-CanStorage</code>
/// <para>Lists what is damaged.</para>
/// </example>
/// <example>
/// <code>if (-not (Test-CanStorage -Quiet)) { Test-CanStorage -Deep -Repair }</code>
/// <para>Repairs the store if it is damaged.</para>
/// </example>
[Cmdlet(VerbsDiagnostic.Test, Nouns.Storage, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(StorageProblem), typeof(bool))]
public sealed class TestCanStorageCommand : CanCmdlet
{
    /// <summary>Compares every unpacked layer with its archive, too.</summary>
    [Parameter]
    public SwitchParameter Deep { get; set; }

    /// <summary>Emits only whether the store is whole.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    /// <summary>Repairs what can be repaired, and removes what is damaged.</summary>
    [Parameter]
    public SwitchParameter Repair { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => Attempt(Test, null);

    private void Test()
    {
        var progress = new ProgressBar(this, "Testing storage", Engine.Storage.Root.State);
        var work = Task.Run(() => Engine.Storage.Check(Deep, progress, Cancellation));
        progress.ShowUntil(work);
        var whole = true;
        foreach (var problem in work.GetAwaiter().GetResult())
        {
            if (Repair)
            {
                Attempt(() => Mend(problem), problem);
            }

            whole &= problem.Repaired || problem.Kind == StorageProblemKind.Leftover;
            if (!Quiet)
            {
                WriteObject(problem);
            }
        }

        if (Quiet)
        {
            WriteObject(whole);
        }
    }

    private void Mend(StorageProblem problem)
    {
        if (problem.CanRepair && ShouldProcess($"{problem.Path}: {problem.Problem}", problem.RepairAction))
        {
            problem.Repair(Cancellation);
        }
    }
}
