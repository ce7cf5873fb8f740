/* terminal.c - OP_TERMINAL: a pseudo-terminal of the container's own devpts for its first process. */
#include "steps.h"

#include <errno.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>

#include "child.h"
#include "kernel.h"
#include "mounting.h"
#include "resolve.h"

#define PTMX "/dev/pts/ptmx"

/* A running container may have put anything in ptmx's place: only devpts' own device is taken. */
static bool is_ptmx(int fd)
{
	struct statfs filesystem;
	struct stat stat;

	return fstatfs(fd, &filesystem) == 0 && filesystem.f_type == KERNEL_DEVPTS_SUPER_MAGIC &&
	       fstat(fd, &stat) == 0 && S_ISCHR(stat.st_mode) && stat.st_rdev == makedev(5, 2);
}

/* Opened as a path first, since opening some other device could already do something. */
static int open_ptmx(struct context *context)
{
	autoclose int path = open_in_root(context->root, PTMX, O_PATH);
	autoclose int directory = -1;
	int master;

	if (path < 0)
		return fail_errno(&context->failure, PTMX);
	if (!is_ptmx(path))
		return fail(&context->failure, ENODEV, PTMX);
	/* Not through /proc/self/fd, which an exec inside a container could not trust; checked once more instead. */
	master = open_in_root(context->root, PTMX, O_RDWR | O_NOCTTY);
	if (master < 0)
		return fail_errno(&context->failure, PTMX);
	if (!is_ptmx(master)) {
		close(master);
		return fail(&context->failure, ENODEV, PTMX);
	}
	return master;
}

/* /dev/console is the terminal, bound over an empty file. */
static int bind_console(struct context *context, int terminal)
{
	autoclose int mount = sys_open_tree(terminal, "", KERNEL_OPEN_TREE_CLONE | AT_EMPTY_PATH);
	autoclose int target = make_in_root(context->root, "/dev/console", false, 0600);

	if (mount < 0 || target < 0)
		return fail_errno(&context->failure, "/dev/console");
	return attach_mount(context, mount, target, "/dev/console");
}

int step_terminal(struct context *context, const struct step *step)
{
	const struct settings *settings = context->settings;
	const struct winsize size = { .ws_row = settings->rows, .ws_col = settings->columns };
	autoclose int master = open_ptmx(context);
	autoclose int terminal = -1;
	const int unlocked = 0;

	(void)step;
	if (master < 0)
		return -1;
	if (ioctl(master, TIOCSPTLCK, &unlocked) || ioctl(master, TIOCSWINSZ, &size))
		return fail_errno(&context->failure, PTMX);
	terminal = ioctl(master, KERNEL_TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (terminal < 0)
		return fail_errno(&context->failure, PTMX);
	if (context->plan->kind == PLAN_CONTAINER && bind_console(context, terminal))
		return -1;
	if (ioctl(terminal, TIOCSCTTY, 0))
		return fail_errno(&context->failure, "controlling terminal");
	for (int i = 0; i < 3; i++)
		if (dup2(terminal, i) < 0)
			return fail_errno(&context->failure, "standard streams");
	if (child_tell(context, CHILD_TERMINAL, master))
		return fail_errno(&context->failure, "handing the terminal over");
	return 0;
}
