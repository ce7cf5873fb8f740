/* sync.h - what the helper tells the engine over FD_SYNC. */
#ifndef CAN_SYNC_H
#define CAN_SYNC_H

#include <sys/types.h>

#include "plan_format.h"
#include "util.h"

/* The program runs. */
void sync_started(pid_t pid, uint64_t start_time, pid_t monitor, uint64_t monitor_start_time);

/* A step, or the helper itself, failed. */
void sync_failed(const struct failure *failure);

/* The program ended (exec). */
void sync_exited(int exit_code, int signal);

#endif
