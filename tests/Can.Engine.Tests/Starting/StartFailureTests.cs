using Can.Engine.Starting;

namespace Can.Engine.Tests.Starting;

public sealed class StartFailureTests
{
    private const int ENOENT = 2, ENOEXEC = 8, EACCES = 13, EXDEV = 18, ENOTDIR = 20, EINVAL = 22, ENOSPC = 28, ELOOP = 40, EXFULL = 54;

    [Theory]
    [InlineData(PlanOperation.Execute, ENOENT, "sleep", "CommandNotFound")]
    [InlineData(PlanOperation.Execute, EACCES, "sleep", "CommandNotExecutable")]
    [InlineData(PlanOperation.Execute, ENOEXEC, "sleep", "CommandFormatInvalid")]
    [InlineData(PlanOperation.User, (int)PlanError.NoSuchUser, "app", "UserNotFound")]
    [InlineData(PlanOperation.User, (int)PlanError.NoSuchGroup, "staff", "GroupNotFound")]
    [InlineData(PlanOperation.BindIn, ELOOP, "/target", "MountTargetInvalid")]
    [InlineData(PlanOperation.BindIn, EXDEV, "/target", "MountTargetInvalid")]
    [InlineData(PlanOperation.BindIn, ENOTDIR, "/target", "MountTargetInvalid")]
    [InlineData(PlanOperation.BindIn, ENOENT, "/source", "VolumeSourceNotFound")]
    [InlineData(PlanOperation.MountIn, ENOTDIR, "/proc", "MountTargetInvalid")]
    [InlineData(PlanOperation.Overlay, EINVAL, "overlay: unrecognized option", "OverlayFailed")]
    [InlineData(PlanOperation.WriteFile, EINVAL, "/cgroup/cpu.max", "LimitRefused")]
    [InlineData(PlanOperation.SeedVolume, ENOSPC, "/data", "DiskFull")]
    [InlineData(PlanOperation.Clone, ENOSPC, "clone3", "StartStepFailed")]
    [InlineData(PlanOperation.ResourceLimit, 1, "setrlimit", "UlimitTooHigh")]
    [InlineData(PlanOperation.WorkingDirectory, ENOTDIR, "/etc/passwd", "WorkingDirectoryInvalid")]
    [InlineData(PlanOperation.PivotRoot, EINVAL, "pivot_root", "StartStepFailed")]
    [InlineData(PlanOperation.Netlink, EXFULL, "netlink", "NetworkFull")]
    public void Failure_has_its_id_and_says_where_it_happened(PlanOperation operation, int errno, string text, string errorId)
    {
        var plan = new StartPlan(PlanKind.Container, [Step(PlanOperation.Umask, 18UL), StepOf(operation)]);
        var error = StartFailure.ToException(plan, 1, errno, text, "web");

        Assert.Equal(errorId, error.ErrorId);
        Assert.Equal("web", error.Target);
        Assert.StartsWith("Starting container 'web' failed: ", error.Message, StringComparison.Ordinal);
        Assert.Contains($"(step 1, child: {plan.Steps[1].Description})", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void System_words_for_the_errno_are_in_the_message() => Assert.Contains(
        "Invalid argument", StartFailure.ToException(new(PlanKind.Container, [StepOf(PlanOperation.PivotRoot)]), 0, EINVAL, "", "web").Message, StringComparison.Ordinal);

    [Theory]
    [InlineData((int)PlanError.BadPlan, "PlanRejected")]
    [InlineData((int)PlanError.Helper, "HelperFailed")]
    [InlineData(12, "StartStepFailed")]
    public void Failure_without_a_step(int error, string errorId)
    {
        var exception = StartFailure.ToException(new(PlanKind.Exec, []), uint.MaxValue, error, "words", "web");

        Assert.Equal(errorId, exception.ErrorId);
        Assert.StartsWith("Running a process in container 'web' failed: ", exception.Message, StringComparison.Ordinal);
        Assert.Contains("words", exception.Message, StringComparison.Ordinal);
    }

    private static PlanStep StepOf(PlanOperation operation) => operation switch
    {
        PlanOperation.Execute => Step(operation, 1UL, "sleep"),
        PlanOperation.User => Step(operation, "app:staff"),
        PlanOperation.BindIn => Step(operation, "/source", "/target", 0UL, 0UL, 3UL, 0UL, 0UL),
        PlanOperation.MountIn => Step(operation, "proc", "proc", "/proc", 0UL, ""),
        PlanOperation.Overlay => Step(operation, "/root", "/upper", "/work", 0UL, "index=off", "/lower"),
        PlanOperation.WriteFile => Step(operation, "/cgroup/cpu.max", "1 2"),
        PlanOperation.SeedVolume => Step(operation, "/data", "/volume"),
        PlanOperation.Clone => Step(operation, 0UL),
        PlanOperation.ResourceLimit => Step(operation, 7UL, 1UL, 2UL),
        PlanOperation.WorkingDirectory => Step(operation, "/etc/passwd"),
        PlanOperation.Netlink => Step(operation, new byte[16]),
        _ => Step(operation),
    };

    private static PlanStep Step(PlanOperation operation, params PlanArgument[] arguments) => new(PlanStage.Child, operation, arguments);
}
