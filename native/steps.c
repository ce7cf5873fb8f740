/* steps.c - carries out the stages of a plan. */
#include "steps.h"

#include <unistd.h>

#include "child.h"

static step_function *const functions[] = {
	[OP_MAKE_DIRECTORY] = step_make_directory,
	[OP_REMOVE_DIRECTORY] = step_remove_directory,
	[OP_WRITE_FILE] = step_write_file,
	[OP_WRITE_FILE_IN] = step_write_file_in,
	[OP_REMOVE_FILE] = step_remove_file,
	[OP_CGROUP_OPEN] = step_cgroup_open,
	[OP_TASKS_OPEN] = step_tasks_open,
	[OP_CLONE] = step_clone,
	[OP_JOIN] = step_join,
	[OP_NETLINK] = step_netlink,
	[OP_MONITOR_CGROUP] = step_cgroup_open,
	[OP_FORGET_CONNECTIONS] = step_forget_connections,
	[OP_TASKS_JOIN] = step_tasks_join,
	[OP_UNSHARE] = step_unshare,
	[OP_PARENT_DEATH_SIGNAL] = step_parent_death_signal,
	[OP_MOUNT] = step_mount,
	[OP_OVERLAY] = step_overlay,
	[OP_ROOT_DIRECTORY] = step_root_directory,
	[OP_MOUNT_IN] = step_mount_in,
	[OP_BIND_IN] = step_bind_in,
	[OP_SYMLINK_IN] = step_symlink_in,
	[OP_MAKE_DIRECTORY_IN] = step_make_directory_in,
	[OP_MASK] = step_mask,
	[OP_READ_ONLY_IN] = step_read_only_in,
	[OP_SEED_VOLUME] = step_seed_volume,
	[OP_ROOT_READ_ONLY] = step_root_read_only,
	[OP_TERMINAL] = step_terminal,
	[OP_PIVOT_ROOT] = step_pivot_root,
	[OP_HOSTNAME] = step_hostname,
	[OP_DOMAINNAME] = step_domainname,
	[OP_RESOURCE_LIMIT] = step_resource_limit,
	[OP_UMASK] = step_umask,
	[OP_KEYRING] = step_keyring,
	[OP_BOUNDING_SET] = step_bounding_set,
	[OP_USER] = step_user,
	[OP_CAPABILITIES] = step_capabilities,
	[OP_NO_NEW_PRIVILEGES] = step_no_new_privileges,
	[OP_SECCOMP] = step_seccomp,
	[OP_WORKING_DIRECTORY] = step_working_directory,
	[OP_AWAIT_LINKS] = step_await_links,
	[OP_INIT] = step_init,
	[OP_EXECUTE] = step_execute,
	[OP_JOIN_NETWORK] = step_join_network,
};

void context_begin(struct context *context, const struct plan *plan, const struct settings *settings)
{
	*context = (struct context){
		.plan = plan,
		.settings = settings,
		.child_stage = STAGE_CHILD,
		.failure.step = NO_STEP,
		.birth_step = NO_STEP,
		.cgroup = -1,
		.sync = -1,
		.root = -1,
		.masked = -1,
		/* Milliseconds, nearly: runs of one container are further apart, and comes round after a minute. */
		.run_number = (uint16_t)(now_monotonic() >> 20),
	};
}

void context_end(struct context *context)
{
	close_fd(&context->cgroup);
	close_fd(&context->root);
	close_fd(&context->masked);
	while (context->task_count)
		close(context->tasks[--context->task_count]);
}

/* Steps that must find the network wired, or after which the child could no longer be told. */
static bool needs_wiring(uint16_t operation)
{
	return operation == OP_NETLINK || operation == OP_WRITE_FILE || operation == OP_WRITE_FILE_IN ||
	       operation == OP_INIT || operation == OP_EXECUTE;
}

int run_stage(struct context *context, enum plan_stage stage)
{
	struct step step;

	for (plan_rewind(context->plan, &step); plan_next(context->plan, &step);) {
		if (step.stage != stage)
			continue;
		if (stage == STAGE_CHILD && !context->wired && needs_wiring(step.operation))
			child_await_wiring(context);
		if (functions[step.operation](context, &step) == 0 || step.flags & STEP_OPTIONAL ||
		    stage == STAGE_TEARDOWN)
			continue;
		context->failure.step = step.index;
		return -1;
	}
	return 0;
}
