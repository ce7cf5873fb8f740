/* ports.h - sockets bound to published ports: held, so that nobody else can bind them, and never used. */
#ifndef CAN_PORTS_H
#define CAN_PORTS_H

#include <sys/socket.h>

#include "plan_format.h"

struct ports {
	int *fds;
	unsigned count;
	int received[PORTS_IN_PACKET]; /* descriptors that came with the packet being handled */
	unsigned received_count;
};

/* Takes over `count` descriptors from `first` on; -1 if one of them is not a socket. */
int ports_inherit(struct ports *ports, int first, unsigned count);

/* Around recvmsg(2): room for descriptors, then what came. A packet that is not CONTROL_RESERVE leaves them to be dropped. */
void ports_prepare_receive(struct ports *ports, struct msghdr *header);
void ports_receive(struct ports *ports, struct msghdr *header);
void ports_drop_received(struct ports *ports);

/* Holds what came with the packet; 0 or an errno, and then none of it is held. */
int ports_take_received(struct ports *ports);

/* Closes the sockets bound to an address. */
void ports_release(struct ports *ports, const struct port_address *address);

void ports_close(struct ports *ports);

#endif
