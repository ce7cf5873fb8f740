/* steps_tree.c - what a container's root gets besides mounts: links, directories, masks, read-only places. */
#include <errno.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kernel.h"
#include "mounting.h"
#include "null.h"
#include "resolve.h"

int step_symlink_in(struct context *context, const struct step *step)
{
	const char *path = step_text(step, 1);
	char name[256];
	autoclose int parent = parent_in_root(context->root, path, name);

	if (parent < 0 || (symlinkat(step_text(step, 0), parent, name) && errno != EEXIST))
		return fail_errno(&context->failure, path);
	return 0;
}

int step_make_directory_in(struct context *context, const struct step *step)
{
	const char *path = step_text(step, 0);
	const mode_t mode = (mode_t)step_number(step, 1);
	const uid_t uid = (uid_t)step_number(step, 2);
	const gid_t gid = (gid_t)step_number(step, 3);
	autoclose int existing = open_in_root(context->root, path, O_PATH | O_DIRECTORY);
	autoclose int made = -1;

	if (existing >= 0)
		return 0;
	if (errno != ENOENT)
		return fail_errno(&context->failure, path);
	made = make_in_root(context->root, path, true, mode);
	if (made < 0 || ((uid || gid) && fchownat(made, "", uid, gid, AT_EMPTY_PATH)))
		return fail_errno(&context->failure, path);
	return 0;
}

int step_write_file_in(struct context *context, const struct step *step)
{
	const char *path = step_text(step, 0);
	autoclose int fd = open_in_root(context->root, path, O_WRONLY);

	if (fd < 0 || write(fd, step_text(step, 1), step_argument(step, 1)->length) < 0)
		return fail_errno(&context->failure, path);
	return 0;
}

static int make_empty_directory(struct context *context)
{
	autoclose int filesystem = sys_fsopen("tmpfs");

	if (filesystem < 0)
		return fail_errno(&context->failure, "tmpfs");
	if (set_options(context, filesystem, "mode=755,size=4k,nr_inodes=2"))
		return -1;
	return make_mount(context, filesystem,
	                  KERNEL_MOUNT_ATTR_RDONLY | KERNEL_MOUNT_ATTR_NOSUID | KERNEL_MOUNT_ATTR_NODEV |
	                          KERNEL_MOUNT_ATTR_NOEXEC,
	                  "tmpfs");
}

/* One empty tmpfs serves all masked directories; once attached it can be cloned. */
static int mask_directory(struct context *context, int target, const char *path)
{
	autoclose int clone = -1;

	if (context->masked < 0) {
		context->masked = make_empty_directory(context);
		return context->masked < 0 ? -1 : attach_mount(context, context->masked, target, path);
	}
	clone = sys_open_tree(context->masked, "", KERNEL_OPEN_TREE_CLONE | AT_EMPTY_PATH);
	if (clone < 0)
		return fail_errno(&context->failure, path);
	return attach_mount(context, clone, target, path);
}

int step_mask(struct context *context, const struct step *step)
{
	const char *path = step_text(step, 0);
	autoclose int target = open_in_root(context->root, path, O_PATH);
	autoclose int null = -1;
	struct stat stat;

	if (target < 0 && (errno == ENOENT || errno == ENOTDIR))
		return 0;
	if (target < 0 || fstat(target, &stat))
		return fail_errno(&context->failure, path);
	if (S_ISDIR(stat.st_mode))
		return mask_directory(context, target, path);
	null = null_mount(context);
	return null < 0 ? -1 : attach_mount(context, null, target, path);
}

int step_read_only_in(struct context *context, const struct step *step)
{
	const char *path = step_text(step, 0);
	struct kernel_mount_attr attr = { .set = KERNEL_MOUNT_ATTR_RDONLY };
	autoclose int target = open_in_root(context->root, path, O_PATH);
	autoclose int mount = -1;

	if (target < 0 && (errno == ENOENT || errno == ENOTDIR))
		return 0;
	if (target < 0)
		return fail_errno(&context->failure, path);
	mount = sys_open_tree(target, "", KERNEL_OPEN_TREE_CLONE | KERNEL_AT_RECURSIVE | AT_EMPTY_PATH);
	if (mount < 0 || sys_mount_setattr(mount, "", AT_EMPTY_PATH | KERNEL_AT_RECURSIVE, &attr))
		return fail_errno(&context->failure, path);
	return attach_mount(context, mount, target, path);
}
