/* netlink.h - a netlink socket, for the steps that do more with it than send what the plan says. */
#ifndef CAN_NETLINK_H
#define CAN_NETLINK_H

#include "steps.h"

#define LINK_NAME_MAX 16

/* links.c: "eth<number>". */
void link_name(char *name, unsigned number);

/* A socket for the life of this process, made when it is first asked for; never closed by the caller. */
enum kept_socket { KEPT_MESSAGES, KEPT_LIST, KEPT_DELETIONS, KEPT_COUNT };
int netlink_keep(struct context *context, enum kept_socket which);

/* A socket in this process's network namespace, or -1 with the context's failure. */
int netlink_open(struct context *context, int protocol);

int netlink_send(struct context *context, int fd, const void *messages, size_t length);

#endif
