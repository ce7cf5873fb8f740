namespace Can.Engine.Starting;

// The twin of native/plan_format.h, which is the definition; a unit test compares the two.

/// <summary>What a plan starts.</summary>
public enum PlanKind
{
    /// <summary>clone namespaces, become the container's monitor</summary>
    Container = 1,

    /// <summary>join a running container's namespaces, run one process, report its exit</summary>
    Exec = 2,
}

/// <summary>Who carries a step out, and when.</summary>
public enum PlanStage
{
    /// <summary>read once when the plan is loaded; no system call of its own</summary>
    Settings = 0,

    /// <summary>by the monitor, once in its life, before the first run</summary>
    Monitor = 1,

    /// <summary>by the monitor, before every run's clone</summary>
    Host = 2,

    /// <summary>by the monitor, after the clone, while the child waits</summary>
    Wire = 3,

    /// <summary>by the cloned child, in the container's namespaces</summary>
    Child = 4,

    /// <summary>by the monitor, after every run; each step is tried whatever the others did</summary>
    Teardown = 5,
}

/// <summary>What a step does, with its arguments: n number, s text, b bytes.</summary>
public enum PlanOperation
{
    /// <summary>s path: where status and control live; a directory of this container's own</summary>
    SettingRunDirectory = 1,

    /// <summary>s path: where the final status goes</summary>
    SettingStateDirectory = 2,

    /// <summary>s path, n largest size of a file in bytes (0 no rotation), n files kept (&gt;= 1)</summary>
    SettingLog = 3,

    /// <summary>n enum restart_policy, n most retries (on-failure; 0 unlimited)</summary>
    SettingRestart = 4,

    /// <summary>s path of a file with a line "oom_kill N" (v1 memory.oom_control, v2 memory.events)</summary>
    SettingOomCounter = 5,

    /// <summary>keep a pipe as standard input, fed by attached consoles; else /dev/null</summary>
    SettingStdinOpen = 6,

    /// <summary>n rows, n columns: a pseudo-terminal instead of pipes</summary>
    SettingTerminal = 7,

    /// <summary>FD_CONSOLE is an attached connection from the start; the first run does not begin before it; n bit mask: 1 stdin, 2 output</summary>
    SettingAttached = 8,

    /// <summary>exec with terminal: b the key sequence that detaches (empty: none)</summary>
    SettingDetachKeys = 9,

    /// <summary>s path, n mode; an existing directory is fine</summary>
    MakeDirectory = 20,

    /// <summary>s path; rmdir, retried briefly on EBUSY; missing is fine</summary>
    RemoveDirectory = 21,

    /// <summary>s path, b data: open(O_WRONLY|O_CLOEXEC), one write</summary>
    WriteFile = 22,

    /// <summary>s path; missing is fine</summary>
    RemoveFile = 23,

    /// <summary>s directory on a v2 hierarchy: slot CGROUP, entered at birth by CLONE_INTO_CGROUP</summary>
    CgroupOpen = 24,

    /// <summary>s path of a v1 tasks file, opened for the child: adds to slot TASKS</summary>
    TasksOpen = 25,

    /// <summary>n clone flags (CLONE_NEW); container plan, last step of STAGE_HOST</summary>
    Clone = 26,

    /// <summary>n namespace flags: setns(FD_TARGET, flags); exec plan, last step of STAGE_HOST; the fork follows</summary>
    Join = 27,

    /// <summary>b one or more rtnetlink messages, each sent and its acknowledgement awaited</summary>
    Netlink = 28,

    /// <summary>s directory on a v2 hierarchy: the monitor itself is born there; STAGE_MONITOR</summary>
    MonitorCgroup = 29,

    /// <summary>write "0" to every descriptor of slot TASKS, close them</summary>
    TasksJoin = 40,

    /// <summary>n flags</summary>
    Unshare = 41,

    /// <summary>n signal</summary>
    ParentDeathSignal = 42,

    /// <summary>s source, s target (host path), s type, n flags, s data: mount(2) as it is</summary>
    Mount = 43,

    /// <summary>s mount point (host path), s upper, s work, n 1 = read-only, s options ("index=off,..."), s lower... (top first): slot ROOT</summary>
    Overlay = 44,

    /// <summary>s host path bound on s mount point, n 1 = read-only: slot ROOT</summary>
    RootDirectory = 45,

    /// <summary>s type, s source, s target in root (directory made), n mount attributes (MOUNT_ATTR_), s options ("mode=755,...")</summary>
    MountIn = 46,

    /// <summary>s source (host path), s target in root, n attributes to set (MOUNT_ATTR_), n 1 = recursive, n enum bind_target, n propagation (MS_PRIVATE/SLAVE/SHARED, 0 = private), n attributes to clear</summary>
    BindIn = 47,

    /// <summary>s link text, s path in root; an existing one is fine</summary>
    SymlinkIn = 48,

    /// <summary>s path in root, n mode of the last component, n uid, n gid</summary>
    MakeDirectoryIn = 49,

    /// <summary>s path in root: /dev/null over a file, an empty read-only tmpfs over a directory; missing is fine</summary>
    Mask = 50,

    /// <summary>s path in root: bound on itself, read-only; missing is fine</summary>
    ReadOnlyIn = 51,

    /// <summary>s path in root, s host directory: if the directory is empty, the root's content is copied into it</summary>
    SeedVolume = 52,

    /// <summary>slot ROOT becomes read-only</summary>
    RootReadOnly = 53,

    /// <summary>opens the container's own ptmx, hands the other end to the monitor, binds /dev/console; standard streams</summary>
    Terminal = 54,

    /// <summary>into slot ROOT, the old root detached</summary>
    PivotRoot = 55,

    /// <summary>s name</summary>
    Hostname = 56,

    /// <summary>s name</summary>
    Domainname = 57,

    /// <summary>n resource, n soft, n hard (UINT64_MAX = unlimited)</summary>
    ResourceLimit = 58,

    /// <summary>n mask</summary>
    Umask = 59,

    /// <summary>s name: keyctl(JOIN_SESSION_KEYRING)</summary>
    Keyring = 60,

    /// <summary>n capabilities kept (bit mask); all others are dropped</summary>
    BoundingSet = 61,

    /// <summary>s "user[:group]" as names or numbers, s additional group...: looked up in the root's /etc/passwd and /etc/group; slot USER (HOME)</summary>
    User = 62,

    /// <summary>n effective, n permitted, n inheritable, n ambient (bit masks)</summary>
    Capabilities = 63,

    /// <summary>NoNewPrivileges.</summary>
    NoNewPrivileges = 64,

    /// <summary>s path</summary>
    WorkingDirectory = 66,

    /// <summary>this process stays as PID 1: forwards signals, reaps; a child of it goes on with the plan</summary>
    Init = 67,

    /// <summary>n argument count, s argument..., s "NAME=VALUE"...: PATH look-up as execvpe(3) does; HOME from slot USER unless given</summary>
    Execute = 68,
}
