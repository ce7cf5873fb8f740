using System.Management.Automation;
using Can.Engine.Images;
using CanPS.Common;

namespace CanPS.Images;

/// <summary>Writes images to an archive or a directory that Docker, Podman, Skopeo and others read.</summary>
/// <remarks>
/// <para>Writes one or several images to one file or directory. An image that was given by reference goes along under that
/// reference; one given by Id or as an object under all that it has.</para>
/// <para>A DockerArchive is what docker load of every version, podman load and skopeo take. Its layers are not compressed; one that is
/// stored compressed is unpacked. OciArchive and OciDirectory hold every byte as it is in the store, so that the manifest's digest
/// stays the same. References are written in full there; podman load takes an OCI archive with one reference.</para>
/// <para>The file is written under a temporary name and gets its own when it is whole. It can be read by its owner only. The same
/// images give the same bytes.</para>
/// </remarks>
/// <example>
/// <code>Export-CanImage busybox ./busybox.tar</code>
/// <para>Writes an image for docker load -i busybox.tar.</para>
/// </example>
/// <example>
/// <code>Get-CanImage team/* | Export-CanImage -Path ./team.tar -Force</code>
/// <para>Writes several images to one archive, which may be there already.</para>
/// </example>
/// <example>
/// <code>Export-CanImage busybox:latest ./layout -Format OciDirectory</code>
/// <para>Writes an OCI image layout, for skopeo inspect oci:layout.</para>
/// </example>
[Cmdlet(VerbsData.Export, Nouns.Image, DefaultParameterSetName = ByReference, SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo), typeof(DirectoryInfo))]
public sealed class ExportCanImageCommand : ImageCmdlet
{
    private readonly List<string> images = [];

    /// <summary>The file or directory to write; no wildcards.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>What to write: DockerArchive (by default), OciArchive or OciDirectory.</summary>
    [Parameter]
    public ImageArchiveFormat Format { get; set; } = ImageArchiveFormat.DockerArchive;

    /// <summary>Replaces an existing file, or a directory that holds an image layout and nothing else.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Emits the file or directory.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    private protected override void ProcessImage(Image image, string reference) => images.Add(reference);

    /// <inheritdoc/>
    private protected override void ProcessMatches(Image image, IReadOnlyList<string> references) => images.AddRange(references);

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        var path = ResolvePath(Path);
        if (images.Count > 0 && ShouldProcess(path, $"Export {string.Join(", ", images)} as {Format}"))
        {
            Attempt(() => Export(path), path);
        }
    }

    private void Export(string path)
    {
        var progress = new ProgressBar(this, "Exporting image", path);
        var work = Task.Run(() => Engine.Images.Export(images, path, Format, Force, progress, Cancellation));
        progress.ShowUntil(work);
        work.GetAwaiter().GetResult();
        if (PassThru)
        {
            WriteObject(Format == ImageArchiveFormat.OciDirectory ? new DirectoryInfo(path) : new FileInfo(path));
        }
    }
}
