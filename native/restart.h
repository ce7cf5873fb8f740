/* restart.h - whether and when a plan is run again. */
#ifndef CAN_RESTART_H
#define CAN_RESTART_H

#include <stdbool.h>
#include <stdint.h>

struct restart {
	uint32_t policy; /* enum restart_policy */
	uint32_t retries;
	uint32_t count; /* how often the plan was run again */
	int64_t pause;  /* before the latest one, in nanoseconds */
	bool stopped;   /* CONTROL_STOP came: never again */
	bool by_user;   /* and it was somebody's wish, not the machine's end */
};

bool restart_wanted(const struct restart *restart, int exit_code);

/* The pause before the next run, given how long the last one took; nanoseconds. */
int64_t restart_pause(struct restart *restart, int64_t duration);

#endif
