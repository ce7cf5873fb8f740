/* null.h - /dev/null, the one device of the host's that every container gets to hold. */
#ifndef CAN_NULL_H
#define CAN_NULL_H

#include "steps.h"

/* A detached read-only mount of the host's /dev/null; -1 with context->failure. */
int null_mount(struct context *context);

/*
 * Standard streams that are the host's /dev/null become the container's own: through a descriptor of the host's the
 * container could change the mode and owner of the host's node. Called once the process sees the container's root.
 */
int null_reopen_streams(struct context *context);

#endif
