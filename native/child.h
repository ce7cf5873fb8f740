/* child.h - the birth of a container's (or exec's) first process, and what it and its parent tell each other. */
#ifndef CAN_CHILD_H
#define CAN_CHILD_H

#include "steps.h"

/* The child's messages, packets on the socket between the two; the descriptor's end without CHILD_READY is its death. */
enum child_message_kind {
	CHILD_READY = 1,    /* exec comes next; the end of file after it says that it happened */
	CHILD_FAILED = 2,   /* `failure` is filled in */
	CHILD_TERMINAL = 3, /* carries the pseudo-terminal's descriptor */
};

struct child_message {
	uint32_t kind;
	struct failure failure;
};

struct birth {
	pid_t pid;
	int pidfd;
	int sync; /* the parent's end, non-blocking */
};

/*
 * Clones the plan's first process, whose standard streams become `streams` (NULL: it keeps its parent's). The child goes
 * through STAGE_CHILD and never returns; the parent gets 0 or -1.
 */
int child_spawn(struct context *context, const int *streams, struct birth *birth);

/* Parent: the wiring is done. */
int child_release(const struct birth *birth);

/* Parent: takes one message; 1 = got one (*terminal >= 0 if a descriptor came with it), 0 = end of file, -1 = errno. */
int child_receive(const struct birth *birth, struct child_message *message, int *terminal);

/* Parent: the exit code that stands for a failure of the child's set-up. */
int child_exit_code(const struct plan *plan, const struct failure *failure);

/* Child: waits until the parent said that the wiring is done; does not return if the parent is gone. */
void child_await_wiring(struct context *context);

/* Child: whether the parent is still there. */
bool child_has_parent(const struct context *context);

/* Child: tells the parent; fd >= 0 goes along. */
int child_tell(const struct context *context, enum child_message_kind kind, int fd);

#endif
