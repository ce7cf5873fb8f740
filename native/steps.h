/* steps.h - what the steps of a plan work on, and the functions that carry them out. */
#ifndef CAN_STEPS_H
#define CAN_STEPS_H

#include "settings.h"

#define TASKS_MAX 32
#define HOME_MAX  256

/* One run of a plan: its slots. The cloned child continues with its copy of the monitor's. */
struct context {
	const struct plan *plan;
	const struct settings *settings;
	struct failure failure;
	int cgroup;           /* v2 directory entered at birth, or -1 */
	int tasks[TASKS_MAX]; /* v1 tasks files, opened for the child */
	unsigned task_count;
	enum plan_stage child_stage; /* STAGE_CHILD, or STAGE_PROBE_CHILD */
	bool joins;                  /* OP_JOIN, not OP_CLONE */
	uint64_t clone_flags;        /* of OP_CLONE, or the namespaces of OP_JOIN that the child itself enters */
	uint32_t birth_step;         /* index of OP_CLONE or OP_JOIN */
	int sync;                    /* child: its end of the socket to its parent */
	bool wired;                  /* child: STAGE_WIRE is known to be over */
	int root;                    /* the container's root, or -1: then it is this process's own */
	int masked;                  /* the empty tmpfs of OP_MASK once there is one, or -1 */
	bool umask_given;
	uint16_t run_number; /* SLOT_RUN_NUMBER */
	char home[HOME_MAX]; /* OP_USER's home directory; empty: unknown */
};

void context_begin(struct context *context, const struct plan *plan, const struct settings *settings);

/* Closes what the slots hold. */
void context_end(struct context *context);

/*
 * Carries out one stage. The first failure ends it (-1, context->failure tells), except in STAGE_TEARDOWN, whose
 * steps are all tried.
 */
int run_stage(struct context *context, enum plan_stage stage);

typedef int step_function(struct context *context, const struct step *step);

/* steps_host.c */
step_function step_make_directory, step_remove_directory, step_write_file, step_remove_file;
step_function step_cgroup_open, step_tasks_open, step_clone, step_join;
/* netlink.c */
step_function step_netlink;
/* links.c */
step_function step_await_links;
/* connections.c */
step_function step_forget_connections;
/* steps_mount.c */
step_function step_mount, step_root_directory, step_mount_in, step_bind_in, step_root_read_only, step_pivot_root;
/* overlay.c */
step_function step_overlay;
/* steps_tree.c */
step_function step_symlink_in, step_make_directory_in, step_write_file_in, step_mask, step_read_only_in;
/* seed.c */
step_function step_seed_volume;
/* terminal.c */
step_function step_terminal;
/* steps_process.c */
step_function step_tasks_join, step_unshare, step_join_network, step_parent_death_signal, step_hostname,
	step_domainname;
step_function step_resource_limit, step_umask, step_keyring, step_working_directory;
/* credentials.c */
step_function step_bounding_set, step_user, step_capabilities, step_no_new_privileges, step_seccomp;
/* init.c */
step_function step_init;
/* execute.c */
step_function step_execute;

#endif
