/* steps_process.c - what a process sets on itself: cgroups, limits, names, mask, keyring, working directory. */
#include "steps.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "child.h"
#include "kernel.h"

int step_tasks_join(struct context *context, const struct step *step)
{
	(void)step;
	for (; context->task_count; close(context->tasks[--context->task_count]))
		if (write(context->tasks[context->task_count - 1], "0", 1) != 1)
			return fail_errno(&context->failure, "joining a cgroup");
	return 0;
}

int step_unshare(struct context *context, const struct step *step)
{
	return unshare((int)step_number(step, 0)) ? fail_errno(&context->failure, "unshare") : 0;
}

/* The number behind a key, which begins with the end of the line before, in a status file; 0 when it is not there. */
static uint64_t status_number(const char *status, const char *key)
{
	const char *at = strstr(status, key);
	uint64_t number = 0;

	if (at)
		for (at += strlen(key); *at >= '0' && *at <= '9'; at++)
			number = number * 10 + (uint64_t)(*at - '0');
	return number;
}

/* The other container may have been restarted since the plan was made, and its old process id be anybody's. */
int step_join_network(struct context *context, const struct step *step)
{
	char status[1024], path[40];
	struct text text;
	uint64_t pid;
	autoclose int proc = openat(AT_FDCWD, "/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC), fd = -1;

	if (read_small_file(AT_FDCWD, step_text(step, 0), status, sizeof status) < 0)
		return fail_errno(&context->failure, step_text(step, 0));
	pid = status_number(status, "\npid=");
	text_begin(&text, path, sizeof path);
	text_add(&text, "/proc/");
	text_add_number(&text, (int64_t)pid);
	text_add(&text, "/ns/net");
	fd = pid ? openat(AT_FDCWD, path, O_RDONLY | O_CLOEXEC) : -1;
	/* It began when it should, so the number was its own when the namespace was opened. */
	if (fd < 0 || process_start_time(proc, (pid_t)pid) != status_number(status, "\npid_start="))
		return fail(&context->failure, ESRCH, "the container whose network is shared");
	return setns(fd, CLONE_NEWNET) ? fail_errno(&context->failure, path) : 0;
}

/* The parent may have died before the kernel was asked to tell; then nobody would. */
int step_parent_death_signal(struct context *context, const struct step *step)
{
	if (prctl(PR_SET_PDEATHSIG, (unsigned long)step_number(step, 0)))
		return fail_errno(&context->failure, "prctl");
	if (!child_has_parent(context))
		_exit(128 + SIGKILL);
	return 0;
}

int step_hostname(struct context *context, const struct step *step)
{
	const char *name = step_text(step, 0);

	return sethostname(name, strlen(name)) ? fail_errno(&context->failure, name) : 0;
}

int step_domainname(struct context *context, const struct step *step)
{
	const char *name = step_text(step, 0);

	return setdomainname(name, strlen(name)) ? fail_errno(&context->failure, name) : 0;
}

int step_resource_limit(struct context *context, const struct step *step)
{
	const struct rlimit limit = { .rlim_cur = step_number(step, 1), .rlim_max = step_number(step, 2) };

	return setrlimit((int)step_number(step, 0), &limit) ? fail_errno(&context->failure, "setrlimit") : 0;
}

int step_umask(struct context *context, const struct step *step)
{
	umask((mode_t)step_number(step, 0));
	context->umask_given = true;
	return 0;
}

int step_keyring(struct context *context, const struct step *step)
{
	if (syscall(SYS_keyctl, KERNEL_KEYCTL_JOIN_SESSION_KEYRING, step_text(step, 0)) < 0)
		return fail_errno(&context->failure, "keyctl");
	return 0;
}

/*
 * A directory can be a link to a descriptor (/proc/self/fd/N). Nothing of the host's is open any more, but a working
 * directory that is not below the root is refused all the same: the kernel calls its path "(unreachable)".
 */
int step_working_directory(struct context *context, const struct step *step)
{
	const char *path = step_text(step, 0);
	char real[PATH_MAX];

	if (chdir(path))
		return fail_errno(&context->failure, path);
	if (syscall(SYS_getcwd, real, sizeof real) < 0)
		return fail_errno(&context->failure, path);
	if (real[0] != '/')
		return fail(&context->failure, ENOENT, path);
	return 0;
}
