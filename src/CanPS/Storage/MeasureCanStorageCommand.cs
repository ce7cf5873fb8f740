using System.Management.Automation;
using Can.Engine.Storage.Upkeep;
using CanPS.Common;

namespace CanPS.Storage;

/// <summary>Measures what images, containers, volumes and downloads take of the disk.</summary>
/// <remarks>
/// <para>Emits one object for each kind: how many there are, how many of them are in use, the bytes they take of the disk, and those
/// that Clear-CanStorage -All would free. A layer that several images share counts once.</para>
/// </remarks>
/// <example>
/// <code>Measure-CanStorage</code>
/// <para>Shows what takes room.</para>
/// </example>
/// <example>
/// <code>(Measure-CanStorage | Measure-Object Size -Sum).Sum / 1GB</code>
/// <para>Computes the gigabytes of all together.</para>
/// </example>
[Cmdlet(VerbsDiagnostic.Measure, Nouns.Storage)]
[OutputType(typeof(StorageUsage))]
public sealed class MeasureCanStorageCommand : CanCmdlet
{
    /// <inheritdoc/>
    protected override void ProcessRecord() => Attempt(() => WriteObject(Engine.Storage.Measure(Cancellation), enumerateCollection: true), null);
}
