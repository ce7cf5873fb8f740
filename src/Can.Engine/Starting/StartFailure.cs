using System.ComponentModel;
using System.Globalization;
using Can.Engine.Kernel;
using Can.Engine.Networks.Wiring;

namespace Can.Engine.Starting;

/// <summary>Makes of a failed step the error that says what was done, on what, why it failed, and what to do about it.</summary>
public static class StartFailure
{
    /// <summary><c>step</c> of a report that concerns none.</summary>
    private const uint NoStep = uint.MaxValue;

    private const int LongestDescription = 160;

    /// <summary>The error for the helper's report.</summary>
    /// <param name="plan">The plan that was carried out.</param>
    /// <param name="step">Index of the failed step; <see cref="uint.MaxValue"/> when none is concerned.</param>
    /// <param name="errno">The errno, or a <see cref="PlanError"/>.</param>
    /// <param name="text">What the helper adds: a path, a name, or a file system's own words.</param>
    /// <param name="containerName">The container's name.</param>
    public static CanException ToException(StartPlan plan, uint step, int errno, string text, string containerName)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var failed = step != NoStep && step < plan.Steps.Count ? plan.Steps[(int)step] : null;
        var reason = new FailureReason(failed, errno, text ?? "");
        var (errorId, category, message) = Explain(reason);
        var where = failed is null
            ? ""
            : string.Create(CultureInfo.InvariantCulture, $" (step {step}, {failed.Stage.ToString().ToLowerInvariant()}: {Cut(failed.Description)})");
        var verb = plan.Kind == PlanKind.Exec ? "Running a process in" : "Starting";
        return new CanException(errorId, category, $"{verb} container '{containerName}' failed: {message}{where}", containerName);
    }

    // A script given as an argument, or a long list of layers, would bury the message.
    private static string Cut(string description) =>
        description.Length <= LongestDescription ? description : $"{description[..LongestDescription]}…";

    private static (string ErrorId, CanErrorCategory Category, string Message) Explain(FailureReason reason) => reason.Error switch
    {
        (int)PlanError.BadPlan => ("PlanRejected", CanErrorCategory.InvalidData,
            $"the helper does not understand the plan ({reason.Text}). The helper and the engine are of different versions: install both from one build."),
        (int)PlanError.NoSuchUser => ("UserNotFound", CanErrorCategory.ObjectNotFound,
            $"the image has no user '{reason.Text}'. Use a name of its /etc/passwd, or a number."),
        (int)PlanError.NoSuchGroup => ("GroupNotFound", CanErrorCategory.ObjectNotFound,
            $"the image has no group '{reason.Text}'. Use a name of its /etc/group, or a number."),
        (int)PlanError.Helper => ("HelperFailed", CanErrorCategory.OperatingSystem, $"the helper could not go on: {reason.Text}."),
        Errno.ENOSPC or Errno.EDQUOT when WritesFiles(reason.Operation) => ("DiskFull", CanErrorCategory.ResourceUnavailable,
            $"no space is left{reason.On}. Make room, for instance with Remove-CanContainer and Remove-CanImage."),
        _ => ExplainOperation(reason) ?? ("StartStepFailed", reason.Category, $"{reason.Reason}{reason.On}.{Remedy(reason)}"),
    };

    private static (string, CanErrorCategory, string)? ExplainOperation(FailureReason reason) => reason.Operation switch
    {
        PlanOperation.Execute => ExplainExecute(reason),
        PlanOperation.BindIn => ExplainBind(reason),
        PlanOperation.MountIn or PlanOperation.SeedVolume or PlanOperation.MakeDirectoryIn when IsTargetProblem(reason.Error) => TargetInvalid(reason),
        PlanOperation.Overlay or PlanOperation.RootDirectory => ("OverlayFailed", CanErrorCategory.OperatingSystem,
            $"the root file system cannot be mounted: {reason.Reason}{reason.On}. See what the kernel says: dmesg | tail."),
        PlanOperation.WriteFile when reason.FirstText.Contains("cgroup", StringComparison.Ordinal) => ("LimitRefused", CanErrorCategory.InvalidArgument,
            $"the kernel does not take '{reason.SecondText}' as a value of {Path.GetFileName(reason.FirstText)}: {reason.Reason}. Ask for another limit."),
        PlanOperation.ResourceLimit when reason.Error == Errno.EPERM => ("UlimitTooHigh", CanErrorCategory.PermissionDenied,
            "the limit is above what this host allows (its hard limit, or fs.nr_open for open files). Ask for less."),
        PlanOperation.Netlink when reason.Error == BridgeLimit.Errno => (BridgeLimit.ErrorId, CanErrorCategory.ResourceUnavailable, BridgeLimit.Message),
        PlanOperation.WorkingDirectory => ("WorkingDirectoryInvalid", CanErrorCategory.InvalidArgument,
            $"the working directory '{reason.FirstText}' cannot be entered: {reason.Reason}. Choose another, or a user that may enter it."),
        PlanOperation.JoinNetwork when reason.Error is Errno.ESRCH or Errno.ENOENT => ("ContainerNotRunning", CanErrorCategory.InvalidOperation,
            "the container whose network it shares does not run. Start that one first."),
        _ => null,
    };

    private static (string, CanErrorCategory, string)? ExplainExecute(FailureReason reason)
    {
        var program = reason.Step!.Arguments[1].ToString();
        return reason.Error switch
        {
            Errno.ENOENT or Errno.ENOTDIR => ("CommandNotFound", CanErrorCategory.ObjectNotFound,
                $"there is no program '{program}' in the container{(program.Contains('/') ? "" : "'s PATH")}, or the interpreter it names is missing. Check its spelling, or use one that the image has."),
            Errno.EACCES or Errno.EPERM or Errno.ELOOP => ("CommandNotExecutable", CanErrorCategory.PermissionDenied,
                $"the program '{program}' may not be executed: it is a directory or a circle of links, lacks the x permission for this user, or lies on a mount with noexec."),
            Errno.ENOEXEC => ("CommandFormatInvalid", CanErrorCategory.InvalidData,
                $"the program '{program}' is in no format this machine can run: it is for another architecture, or a script without a #! line. Run a script with its interpreter: sh {program}."),
            Errno.E2BIG => ("CommandTooLong", CanErrorCategory.InvalidArgument, "the command and the environment are together longer than the kernel allows. Shorten them."),
            _ => null,
        };
    }

    // The source was opened first; an error that speaks of the target names the target.
    private static (string, CanErrorCategory, string)? ExplainBind(FailureReason reason)
    {
        var (source, target) = (reason.FirstText, reason.SecondText);
        if (reason.Text == source && source != target && reason.Error is Errno.ENOENT or Errno.ENOTDIR)
        {
            return ("VolumeSourceNotFound", CanErrorCategory.ObjectNotFound, $"'{source}' does not exist on this host any more. Make it again, or remove the container.");
        }

        return IsTargetProblem(reason.Error) ? TargetInvalid(reason) : null;
    }

    private static (string, CanErrorCategory, string)? TargetInvalid(FailureReason reason) => ("MountTargetInvalid", CanErrorCategory.InvalidArgument,
        $"the target '{reason.Text}' cannot be used in this image: {reason.Reason}. A symbolic link there may lead out of the root or in a circle, a file may stand where a directory is needed, or a mount around it may be read-only. Choose another target.");

    // Elsewhere it means that there are too many namespaces or mounts, or processors are missing.
    private static bool WritesFiles(PlanOperation? operation) => operation
        is PlanOperation.MakeDirectory or PlanOperation.MakeDirectoryIn or PlanOperation.SymlinkIn or PlanOperation.SeedVolume
        or PlanOperation.Overlay or PlanOperation.BindIn;

    private static bool IsTargetProblem(int errno) =>
        errno is Errno.ELOOP or Errno.EXDEV or Errno.ENOTDIR or Errno.EISDIR or Errno.EROFS or Errno.EEXIST or Errno.ENOENT;

    private static string Remedy(FailureReason reason) => reason.Error switch
    {
        Errno.EPERM or Errno.EACCES => " Run as root with the capabilities of a container engine; inside of another container that takes --privileged.",
        Errno.ENOMEM or Errno.EAGAIN => " Too many processes, mounts or too little memory: stop something else first.",
        Errno.ENOSYS or Errno.EINVAL or Errno.ENODEV => " This kernel may be too old, or was built without the feature.",
        _ => "",
    };

    /// <summary>What failed, and how.</summary>
    private sealed record FailureReason(PlanStep? Step, int Error, string Text)
    {
        public PlanOperation? Operation => Step?.Operation;

        public string FirstText => TextAt(0);

        public string SecondText => TextAt(1);

        /// <summary>The system's words for the errno.</summary>
        public string Reason => Error > 0 ? new Win32Exception(Error).Message : "it could not be done";

        /// <summary>The helper's addition, unless the words have it already.</summary>
        public string On => Text.Length > 0 ? $" ('{Text}')" : "";

        public CanErrorCategory Category =>
            Error is Errno.EPERM or Errno.EACCES ? CanErrorCategory.PermissionDenied
            : Error is Errno.ENOMEM or Errno.EAGAIN ? CanErrorCategory.ResourceUnavailable
            : CanErrorCategory.OperatingSystem;

        private string TextAt(int index) => Step is { } step && index < step.Arguments.Count ? step.Arguments[index].Text ?? "" : "";
    }
}
