/* mounting.c - the mount interface by descriptors. */
#include "mounting.h"

#include <errno.h>
#include <string.h>

#include "kernel.h"

#define OPTION_MAX 512 /* the kernel takes 256 bytes of a value */

/* What a file system says about a rejected option ("e overlay: ...") can be read from its context. */
static int fail_filesystem(struct context *context, int filesystem, const char *text)
{
	const int error = errno;
	char message[160];
	const ssize_t length = read(filesystem, message, sizeof message - 1);

	if (length <= 2)
		return fail(&context->failure, error, text);
	message[length - (message[length - 1] == '\n')] = '\0';
	return fail(&context->failure, error, message + 2);
}

int set_option(struct context *context, int filesystem, const char *key, const char *value)
{
	if (*value && sys_fsconfig(filesystem, KERNEL_FSCONFIG_SET_STRING, key, value, 0))
		return fail_filesystem(context, filesystem, key);
	return 0;
}

int set_options(struct context *context, int filesystem, const char *options)
{
	while (*options) {
		const char *end = strchrnul(options, ',');
		const size_t length = (size_t)(end - options);
		char option[OPTION_MAX], *value;

		if (length >= sizeof option)
			return fail(&context->failure, ENAMETOOLONG, options);
		memcpy(option, options, length);
		option[length] = '\0';
		value = strchr(option, '=');
		if (value)
			*value++ = '\0';
		if (length && sys_fsconfig(filesystem, value ? KERNEL_FSCONFIG_SET_STRING : KERNEL_FSCONFIG_SET_FLAG,
		                           option, value, 0))
			return fail_filesystem(context, filesystem, option);
		options = *end ? end + 1 : end;
	}
	return 0;
}

int make_mount(struct context *context, int filesystem, uint64_t attributes, const char *name)
{
	int mount;

	if (sys_fsconfig(filesystem, KERNEL_FSCONFIG_CMD_CREATE, NULL, NULL, 0))
		return fail_filesystem(context, filesystem, name);
	mount = sys_fsmount(filesystem, attributes);
	return mount < 0 ? fail_errno(&context->failure, name) : mount;
}

int attach_mount(struct context *context, int mount, int target, const char *path)
{
	if (sys_move_mount(mount, "", target, "", KERNEL_MOVE_MOUNT_F_EMPTY_PATH | KERNEL_MOVE_MOUNT_T_EMPTY_PATH))
		return fail_errno(&context->failure, path);
	return 0;
}
