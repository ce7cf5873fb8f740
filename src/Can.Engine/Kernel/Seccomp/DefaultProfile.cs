namespace Can.Engine.Kernel.Seccomp;

/// <summary>
/// The default profile: which system calls a container may make. It allows what Docker's allows (moby/profiles,
/// <c>seccomp/default_linux.go</c>, as of 2026) and refuses everything else with EPERM, as Docker does.
/// </summary>
/// <remarks>
/// Names that an architecture, or the installed libseccomp, does not know are passed over. Calls that are newer than
/// <see cref="RecentCalls"/>' first one stand there, by number. <c>io_uring</c> is not in it since it goes around the filter.
/// </remarks>
internal static class DefaultProfile
{
    /// <summary>
    /// Names this content: compiled filters are kept under it. A test fails with the right value whenever the content changes.
    /// </summary>
    public const string Revision = "21194d905990fae2";

    private const int EPERM = 1;
    private const int ENOSYS = 38;

    /// <summary>What a call gets that no rule allows.</summary>
    public const int RefusedErrno = EPERM;

    /// <summary>CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID and NEWNET of clone(2).</summary>
    private const ulong NamespaceFlags = 0x7E020000;

    /// <summary>Allowed to every container, by what the calls are about.</summary>
    private static readonly string[] Always =
    [
        // files by name
        "access chdir chmod chown chown32 creat faccessat faccessat2 fchmodat fchownat fstatat64 futimesat getcwd lchown lchown32 link",
        "linkat lstat lstat64 mkdir mkdirat mknod mknodat name_to_handle_at newfstatat open openat openat2 readlink readlinkat rename",
        "renameat renameat2 rmdir stat stat64 statfs statfs64 statx symlink symlinkat truncate truncate64 umask unlink unlinkat utime",
        "utimensat utimensat_time64 utimes",

        // open files
        "close close_range copy_file_range dup dup2 dup3 fadvise64 fadvise64_64 fallocate fchdir fchmod fchown fchown32 fcntl fcntl64",
        "fdatasync flock fstat fstat64 fstatfs fstatfs64 fsync ftruncate ftruncate64 getdents getdents64 ioctl _llseek lseek pipe pipe2",
        "pread64 preadv preadv2 pwrite64 pwritev pwritev2 read readahead readv sendfile sendfile64 splice sync sync_file_range syncfs tee",
        "vmsplice write writev",

        // extended attributes
        "fgetxattr flistxattr fremovexattr fsetxattr getxattr lgetxattr listxattr llistxattr lremovexattr lsetxattr removexattr setxattr",

        // waiting for events
        "epoll_create epoll_create1 epoll_ctl epoll_ctl_old epoll_pwait epoll_pwait2 epoll_wait epoll_wait_old eventfd eventfd2",
        "fanotify_mark inotify_add_watch inotify_init inotify_init1 inotify_rm_watch _newselect poll ppoll ppoll_time64 pselect6",
        "pselect6_time64 select",

        // asynchronous input and output
        "io_cancel io_destroy io_getevents io_pgetevents io_pgetevents_time64 io_setup io_submit",

        // memory
        "brk madvise membarrier memfd_create memfd_secret mincore mlock mlock2 mlockall mmap mmap2 mprotect mremap msync munlock",
        "munlockall munmap pkey_alloc pkey_free pkey_mprotect process_mrelease remap_file_pages",

        // processes and threads
        "execve execveat exit exit_group fork futex futex_time64 futex_waitv get_robust_list get_thread_area getpgid getpgrp getpid",
        "getppid getsid gettid pidfd_open pidfd_send_signal prctl rseq set_robust_list set_thread_area set_tid_address setpgid setsid",
        "uretprobe vfork wait4 waitid waitpid",

        // looking into one's own processes; before Linux 4.8 a way around the filter
        "process_vm_readv process_vm_writev ptrace",

        // users, groups, capabilities
        "capget capset getegid getegid32 geteuid geteuid32 getgid getgid32 getgroups getgroups32 getresgid getresgid32 getresuid",
        "getresuid32 getuid getuid32 setfsgid setfsgid32 setfsuid setfsuid32 setgid setgid32 setgroups setgroups32 setregid setregid32",
        "setresgid setresgid32 setresuid setresuid32 setreuid setreuid32 setuid setuid32",

        // confining oneself further
        "landlock_add_rule landlock_create_ruleset landlock_restrict_self seccomp",

        // signals
        "kill pause restart_syscall rt_sigaction rt_sigpending rt_sigprocmask rt_sigqueueinfo rt_sigreturn rt_sigsuspend rt_sigtimedwait",
        "rt_sigtimedwait_time64 rt_tgsigqueueinfo sigaltstack signalfd signalfd4 sigprocmask sigreturn tgkill tkill",

        // time
        "adjtimex alarm clock_adjtime clock_adjtime64 clock_getres clock_getres_time64 clock_gettime clock_gettime64 clock_nanosleep",
        "clock_nanosleep_time64 getitimer gettimeofday nanosleep setitimer time timer_create timer_delete timer_getoverrun timer_gettime",
        "timer_gettime64 timer_settime timer_settime64 timerfd_create timerfd_gettime timerfd_gettime64 timerfd_settime",
        "timerfd_settime64 times",

        // scheduling, limits, use of resources
        "getcpu getpriority getrlimit getrusage ioprio_get ioprio_set prlimit64 sched_get_priority_max sched_get_priority_min",
        "sched_getaffinity sched_getattr sched_getparam sched_getscheduler sched_rr_get_interval sched_rr_get_interval_time64",
        "sched_setaffinity sched_setattr sched_setparam sched_setscheduler sched_yield setpriority setrlimit ugetrlimit",

        // sockets; socket itself is below
        "accept accept4 bind connect getpeername getsockname getsockopt listen recv recvfrom recvmmsg recvmmsg_time64 recvmsg send",
        "sendmmsg sendmsg sendto setsockopt shutdown socketcall socketpair",

        // System V and POSIX inter-process communication
        "ipc mq_getsetattr mq_notify mq_open mq_timedreceive mq_timedreceive_time64 mq_timedsend mq_timedsend_time64 mq_unlink msgctl",
        "msgget msgrcv msgsnd semctl semget semop semtimedop semtimedop_time64 shmat shmctl shmdt shmget",

        // the system
        "getrandom sysinfo uname",
    ];

    /// <summary>Personalities that change nothing about security: PER_LINUX, PER_LINUX32, with UNAME26 or not, and the question.</summary>
    private static readonly ulong[] Personalities = [0x0, 0x8, 0x20000, 0x20008, 0xFFFFFFFF];

    /// <summary>
    /// Address families from AF_NETBEUI on that sockets may have, besides all up to AF_ROSE (11). Left out are those that the
    /// kernel no longer has, AF_ALG (attack surface without need) and AF_VSOCK (reaches other machines whatever the namespace).
    /// </summary>
    private static readonly ulong[] AddressFamilies =
        [13, 14, 15, 16, 17, 18, 21, 22, 24, 26, 27, 28, 29, 30, 31, 32, 33, 35, 36, 39, 41, 42, 43, 44, 45];

    private const ulong FirstRefusedFamily = 12;

    /// <summary>Calls that come with a capability.</summary>
    private static readonly (string Capability, string Calls)[] WithCapability =
    [
        ("BPF", "bpf"),
        ("DAC_READ_SEARCH", "open_by_handle_at"),
        ("PERFMON", "perf_event_open"),
        ("SYS_ADMIN",
            "bpf clone clone3 fanotify_init fsconfig fsmount fsopen fspick lookup_dcookie mount mount_setattr move_mount open_tree "
            + "perf_event_open quotactl quotactl_fd setdomainname sethostname setns syslog umount umount2 unshare"),
        ("SYS_BOOT", "reboot"),
        ("SYS_CHROOT", "chroot"),
        ("SYS_MODULE", "delete_module finit_module init_module"),
        ("SYS_NICE", "get_mempolicy mbind set_mempolicy set_mempolicy_home_node"),
        ("SYS_PACCT", "acct"),
        ("SYS_PTRACE", "kcmp pidfd_getfd process_madvise process_vm_readv process_vm_writev ptrace"),
        ("SYS_RAWIO", "ioperm iopl"),
        ("SYS_TIME", "clock_settime clock_settime64 settimeofday stime"),
        ("SYS_TTY_CONFIG", "vhangup"),
        ("SYSLOG", "syslog"),
    ];

    /// <summary>All capabilities that change something; others make no other filter.</summary>
    public static ulong RelevantCapabilities { get; } = Union();

    /// <summary>The rules for a container with these capabilities on this architecture.</summary>
    public static IEnumerable<SeccompRule> Rules(ulong capabilities, SeccompArchitecture architecture)
    {
        foreach (var call in Split(Always))
        {
            yield return SeccompRule.Allow(call);
        }

        foreach (var call in architecture.OwnCalls)
        {
            yield return SeccompRule.Allow(call);
        }

        foreach (var (capability, calls) in WithCapability)
        {
            if ((capabilities & Capabilities.Parse(capability)) != 0)
            {
                foreach (var call in Split([calls]))
                {
                    yield return SeccompRule.Allow(call);
                }
            }
        }

        foreach (var rule in Conditional(capabilities))
        {
            yield return rule;
        }
    }

    private static IEnumerable<SeccompRule> Conditional(ulong capabilities)
    {
        foreach (var personality in Personalities)
        {
            yield return SeccompRule.Allow("personality", new(0, SeccompComparison.Equal, personality));
        }

        yield return SeccompRule.Allow("socket", new(0, SeccompComparison.Less, FirstRefusedFamily));
        foreach (var family in AddressFamilies)
        {
            yield return SeccompRule.Allow("socket", new(0, SeccompComparison.Equal, family));
        }

        if ((capabilities & Capabilities.Parse("SYS_ADMIN")) == 0)
        {
            // clone, but not into new namespaces. clone3 has its flags in memory, where no filter sees them: ENOSYS makes the C
            // library fall back on clone.
            yield return SeccompRule.Allow("clone", new(0, SeccompComparison.MaskedEqual, NamespaceFlags, 0));
            yield return SeccompRule.Refuse("clone3", ENOSYS);
        }
    }

    private static IEnumerable<string> Split(IEnumerable<string> lines)
    {
        foreach (var line in lines)
        {
            foreach (var call in line.Split(' '))
            {
                yield return call;
            }
        }
    }

    private static ulong Union()
    {
        var mask = RecentCalls.RelevantCapabilities;
        foreach (var (capability, _) in WithCapability)
        {
            mask |= Capabilities.Parse(capability);
        }

        return mask;
    }
}
