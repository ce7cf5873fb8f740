/* user.h - who "user[:group]" is, by a root's /etc/passwd and /etc/group. */
#ifndef CAN_USER_H
#define CAN_USER_H

#include <sys/types.h>

#include "steps.h"

#define GROUPS_MAX 256

struct identity {
	uid_t uid;
	gid_t gid;
	gid_t groups[GROUPS_MAX];
	unsigned group_count;
	char home[HOME_MAX];
};

/* Looks up "user[:group]"; empty text is user 0. */
int identity_find(struct identity *identity, int root, const char *spec, struct failure *failure);

/* Adds a group by name or number. */
int identity_add_group(struct identity *identity, int root, const char *group, struct failure *failure);

#endif
