using System.Management.Automation;
using Can.Engine.Containers;
using Can.Engine.Images;
using Can.Engine.Images.Registries;
using CanPS.Completion;
using CanPS.Images;

namespace CanPS.Containers;

/// <summary>A cmdlet that makes a new container, and receives its image first if that is missing.</summary>
public abstract class ImageTakingCmdlet : NewContainerCmdlet
{
    /// <summary>When the image is received from its registry: Missing (default), Always or Never.</summary>
    [Parameter(ParameterSetName = ParameterSets.Image)]
    [Parameter(ParameterSetName = ParameterSets.ImageObject)]
    public PullPolicy Pull { get; set; }

    /// <summary>Platform that the image is to be for, such as linux/arm64; one that is there for another platform is received anew.</summary>
    [Parameter(ParameterSetName = ParameterSets.Image)]
    [Parameter(ParameterSetName = ParameterSets.ImageObject)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(PlatformCompleter))]
    public string? Platform { get; set; }

    /// <summary>Accepts a registry with plain HTTP, or with a certificate that cannot be verified.</summary>
    [Parameter(ParameterSetName = ParameterSets.Image)]
    [Parameter(ParameterSetName = ParameterSets.ImageObject)]
    public SwitchParameter AllowInsecure { get; set; }

    /// <inheritdoc/>
    private protected override ContainerOptions Options(Image? image, string? name) => base.Options(image, name) with
    {
        Pull = new()
        {
            Policy = Pull,
            Registry = new() { AllowInsecure = AllowInsecure, Platform = Platform },
            Watch = Watch,
        },
    };

    /// <summary>Says with -WhatIf what would be received.</summary>
    /// <returns>Whether anything would be.</returns>
    private protected bool ForeseePull(ContainerOptions options)
    {
        if (Engine.Containers.Foresee(options) is not { } reference)
        {
            return false;
        }

        ShouldProcess(reference, "Receive image");
        return true;
    }

    private void Watch(TransferProgress progress, Action transfer)
    {
        var work = Task.Run(transfer);
        TransferBars.Receiving(this, Image, progress).ShowUntil(work);
        work.GetAwaiter().GetResult();
    }
}
