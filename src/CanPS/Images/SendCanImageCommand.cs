using System.Management.Automation;
using Can.Engine.Images;
using Can.Engine.Images.Registries;
using CanPS.Registries;

namespace CanPS.Images;

/// <summary>Sends images to registries.</summary>
/// <remarks>
/// <para>Sends an image to where its reference says, or to -Destination. It is sent byte for byte, so that its digest there is the
/// one it has here; layers that are not compressed here are not compressed there. What the registry has is not transferred, and
/// what another of its repositories has it is asked to take from there.</para>
/// <para>An image that is given by Id or as an object must have exactly one reference, unless -Destination is given. Ctrl-C stops at
/// once; layers that have been sent are there for the next attempt.</para>
/// </remarks>
/// <example>
/// <code>Send-CanImage registry.example.com/team/app:1.2</code>
/// <para>Sends an image to the registry of its name.</para>
/// </example>
/// <example>
/// <code>Get-CanImage busybox | Send-CanImage -Destination localhost:5000/busybox -AllowInsecure</code>
/// <para>Sends an image to a registry without TLS, by another name.</para>
/// </example>
[Cmdlet(VerbsCommunications.Send, Nouns.Image, DefaultParameterSetName = ByReference, SupportsShouldProcess = true)]
[OutputType(typeof(SentImage))]
public sealed class SendCanImageCommand : ImageCmdlet
{
    /// <summary>Where to send the image, such as registry.example.com/team/app:1.2; by default where its reference says.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    public string? Destination { get; set; }

    /// <summary>User name and password for the registry; by default those of whoever is logged in.</summary>
    [Parameter]
    [Credential]
    public PSCredential? Credential { get; set; }

    /// <summary>Accepts plain HTTP, and a certificate that cannot be verified.</summary>
    [Parameter]
    public SwitchParameter AllowInsecure { get; set; }

    /// <inheritdoc/>
    private protected override void ProcessImage(Image image, string reference)
    {
        if (ShouldProcess(Destination ?? reference, $"Send image {image.ShortId}"))
        {
            WriteObject(Send(reference));
        }
    }

    /// <inheritdoc/>
    private protected override void ProcessMatches(Image image, IReadOnlyList<string> references)
    {
        foreach (var reference in references)
        {
            Attempt(() => ProcessImage(image, reference), reference);
        }
    }

    private SentImage Send(string reference)
    {
        var options = RegistryParameters.Options(Credential, AllowInsecure);
        var progress = new TransferProgress();
        var work = Task.Run(() => Engine.Images.Send(reference, Destination, options, progress, Cancellation));
        new TransferBars(this, "Sending image", Destination ?? reference, progress).ShowUntil(work);
        return work.GetAwaiter().GetResult();
    }
}
