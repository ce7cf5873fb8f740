/* credentials.c - who the container's program is and what it may do. */
#include "steps.h"

#include <errno.h>
#include <sys/prctl.h>
#include <sys/stat.h>

#include "kernel.h"
#include "user.h"

int step_bounding_set(struct context *context, const struct step *step)
{
	const uint64_t kept = step_number(step, 0);

	for (unsigned capability = 0; capability < 64; capability++) {
		if (kept >> capability & 1 || prctl(PR_CAPBSET_DROP, capability) == 0)
			continue;
		/* EINVAL: past this kernel's last one */
		return errno == EINVAL ? 0 : fail_errno(&context->failure, "bounding set");
	}
	return 0;
}

/*
 * The streams the helper made itself become the user's own, so that a program without privileges can open
 * /dev/stdout again; what it was handed (an exec's descriptors, /dev/null) stays as it is.
 */
static void give_streams(const struct context *context, uid_t uid)
{
	struct stat stat;

	for (int fd = 0; fd < 3; fd++) {
		if (fstat(fd, &stat) || stat.st_uid == uid)
			continue;
		if (context->settings->terminal || (context->plan->kind == PLAN_CONTAINER && S_ISFIFO(stat.st_mode)))
			fchown(fd, uid, (gid_t)-1);
	}
}

/* System calls as such: the C library's wrappers are for processes with threads. */
int step_user(struct context *context, const struct step *step)
{
	const struct argument_header *group = step_argument(step, 1);
	struct identity who;

	if (identity_find(&who, context->root, step_text(step, 0), &context->failure))
		return -1;
	for (unsigned i = 1; i < step->argument_count; i++, group = argument_next(group))
		if (identity_add_group(&who, context->root, argument_bytes(group), &context->failure))
			return -1;
	give_streams(context, who.uid);
	/* The capabilities stay permitted across the change of user; OP_CAPABILITIES says which of them remain. */
	if ((who.uid && prctl(PR_SET_KEEPCAPS, 1ul)) || syscall(SYS_setgroups, (size_t)who.group_count, who.groups) ||
	    syscall(SYS_setresgid, who.gid, who.gid, who.gid) || syscall(SYS_setresuid, who.uid, who.uid, who.uid))
		return fail_errno(&context->failure, step_text(step, 0));
	__builtin_memcpy(context->home, who.home, sizeof context->home);
	return 0;
}

int step_capabilities(struct context *context, const struct step *step)
{
	const uint64_t effective = step_number(step, 0), permitted = step_number(step, 1);
	const uint64_t inheritable = step_number(step, 2), ambient = step_number(step, 3);
	struct kernel_cap_header header = { .version = KERNEL_CAPABILITY_VERSION_3 };
	const struct kernel_cap_data data[2] = {
		{ (uint32_t)effective, (uint32_t)permitted, (uint32_t)inheritable },
		{ (uint32_t)(effective >> 32), (uint32_t)(permitted >> 32), (uint32_t)(inheritable >> 32) },
	};

	if (syscall(SYS_capset, &header, data) || prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0ul, 0ul, 0ul))
		return fail_errno(&context->failure, "capabilities");
	for (unsigned long capability = 0; capability < 64; capability++)
		if (ambient >> capability & 1 && prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability, 0ul, 0ul))
			return fail_errno(&context->failure, "ambient capabilities");
	return 0;
}

int step_no_new_privileges(struct context *context, const struct step *step)
{
	(void)step;
	return prctl(PR_SET_NO_NEW_PRIVS, 1ul, 0ul, 0ul, 0ul) ? fail_errno(&context->failure, "no_new_privs") : 0;
}

int step_seccomp(struct context *context, const struct step *step)
{
	const struct argument_header *filter = step_argument(step, 0);
	const struct kernel_sock_fprog program = {
		.length = (unsigned short)(filter->length / sizeof(struct kernel_sock_filter)),
		.filter = (const void *)argument_bytes(filter),
	};

	if (filter->length % sizeof(struct kernel_sock_filter) ||
	    filter->length / sizeof(struct kernel_sock_filter) > 4096)
		return fail(&context->failure, EINVAL, "seccomp: the filter's length");
	if (syscall(SYS_seccomp, KERNEL_SECCOMP_SET_MODE_FILTER, (unsigned)step_number(step, 1), &program))
		return fail_errno(&context->failure, "seccomp");
	return 0;
}
