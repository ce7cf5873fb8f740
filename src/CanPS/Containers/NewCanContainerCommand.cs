using System.Management.Automation;
using Can.Engine.Containers;
using Can.Engine.Images;
using CanPS.Starting;

namespace CanPS.Containers;

/// <summary>Makes a container and starts it.</summary>
[Cmdlet(VerbsCommon.New, Nouns.Container, DefaultParameterSetName = ParameterSets.Image, SupportsShouldProcess = true)]
[OutputType(typeof(Container))]
public sealed class NewCanContainerCommand : NewContainerCmdlet
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
        else if (IsWhatIf && !NoStart)
        {
            this.WritePlan(Engine.Containers.Plan(options));
        }
    }
}
