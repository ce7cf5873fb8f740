using System.Runtime.InteropServices;

namespace Can.Engine.Kernel.Cgroups;

/// <summary>The errors of cgroups and limits, so that each reads the same wherever it comes from.</summary>
internal static class CgroupError
{
    public static CanException ControllerMissing(string feature, string controller) => new(
        "ControllerMissing", CanErrorCategory.NotInstalled,
        $"{feature} needs the cgroup controller '{controller}', which cannot be used on this host. See /proc/cgroups and the kernel's command line (cgroup_disable=), "
        + "or leave the limit out.", controller);

    public static CanException TooSmall(string what, object value, string least) => new(
        "LimitTooSmall", CanErrorCategory.InvalidArgument, $"{what} of {value} is too small. Give {least} or more.", value);

    public static CanException TooLarge(string what, object value, string most) => new(
        "LimitTooLarge", CanErrorCategory.InvalidArgument, $"{what} of {value} is too large. Give {most} or less.", value);

    public static CanException CgroupMissing(string id) => new(
        "CgroupMissing", CanErrorCategory.InvalidOperation, $"The container {id} has no cgroup, so it does not run. Start it first.", id);

    public static CanException LimitRefused(CgroupWrite write, int errno) => new(
        "LimitRefused", CanErrorCategory.OperatingSystem,
        $"The kernel refused to write '{write.Data}' to {write.Path}: {Text(errno)}. {Remedy(errno)}", write.Path);

    public static CanException Unavailable(string path, int errno) => new(
        "CgroupUnavailable", errno is Errno.EACCES or Errno.EPERM or Errno.EROFS ? CanErrorCategory.PermissionDenied : CanErrorCategory.OperatingSystem,
        $"The cgroup {path} cannot be made: {Text(errno)}. Run as root, with cgroup file systems that are mounted writable.", path);

    public static CanException Busy(string path, int errno) => new(
        "CgroupBusy", CanErrorCategory.InvalidOperation,
        $"The cgroup {path} cannot be removed: {Text(errno)}. Processes in it do not end even when killed; see its cgroup.procs.", path);

    private static string Text(int errno) => $"{Marshal.GetPInvokeErrorMessage(errno)} (errno {errno})";

    private static string Remedy(int errno) => errno switch
    {
        Errno.EBUSY => "The container uses more than that now; give a larger limit or make it use less first.",
        Errno.EINVAL => "The value does not fit the limits of the cgroups above it; give another one.",
        _ => "See the kernel's documentation of that file.",
    };
}
