/* child.c - the birth of a container's (or exec's) first process. */
#include "child.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "kernel.h"

#define EXIT_SETUP_FAILED 125 /* as docker run: the process could not be made, ... */
#define EXIT_NO_EXEC      126 /* ... its program could not be run, */
#define EXIT_NOT_FOUND    127 /* ... or not be found */

int child_tell(const struct context *context, enum child_message_kind kind, int fd)
{
	const struct child_message message = { .kind = kind, .failure = context->failure };
	const size_t length = kind == CHILD_FAILED ? sizeof message : sizeof message.kind;
	_Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof fd)] = { 0 };
	struct iovec vector = { (void *)&message, length };
	struct msghdr header = {
		.msg_iov = &vector, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control
	};
	struct cmsghdr *part = CMSG_FIRSTHDR(&header);

	/* write(2) for what is told after a seccomp filter is in place: no filter forbids it */
	if (fd < 0)
		return write(context->sync, &message, length) < 0 ? -1 : 0;
	part->cmsg_level = SOL_SOCKET;
	part->cmsg_type = SCM_RIGHTS;
	part->cmsg_len = CMSG_LEN(sizeof fd);
	memcpy(CMSG_DATA(part), &fd, sizeof fd);
	return sendmsg(context->sync, &header, MSG_NOSIGNAL) < 0 ? -1 : 0;
}

bool child_has_parent(const struct context *context)
{
	char byte;

	return recv(context->sync, &byte, 1, MSG_PEEK | MSG_DONTWAIT) != 0;
}

void child_await_wiring(struct context *context)
{
	char byte;
	ssize_t got;

	do {
		got = recv(context->sync, &byte, 1, 0);
	} while (got < 0 && errno == EINTR);
	if (got != 1)
		_exit(EXIT_SETUP_FAILED);
	context->wired = true;
}

/* Closes everything from descriptor 3 on but what the steps still need. */
static void close_others(const struct context *context)
{
	int keep[TASKS_MAX + 1];
	unsigned count = 0, first = 3;

	keep[count++] = context->sync;
	for (unsigned i = 0; i < context->task_count; i++) {
		unsigned at = count++;

		for (; at > 0 && keep[at - 1] > context->tasks[i]; at--)
			keep[at] = keep[at - 1];
		keep[at] = context->tasks[i];
	}
	for (unsigned i = 0; i < count; i++) {
		if ((unsigned)keep[i] > first)
			sys_close_range(first, (unsigned)keep[i] - 1, 0);
		first = (unsigned)keep[i] + 1;
	}
	sys_close_range(first, ~0u, 0);
}

static int become_child(struct context *context, const int *streams)
{
	if (context->joins && context->clone_flags) {
		context->failure.step = context->birth_step;
		if (setns(FD_TARGET, (int)context->clone_flags))
			return fail_errno(&context->failure, "setns");
		context->failure.step = NO_STEP;
	}
	for (int i = 0; streams && i < 3; i++)
		if (dup2(streams[i], i) < 0)
			return fail_errno(&context->failure, "standard streams");
	close_others(context);
	context->cgroup = -1;
	setsid(); /* also lets go of the terminal of whoever called: nothing can be typed into it from inside */
	if (context->plan->kind == PLAN_EXEC && context->settings->terminal &&
	    !plan_has_operation(context->plan, OP_TERMINAL) && step_terminal(context, NULL))
		return -1;
	return run_stage(context, context->child_stage);
}

_Noreturn static void child_main(struct context *context, const int *streams)
{
	become_child(context, streams); /* OP_EXECUTE returns only if it failed */
	child_tell(context, CHILD_FAILED, -1);
	_exit(EXIT_SETUP_FAILED);
}

int child_spawn(struct context *context, const int *streams, struct birth *birth)
{
	int pair[2], pidfd = -1;
	struct kernel_clone_args args = {
		.flags = KERNEL_CLONE_PIDFD | (context->cgroup >= 0 ? KERNEL_CLONE_INTO_CGROUP : 0) |
		         (context->joins ? 0 : context->clone_flags),
		.pidfd = (uint64_t)(uintptr_t)&pidfd,
		.exit_signal = SIGCHLD,
		.cgroup = context->cgroup >= 0 ? (uint64_t)context->cgroup : 0,
	};

	context->failure.step = context->birth_step;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair))
		return fail_errno(&context->failure, "socketpair");
	context->wired = !plan_has_stage(context->plan, STAGE_WIRE);
	birth->pid = sys_clone3(&args);
	if (birth->pid == 0) {
		context->failure.step = NO_STEP;
		context->sync = pair[1];
		child_main(context, streams);
	}
	if (birth->pid < 0) {
		fail_errno(&context->failure, "clone3");
		close(pair[0]);
		close(pair[1]);
		return -1;
	}
	close(pair[1]);
	context->failure.step = NO_STEP;
	birth->sync = pair[0];
	birth->pidfd = pidfd;
	return 0;
}

int child_release(const struct birth *birth)
{
	return send(birth->sync, "", 1, MSG_NOSIGNAL) == 1 ? 0 : -1;
}

int child_receive(const struct birth *birth, struct child_message *message, int *terminal)
{
	_Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(int))];
	struct iovec vector = { message, sizeof *message };
	struct msghdr header = {
		.msg_iov = &vector, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control
	};
	const ssize_t length = recvmsg(birth->sync, &header, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
	const struct cmsghdr *part = CMSG_FIRSTHDR(&header);

	*terminal = -1;
	if (length <= 0)
		return (int)length;
	if (part && part->cmsg_level == SOL_SOCKET && part->cmsg_type == SCM_RIGHTS)
		memcpy(terminal, CMSG_DATA(part), sizeof *terminal);
	message->failure.text[sizeof message->failure.text - 1] = '\0';
	return 1;
}

static uint16_t operation_of(const struct plan *plan, uint32_t index)
{
	struct step step;

	for (plan_rewind(plan, &step); plan_next(plan, &step);)
		if (step.index == index)
			return step.operation;
	return 0;
}

int child_exit_code(const struct plan *plan, const struct failure *failure)
{
	if (failure->step == NO_STEP || operation_of(plan, failure->step) != OP_EXECUTE)
		return EXIT_SETUP_FAILED;
	return failure->error == ENOENT ? EXIT_NOT_FOUND : EXIT_NO_EXEC;
}
