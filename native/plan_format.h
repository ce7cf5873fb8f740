/*
 * plan_format.h - the wire form of a start plan, as src/Can.Engine/Starting writes it and plan.c reads it.
 *
 * All numbers are little-endian and every record is padded with zero bytes to a multiple of 8. A plan is
 * one header, then `step_count` steps. A step is its own header, then `argument_count` arguments, each an argument header
 * and its payload: a number is 8 bytes, bytes are `length` bytes and at least one NUL that `length` does not count.
 *
 * The C# twin is Starting/PlanFormat.cs; a unit test compares the two enumerations name by name.
 */
#ifndef CAN_PLAN_FORMAT_H
#define CAN_PLAN_FORMAT_H

#include <stdint.h>

/* The comments beside the members are the contract's text: laid out by hand. */
/* clang-format off */

#define PLAN_MAGIC "CANPLAN" /* eight bytes with its NUL */
#define PLAN_VERSION 1
#define PLAN_MAX_BYTES (16u << 20)
#define PLAN_MAX_STEPS 4096u
#define PLAN_MAX_ARGUMENTS 8192u

enum plan_kind {
	PLAN_CONTAINER = 1, /* clone namespaces, become the container's monitor */
	PLAN_EXEC = 2,      /* join a running container's namespaces, run one process, report its exit */
};

struct plan_header {
	char magic[8];
	uint32_t version;
	uint32_t kind;
	uint32_t total_length; /* of the whole plan, this header included */
	uint32_t step_count;
};

struct step_header {
	uint16_t operation; /* enum plan_operation */
	uint16_t stage;     /* enum plan_stage */
	uint16_t argument_count;
	uint16_t flags;     /* enum step_flag */
	uint32_t length;    /* of all arguments together, in bytes */
	uint32_t reserved;  /* zero */
};

enum argument_kind { ARGUMENT_NUMBER = 1, ARGUMENT_BYTES = 2 };

struct argument_header {
	uint32_t kind;
	uint32_t length; /* of the payload without padding and NUL; 8 for a number */
};

enum step_flag {
	STEP_OPTIONAL = 1, /* a failure is ignored (the thing is a convenience, or is already so) */
};

/* Who carries a step out, and when. Within a stage, steps run in the order of the plan. */
enum plan_stage {
	STAGE_SETTINGS = 0, /* read once when the plan is loaded; no system call of its own */
	STAGE_MONITOR = 1,  /* by the monitor, once in its life, before the first run */
	STAGE_HOST = 2,     /* by the monitor, before every run's clone */
	STAGE_WIRE = 3,     /* by the monitor, after the clone; the child waits for its end before its first OP_NETLINK,
	                     * OP_WRITE_FILE or OP_WRITE_FILE_IN, and at the latest before OP_INIT or OP_EXECUTE */
	STAGE_CHILD = 4,    /* by the cloned child, in the container's namespaces */
	STAGE_TEARDOWN = 5, /* by the monitor, after every run; each step is tried whatever the others did */
	/* with SETTING_HEALTH, both or neither */
	STAGE_PROBE = 6,       /* by a process that the monitor forks for every probe, FD_TARGET in hand; ends with OP_JOIN */
	STAGE_PROBE_CHILD = 7, /* by that process's child, in the container's namespaces; ends with OP_EXECUTE */
};

/* Descriptors with fixed numbers, inherited from the engine. Everything else is closed at entry. */
enum plan_descriptor {
	FD_PLAN = 3,     /* the plan itself: a memory file or a pipe, read to its end */
	FD_SYNC = 4,     /* write end of the pipe that carries struct sync_message to the engine */
	FD_RUN_LOCK = 5, /* container: the run lock, held (OFD write lock) and inherited for the monitor's life */
	FD_CONSOLE = 6,  /* container, if SETTING_ATTACHED: an already attached control connection */
	FD_TARGET = 6,   /* exec: a pidfd of the container's PID 1 (STAGE_PROBE gets it from the monitor) */
	FD_NETWORK = 7,  /* not inherited: in STAGE_WIRE the container's network namespace (IFLA_NET_NS_FD), if the clone made one */
	FD_PORTS = 8,    /* container: the first of SETTING_PORTS sockets, each bound to a published port, held for the monitor's life */
};

/*
 * Operations. n = number, s = bytes that hold a path or text, b = raw bytes, ... = any number more of the last.
 * "in root" means: resolved with openat2(RESOLVE_IN_ROOT) below the ROOT slot; missing directories are made (0755),
 * and the last component is made if the operation says so.
 */
enum plan_operation {
	/* settings */
	SETTING_RUN_DIRECTORY = 1,   /* s path: where status and control live; a directory of this container's own */
	SETTING_STATE_DIRECTORY = 2, /* s path: where the final status goes */
	SETTING_LOG = 3,             /* s path, n largest size of a file in bytes (0 no rotation), n files kept (>= 1) */
	SETTING_RESTART = 4,         /* n enum restart_policy, n most retries (on-failure; 0 unlimited) */
	SETTING_OOM_COUNTER = 5,     /* s path of a file with a line "oom_kill N" (v1 memory.oom_control, v2 memory.events) */
	SETTING_STDIN_OPEN = 6,      /* keep a pipe as standard input, fed by attached consoles; else /dev/null */
	SETTING_TERMINAL = 7,        /* n rows, n columns: a pseudo-terminal instead of pipes */
	SETTING_ATTACHED = 8,        /* FD_CONSOLE is an attached connection from the start; the first run does not begin
	                              * before it; n bit mask: 1 stdin, 2 output */
	SETTING_DETACH_KEYS = 9,     /* exec with terminal: b the key sequence that detaches (empty: none) */
	SETTING_HEALTH = 10,         /* container: n interval, n timeout, n start period, n start interval (nanoseconds, all but the start period
	                              * at least 1), n probes failed in a row that mean unhealthy (>= 1), s path of a file that says whether the
	                              * container is frozen (v2 cgroup.events, v1 freezer.state; "" = none) */

	SETTING_PORTS = 11,          /* n how many sockets are inherited from FD_PORTS on */

	/* monitor and host: plain host paths */
	OP_MAKE_DIRECTORY = 20,  /* s path, n mode; an existing directory is fine */
	OP_REMOVE_DIRECTORY = 21,/* s path; rmdir, retried briefly on EBUSY; missing is fine */
	OP_WRITE_FILE = 22,      /* s path, b data: open(O_WRONLY|O_CLOEXEC), one write */
	OP_REMOVE_FILE = 23,     /* s path; missing is fine */
	OP_CGROUP_OPEN = 24,     /* s directory on a v2 hierarchy: slot CGROUP, entered at birth by CLONE_INTO_CGROUP */
	OP_TASKS_OPEN = 25,      /* s path of a v1 tasks file, opened for the child: adds to slot TASKS */
	OP_CLONE = 26,           /* n clone flags (CLONE_NEW*); container plan, last step of STAGE_HOST */
	OP_JOIN = 27,            /* n namespace flags: setns(FD_TARGET, flags); exec plan, last step of STAGE_HOST (STAGE_PROBE); the fork follows */
	OP_NETLINK = 28,         /* b one or more messages, sent at once, the first error reported; n protocol (may be left out: 0 = NETLINK_ROUTE,
	                          * 12 = NETLINK_NETFILTER); n slot... (enum netlink_slot: what is filled in before they are sent).
	                          * Messages carry NLM_F_ACK (of a batch, those that can fail); sequence numbers are free */
	OP_MONITOR_CGROUP = 29,  /* s directory on a v2 hierarchy: the monitor itself is born there; STAGE_MONITOR */
	OP_FORGET_CONNECTIONS = 30, /* b struct port_address...: tracked connections that began by asking for one of these are forgotten (an address
	                          * of zeros is every address), so that the next packet is translated as the maps say now */

	/* child */
	OP_TASKS_JOIN = 40,          /* write "0" to every descriptor of slot TASKS, close them */
	OP_UNSHARE = 41,             /* n flags */
	OP_PARENT_DEATH_SIGNAL = 42, /* n signal */
	OP_MOUNT = 43,               /* s source, s target (host path), s type, n flags, s data: mount(2) as it is */
	OP_OVERLAY = 44,             /* s mount point (host path), s upper ("" = none), s work, n enum root_flag, s options ("index=off,..."), s lower... (top first): slot ROOT */
	OP_ROOT_DIRECTORY = 45,      /* s host path bound on s mount point, n enum root_flag: slot ROOT */
	OP_MOUNT_IN = 46,            /* s type, s source, s target in root (directory made), n mount attributes (MOUNT_ATTR_*), s options ("mode=755,...") */
	OP_BIND_IN = 47,             /* s source (host path), s target in root, n attributes to set (MOUNT_ATTR_*), n 1 = recursive, n enum bind_target, n propagation (MS_PRIVATE/SLAVE/SHARED, 0 = private), n attributes to clear */
	OP_SYMLINK_IN = 48,          /* s link text, s path in root; an existing one is fine */
	OP_MAKE_DIRECTORY_IN = 49,   /* s path in root, n mode of the last component, n uid, n gid; an existing one stays as it is */
	OP_MASK = 50,                /* s path in root: /dev/null over a file, an empty read-only tmpfs over a directory; missing is fine */
	OP_READ_ONLY_IN = 51,        /* s path in root: bound on itself, read-only; missing is fine */
	OP_SEED_VOLUME = 52,         /* s path in root, s host directory: if the directory is empty, the root's content is copied into it */
	OP_ROOT_READ_ONLY = 53,      /* slot ROOT becomes read-only */
	OP_TERMINAL = 54,            /* (an exec with SETTING_TERMINAL does it first, unasked) opens the container's own ptmx, hands the other end to the monitor, binds /dev/console; standard streams */
	OP_PIVOT_ROOT = 55,          /* into slot ROOT, the old root detached */
	OP_HOSTNAME = 56,            /* s name */
	OP_DOMAINNAME = 57,          /* s name */
	OP_RESOURCE_LIMIT = 58,      /* n resource, n soft, n hard (UINT64_MAX = unlimited) */
	OP_UMASK = 59,               /* n mask */
	OP_KEYRING = 60,             /* s name: keyctl(JOIN_SESSION_KEYRING) */
	OP_BOUNDING_SET = 61,        /* n capabilities kept (bit mask); all others are dropped */
	OP_USER = 62,                /* s "user[:group]" as names or numbers, s additional group...: looked up in the root's /etc/passwd and /etc/group; slot USER (HOME) */
	OP_CAPABILITIES = 63,        /* n effective, n permitted, n inheritable, n ambient (bit masks) */
	OP_NO_NEW_PRIVILEGES = 64,
	OP_SECCOMP = 65,             /* b struct sock_filter[], n seccomp(2) flags */
	OP_WORKING_DIRECTORY = 66,   /* s path */
	OP_INIT = 67,                /* this process stays as PID 1: forwards signals, reaps; a child of it goes on with the plan */
	OP_AWAIT_LINKS = 69,         /* n N of ethN...: waits until each has a carrier and its bridge was told (IFF_RUNNING), at most 100 ms in all */
	OP_JOIN_NETWORK = 70,        /* s status file of another container: setns(2) into its process's network, before anything is mounted that shows it */
	OP_WRITE_FILE_IN = 71,       /* s path in root, b data: as OP_WRITE_FILE */
	OP_EXECUTE = 68,             /* n argument count, s argument..., s "NAME=VALUE"...: PATH look-up as execvpe(3) does; HOME from slot USER unless given */
};

enum root_flag { ROOT_READ_ONLY = 1, ROOT_DEVICES = 2 }; /* bit mask; without ROOT_DEVICES the root is mounted nodev */

/*
 * A slot of OP_NETLINK: bits 48-63 what is written, bits 32-47 a number, bits 0-31 where, in bytes from the first message's begin.
 * Bounds are checked when the plan is loaded.
 */
enum netlink_slot {
	SLOT_RUN_NUMBER = 1, /* 4 hexadecimal digits that no other run of this container has had lately: an interface of a run that ended
	                      * may still be on its way out, and its name with it */
	SLOT_LINK_INDEX = 2, /* u32 index of the interface eth<number> in the namespace of the process that sends */
};

/* A published port of the host. */
struct port_address {
	uint16_t protocol;   /* IPPROTO_TCP, IPPROTO_UDP, IPPROTO_SCTP */
	uint16_t family;     /* AF_INET, AF_INET6 */
	uint8_t port[2];     /* network byte order */
	uint16_t reserved;   /* zero */
	uint8_t address[16]; /* the first 4 bytes for AF_INET, the others zero */
};

enum bind_target { BIND_TO_DIRECTORY = 1, BIND_TO_FILE = 2, BIND_LIKE_SOURCE = 3 };

enum restart_policy { RESTART_NO = 0, RESTART_ON_FAILURE = 1, RESTART_ALWAYS = 2, RESTART_UNLESS_STOPPED = 3 };

/*
 * What the helper tells the engine over FD_SYNC; one message, written whole, then for exec a second one at the end. An exec
 * from whose terminal the user detached sends SYNC_STARTED once more and closes the pipe; the helper has let go of the
 * terminal and stays in the background until the process ends.
 */
enum sync_kind {
	SYNC_STARTED = 1, /* the program runs: exec succeeded. pid and start_time are of the container's PID 1 or the exec'd process, in the helper's own PID namespace */
	SYNC_FAILED = 2,  /* step `step` failed with `error` (errno); `text` may name the path or name concerned */
	SYNC_EXITED = 3,  /* exec only: exit_code (128 + signal when killed), signal (0 if none) */
};

/* Which errno-less failures have a meaning of their own: `error` is then negative. */
enum plan_error {
	ERROR_BAD_PLAN = -1,      /* the plan is malformed */
	ERROR_NO_SUCH_USER = -2,  /* OP_USER: text names it */
	ERROR_NO_SUCH_GROUP = -3,
	ERROR_HELPER = -4,        /* the helper itself could not go on; text says why */
};

struct sync_message {
	uint32_t kind;
	uint32_t step; /* index in the plan, from 0; UINT32_MAX when no step is concerned */
	int32_t error;
	int32_t signal;
	int64_t pid;        /* of PID 1 (container) or of the process (exec) */
	uint64_t start_time;/* field 22 of /proc/PID/stat, clock ticks since boot */
	int64_t monitor_pid;
	uint64_t monitor_start_time;
	int32_t exit_code;
	uint32_t reserved;
	char text[200];     /* NUL-terminated */
};

/*
 * The control socket RUN_DIRECTORY/control: AF_UNIX, SOCK_SEQPACKET; one message a packet, its first byte the type.
 * Requests are answered by CONTROL_ACK in order. An attached connection also receives the container's output.
 */
enum control_type {
	/* to the monitor */
	CONTROL_STOP = 'S',   /* no restart from now on; a monitor that waits to restart ends at once; nothing or u8 stop_reason */
	CONTROL_POLICY = 'P', /* u32 restart_policy, u32 most retries */
	CONTROL_ATTACH = 'T', /* u8 mask: 1 stdin, 2 output */
	CONTROL_INPUT = 'I',  /* bytes for standard input; not acknowledged; the monitor stops reading the socket while the pipe is full */
	CONTROL_END = 'C',    /* close standard input; not acknowledged */
	CONTROL_RESIZE = 'R', /* u16 rows, u16 columns; not acknowledged */
	CONTROL_RESERVE = 'N',/* with it, as SCM_RIGHTS, 1 to PORTS_IN_PACKET bound sockets of ports published from now on: held for life */
	CONTROL_RELEASE = 'U',/* struct port_address...: the sockets bound to these are closed; one that is not held is fine */
	/* from the monitor */
	CONTROL_ACK = 'A',    /* i32 errno, 0 = done */
	CONTROL_OUT = 'O',    /* bytes of standard output, or of the terminal */
	CONTROL_ERROR = 'E',  /* bytes of standard error */
	CONTROL_EXIT = 'X',   /* i32 exit code, i32 signal, i32 oom (0/1): the run ended for good, all output has been sent; the connection closes */
};

/* Argument of CONTROL_STOP. */
enum stop_reason {
	STOP_USER = 0,         /* the status says `stopped`: `unless-stopped` does not start it at boot */
	STOP_MACHINE_ENDS = 1, /* nobody's wish */
};
#define CONTROL_MAX 65536 /* bytes in a packet, type included */
#define PORTS_IN_PACKET 253 /* descriptors that one message can carry (SCM_MAX_FD) */
#define PORTS_MAX 16384     /* sockets of ports that a monitor holds at most */

/* clang-format on */

#endif
