/*
 * watch.c - the process that watches over a probe: it joins the container as an exec does (join.c), with the plan's probe
 * stages, and without a caller, a terminal or an input.
 */
#include "probe.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "child.h"
#include "kernel.h"
#include "session.h"

#define OUTPUT_MAX 4096 /* as Docker */
#define TEMPORARY  ".health.new"
#define END_TIME   1000 /* milliseconds in which PID 1 ends, when the container's end is what killed the program */

struct watch {
	struct context context;
	struct birth birth;
	struct failure failure;
	int proc;   /* the host's */
	int frozen; /* the file that says whether the container is, or -1 */
	int output; /* what the program writes */
	int64_t deadline;
	bool killed;    /* its time was over */
	bool cancelled; /* the container was suspended before that */
	char kept[OUTPUT_MAX];
	size_t length;
};

/* The program's standard output and error; its input is /dev/null, as the monitor's own is. */
static int open_streams(struct watch *watch)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) || dup2(ends[1], STDOUT_FILENO) < 0 || dup2(ends[1], STDERR_FILENO) < 0)
		return fail_errno(&watch->context.failure, "standard streams");
	close(ends[1]);
	watch->output = ends[0];
	return fcntl(watch->output, F_SETFL, O_NONBLOCK);
}

static int begin(struct watch *watch)
{
	const char *frozen = watch->context.settings->health.frozen;

	watch->deadline = now_monotonic() + watch->context.settings->health.timeout;
	watch->proc = openat(AT_FDCWD, "/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
	watch->frozen = *frozen ? openat(AT_FDCWD, frozen, O_RDONLY | O_CLOEXEC) : -1;
	if (open_streams(watch) || run_stage(&watch->context, STAGE_PROBE) ||
	    child_spawn(&watch->context, NULL, &watch->birth)) {
		watch->failure = watch->context.failure;
		return -1;
	}
	context_end(&watch->context);
	dup2(STDIN_FILENO, STDOUT_FILENO);
	dup2(STDIN_FILENO, STDERR_FILENO);
	return 0;
}

/* The child's messages; the end of its socket is the exec, or its death. */
static void serve_child(struct watch *watch)
{
	struct child_message message;
	int descriptor, got;

	while ((got = child_receive(&watch->birth, &message, &descriptor)) > 0) {
		if (descriptor >= 0)
			close(descriptor);
		if (message.kind == CHILD_FAILED)
			watch->failure = message.failure;
	}
	if (got == 0 || (errno != EAGAIN && errno != EINTR))
		close_fd(&watch->birth.sync);
}

/* Keeps the beginning of what it writes, and takes the rest, so that it can go on. False: nothing now. */
static bool read_output(struct watch *watch)
{
	char rest[1024];
	const size_t room = OUTPUT_MAX - watch->length;
	const ssize_t length =
		room ? read(watch->output, watch->kept + watch->length, room) : read(watch->output, rest, sizeof rest);

	if (length < 0 && (errno == EAGAIN || errno == EINTR))
		return false;
	if (length <= 0)
		close_fd(&watch->output);
	else if (room)
		watch->length += (size_t)length;
	return length > 0;
}

/* Everything it has started as well; then all that is left to do is to await its end. */
static void kill_program(struct watch *watch)
{
	close_fd(&watch->frozen);
	sys_pidfd_send_signal(watch->birth.pidfd, SIGKILL);
	session_kill(watch->proc, watch->birth.pid);
}

/* A program that is frozen cannot be too slow. */
static void look_at_clock(struct watch *watch)
{
	if (watch->killed || watch->cancelled)
		return;
	if (watch->frozen >= 0 && probe_is_frozen_now(watch->frozen))
		watch->cancelled = true;
	else if (now_monotonic() >= watch->deadline)
		watch->killed = true;
	else
		return;
	kill_program(watch);
}

static int time_left(const struct watch *watch)
{
	const int64_t left = (watch->deadline - now_monotonic()) / 1000000 + 1;

	if (watch->killed || watch->cancelled)
		return -1;
	return left < 0 ? 0 : left > INT32_MAX ? INT32_MAX : (int)left;
}

/* False when the program has ended. */
static bool serve(struct watch *watch)
{
	struct pollfd polled[] = {
		{ watch->birth.sync, POLLIN, 0 },
		{ watch->birth.pidfd, POLLIN, 0 },
		{ watch->output, POLLIN, 0 },
		{ watch->frozen, POLLPRI, 0 }, /* v2 tells; v1 is looked at when the time is over */
	};

	poll(polled, ARRAY_COUNT(polled), time_left(watch));
	if (watch->birth.sync >= 0 && (polled[0].revents || polled[1].revents))
		serve_child(watch);
	if (polled[2].revents)
		read_output(watch);
	if (polled[1].revents)
		return false;
	if (polled[3].revents || now_monotonic() >= watch->deadline)
		look_at_clock(watch);
	return true;
}

static void add_output(struct watch *watch, const char *text)
{
	const size_t room = OUTPUT_MAX - watch->length, length = strlen(text);

	memcpy(watch->kept + watch->length, text, length < room ? length : room);
	watch->length += length < room ? length : room;
}

/* What went wrong takes the place of the output. */
static int describe_failure(struct watch *watch)
{
	add_output(watch, "can: the health check could not be started: ");
	add_output(watch, watch->failure.text);
	if (watch->failure.error > 0) {
		add_output(watch, ": ");
		add_output(watch, strerror(watch->failure.error));
	}
	add_output(watch, "\n");
	return child_exit_code(watch->context.plan, &watch->failure);
}

/* The container's end kills the program, and fails what is being set up, before PID 1 can be seen to have ended. */
static bool container_ends(void)
{
	struct pollfd polled = { FD_TARGET, POLLIN, 0 };

	return poll(&polled, 1, END_TIME) > 0;
}

static struct probe_result finish(struct watch *watch)
{
	siginfo_t info = { 0 };
	struct probe_result result = { .outcome = PROBE_ENDED };

	if (watch->birth.pidfd >= 0) {
		while (waitid(KERNEL_P_PIDFD, (id_t)watch->birth.pidfd, &info, WEXITED) && errno == EINTR)
			;
		/* What it left in the pipe; others may go on writing to it. */
		while (watch->output >= 0 && watch->length < OUTPUT_MAX && read_output(watch))
			;
	}
	if (watch->failure.error)
		result.exit_code = describe_failure(watch);
	else if (watch->killed)
		result.exit_code = PROBE_KILLED;
	else
		result.exit_code = (info.si_code == CLD_EXITED ? 0 : 128) + info.si_status;
	if (watch->cancelled || ((watch->failure.error || result.exit_code == 128 + SIGKILL) && container_ends()))
		result.outcome = PROBE_CANCELLED;
	return result;
}

/* Whole or not at all, and before the status tells of it. */
static void save_output(const struct watch *watch, int directory)
{
	autoclose int fd = -1;

	if (directory < 0)
		return;
	fd = openat(directory, TEMPORARY, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0640);
	if (fd >= 0 && write_all(fd, watch->kept, watch->length) == 0)
		renameat(directory, TEMPORARY, directory, PROBE_OUTPUT);
}

_Noreturn void watch_main(const struct plan *plan, const struct settings *settings, int result, int run_directory)
{
	static struct watch watch; /* zeros, which take no room in the program's file */
	struct probe_result outcome;

	watch.birth = (struct birth){ .pidfd = -1, .sync = -1 };
	watch.output = -1;
	/* Nothing inside may look into this process, nor into the child before its exec. */
	prctl(PR_SET_DUMPABLE, 0ul);
	context_begin(&watch.context, plan, settings);
	watch.context.child_stage = STAGE_PROBE_CHILD;
	if (begin(&watch) == 0)
		while (serve(&watch))
			;
	outcome = finish(&watch);
	if (outcome.outcome == PROBE_ENDED)
		save_output(&watch, run_directory);
	write_all(result, &outcome, sizeof outcome);
	_exit(0);
}
