/* steps_mount.c - mounts: plain ones, the root, and those inside the root. */
#include <errno.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include "kernel.h"
#include "mounting.h"
#include "null.h"
#include "resolve.h"

static const char *or_null(const char *text)
{
	return *text ? text : NULL;
}

int step_mount(struct context *context, const struct step *step)
{
	const char *target = step_text(step, 1);

	if (mount(step_text(step, 0), target, or_null(step_text(step, 2)), (unsigned long)step_number(step, 3),
	          or_null(step_text(step, 4))))
		return fail_errno(&context->failure, target);
	return 0;
}

int step_root_directory(struct context *context, const struct step *step)
{
	const char *source = step_text(step, 0), *point = step_text(step, 1);
	const uint64_t flags = step_number(step, 2);
	struct kernel_mount_attr attr = {
		.set = (flags & ROOT_READ_ONLY ? KERNEL_MOUNT_ATTR_RDONLY : 0) |
		       (flags & ROOT_DEVICES ? 0 : KERNEL_MOUNT_ATTR_NODEV),
		.propagation = MS_PRIVATE,
	};

	context->root = sys_open_tree(AT_FDCWD, source, KERNEL_OPEN_TREE_CLONE);
	if (context->root < 0 || sys_mount_setattr(context->root, "", AT_EMPTY_PATH, &attr))
		return fail_errno(&context->failure, source);
	if (sys_move_mount(context->root, "", AT_FDCWD, point, KERNEL_MOVE_MOUNT_F_EMPTY_PATH))
		return fail_errno(&context->failure, point);
	return 0;
}

int step_mount_in(struct context *context, const struct step *step)
{
	const char *type = step_text(step, 0), *path = step_text(step, 2);
	autoclose int filesystem = sys_fsopen(type);
	autoclose int mount = -1, target = -1;

	if (filesystem < 0)
		return fail_errno(&context->failure, type);
	if (set_option(context, filesystem, "source", step_text(step, 1)) ||
	    set_options(context, filesystem, step_text(step, 4)))
		return -1;
	mount = make_mount(context, filesystem, step_number(step, 3), type);
	if (mount < 0)
		return -1;
	target = make_in_root(context->root, path, true, 0755);
	if (target < 0)
		return fail_errno(&context->failure, path);
	return attach_mount(context, mount, target, path);
}

static bool is_directory(int fd)
{
	struct stat stat;

	return fstat(fd, &stat) == 0 && S_ISDIR(stat.st_mode);
}

int step_bind_in(struct context *context, const struct step *step)
{
	const char *source = step_text(step, 0), *path = step_text(step, 1);
	const unsigned recursive = step_number(step, 3) & 1 ? KERNEL_AT_RECURSIVE : 0;
	const uint64_t kind = step_number(step, 4), propagation = step_number(step, 5);
	struct kernel_mount_attr attr = {
		.set = step_number(step, 2),
		.clear = step_number(step, 6),
		.propagation = propagation ? propagation : MS_PRIVATE,
	};
	autoclose int mount = sys_open_tree(AT_FDCWD, source, KERNEL_OPEN_TREE_CLONE | recursive);
	autoclose int target = -1;

	if (mount < 0 || sys_mount_setattr(mount, "", AT_EMPTY_PATH | recursive, &attr))
		return fail_errno(&context->failure, source);
	target = kind == BIND_TO_DIRECTORY || (kind == BIND_LIKE_SOURCE && is_directory(mount))
	                 ? make_in_root(context->root, path, true, 0755)
	                 : make_in_root(context->root, path, false, 0644);
	if (target < 0)
		return fail_errno(&context->failure, path);
	return attach_mount(context, mount, target, path);
}

int step_root_read_only(struct context *context, const struct step *step)
{
	struct kernel_mount_attr attr = { .set = KERNEL_MOUNT_ATTR_RDONLY };

	(void)step;
	if (sys_mount_setattr(context->root, "", AT_EMPTY_PATH, &attr))
		return fail_errno(&context->failure, "/");
	return 0;
}

/* The new root is stacked on the old one's place and the old one, now below it, let go: no directory is needed for it. */
int step_pivot_root(struct context *context, const struct step *step)
{
	(void)step;
	if (fchdir(context->root) || syscall(SYS_pivot_root, ".", ".") || umount2(".", MNT_DETACH) || chdir("/"))
		return fail_errno(&context->failure, "pivot_root");
	return null_reopen_streams(context);
}
