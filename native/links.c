/*
 * links.c - OP_AWAIT_LINKS: waits until the container's interfaces can really send.
 *
 * A pair has a carrier once both ends are up, but the kernel tells those that stand on it from a work queue, a moment later;
 * until then the bridge drops what comes from its port. A program that connects at once would lose its first packet and wait a
 * second for the next try.
 */
#include <errno.h>
#include <net/if.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>

#include "netlink.h"

#define PAUSE    50000ll     /* nanoseconds between two looks */
#define PATIENCE 100000000ll /* where something else keeps the carrier away, the program starts all the same */

void link_name(char *name, unsigned number)
{
	struct text text;

	text_begin(&text, name, LINK_NAME_MAX);
	text_add(&text, "eth");
	text_add_number(&text, number);
}

int step_await_links(struct context *context, const struct step *step)
{
	const struct timespec pause = { .tv_nsec = PAUSE };
	const int64_t deadline = now_monotonic() + PATIENCE;
	autoclose int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return fail_errno(&context->failure, "socket");
	for (unsigned i = 0; i < step->argument_count; i++) {
		struct ifreq request = { 0 };

		link_name(request.ifr_name, (unsigned)step_number(step, i) & 0xffff);
		for (;;) {
			if (ioctl(fd, SIOCGIFFLAGS, &request))
				return fail_errno(&context->failure, request.ifr_name);
			if (request.ifr_flags & IFF_RUNNING || now_monotonic() > deadline)
				break;
			nanosleep(&pause, NULL);
		}
	}
	return 0;
}
