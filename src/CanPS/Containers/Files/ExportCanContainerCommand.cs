using System.Management.Automation;
using Can.Engine.Containers;
using CanPS.Common;

namespace CanPS.Containers;

/// <summary>Writes a container's root file system as a tar archive.</summary>
/// <remarks>
/// <para>Writes all files of a container, image and changes as one, into a tar archive, whether the container runs or not. The
/// content of volumes and other mounts is not in it. Import-CanImage makes an image of such an archive. The file appears once it is
/// whole: when the export fails or is stopped, nothing is left. Files that a running container changes meanwhile are in it as they
/// are found; suspend the container for a picture of one moment.</para>
/// </remarks>
/// <example>
/// <code>Export-CanContainer web ./web.tar</code>
/// <para>Writes the root of a container into a file.</para>
/// </example>
/// <example>
/// <code>Get-CanContainer | Export-CanContainer -Path ./backup -Force -PassThru</code>
/// <para>Writes every container into a file of its own, named after it, in an existing directory.</para>
/// </example>
[Cmdlet(VerbsData.Export, Nouns.Container, DefaultParameterSetName = ParameterSets.Name, SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class ExportCanContainerCommand : ContainerCmdlet
{
    /// <summary>The file to write; in an existing directory, a file with the container's name and .tar.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>Replaces a file that is there.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Emits the file.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    private protected override void ProcessContainer(Container container)
    {
        var path = ResolvePath(Path);
        if (Directory.Exists(path))
        {
            path = System.IO.Path.Combine(path, $"{container.Name}.tar");
        }

        if (!ShouldProcess(path, $"Export container {Describe(container)}"))
        {
            return;
        }

        new ByteProgress(this, "Exporting container", container.Name).Run(progress =>
        {
            Engine.Containers.Export(container.Id, path, Force, progress, Cancellation);
            return true;
        });
        if (PassThru)
        {
            WriteObject(new FileInfo(path));
        }
    }
}
