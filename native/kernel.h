/*
 * kernel.h - the part of the kernel's interface that musl's headers do not declare.
 *
 * musl-gcc sees no linux/ headers, and the C libraries that do declare these things disagree on where; the few
 * structures and numbers needed are therefore written down here, under names of their own, as the kernel's ABI has them.
 */
#ifndef CAN_KERNEL_H
#define CAN_KERNEL_H

#include <fcntl.h>
#include <sched.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

/* clone3(2) */
#define KERNEL_CLONE_PIDFD       0x00001000ull
#define KERNEL_CLONE_INTO_CGROUP 0x200000000ull

struct kernel_clone_args {
	uint64_t flags;
	uint64_t pidfd;
	uint64_t child_tid;
	uint64_t parent_tid;
	uint64_t exit_signal;
	uint64_t stack;
	uint64_t stack_size;
	uint64_t tls;
	uint64_t set_tid;
	uint64_t set_tid_size;
	uint64_t cgroup;
};

static inline pid_t sys_clone3(struct kernel_clone_args *args)
{
	return (pid_t)syscall(SYS_clone3, args, sizeof *args);
}

/* close_range(2) */
#define KERNEL_CLOSE_RANGE_CLOEXEC 4u

static inline int sys_close_range(unsigned first, unsigned last, unsigned flags)
{
	return (int)syscall(SYS_close_range, first, last, flags);
}

/* openat2(2) */
#define KERNEL_RESOLVE_NO_MAGICLINKS 0x02
#define KERNEL_RESOLVE_IN_ROOT       0x10

struct kernel_open_how {
	uint64_t flags;
	uint64_t mode;
	uint64_t resolve;
};

static inline int sys_openat2(int dirfd, const char *path, struct kernel_open_how *how)
{
	return (int)syscall(SYS_openat2, dirfd, path, how, sizeof *how);
}

/* the mount interface of 5.2 and 5.12 */
#define KERNEL_FSOPEN_CLOEXEC          1u
#define KERNEL_FSMOUNT_CLOEXEC         1u
#define KERNEL_FSCONFIG_SET_FLAG       0u
#define KERNEL_FSCONFIG_SET_STRING     1u
#define KERNEL_FSCONFIG_CMD_CREATE     6u
#define KERNEL_OPEN_TREE_CLONE         1u
#define KERNEL_AT_RECURSIVE            0x8000u
#define KERNEL_MOVE_MOUNT_F_EMPTY_PATH 0x04u
#define KERNEL_MOVE_MOUNT_T_EMPTY_PATH 0x40u
#define KERNEL_MOUNT_ATTR_RDONLY       0x1ull
#define KERNEL_MOUNT_ATTR_NOSUID       0x2ull
#define KERNEL_MOUNT_ATTR_NODEV        0x4ull
#define KERNEL_MOUNT_ATTR_NOEXEC       0x8ull

struct kernel_mount_attr {
	uint64_t set;
	uint64_t clear;
	uint64_t propagation;
	uint64_t userns_fd;
};

static inline int sys_fsopen(const char *type)
{
	return (int)syscall(SYS_fsopen, type, KERNEL_FSOPEN_CLOEXEC);
}

static inline int sys_fsconfig(int fd, unsigned command, const char *key, const void *value, int aux)
{
	return (int)syscall(SYS_fsconfig, fd, command, key, value, aux);
}

static inline int sys_fsmount(int fd, uint64_t attributes)
{
	return (int)syscall(SYS_fsmount, fd, KERNEL_FSMOUNT_CLOEXEC, (unsigned)attributes);
}

static inline int sys_open_tree(int dirfd, const char *path, unsigned flags)
{
	return (int)syscall(SYS_open_tree, dirfd, path, flags | O_CLOEXEC);
}

static inline int sys_move_mount(int from, const char *from_path, int to, const char *to_path, unsigned flags)
{
	return (int)syscall(SYS_move_mount, from, from_path, to, to_path, flags);
}

static inline int sys_mount_setattr(int fd, const char *path, unsigned flags, struct kernel_mount_attr *attr)
{
	return (int)syscall(SYS_mount_setattr, fd, path, flags, attr, sizeof *attr);
}

/* pidfds */
#define KERNEL_P_PIDFD 3

static inline int sys_pidfd_open(pid_t pid)
{
	return (int)syscall(SYS_pidfd_open, pid, 0u);
}

static inline int sys_pidfd_send_signal(int pidfd, int signal)
{
	return (int)syscall(SYS_pidfd_send_signal, pidfd, signal, NULL, 0u);
}

/*
 * Signals, as the kernel counts them: the C library keeps some real-time ones to itself, yet a helper that was started
 * with one of them blocked or ignored must not hand that on.
 */
#define KERNEL_SIGNALS 64

static inline void sys_signal_mask(uint64_t blocked)
{
	syscall(SYS_rt_sigprocmask, 2 /* SIG_SETMASK on every architecture but mips and sparc */, &blocked, NULL,
	        sizeof blocked);
}

static inline void sys_signal_default(int number)
{
	const uint64_t none[4] = { 0 }; /* struct sigaction: SIG_DFL, no flags, empty mask */

	syscall(SYS_rt_sigaction, number, none, NULL, sizeof(uint64_t));
}

/* capabilities */
#define KERNEL_CAPABILITY_VERSION_3 0x20080522u

struct kernel_cap_header {
	uint32_t version;
	int pid;
};

struct kernel_cap_data {
	uint32_t effective;
	uint32_t permitted;
	uint32_t inheritable;
};

/* seccomp(2) */
#define KERNEL_SECCOMP_SET_MODE_FILTER 1u

struct kernel_sock_filter {
	uint16_t code;
	uint8_t jump_true;
	uint8_t jump_false;
	uint32_t k;
};

struct kernel_sock_fprog {
	unsigned short length;
	const struct kernel_sock_filter *filter;
};

/* keyctl(2) */
#define KERNEL_KEYCTL_JOIN_SESSION_KEYRING 1

/* netlink(7) */
#define KERNEL_NLMSG_ERROR     2
#define KERNEL_NLMSG_DONE      3
#define KERNEL_NLM_F_REQUEST   1
#define KERNEL_NLM_F_DUMP      0x300
#define KERNEL_NLM_F_ACK       4
#define KERNEL_NLM_F_CAPPED    0x100
#define KERNEL_NLM_F_ACK_TLVS  0x200
#define KERNEL_NETLINK_CAP_ACK 10
#define KERNEL_NETLINK_EXT_ACK 11
#define KERNEL_NLMSGERR_MSG    1
#define KERNEL_SOL_NETLINK     270

struct kernel_nlmsghdr {
	uint32_t length;
	uint16_t type;
	uint16_t flags;
	uint32_t sequence;
	uint32_t port;
};

struct kernel_nlattr {
	uint16_t length;
	uint16_t type;
};

struct kernel_sockaddr_nl {
	uint16_t family;
	uint16_t pad;
	uint32_t port;
	uint32_t groups;
};

#define KERNEL_NLA_TYPE_MASK 0x3fff
#define KERNEL_NLA_F_NESTED  0x8000

/* nfnetlink and connection tracking (linux/netfilter/nfnetlink_conntrack.h) */
#define KERNEL_NETLINK_NETFILTER   12
#define KERNEL_CT_GET              0x101 /* NFNL_SUBSYS_CTNETLINK << 8 | IPCTNL_MSG_CT_GET */
#define KERNEL_CT_DELETE           0x102
#define KERNEL_CTA_TUPLE_ORIG      1
#define KERNEL_CTA_ID              12
#define KERNEL_CTA_ZONE            18
#define KERNEL_CTA_FILTER          25
#define KERNEL_CTA_TUPLE_IP        1
#define KERNEL_CTA_TUPLE_PROTO     2
#define KERNEL_CTA_IP_V4_DST       2
#define KERNEL_CTA_IP_V6_DST       4
#define KERNEL_CTA_PROTO_NUM       1
#define KERNEL_CTA_PROTO_DST_PORT  3
#define KERNEL_CTA_FILTER_ORIG     1
#define KERNEL_CTA_FILTER_PROTOCOL (1u << 3)
#define KERNEL_CTA_FILTER_PORT     (1u << 5)

struct kernel_nfgenmsg {
	uint8_t family;
	uint8_t version;
	uint16_t resource;
};

/* pseudo-terminals */
#define KERNEL_TIOCGPTPEER        0x5441 /* _IO('T', 0x41) */
#define KERNEL_DEVPTS_SUPER_MAGIC 0x1cd1

#endif
