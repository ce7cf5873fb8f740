namespace Can.Engine.Starting;

// Values of the kernel's UAPI headers, under the kernel's names in the engine's spelling; plans carry them as plain numbers.

/// <summary>Namespaces of clone3(2), unshare(2) and setns(2): CLONE_NEW*, &lt;linux/sched.h&gt;.</summary>
[Flags]
internal enum Namespaces : ulong
{
    None = 0,
    Mount = 0x0002_0000,
    Cgroup = 0x0200_0000,
    Uts = 0x0400_0000,
    Ipc = 0x0800_0000,
    User = 0x1000_0000,
    Pid = 0x2000_0000,
    Network = 0x4000_0000,
}

/// <summary>Attributes of mount_setattr(2): MOUNT_ATTR_*, &lt;linux/mount.h&gt;.</summary>
[Flags]
internal enum MountAttributes : ulong
{
    None = 0,
    ReadOnly = 0x1,
    NoSuid = 0x2,
    NoDev = 0x4,
    NoExec = 0x8,
    NoAccessTime = 0x10,
    StrictAccessTime = 0x20,
    NoDirectoryAccessTime = 0x80,
    NoSymlinkFollow = 0x20_0000,
}

/// <summary>Flags of mount(2): MS_*, &lt;linux/mount.h&gt;.</summary>
[Flags]
internal enum MountFlags : ulong
{
    None = 0,
    Recursive = 1 << 14,
    Private = 1 << 18,
    Slave = 1 << 19,
    Shared = 1 << 20,
}
