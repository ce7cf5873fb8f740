/* steps_host.c - steps on plain paths of the host, and the descriptors and flags a birth takes. */
#include "steps.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "kernel.h"
#include "null.h"

int step_make_directory(struct context *context, const struct step *step)
{
	const char *path = step_text(step, 0);

	if (mkdir(path, (mode_t)step_number(step, 1)) && errno != EEXIST)
		return fail_errno(&context->failure, path);
	return 0;
}

/* A cgroup stays busy for a moment after its last process was reaped: 40 tries, 0.2 to 8 ms apart, 160 ms in all. */
int step_remove_directory(struct context *context, const struct step *step)
{
	const char *path = step_text(step, 0);

	for (int attempt = 1;; attempt++) {
		const struct timespec pause = { .tv_nsec = attempt * 200000 };

		if (rmdir(path) == 0 || errno == ENOENT)
			return 0;
		if (errno != EBUSY || attempt > 40)
			return fail_errno(&context->failure, path);
		nanosleep(&pause, NULL);
	}
}

int step_write_file(struct context *context, const struct step *step)
{
	const char *path = step_text(step, 0);
	autoclose int fd = openat(AT_FDCWD, path, O_WRONLY | O_CLOEXEC);

	/* One write: files of /proc, /sys and cgroups take a value whole or not at all. */
	if (fd < 0 || write(fd, step_text(step, 1), step_argument(step, 1)->length) < 0)
		return fail_errno(&context->failure, path);
	return 0;
}

int step_remove_file(struct context *context, const struct step *step)
{
	const char *path = step_text(step, 0);

	if (unlink(path) && errno != ENOENT)
		return fail_errno(&context->failure, path);
	return 0;
}

int step_cgroup_open(struct context *context, const struct step *step)
{
	const char *path = step_text(step, 0);

	close_fd(&context->cgroup);
	context->cgroup = openat(AT_FDCWD, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (context->cgroup < 0)
		return fail_errno(&context->failure, path);
	return 0;
}

int step_tasks_open(struct context *context, const struct step *step)
{
	const char *path = step_text(step, 0);
	int fd;

	if (context->task_count == TASKS_MAX)
		return fail(&context->failure, EMFILE, path);
	fd = openat(AT_FDCWD, path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return fail_errno(&context->failure, path);
	context->tasks[context->task_count++] = fd;
	return 0;
}

/* The clone itself is the caller's (child.c): it returns twice. */
int step_clone(struct context *context, const struct step *step)
{
	context->clone_flags = step_number(step, 0);
	context->birth_step = step->index;
	return 0;
}

/*
 * The root directory of the process behind FD_TARGET. Its mount namespace's own root is not always that: where the host
 * itself was entered by chroot(2), as on an initramfs, setns(2) leads to what lies underneath.
 */
static int open_target_root(void)
{
	char info[512], path[40];
	const char *at;
	uint64_t pid = 0;
	struct text text;
	int root;

	if (read_small_file(AT_FDCWD, "/proc/self/fdinfo/6", info, sizeof info) <= 0 ||
	    !(at = strstr(info, "\nPid:\t")))
		return -1;
	for (at += strlen("\nPid:\t"); *at >= '0' && *at <= '9'; at++)
		pid = pid * 10 + (uint64_t)(*at - '0');
	text_begin(&text, path, sizeof path);
	text_add(&text, "/proc/");
	text_add_number(&text, (int64_t)pid);
	text_add(&text, "/root");
	root = openat(AT_FDCWD, path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	/* Still alive, so the number was its own all the time. */
	if (sys_pidfd_send_signal(FD_TARGET, 0))
		close_fd(&root);
	return root;
}

/*
 * The cgroup namespace is left to the child: with `nsdelegate` the kernel refuses CLONE_INTO_CGROUP to a process that
 * stands outside its own namespace's cgroup, as this one does until then.
 */
int step_join(struct context *context, const struct step *step)
{
	const int flags = (int)step_number(step, 0), now = flags & ~CLONE_NEWCGROUP;
	autoclose int root = -1;

	_Static_assert(FD_TARGET == 6, "the number is in a path above");
	context->joins = true;
	context->clone_flags = (uint64_t)(flags & CLONE_NEWCGROUP);
	context->birth_step = step->index;
	if (flags & CLONE_NEWNS && (root = open_target_root()) < 0)
		return fail(&context->failure, ESRCH, "the container's first process");
	if (now && setns(FD_TARGET, now))
		return fail_errno(&context->failure, "setns");
	if (root >= 0 && (fchdir(root) || chroot(".")))
		return fail_errno(&context->failure, "chroot");
	return flags & CLONE_NEWNS ? null_reopen_streams(context) : 0;
}
