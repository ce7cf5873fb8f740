/* ports.c - sockets bound to published ports. */
#include "ports.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "util.h"

static _Alignas(struct cmsghdr) char ancillary[CMSG_SPACE(PORTS_IN_PACKET * sizeof(int))];

static bool is_internet_socket(int fd)
{
	int domain;
	socklen_t length = sizeof domain;

	return getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &length) == 0 &&
	       (domain == AF_INET || domain == AF_INET6);
}

static int add(struct ports *ports, const int *fds, unsigned count)
{
	int *more;

	if (count > PORTS_MAX - ports->count)
		return EMFILE;
	for (unsigned i = 0; i < count; i++)
		if (!is_internet_socket(fds[i]))
			return EINVAL;
	more = realloc(ports->fds, (ports->count + count) * sizeof *more);
	if (!more)
		return ENOMEM;
	ports->fds = more;
	memcpy(more + ports->count, fds, count * sizeof *fds);
	ports->count += count;
	return 0;
}

int ports_inherit(struct ports *ports, int first, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		const int fd = first + (int)i;

		if (add(ports, &fd, 1))
			return -1;
	}
	return 0;
}

void ports_prepare_receive(struct ports *ports, struct msghdr *header)
{
	ports->received_count = 0;
	header->msg_control = ancillary;
	header->msg_controllen = sizeof ancillary;
}

void ports_receive(struct ports *ports, struct msghdr *header)
{
	for (struct cmsghdr *part = CMSG_FIRSTHDR(header); part; part = CMSG_NXTHDR(header, part)) {
		if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS)
			continue;
		/* The kernel puts all descriptors of a message into one part, and no more than there is room for. */
		ports->received_count = (unsigned)((part->cmsg_len - CMSG_LEN(0)) / sizeof(int));
		memcpy(ports->received, CMSG_DATA(part), ports->received_count * sizeof(int));
	}
}

void ports_drop_received(struct ports *ports)
{
	while (ports->received_count)
		close(ports->received[--ports->received_count]);
}

int ports_take_received(struct ports *ports)
{
	const int error = ports->received_count ? add(ports, ports->received, ports->received_count) : EINVAL;

	if (!error)
		ports->received_count = 0;
	return error;
}

static bool is_bound_to(int fd, const struct port_address *wanted)
{
	struct sockaddr_in6 name = { 0 };
	const struct sockaddr_in *name4 = (const void *)&name;
	socklen_t length = sizeof name, number_length = sizeof(int);
	int protocol;

	if (getsockopt(fd, SOL_SOCKET, SO_PROTOCOL, &protocol, &number_length) || protocol != wanted->protocol ||
	    getsockname(fd, (void *)&name, &length) || name.sin6_family != wanted->family)
		return false;
	if (name.sin6_family == AF_INET)
		return memcmp(&name4->sin_port, wanted->port, 2) == 0 &&
		       memcmp(&name4->sin_addr, wanted->address, 4) == 0;
	return memcmp(&name.sin6_port, wanted->port, 2) == 0 && memcmp(&name.sin6_addr, wanted->address, 16) == 0;
}

void ports_release(struct ports *ports, const struct port_address *address)
{
	for (unsigned i = ports->count; i-- > 0;) {
		if (!is_bound_to(ports->fds[i], address))
			continue;
		close(ports->fds[i]);
		ports->fds[i] = ports->fds[--ports->count];
	}
}

void ports_close(struct ports *ports)
{
	while (ports->count)
		close(ports->fds[--ports->count]);
	free(ports->fds);
	ports->fds = NULL;
}
