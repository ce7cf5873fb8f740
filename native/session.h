/* session.h - all processes of a session. */
#ifndef CAN_SESSION_H
#define CAN_SESSION_H

#include <sys/types.h>

/* Kills them (SIGKILL), as the directory `proc` (a procfs) shows them. The leader, if it has ended, must not be reaped yet. */
void session_kill(int proc, pid_t session);

#endif
