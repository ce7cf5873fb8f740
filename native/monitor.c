/* monitor.c - a container's monitor, from its first run to its last. */
#include "monitor.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kernel.h"
#include "sync.h"

#define RENEWED_PLAN "plan"

static int open_directory(const char *path)
{
	return path ? openat(AT_FDCWD, path, O_PATH | O_DIRECTORY | O_CLOEXEC) : -1;
}

/* What the monitor holds for life. */
static int set_up(struct monitor *monitor, struct failure *failure)
{
	const struct settings *settings = &monitor->settings;

	*failure = (struct failure){ .step = NO_STEP };
	monitor->run_directory = open_directory(settings->run_directory);
	if (settings->run_directory && monitor->run_directory < 0)
		return fail_errno(failure, settings->run_directory);
	monitor->state_directory = open_directory(settings->state_directory);
	if (settings->state_directory && monitor->state_directory < 0)
		return fail_errno(failure, settings->state_directory);
	if (control_begin(&monitor->control, monitor->run_directory))
		return fail_errno(failure, "the control socket");
	if (settings->attached)
		control_adopt(&monitor->control, FD_CONSOLE, settings->attached);
	if (log_open(&monitor->log, settings->log, settings->log_size, settings->log_files)) {
		failure->step = settings->log_step;
		return fail_errno(failure, settings->log);
	}
	return 0;
}

/* Waits out the back-off; false when the container is not to be run again after all. */
static bool pause_before_restart(struct monitor *monitor, int64_t duration)
{
	const int64_t deadline = now_monotonic() + restart_pause(&monitor->restart, duration);
	const int exit_code = monitor->status.exit_code;
	int64_t left;

	monitor->status.state = "restarting";
	status_write(&monitor->status, monitor->run_directory);
	while (restart_wanted(&monitor->restart, exit_code)) {
		left = deadline - now_monotonic();
		if (left <= 0)
			return true;
		serve(monitor, NULL, (int)(left / 1000000) + 1);
	}
	return false;
}

/*
 * Limits and ports changed while the container lives hold for its next run too: the engine leaves a new plan beside the
 * status. What the old one said stays in memory, since the log's path is still its own.
 */
void monitor_renew_plan(struct monitor *monitor)
{
	autoclose int fd = openat(monitor->run_directory, RENEWED_PLAN, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	struct settings settings;
	struct failure failure;
	struct plan plan;

	if (fd < 0 || plan_load(&plan, fd, &failure) || plan.kind != PLAN_CONTAINER ||
	    settings_read(&settings, &plan, &failure))
		return;
	settings.rows = monitor->settings.rows;
	settings.columns = monitor->settings.columns;
	monitor->renewed = plan;
	monitor->plan = &monitor->renewed;
	monitor->settings = settings;
	unlinkat(monitor->run_directory, RENEWED_PLAN, 0);
}

/* -1: the first run failed. */
static int run_all(struct monitor *monitor, struct failure *failure)
{
	struct run run;

	for (;;) {
		run_plan(&run, monitor);
		if (monitor->first) {
			*failure = run.failure;
			return -1;
		}
		if (!restart_wanted(&monitor->restart, monitor->status.exit_code) ||
		    !pause_before_restart(monitor, run.duration))
			return 0;
		monitor->status.restarts = ++monitor->restart.count;
		monitor_renew_plan(monitor);
	}
}

int monitor_main(struct monitor *monitor)
{
	struct failure failure;
	autoclose int proc = openat(AT_FDCWD, "/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
	int result;

	monitor->first = true;
	monitor->restart = (struct restart){ .policy = monitor->settings.restart_policy,
		                             .retries = monitor->settings.restart_retries };
	monitor->control.streams = &monitor->streams;
	monitor->control.restart = &monitor->restart;
	monitor->control.settings = &monitor->settings;
	monitor->control.ports = &monitor->ports;
	streams_begin(&monitor->streams);
	monitor->status.monitor = getpid();
	monitor->status.monitor_start = process_start_time(proc, getpid());
	close_fd(&proc);
	result = set_up(monitor, &failure) ? -1 : run_all(monitor, &failure);
	if (result == 0) {
		monitor->status.state = "exited";
		monitor->status.stopped = monitor->restart.by_user;
		status_write(&monitor->status, monitor->state_directory);
		status_write(&monitor->status, monitor->run_directory);
	}
	if (monitor->run_directory >= 0)
		unlinkat(monitor->run_directory, "control", 0);
	/* Nothing is left to guard: whoever is told of the end finds the ports and the lock free. */
	ports_close(&monitor->ports);
	close(FD_RUN_LOCK);
	if (result)
		sync_failed(&failure);
	control_end(&monitor->control, monitor->status.exit_code, monitor->status.signal, monitor->status.oom);
	return result ? 1 : 0;
}
