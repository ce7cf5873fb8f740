using System.Management.Automation;
using Can.Engine.Containers;
using Can.Engine.Images;
using CanPS.Starting;

namespace CanPS.Containers;

/// <summary>Makes a container and starts it.</summary>
/// <remarks>
/// <para>Makes a container of an image and starts its command in the background, as <c>docker run -d</c> does. With -NoStart it is
/// only made, and Start-CanContainer starts it later. When the start fails nothing is left of the container.</para>
/// <para>An image that is missing is received from its registry first, as Receive-CanImage would; -Pull says otherwise. When that
/// fails no container is made.</para>
/// <para>The command follows the image. Words that begin with - are parameters to PowerShell, so write -- in front of such a
/// command, or give it as an array with -Command. From a pipeline only the array works.</para>
/// <para>With a health check, of the image or of -HealthCommand, a command is run in the container again and again for as long as it
/// runs; what it says is in the container's Health and in its state. Wait-CanContainer -Condition Healthy waits for it.</para>
/// <para>-WhatIf makes and receives nothing. It shows what the kernel would be asked, step by step, if the image is there, and else
/// that it would be received.</para>
/// </remarks>
/// <example>
/// <code>New-CanContainer busybox -Name web -- sleep 300</code>
/// <para>Starts a container named web and emits its object.</para>
/// </example>
/// <example>
/// <code>New-CanContainer busybox -Memory 64MB -Cpus 0.5 -Volume /srv/data:/data:ro -- sh -c 'ls /data; sleep 60'</code>
/// <para>Limits memory and processor time, and mounts a directory of the host read-only.</para>
/// </example>
/// <example>
/// <code>New-CanContainer busybox -HealthCommand 'test -e /tmp/ready' -HealthInterval 5 -HealthRetries 2 -- sh -c 'sleep 3; touch /tmp/ready; sleep 60'</code>
/// <para>Checks every 5 seconds whether a file is there; two failures in a row make the container unhealthy.</para>
/// </example>
/// <example>
/// <code>Get-CanImage busybox | New-CanContainer -NoStart -Command sleep,300</code>
/// <para>Makes a container of an image object and does not start it.</para>
/// </example>
/// <example>
/// <code>New-CanContainer localhost:5000/team/app:1.2 -Pull Always -AllowInsecure</code>
/// <para>Asks a registry without TLS whether there is a newer image, receives it, and runs its own command.</para>
/// </example>
/// <example>
/// <code>New-CanContainer busybox -WhatIf -- sleep 300</code>
/// <para>Shows the steps of the start and makes nothing.</para>
/// </example>
[Cmdlet(VerbsCommon.New, Nouns.Container, DefaultParameterSetName = ParameterSets.Image, SupportsShouldProcess = true)]
[OutputType(typeof(Container))]
public sealed class NewCanContainerCommand : ImageTakingCmdlet
{
    /// <summary>Image objects; a container is made of each.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ParameterSets.ImageObject)]
    [ValidateNotNull]
    public Image[] InputObject { get; set; } = [];

    /// <summary>The container's name; one is made up when none is given.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    /// <summary>Makes the container and does not start it.</summary>
    [Parameter]
    public SwitchParameter NoStart { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (ParameterSetName == ParameterSets.Image)
        {
            Attempt(() => Create(null), Image);
            return;
        }

        foreach (var image in InputObject)
        {
            Attempt(() => Create(image), image);
        }
    }

    private void Create(Image? image)
    {
        var options = Options(image, Name);
        var action = NoStart ? "Create container" : "Create and start container";
        if (ShouldProcess($"{Name ?? "(made-up name)"} of image {image?.ToString() ?? Image}", action))
        {
            WriteObject(Engine.Containers.Create(options, !NoStart, Cancellation));
        }
        else if (IsWhatIf && !ForeseePull(options) && !NoStart)
        {
            this.WritePlan(Engine.Containers.Plan(options));
        }
    }
}
