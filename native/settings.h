/* settings.h - STAGE_SETTINGS, decoded once. */
#ifndef CAN_SETTINGS_H
#define CAN_SETTINGS_H

#include "plan.h"

/* SETTING_HEALTH; times in nanoseconds. */
struct health_settings {
	int64_t interval; /* 0: no health check */
	int64_t timeout;
	int64_t start_period;
	int64_t start_interval;
	uint32_t retries;
	const char *frozen; /* path of the file that says whether the container is frozen; empty: none */
};

struct settings {
	const char *run_directory;   /* NULL: none */
	const char *state_directory; /* NULL: none */
	const char *log;             /* NULL: no log */
	uint32_t log_step;
	uint64_t log_size; /* 0: never rotated */
	uint64_t log_files;
	uint32_t restart_policy;
	uint32_t restart_retries;
	const char *oom_counter; /* NULL: none */
	bool stdin_open;
	bool terminal;
	uint16_t rows, columns;
	uint8_t attached; /* CONTROL_ATTACH's mask for FD_CONSOLE; 0: there is none */
	const char *detach_keys;
	size_t detach_length;
	struct health_settings health;
	uint32_t ports; /* sockets inherited from FD_PORTS on */
};

int settings_read(struct settings *settings, const struct plan *plan, struct failure *failure);

#endif
