/* restart.c - the restart policy and its back-off. */
#include "restart.h"

#include "plan_format.h"

#define MILLISECOND  1000000ll
#define SECOND       1000000000ll
#define FIRST_PAUSE  (100 * MILLISECOND)
#define LAST_PAUSE   (60 * SECOND)
#define HEALTHY_TIME (10 * SECOND)

/* To the monitor RESTART_UNLESS_STOPPED is RESTART_ALWAYS: they differ in what the engine does after a reboot. */
bool restart_wanted(const struct restart *restart, int exit_code)
{
	if (restart->stopped || restart->policy == RESTART_NO)
		return false;
	if (restart->policy != RESTART_ON_FAILURE)
		return true;
	return exit_code != 0 && (restart->retries == 0 || restart->count < restart->retries);
}

int64_t restart_pause(struct restart *restart, int64_t duration)
{
	if (restart->pause == 0 || duration >= HEALTHY_TIME)
		restart->pause = FIRST_PAUSE;
	else
		restart->pause = restart->pause * 2 < LAST_PAUSE ? restart->pause * 2 : LAST_PAUSE;
	return restart->pause;
}
