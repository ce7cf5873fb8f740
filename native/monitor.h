/* monitor.h - a container's monitor: it runs the plan, watches, and runs it again as the policy says. */
#ifndef CAN_MONITOR_H
#define CAN_MONITOR_H

#include "child.h"
#include "control.h"
#include "health.h"
#include "status.h"

struct monitor {
	const struct plan *plan;
	struct plan renewed; /* the plan of the next run, once the engine has left one */
	struct settings settings;
	int run_directory, state_directory; /* -1: none */
	struct log log;
	struct streams streams;
	struct control control;
	struct restart restart;
	struct ports ports;
	struct status status;
	bool first; /* the run is the first, and the engine waits for news of it */
};

/* One run of the plan, from its HOST steps to its TEARDOWN steps. */
struct run {
	struct monitor *monitor;
	struct context context;
	struct birth birth;
	enum { RUN_SETTING_UP, RUN_RUNNING, RUN_ENDED } phase;
	bool ready;             /* the child said that exec comes next */
	struct failure failure; /* why there was no run; error 0: there was one */
	int64_t began;          /* monotonic, of the program */
	int64_t duration;
	uint64_t oom_before;
	struct health health;
};

/* The monitor's life: settings as loaded, a process of its own already. Returns the process's exit code. */
int monitor_main(struct monitor *monitor);

/*
 * Takes up the plan that the engine has left for the next run, if there is one. Before a teardown too: ports published since the
 * run began are translated by elements that only the new plan knows.
 */
void monitor_renew_plan(struct monitor *monitor);

/* run.c: one run; its end is in monitor->status, its failure in run->failure. */
void run_plan(struct run *run, struct monitor *monitor);

/* run.c: waits for control messages, and for what a run (NULL: none) has to tell; a negative time is for ever. */
void serve(struct monitor *monitor, struct run *run, int milliseconds);

#endif
