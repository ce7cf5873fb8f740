/* null.c - /dev/null, the one device of the host's that every container gets to hold. */
#include "null.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "kernel.h"

static bool is_null(int fd)
{
	struct stat stat;

	return fstat(fd, &stat) == 0 && S_ISCHR(stat.st_mode) && stat.st_rdev == makedev(1, 3);
}

/* Truly the device: a mask must not become a way to something else. Read-only: a device can be written all the same. */
int null_mount(struct context *context)
{
	struct kernel_mount_attr attr = { .set = KERNEL_MOUNT_ATTR_RDONLY | KERNEL_MOUNT_ATTR_NOSUID |
		                                 KERNEL_MOUNT_ATTR_NOEXEC };
	const int null = sys_open_tree(AT_FDCWD, "/dev/null", KERNEL_OPEN_TREE_CLONE | AT_SYMLINK_NOFOLLOW);

	if (null < 0)
		return fail_errno(&context->failure, "/dev/null");
	if (!is_null(null))
		fail(&context->failure, ENODEV, "/dev/null");
	else if (sys_mount_setattr(null, "", AT_EMPTY_PATH, &attr))
		fail_errno(&context->failure, "/dev/null");
	else
		return null;
	close(null);
	return -1;
}

int null_reopen_streams(struct context *context)
{
	for (int fd = 0; fd < 3; fd++) {
		autoclose int null = -1;

		if (!is_null(fd))
			continue;
		null = open("/dev/null", (fcntl(fd, F_GETFL) & O_ACCMODE) | O_NOFOLLOW | O_CLOEXEC);
		if (null < 0 && errno == ENOENT)
			continue; /* a plan that gives its container no devices */
		if (null < 0 || !is_null(null))
			return fail(&context->failure, null < 0 ? errno : ENODEV, "/dev/null");
		if (dup2(null, fd) < 0)
			return fail_errno(&context->failure, "/dev/null");
	}
	return 0;
}
