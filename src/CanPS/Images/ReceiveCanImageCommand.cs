using System.Management.Automation;
using Can.Engine.Images;
using Can.Engine.Images.Registries;
using CanPS.Common;
using CanPS.Completion;
using CanPS.Parameters;
using CanPS.Registries;

namespace CanPS.Images;

/// <summary>Receives images from registries.</summary>
/// <remarks>
/// <para>Receives an image by its reference, whose first part names the registry (docker.io when there is none). Of an image for
/// several platforms it receives the one for this machine, or for -Platform. Everything is checked against its digest, and kept byte
/// for byte. Layers that are in the store already are not transferred.</para>
/// <para>New-CanContainer and Invoke-CanContainer receive a missing image by themselves.</para>
/// <para>Ctrl-C stops at once. Layers, and parts of layers, that have come are kept; the next attempt asks for the rest only. A
/// connection that breaks is made anew and gone on with, and a registry that is busy is asked again after a pause.</para>
/// <para>Credentials are those of Connect-CanRegistry, docker login or podman login, unless -Credential is given.</para>
/// </remarks>
/// <example>
/// <code>Receive-CanImage busybox</code>
/// <para>Receives docker.io/library/busybox:latest.</para>
/// </example>
/// <example>
/// <code>Receive-CanImage localhost:5000/team/app:1.2, localhost:5000/team/web:1.2 -AllowInsecure</code>
/// <para>Receives two images from a registry without TLS.</para>
/// </example>
/// <example>
/// <code>Receive-CanImage busybox -Platform linux/arm64 | Export-CanImage -Path ./busybox-arm64.tar</code>
/// <para>Receives an image for another machine, and writes it to a file for that one.</para>
/// </example>
[Cmdlet(VerbsCommunications.Receive, Nouns.Image, SupportsShouldProcess = true)]
[OutputType(typeof(Image))]
public sealed class ReceiveCanImageCommand : CanCmdlet
{
    /// <summary>References of images, such as busybox, registry.example.com/team/app:1.2 or name@sha256:DIGEST.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ImageReferenceCompleter))]
    public string[] Reference { get; set; } = [];

    /// <summary>User name and password for the registry; by default those of whoever is logged in.</summary>
    [Parameter]
    [Credential]
    public PSCredential? Credential { get; set; }

    /// <summary>Accepts plain HTTP, and a certificate that cannot be verified.</summary>
    [Parameter]
    public SwitchParameter AllowInsecure { get; set; }

    /// <summary>Platform that the image is to be for, such as linux/arm64; this machine's by default.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(PlatformCompleter))]
    public string? Platform { get; set; }

    /// <summary>Bytes that an image's layers may unpack to, such as 20GB; by default the free space less a reserve.</summary>
    [Parameter]
    [Size]
    public long? MaximumSize { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var reference in Reference)
        {
            if (ShouldProcess(reference, "Receive image"))
            {
                Attempt(() => WriteObject(Receive(reference)), reference);
            }
        }
    }

    private Image Receive(string reference)
    {
        var options = RegistryParameters.Options(Credential, AllowInsecure) with { Platform = Platform };
        var progress = new TransferProgress();
        var work = Task.Run(() => Engine.Images.Receive(reference, options, MaximumSize, progress, Cancellation));
        TransferBars.Receiving(this, reference, progress).ShowUntil(work);
        return work.GetAwaiter().GetResult();
    }
}
