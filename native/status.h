/* status.h - the status file: live facts of a container as text. */
#ifndef CAN_STATUS_H
#define CAN_STATUS_H

#include <sys/types.h>

#include "util.h"

struct status {
	const char *state; /* "running", "restarting" or "exited" */
	pid_t monitor;
	uint64_t monitor_start;
	pid_t pid; /* 0: none */
	uint64_t pid_start;
	int64_t started, finished; /* real-time nanoseconds; 0: not yet */
	int exit_code;
	int signal;
	bool oom;
	uint32_t restarts;
	bool stopped;           /* the end was somebody's wish */
	struct failure failure; /* of a restart; error 0: none */
	const char *health;     /* "starting", "healthy" or "unhealthy"; NULL: there is no health check */
	uint32_t health_failures;
	int health_exit;        /* of the latest probe; PROBE_KILLED: it took too long */
	int64_t health_checked; /* real-time nanoseconds of the latest probe's end; 0: none yet */
};

/* Replaces `status` in a directory; a directory that is gone is none of the container's business. */
void status_write(const struct status *status, int directory);

#endif
