namespace Can.Engine.Starting;

// The twin of native/plan_format.h, which is the definition; a unit test compares the two name by name.

/// <summary>
/// What a step does. After the colon its arguments: n is a number, s a path or text, b raw bytes, "..." any number more of the
/// last. "In root" means resolved below the container's root, whatever symbolic links there say; missing directories are made.
/// </summary>
public enum PlanOperation
{
    /// <summary>Where status and control live, a directory of this container's own: s path.</summary>
    SettingRunDirectory = 1,

    /// <summary>Where the final status goes: s path.</summary>
    SettingStateDirectory = 2,

    /// <summary>The log: s path, n largest size of a file in bytes (0: no rotation), n files kept (at least 1).</summary>
    SettingLog = 3,

    /// <summary>What follows the end of a run: n <see cref="Containers.RestartCondition"/>, n most retries (on-failure; 0: no limit).</summary>
    SettingRestart = 4,

    /// <summary>Where the kernel counts OOM kills: s path of a file with a line <c>oom_kill N</c>.</summary>
    SettingOomCounter = 5,

    /// <summary>Standard input is a pipe fed by attached consoles, not /dev/null.</summary>
    SettingStdinOpen = 6,

    /// <summary>A pseudo-terminal instead of pipes: n rows, n columns.</summary>
    SettingTerminal = 7,

    /// <summary>The first run begins with a console attached: n bit mask, 1 standard input, 2 output.</summary>
    SettingAttached = 8,

    /// <summary>Exec with a terminal: b key sequence that detaches (empty: none).</summary>
    SettingDetachKeys = 9,

    /// <summary>
    /// Health check: n interval, n timeout, n start period, n start interval (nanoseconds), n failures in a row that mean unhealthy,
    /// s path of the file that says whether the container is frozen ("": none).
    /// </summary>
    SettingHealth = 10,

    /// <summary>Sockets bound to published ports, inherited from <see cref="PlanDescriptor.Ports"/> on: n how many.</summary>
    SettingPorts = 11,

    /// <summary>mkdir(2) on the host, an existing directory is fine: s path, n mode.</summary>
    MakeDirectory = 20,

    /// <summary>rmdir(2) on the host, tried again briefly while busy, missing is fine: s path.</summary>
    RemoveDirectory = 21,

    /// <summary>One write(2) into an existing file: s path, b data.</summary>
    WriteFile = 22,

    /// <summary>unlink(2) on the host, missing is fine: s path.</summary>
    RemoveFile = 23,

    /// <summary>Opens the cgroup v2 directory into which the container is born (slot CGROUP): s directory.</summary>
    CgroupOpen = 24,

    /// <summary>Opens a cgroup v1 tasks file for the child (slot TASKS): s path.</summary>
    TasksOpen = 25,

    /// <summary>clone3(2), the last step of <see cref="PlanStage.Host"/>: n flags.</summary>
    Clone = 26,

    /// <summary>setns(2) on the container's pidfd, then fork; the last step of <see cref="PlanStage.Host"/> or <see cref="PlanStage.Probe"/>: n namespace flags.</summary>
    Join = 27,

    /// <summary>Netlink messages sent at once, the first error is reported: b messages, n protocol (0: NETLINK_ROUTE, 12: NETLINK_NETFILTER), n <see cref="Kernel.Netlink.NetlinkSlot.Argument"/>...</summary>
    Netlink = 28,

    /// <summary>The monitor itself is born in this cgroup v2 directory: s directory.</summary>
    MonitorCgroup = 29,

    /// <summary>Takes connections out of the kernel's tracking that began by asking for one of some ports: b struct port_address...</summary>
    ForgetConnections = 30,

    /// <summary>Writes 0 into every file of slot TASKS.</summary>
    TasksJoin = 40,

    /// <summary>unshare(2): n flags.</summary>
    Unshare = 41,

    /// <summary>prctl(PR_SET_PDEATHSIG): n signal.</summary>
    ParentDeathSignal = 42,

    /// <summary>mount(2) as it is, on host paths: s source, s target, s type, n flags, s data.</summary>
    Mount = 43,

    /// <summary>The root as an overlay (slot ROOT): s mount point, s upper ("": none), s work, n <see cref="RootTraits"/>, s options, s lower... (top first).</summary>
    Overlay = 44,

    /// <summary>The root as a directory (slot ROOT): s host path, s mount point, n <see cref="RootTraits"/>.</summary>
    RootDirectory = 45,

    /// <summary>A new file system in root: s type, s source, s target, n mount attributes, s options.</summary>
    MountIn = 46,

    /// <summary>A bind mount in root: s host path, s target, n attributes to set, n 1 = recursive, n <see cref="BindTarget"/>, n propagation, n attributes to clear.</summary>
    BindIn = 47,

    /// <summary>symlink(2) in root, an existing one is fine: s text, s path.</summary>
    SymlinkIn = 48,

    /// <summary>mkdir(2) in root, an existing directory stays as it is: s path, n mode of the last component, n user, n group.</summary>
    MakeDirectoryIn = 49,

    /// <summary>As <see cref="WriteFile"/>, of a file in the container's root: s path in the root, b data.</summary>
    WriteFileIn = 71,

    /// <summary>Hides a path in root, missing is fine: s path.</summary>
    Mask = 50,

    /// <summary>Makes a path in root read-only, missing is fine: s path.</summary>
    ReadOnlyIn = 51,

    /// <summary>Copies the root's content into an empty volume: s path in root, s host directory.</summary>
    SeedVolume = 52,

    /// <summary>The root becomes read-only.</summary>
    RootReadOnly = 53,

    /// <summary>The container's terminal becomes its standard streams and /dev/console.</summary>
    Terminal = 54,

    /// <summary>pivot_root(2) into slot ROOT; the old root is detached.</summary>
    PivotRoot = 55,

    /// <summary>sethostname(2): s name.</summary>
    Hostname = 56,

    /// <summary>setdomainname(2): s name.</summary>
    Domainname = 57,

    /// <summary>setrlimit(2): n resource, n soft, n hard (all bits: unlimited).</summary>
    ResourceLimit = 58,

    /// <summary>umask(2): n mask.</summary>
    Umask = 59,

    /// <summary>keyctl(KEYCTL_JOIN_SESSION_KEYRING): s name.</summary>
    Keyring = 60,

    /// <summary>prctl(PR_CAPBSET_DROP) of all others: n capabilities kept.</summary>
    BoundingSet = 61,

    /// <summary>Identity by the root's /etc/passwd and /etc/group (slot USER): s <c>user[:group]</c>, s additional group...</summary>
    User = 62,

    /// <summary>capset(2) and the ambient set: n effective, n permitted, n inheritable, n ambient.</summary>
    Capabilities = 63,

    /// <summary>prctl(PR_SET_NO_NEW_PRIVS).</summary>
    NoNewPrivileges = 64,

    /// <summary>seccomp(2): b struct sock_filter[], n flags.</summary>
    Seccomp = 65,

    /// <summary>chdir(2): s path.</summary>
    WorkingDirectory = 66,

    /// <summary>This process stays as PID 1, forwards signals and reaps; a child of it goes on with the plan.</summary>
    Init = 67,

    /// <summary>Waits, 100 ms at most, until interfaces can send (IFF_RUNNING): n N of ethN...</summary>
    AwaitLinks = 69,

    /// <summary>execve(2) with a PATH look-up: n argument count, s argument..., s NAME=VALUE...</summary>
    Execute = 68,

    /// <summary>setns(2) into the network of another container's process, before anything is mounted that shows it: s that container's status file.</summary>
    JoinNetwork = 70,
}
