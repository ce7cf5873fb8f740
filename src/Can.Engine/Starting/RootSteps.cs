using Can.Engine.Containers;

namespace Can.Engine.Starting;

/// <summary>Steps that make the container's root and, at the end, enter it.</summary>
internal static class RootSteps
{
    // index=off: no hidden index directory beside upper, and a lower layer may serve many containers at once.
    // metacopy=off, redirect_dir=off: upper stays a plain difference whose files are whole and where they belong, whatever
    // the kernel's defaults are, so that it can become a layer as it is.
    internal const string OverlayOptions = "index=off,metacopy=off,redirect_dir=off";

    /// <summary>Cuts the mounts off from the host's, then mounts the root.</summary>
    public static void Add(PlanBuilder plan, CanRoot root, ContainerDefinition definition)
    {
        // A mount that is to follow the host's changes must still be a slave of it when it is bound.
        var kind = VolumeSteps.AnyFollowsHost(definition) ? MountFlags.Slave : MountFlags.Private;
        plan.Propagation("/", MountFlags.Recursive | kind);

        var state = root.ContainerState(definition.Id);
        var flags = definition.Privileged ? RootTraits.Devices : RootTraits.None;
        if (definition.Layers.Count == 0)
        {
            plan.Add(PlanOperation.RootDirectory, $"{state}/upper", $"{root.Run}/root", (ulong)flags);
            return;
        }

        // Writable even for a read-only container, until the mount points have been made.
        plan.Overlay(
            $"{root.Run}/root", $"{state}/upper", $"{state}/work", flags, OverlayOptions, LayersOf(root, definition));
    }

    /// <summary>
    /// Directories of the layers, topmost first. An overlay takes none twice; of a layer that is in an image twice the upper one alone
    /// does the same.
    /// </summary>
    internal static IEnumerable<string> LayersOf(CanRoot root, ContainerDefinition definition) =>
        definition.Layers.Reverse().Distinct(StringComparer.Ordinal).Select(root.LayerRoot);

    /// <summary>The last steps that see both the host's files and the root, then the change into the root.</summary>
    public static void AddEntry(PlanBuilder plan, ContainerDefinition definition)
    {
        if (definition.WorkingDirectory != "/")
        {
            // As Docker does. Optional: what stands in the way is told better by the step that enters the directory.
            plan.AddOptional(PlanOperation.MakeDirectoryIn, definition.WorkingDirectory, 0x1EDUL, 0UL, 0UL);
        }

        if (definition.Tty)
        {
            plan.Add(PlanOperation.Terminal);
        }

        if (definition.ReadOnly)
        {
            plan.Add(PlanOperation.RootReadOnly);
        }

        plan.Add(PlanOperation.PivotRoot);
    }
}
