/* run.c - one run of a container's plan: host steps, birth, wiring, watching, the end, teardown. */
#include "monitor.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kernel.h"
#include "sync.h"

#define PATIENCE   10000 /* milliseconds a console may stall the end of a run */
#define POLLED_MAX (CONNECTIONS_MAX + 1 + 6)

/* "oom_kill N" in memory.events (v2) or memory.oom_control (v1); 0 when there is none. */
static uint64_t read_oom_counter(const char *path)
{
	char content[512];
	const char *at;
	uint64_t count = 0;

	if (!path || read_small_file(AT_FDCWD, path, content, sizeof content) <= 0)
		return 0;
	at = strncmp(content, "oom_kill ", 9) == 0 ? content : strstr(content, "\noom_kill ");
	if (!at)
		return 0;
	for (at = strchr(at, ' ') + 1; *at >= '0' && *at <= '9'; at++)
		count = count * 10 + (uint64_t)(*at - '0');
	return count;
}

/* STAGE_WIRE finds the child's network namespace under a fixed number, so that its messages can be literal. */
static int open_network(struct run *run)
{
	char path[48];
	autoclose int fd = -1;
	struct text text;

	if (!(run->context.clone_flags & CLONE_NEWNET))
		return 0;
	text_begin(&text, path, sizeof path);
	text_add(&text, "/proc/");
	text_add_number(&text, run->birth.pid);
	text_add(&text, "/ns/net");
	fd = openat(AT_FDCWD, path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || dup3(fd, FD_NETWORK, O_CLOEXEC) < 0) {
		run->context.failure.step = run->context.birth_step;
		return fail_errno(&run->context.failure, path);
	}
	return 0;
}

static int wire(struct run *run)
{
	int result;

	if (!plan_has_stage(run->context.plan, STAGE_WIRE))
		return 0;
	result = open_network(run) || run_stage(&run->context, STAGE_WIRE);
	dup3(STDIN_FILENO, FD_NETWORK, O_CLOEXEC); /* the number stays taken; the namespace is the container's alone */
	if (result)
		return -1;
	child_release(&run->birth); /* if the child is gone, its messages say why */
	return 0;
}

static int begin(struct run *run)
{
	struct monitor *monitor = run->monitor;
	int child[3], result;

	if (run_stage(&run->context, STAGE_HOST))
		return -1;
	run->oom_before = read_oom_counter(monitor->settings.oom_counter);
	if (streams_open(&monitor->streams, &monitor->settings, child))
		result = fail_errno(&run->context.failure, "standard streams");
	else
		result = child_spawn(&run->context, child, &run->birth);
	for (int i = 0; i < 3; i++)
		close_fd(&child[i]);
	return result ? -1 : wire(run);
}

static void started(struct run *run)
{
	struct monitor *monitor = run->monitor;
	struct status *status = &monitor->status;

	run->phase = RUN_RUNNING;
	run->began = now_monotonic();
	status->state = "running";
	status->pid = run->birth.pid;
	status->started = now_real();
	status->finished = 0;
	status->failure.error = 0;
	autoclose int proc = openat(AT_FDCWD, "/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
	status->pid_start = process_start_time(proc, run->birth.pid);
	health_begin(&run->health, monitor->plan, &monitor->settings);
	status_write(status, monitor->run_directory);
	if (monitor->first) {
		sync_started(status->pid, status->pid_start, status->monitor, status->monitor_start);
		close(FD_SYNC);
		monitor->first = false;
		/* Nothing of a run directory outlives a reboot; this says that the container was running then. */
		status_write(status, monitor->state_directory);
	}
}

/* Takes what the child tells during its set-up. The end of its socket is the exec, or the child's death before it. */
static void serve_child(struct run *run)
{
	struct child_message message;
	int terminal, got;

	while ((got = child_receive(&run->birth, &message, &terminal)) > 0) {
		if (message.kind == CHILD_TERMINAL && terminal >= 0)
			streams_adopt_terminal(&run->monitor->streams, terminal);
		else if (terminal >= 0)
			close(terminal);
		if (message.kind == CHILD_READY)
			run->ready = true;
		if (message.kind == CHILD_FAILED)
			run->failure = message.failure;
	}
	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	close_fd(&run->birth.sync);
	if (run->ready && !run->failure.error)
		started(run);
	else if (!run->failure.error)
		fail(&run->failure, ERROR_HELPER, "the container's first process died while it was set up");
}

static void reap(struct run *run)
{
	struct status *status = &run->monitor->status;
	siginfo_t info = { 0 };

	while (waitid(KERNEL_P_PIDFD, (id_t)run->birth.pidfd, &info, WEXITED) && errno == EINTR)
		;
	status->signal = info.si_code == CLD_EXITED ? 0 : info.si_status;
	status->exit_code = status->signal ? 128 + status->signal : info.si_status;
	status->finished = now_real();
	run->duration = run->phase == RUN_RUNNING ? now_monotonic() - run->began : 0;
	run->phase = RUN_ENDED;
}

static bool read_outputs(struct monitor *monitor, unsigned which)
{
	struct chunk chunk;
	bool any = false;

	for (int i = 0; i < 2; i++)
		if (which & 1u << i && !control_owes(&monitor->control) &&
		    streams_read(&monitor->streams, i, &monitor->log, &chunk)) {
			control_output(&monitor->control, &chunk);
			any = true;
		}
	return any;
}

/* What the program left in its pipes; nobody writes to them any more, so nothing there means the end. */
static void drain(struct run *run)
{
	struct monitor *monitor = run->monitor;
	int64_t deadline = now_monotonic() + PATIENCE * 1000000ll;

	for (;;) {
		if (!control_owes(&monitor->control)) {
			if (!read_outputs(monitor, 3) && !control_owes(&monitor->control))
				break;
			deadline = now_monotonic() + PATIENCE * 1000000ll;
		} else if (now_monotonic() > deadline) {
			control_drop_owed(&monitor->control);
		} else {
			serve(monitor, NULL, PATIENCE);
		}
	}
	streams_close(&monitor->streams, &monitor->log);
	control_forget_input(&monitor->control);
}

void serve(struct monitor *monitor, struct run *run, int milliseconds)
{
	struct pollfd polled[POLLED_MAX];
	unsigned count = control_prepare(&monitor->control, polled);
	struct pollfd *const own = polled + count;
	const struct streams *streams = &monitor->streams;
	const bool reading = run && !control_owes(&monitor->control);

	own[0] = (struct pollfd){ run ? run->birth.sync : -1, POLLIN, 0 };
	own[1] = (struct pollfd){ run ? run->birth.pidfd : -1, POLLIN, 0 };
	own[2] = (struct pollfd){ reading ? streams->outputs[0].fd : -1, POLLIN, 0 };
	own[3] = (struct pollfd){ reading ? streams->outputs[1].fd : -1, POLLIN, 0 };
	own[4] = (struct pollfd){ control_has_input(&monitor->control) ? streams->input : -1, POLLOUT, 0 };
	own[5] = (struct pollfd){ run ? run->health.probe.result : -1, POLLIN, 0 };
	if (poll(polled, count + 6, milliseconds) <= 0)
		return;
	control_serve(&monitor->control, polled);
	if (!run)
		return;
	if (own[2].revents || own[3].revents)
		read_outputs(monitor, (own[2].revents ? 1u : 0) | (own[3].revents ? 2u : 0));
	/* The child's last words come before its death is looked at. */
	if (run->birth.sync >= 0 && (own[0].revents || own[1].revents))
		serve_child(run);
	if (own[1].revents)
		reap(run);
}

static void end(struct run *run)
{
	struct monitor *monitor = run->monitor;
	struct status *status = &monitor->status;

	health_end(&run->health);
	if (run->birth.pidfd >= 0 && run->phase != RUN_ENDED) {
		sys_pidfd_send_signal(run->birth.pidfd, SIGKILL);
		reap(run);
	}
	drain(run);
	if (run->failure.error) {
		status->failure = run->failure;
		status->signal = 0;
		status->exit_code = child_exit_code(monitor->plan, &run->failure);
		status->finished = now_real();
	}
	status->oom = read_oom_counter(monitor->settings.oom_counter) > run->oom_before;
	status->pid = 0;
	status->pid_start = 0;
	close_fd(&run->birth.sync);
	close_fd(&run->birth.pidfd);
	context_end(&run->context);
	monitor_renew_plan(monitor);
	run->context.plan = monitor->plan;
	run_stage(&run->context, STAGE_TEARDOWN);
}

void run_plan(struct run *run, struct monitor *monitor)
{
	*run = (struct run){ .monitor = monitor, .birth = { .pidfd = -1, .sync = -1 } };
	health_clear(&run->health, &monitor->status);
	context_begin(&run->context, monitor->plan, &monitor->settings);
	streams_begin(&monitor->streams);
	if (begin(run))
		run->failure = run->context.failure;
	while (!run->failure.error && run->phase != RUN_ENDED) {
		serve(monitor, run, health_pause(&run->health));
		if (run->phase == RUN_RUNNING && health_tick(&run->health, run->birth.pidfd, monitor->run_directory))
			status_write(&monitor->status, monitor->run_directory);
	}
	end(run);
}
