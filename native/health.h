/* health.h - a container's health: when it is probed, and what the probes' results mean. */
#ifndef CAN_HEALTH_H
#define CAN_HEALTH_H

#include "probe.h"
#include "status.h"

/* Of one run; without a health check nothing of it is ever touched again. */
struct health {
	const struct plan *plan;
	const struct settings *settings;
	struct status *status; /* where the results go */
	int64_t began;         /* monotonic, of the run */
	int64_t due;           /* monotonic, of the next probe; INT64_MAX: never */
	int64_t probed;        /* monotonic, of the latest probe's begin */
	bool proven;           /* a probe has succeeded, or too many have failed: the start is over */
	struct probe probe;
};

/* Before a run: there is nothing to probe yet. */
void health_clear(struct health *health, struct status *status);

/* The program runs: the first probe follows after an interval, if the plan has a health check. */
void health_begin(struct health *health, const struct plan *plan, const struct settings *settings);

/* Milliseconds until health_tick has something to do, whatever probe.result tells before that; -1: for ever. */
int health_pause(const struct health *health);

/* Takes a result, or starts a probe that is due; true when the status has changed. */
bool health_tick(struct health *health, int target, int run_directory);

/* The run is over, and a probe that is under way with it. */
void health_end(struct health *health);

#endif
