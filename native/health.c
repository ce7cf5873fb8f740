/*
 * health.c - when a container is probed, and what the results mean: Docker's rules (moby, daemon/health.go). The next
 * probe follows an interval after the last one's end, so that there is never more than one.
 */
#include "health.h"

#include <limits.h>

#define NEVER INT64_MAX

void health_clear(struct health *health, struct status *status)
{
	*health = (struct health){ .status = status, .due = NEVER, .probe.result = -1 };
}

static bool is_starting(const struct health *health, int64_t time)
{
	return !health->proven && time - health->began < health->settings->health.start_period;
}

static void schedule(struct health *health)
{
	const struct health_settings *settings = &health->settings->health;
	const int64_t now = now_monotonic();

	health->due = now + (is_starting(health, now) ? settings->start_interval : settings->interval);
}

void health_begin(struct health *health, const struct plan *plan, const struct settings *settings)
{
	struct status *status = health->status;

	status->health = settings->health.interval ? "starting" : NULL;
	status->health_failures = 0;
	status->health_exit = 0;
	status->health_checked = 0;
	if (!status->health)
		return;
	health->plan = plan;
	health->settings = settings;
	health->began = now_monotonic();
	schedule(health);
}

int health_pause(const struct health *health)
{
	int64_t left;

	if (health->due == NEVER || health->probe.result >= 0)
		return -1;
	left = (health->due - now_monotonic()) / 1000000 + 1;
	return left < 0 ? 0 : left > INT_MAX ? INT_MAX : (int)left;
}

/* Failures before the first success do not count while the container has time to start. */
static void judge(struct health *health, int exit_code)
{
	struct status *status = health->status;

	status->health_exit = exit_code;
	status->health_checked = now_real();
	if (exit_code == 0) {
		status->health = "healthy";
		status->health_failures = 0;
		health->proven = true;
	} else if (!is_starting(health, health->probed) &&
	           ++status->health_failures >= health->settings->health.retries) {
		status->health = "unhealthy";
		health->proven = true;
	}
}

bool health_tick(struct health *health, int target, int run_directory)
{
	enum probe_outcome outcome;
	int exit_code;

	if (health->due == NEVER)
		return false;
	if (health->probe.result < 0) {
		if (now_monotonic() < health->due)
			return false;
		health->probed = now_monotonic();
		/* A probe that cannot be started for want of something on the host says nothing about the container. */
		if (probe_is_frozen(health->settings->health.frozen) ||
		    probe_start(&health->probe, health->plan, health->settings, target, run_directory))
			schedule(health);
		return false;
	}
	outcome = probe_take(&health->probe, &exit_code);
	if (outcome == PROBE_GOES_ON)
		return false;
	if (outcome == PROBE_ENDED)
		judge(health, exit_code);
	schedule(health);
	return outcome == PROBE_ENDED;
}

void health_end(struct health *health)
{
	probe_cancel(&health->probe);
	health->due = NEVER;
}
