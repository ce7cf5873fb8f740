/*
 * probe.h - one run of the health check's program. The monitor forks a watcher for it, which joins the container, runs the
 * program as its child, kills it when its time is over, keeps its output and tells the monitor the result.
 */
#ifndef CAN_PROBE_H
#define CAN_PROBE_H

#include "settings.h"

#define PROBE_KILLED (-1)            /* the exit code of a program that took too long, as Docker has it */
#define PROBE_OUTPUT "health.output" /* in the run directory: what the latest probe wrote */

/* The monitor's side. */
struct probe {
	pid_t watcher;
	int result; /* readable when the probe is over; -1: there is none */
};

enum probe_outcome {
	PROBE_GOES_ON,
	PROBE_ENDED,
	PROBE_CANCELLED, /* it says nothing: the container was suspended or ended meanwhile, or the watcher was killed */
};

/* What a watcher writes to its monitor. */
struct probe_result {
	int32_t outcome;
	int32_t exit_code;
};

/* Forks the watcher; target is a pidfd of the container's PID 1. -1 with errno. */
int probe_start(struct probe *probe, const struct plan *plan, const struct settings *settings, int target,
                int run_directory);

/* Whether it is over; if so, its processes are gone and it can be started again. */
enum probe_outcome probe_take(struct probe *probe, int *exit_code);

/* Kills it, if it is there. */
void probe_cancel(struct probe *probe);

/* Whether a file of SETTING_HEALTH says that the container is frozen. */
bool probe_is_frozen(const char *path);

/* The same of one that is open already, whatever is mounted meanwhile. */
bool probe_is_frozen_now(int fd);

/* watch.c: the watcher's life; FD_TARGET is in place. */
_Noreturn void watch_main(const struct plan *plan, const struct settings *settings, int result, int run_directory);

#endif
