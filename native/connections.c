/*
 * connections.c - OP_FORGET_CONNECTIONS: takes entries out of the kernel's connection tracking.
 *
 * An entry keeps the translation of its first packet for as long as packets come. To a TCP connection that is as it should be;
 * a UDP client that goes on sending would for ever be led to the container that had the port before, or to nobody.
 */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "kernel.h"
#include "netlink.h"

#define REQUEST_MAX 512

/* A message under construction, or a part of one that was received. */
struct message {
	_Alignas(8) char bytes[REQUEST_MAX];
	size_t length;
};

static const struct kernel_nlattr *find(const void *from, size_t length, uint16_t type)
{
	const char *at = from;

	while (length > sizeof(struct kernel_nlattr)) {
		const struct kernel_nlattr *attribute = (const void *)at;
		const size_t size = (attribute->length + 3u) & ~3u;

		if (attribute->length < sizeof *attribute || attribute->length > length)
			return NULL;
		if ((attribute->type & KERNEL_NLA_TYPE_MASK) == type)
			return attribute;
		if (size >= length)
			return NULL;
		at += size;
		length -= size;
	}
	return NULL;
}

static const struct kernel_nlattr *find_in(const struct kernel_nlattr *outer, uint16_t type)
{
	return outer ? find(outer + 1, outer->length - sizeof *outer, type) : NULL;
}

static bool holds(const struct kernel_nlattr *attribute, const void *bytes, size_t length)
{
	return attribute && attribute->length == sizeof *attribute + length &&
	       memcmp(attribute + 1, bytes, length) == 0;
}

static bool is_any(const struct port_address *port)
{
	static const uint8_t any[sizeof port->address];

	return memcmp(port->address, any, sizeof any) == 0;
}

/* Whether a connection began by asking for this port. */
static bool asked_for(const struct kernel_nlattr *original, const struct port_address *port)
{
	const struct kernel_nlattr *address = find_in(original, KERNEL_CTA_TUPLE_IP);
	const struct kernel_nlattr *protocol = find_in(original, KERNEL_CTA_TUPLE_PROTO);
	const bool four = port->family == AF_INET;
	const uint8_t number = (uint8_t)port->protocol;

	address = find_in(address, four ? KERNEL_CTA_IP_V4_DST : KERNEL_CTA_IP_V6_DST);
	return address && (is_any(port) || holds(address, port->address, four ? 4 : 16)) &&
	       holds(find_in(protocol, KERNEL_CTA_PROTO_NUM), &number, 1) &&
	       holds(find_in(protocol, KERNEL_CTA_PROTO_DST_PORT), port->port, 2);
}

static void *append(struct message *message, const void *bytes, size_t length)
{
	char *at = message->bytes + message->length;

	memset(at, 0, (length + 3) & ~(size_t)3);
	if (bytes)
		memcpy(at, bytes, length);
	message->length += (length + 3) & ~(size_t)3;
	return at;
}

static void append_value(struct message *message, uint16_t type, const void *value, uint16_t length)
{
	const struct kernel_nlattr header = { (uint16_t)(sizeof header + length), type };

	append(message, &header, sizeof header);
	append(message, value, length);
}

static struct kernel_nlattr *append_nest(struct message *message, uint16_t type)
{
	const struct kernel_nlattr header = { 0, type | KERNEL_NLA_F_NESTED };

	return append(message, &header, sizeof header);
}

static void end_nest(const struct message *message, struct kernel_nlattr *nest)
{
	nest->length = (uint16_t)(message->bytes + message->length - (const char *)nest);
}

static void begin(struct message *message, uint16_t type, uint16_t flags, uint8_t family)
{
	const struct kernel_nlmsghdr header = { .type = type, .flags = flags };
	const struct kernel_nfgenmsg content = { .family = family };

	message->length = 0;
	append(message, &header, sizeof header);
	append(message, &content, sizeof content);
}

static int send_message(struct context *context, int fd, struct message *message)
{
	((struct kernel_nlmsghdr *)message->bytes)->length = (uint32_t)message->length;
	return netlink_send(context, fd, message->bytes, message->length);
}

/* Asks for the connections to a port. A kernel older than 5.8 knows no filter and lists them all. */
static int request_list(struct context *context, int fd, const struct port_address *port)
{
	const uint32_t filter = KERNEL_CTA_FILTER_PROTOCOL | KERNEL_CTA_FILTER_PORT;
	const uint8_t protocol = (uint8_t)port->protocol;
	struct kernel_nlattr *outer, *inner;
	struct message message;

	begin(&message, KERNEL_CT_GET, KERNEL_NLM_F_REQUEST | KERNEL_NLM_F_DUMP, (uint8_t)port->family);
	outer = append_nest(&message, KERNEL_CTA_TUPLE_ORIG);
	inner = append_nest(&message, KERNEL_CTA_TUPLE_PROTO);
	append_value(&message, KERNEL_CTA_PROTO_NUM, &protocol, sizeof protocol);
	append_value(&message, KERNEL_CTA_PROTO_DST_PORT, port->port, sizeof port->port);
	end_nest(&message, inner);
	end_nest(&message, outer);
	outer = append_nest(&message, KERNEL_CTA_FILTER);
	append_value(&message, KERNEL_CTA_FILTER_ORIG, &filter, sizeof filter);
	end_nest(&message, outer);
	return send_message(context, fd, &message);
}

/* Deletes one connection; one that has ended meanwhile is fine, so no answer is asked for. */
static int forget(struct context *context, int fd, const char *attributes, size_t length, uint8_t family)
{
	static const uint16_t copied[] = { KERNEL_CTA_TUPLE_ORIG, KERNEL_CTA_ZONE, KERNEL_CTA_ID };
	struct message message;

	begin(&message, KERNEL_CT_DELETE, KERNEL_NLM_F_REQUEST, family);
	for (size_t i = 0; i < ARRAY_COUNT(copied); i++) {
		const struct kernel_nlattr *attribute = find(attributes, length, copied[i]);

		if (attribute && message.length + attribute->length + 4 <= sizeof message.bytes)
			append(&message, attribute, attribute->length);
	}
	return send_message(context, fd, &message);
}

/* Goes through one datagram of the list; 1 at the list's end, -1 at an error. */
static int take_list(struct context *context, int deleter, const char *buffer, size_t length,
                     const struct port_address *port)
{
	while (length >= sizeof(struct kernel_nlmsghdr) + sizeof(struct kernel_nfgenmsg)) {
		const struct kernel_nlmsghdr *message = (const void *)buffer;
		const size_t size = ((size_t)message->length + 3) & ~(size_t)3;
		const char *attributes = buffer + sizeof *message + sizeof(struct kernel_nfgenmsg);
		const size_t room = message->length - sizeof *message - sizeof(struct kernel_nfgenmsg);

		if (message->length < sizeof *message + sizeof(struct kernel_nfgenmsg) || message->length > length)
			return fail(&context->failure, EPROTO, "the list of connections");
		if (message->type == KERNEL_NLMSG_DONE)
			return 1;
		if (message->type == KERNEL_NLMSG_ERROR)
			return fail(&context->failure, -*(const int32_t *)(message + 1), "the list of connections");
		if (asked_for(find(attributes, room, KERNEL_CTA_TUPLE_ORIG), port) &&
		    forget(context, deleter, attributes, room, (uint8_t)port->family))
			return -1;
		if (size >= length)
			return 0;
		buffer += size;
		length -= size;
	}
	return 0;
}

static int forget_all(struct context *context, int list, int deleter, const struct port_address *port)
{
	_Alignas(8) static char buffer[32768]; /* what the kernel puts into a datagram of a list at most */

	if (request_list(context, list, port))
		return -1;
	for (;;) {
		const ssize_t length = recv(list, buffer, sizeof buffer, MSG_DONTWAIT);
		int result;

		if (length < 0 && errno == EINTR)
			continue;
		if (length <= 0)
			return fail_errno(&context->failure, "the list of connections");
		result = take_list(context, deleter, buffer, (size_t)length, port);
		if (result)
			return result < 0 ? -1 : 0;
	}
}

int step_forget_connections(struct context *context, const struct step *step)
{
	const struct argument_header *argument = step_argument(step, 0);
	const size_t count = argument->length / sizeof(struct port_address);
	/* Two sockets: an answer to a deletion would come between those of the list. */
	const int list = netlink_keep(context, KEPT_LIST), deleter = netlink_keep(context, KEPT_DELETIONS);
	struct port_address port;

	if (list < 0 || deleter < 0)
		return -1;
	for (size_t i = 0; i < count; i++) {
		memcpy(&port, argument_bytes(argument) + i * sizeof port, sizeof port);
		if (forget_all(context, list, deleter, &port))
			return -1;
	}
	return 0;
}
