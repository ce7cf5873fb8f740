/* join.c - the exec mode: joins a container's namespaces, runs one process there and reports its end. */
#include "join.h"

#include <errno.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "child.h"
#include "kernel.h"
#include "proxy.h"
#include "sync.h"

#define EXIT_FAILED 125

struct join {
	struct context context;
	struct birth birth;
	struct proxy proxy;
	int proc; /* the host's /proc: a process id there is what clone3 told, whatever is mounted inside */
	int signals;
	bool ready, proxying, detached;
	bool unattended; /* detached as soon as the process runs */
	bool killed;     /* by this helper: its caller is gone, or wants it to end */
	struct failure failure;
};

/* Indices of what is waited for. */
enum { WAIT_CHILD, WAIT_EXIT, WAIT_CALLER, WAIT_SIGNAL, WAIT_PROXY, WAIT_COUNT = WAIT_PROXY + 2 };

static void kill_child(struct join *join)
{
	sys_pidfd_send_signal(join->birth.pidfd, SIGKILL);
	join->killed = true;
}

static void begin_proxy(struct join *join, int terminal)
{
	const struct settings *settings = join->context.settings;

	proxy_begin(&join->proxy, terminal, false, settings->detach_keys, settings->detach_length);
	join->proxying = true;
}

/* The child's messages; the end of its socket is the exec, or its death. */
static void serve_child(struct join *join)
{
	struct child_message message;
	int terminal, got;

	while ((got = child_receive(&join->birth, &message, &terminal)) > 0) {
		if (message.kind == CHILD_TERMINAL && terminal >= 0)
			begin_proxy(join, terminal);
		if (message.kind == CHILD_READY)
			join->ready = true;
		if (message.kind == CHILD_FAILED)
			join->failure = message.failure;
	}
	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	close_fd(&join->birth.sync);
	if (join->ready && !join->failure.error)
		sync_started(join->birth.pid, process_start_time(join->proc, join->birth.pid), 0, 0);
	else if (!join->failure.error && !join->killed)
		fail(&join->failure, ERROR_HELPER, "the process died while it was set up");
	close_fd(&join->proc);
}

static void serve_signals(struct join *join)
{
	struct signalfd_siginfo info;

	while (read(join->signals, &info, sizeof info) == sizeof info) {
		if (info.ssi_signo != SIGWINCH)
			kill_child(join);
		else if (join->proxying)
			proxy_resize(&join->proxy);
	}
}

/*
 * The user's terminal is given back, and the process goes on: its own terminal must stay open and be read, so this helper
 * stays in the background until the process ends, in a session without terminal. SYNC_STARTED once more says so.
 */
static void detach(struct join *join)
{
	autoclose int null = openat(AT_FDCWD, "/dev/null", O_RDWR | O_CLOEXEC);

	proxy_end(&join->proxy);
	for (int fd = 0; fd < 3; fd++)
		if (null >= 0)
			dup2(null, fd);
		else
			close(fd);
	join->proxy.input_ended = true;
	join->proxy.key_count = 0;
	join->detached = true;
	setsid();
	sync_started(join->birth.pid, 0, 0, 0);
	close(FD_SYNC);
}

static void serve_proxy(struct join *join, const struct pollfd *polled)
{
	switch (proxy_serve(&join->proxy, polled)) {
	case PROXY_DETACHED:
		detach(join);
		break;
	case PROXY_REMOTE_ENDED: /* the process closed its terminal; it may yet run */
		proxy_end(&join->proxy);
		join->proxying = false;
		break;
	case PROXY_GOES_ON:
		break;
	}
}

/* False when the process ended. */
static bool serve(struct join *join)
{
	struct pollfd polled[WAIT_COUNT] = {
		[WAIT_CHILD] = { join->birth.sync, POLLIN, 0 },
		[WAIT_EXIT] = { join->birth.pidfd, POLLIN, 0 },
		[WAIT_CALLER] = { join->detached || join->killed ? -1 : FD_SYNC, 0, 0 }, /* POLLERR: no reader */
		[WAIT_SIGNAL] = { join->signals, POLLIN, 0 },
		[WAIT_PROXY] = { -1, 0, 0 },
		[WAIT_PROXY + 1] = { -1, 0, 0 },
	};

	if (join->proxying)
		proxy_prepare(&join->proxy, polled + WAIT_PROXY);
	if (poll(polled, WAIT_COUNT, -1) <= 0)
		return true;
	if (polled[WAIT_CALLER].revents)
		kill_child(join);
	if (polled[WAIT_SIGNAL].revents)
		serve_signals(join);
	if (join->birth.sync >= 0 && (polled[WAIT_CHILD].revents || polled[WAIT_EXIT].revents))
		serve_child(join);
	else if (join->proxying && !polled[WAIT_EXIT].revents)
		serve_proxy(join, polled + WAIT_PROXY);
	return !polled[WAIT_EXIT].revents;
}

static int report_failure(const struct failure *failure)
{
	sync_failed(failure);
	return EXIT_FAILED;
}

static int finish(struct join *join)
{
	siginfo_t info = { 0 };
	int signal, exit_code;

	while (waitid(KERNEL_P_PIDFD, (id_t)join->birth.pidfd, &info, WEXITED) && errno == EINTR)
		;
	if (join->proxying && !join->detached)
		proxy_drain(&join->proxy);
	proxy_end(&join->proxy);
	if (join->failure.error)
		return report_failure(&join->failure);
	signal = info.si_code == CLD_EXITED ? 0 : info.si_status;
	exit_code = signal ? 128 + signal : info.si_status;
	if (!join->detached)
		sync_exited(exit_code, signal);
	return exit_code;
}

/* The process sees the right size from its first look on. */
static void take_size(struct settings *settings)
{
	struct winsize size;

	if (ioctl(STDIN_FILENO, TIOCGWINSZ, &size) && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size))
		return;
	settings->rows = size.ws_row;
	settings->columns = size.ws_col;
}

int join_main(const struct plan *plan, struct settings *settings, bool detached)
{
	static struct join join = { .birth = { .pidfd = -1, .sync = -1 } };

	context_begin(&join.context, plan, settings);
	/* Nothing inside may look into this process, nor into the child before its exec. */
	prctl(PR_SET_DUMPABLE, 0ul);
	join.unattended = detached;
	join.proc = openat(AT_FDCWD, "/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (settings->terminal)
		take_size(settings);
	join.signals = proxy_signals();
	if (run_stage(&join.context, STAGE_HOST) || child_spawn(&join.context, NULL, &join.birth))
		return report_failure(&join.context.failure);
	close(FD_TARGET);
	context_end(&join.context);
	while (serve(&join))
		if (join.unattended && !join.detached && join.birth.sync < 0 && !join.failure.error && !join.killed)
			detach(&join);
	return finish(&join);
}
