/* join.h - the exec mode: one process inside a running container. */
#ifndef CAN_JOIN_H
#define CAN_JOIN_H

#include "settings.h"

int join_main(const struct plan *plan, struct settings *settings, bool detached);

#endif
