/* netlink.c - sends a plan's netlink messages, literal but for their slots, and reads what the kernel says about them. */
#include "netlink.h"

#include <errno.h>
#include <net/if.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "kernel.h"

#define SEND_BUFFER_DEFAULT 131072 /* what any kernel's default takes */
#define FILLED_MAX          4096   /* bytes of messages that have slots: those of a container's interfaces */

/* How many messages ask for an acknowledgement; -1 if the bytes are not whole messages. */
static int count_acknowledged(const char *bytes, size_t length)
{
	int count = 0;

	while (length >= sizeof(struct kernel_nlmsghdr)) {
		const struct kernel_nlmsghdr *message = (const void *)bytes;
		const size_t size = ((size_t)message->length + 3) & ~(size_t)3;

		if (message->length < sizeof *message || message->length > length)
			return -1;
		count += (message->flags & KERNEL_NLM_F_ACK) != 0;
		if (size >= length)
			return count;
		bytes += size;
		length -= size;
	}
	return length ? -1 : count;
}

/* The kernel's own words about an error, if it sent any with it (NLMSGERR_ATTR_MSG). */
static const char *extended_message(const struct kernel_nlmsghdr *answer)
{
	/* int error, then the header of the message that failed (its payload is cut off: NETLINK_CAP_ACK), then attributes */
	size_t at = sizeof *answer + sizeof(int32_t) + sizeof *answer;

	if (!(answer->flags & KERNEL_NLM_F_ACK_TLVS) || !(answer->flags & KERNEL_NLM_F_CAPPED))
		return NULL;
	while (at + sizeof(struct kernel_nlattr) < answer->length) {
		const struct kernel_nlattr *attribute = (const void *)((const char *)answer + at);

		if (attribute->length <= sizeof *attribute || attribute->length > answer->length - at)
			return NULL;
		if (attribute->type == KERNEL_NLMSGERR_MSG && ((const char *)attribute)[attribute->length - 1] == '\0')
			return (const char *)(attribute + 1);
		at += (attribute->length + 3u) & ~3u;
	}
	return NULL;
}

/* Reads the answers in one datagram; how many there were, or -1 at the first that is an error. */
static int read_answers(struct context *context, const char *buffer, size_t length)
{
	int count = 0;

	while (length >= sizeof(struct kernel_nlmsghdr) + sizeof(int32_t)) {
		const struct kernel_nlmsghdr *answer = (const void *)buffer;
		const size_t size = ((size_t)answer->length + 3) & ~(size_t)3;

		if (answer->length < sizeof *answer + sizeof(int32_t) || answer->length > length)
			break;
		if (answer->type == KERNEL_NLMSG_ERROR) {
			const int32_t error = *(const int32_t *)(answer + 1);
			const char *words = extended_message(answer);

			if (error)
				return fail(&context->failure, -error, words ? words : "netlink");
			count++;
		}
		if (size >= length)
			break;
		buffer += size;
		length -= size;
	}
	return count;
}

/* The kernel handles a request within send(2), so every answer is there by now and nothing needs waiting for. */
static int await_answers(struct context *context, int fd, int expected)
{
	_Alignas(8) char buffer[4096];

	for (;;) {
		const ssize_t length = recv(fd, buffer, sizeof buffer, MSG_DONTWAIT);
		int count;

		if (length < 0 && errno == EINTR)
			continue;
		if (length < 0 && errno == EAGAIN)
			return expected > 0 ? fail(&context->failure, EPROTO, "netlink: no acknowledgement") : 0;
		if (length < 0)
			return fail_errno(&context->failure, "netlink");
		count = read_answers(context, buffer, (size_t)length);
		if (count < 0)
			return -1;
		expected -= count;
	}
}

static int fill_slot(struct context *context, char *messages, uint64_t slot)
{
	static const char digits[] = "0123456789abcdef";
	char *at = messages + (uint32_t)slot;
	char name[LINK_NAME_MAX];
	uint32_t index;

	if (slot >> 48 == SLOT_RUN_NUMBER) {
		for (int i = 0; i < 4; i++)
			at[i] = digits[context->run_number >> (12 - 4 * i) & 15];
		return 0;
	}
	link_name(name, (unsigned)(slot >> 32 & 0xffff));
	index = if_nametoindex(name);
	if (!index)
		return fail_errno(&context->failure, "a network interface of the container");
	memcpy(at, &index, sizeof index);
	return 0;
}

/* The step's messages with their slots filled in. The plan itself stays as it is: it is run again. */
static const char *prepare_messages(struct context *context, const struct step *step, char *buffer)
{
	const struct argument_header *messages = step_argument(step, 0);

	if (step->argument_count <= 2)
		return argument_bytes(messages);
	if (messages->length > FILLED_MAX) {
		fail(&context->failure, EMSGSIZE, "netlink: too many messages for slots");
		return NULL;
	}
	memcpy(buffer, argument_bytes(messages), messages->length);
	for (unsigned i = 2; i < step->argument_count; i++)
		if (fill_slot(context, buffer, step_number(step, i)))
			return NULL;
	return buffer;
}

int netlink_open(struct context *context, int protocol)
{
	const int on = 1, fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol);

	if (fd < 0)
		return fail_errno(&context->failure, "netlink");
	setsockopt(fd, KERNEL_SOL_NETLINK, KERNEL_NETLINK_CAP_ACK, &on, sizeof on);
	setsockopt(fd, KERNEL_SOL_NETLINK, KERNEL_NETLINK_EXT_ACK, &on, sizeof on);
	return fd;
}

/*
 * Sockets to nf_tables stay open. To close one right after a deletion would wait until the kernel has freed what was deleted
 * (10 ms and more, in which it holds off every other change of the tables); a moment later it costs nothing.
 */
int netlink_keep(struct context *context, enum kept_socket which)
{
	static int kept[KEPT_COUNT]; /* 0: none, which is /dev/null in every process that gets here */

	if (kept[which] == 0) {
		const int fd = netlink_open(context, KERNEL_NETLINK_NETFILTER);

		if (fd < 0)
			return -1;
		kept[which] = fd;
	}
	return kept[which];
}

int netlink_send(struct context *context, int fd, const void *messages, size_t length)
{
	const struct kernel_sockaddr_nl kernel = { .family = AF_NETLINK };
	const int size = (int)length;

	if (size > SEND_BUFFER_DEFAULT)
		setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof size);
	if (sendto(fd, messages, length, 0, (const void *)&kernel, sizeof kernel) < 0)
		return fail_errno(&context->failure, "netlink");
	return 0;
}

int step_netlink(struct context *context, const struct step *step)
{
	_Alignas(8) char buffer[FILLED_MAX];
	const size_t length = step_argument(step, 0)->length;
	const int protocol = step->argument_count > 1 ? (int)step_number(step, 1) : 0;
	const char *messages = prepare_messages(context, step, buffer);
	int expected, fd;
	autoclose int own = -1;

	if (!messages)
		return -1;
	expected = count_acknowledged(messages, length);
	if (expected < 0)
		return fail(&context->failure, EBADMSG, "netlink: the plan's messages are not whole");
	/* The child is another process and ends as such with its exec. */
	if (protocol == KERNEL_NETLINK_NETFILTER && step->stage != STAGE_CHILD)
		fd = netlink_keep(context, KEPT_MESSAGES);
	else
		fd = own = netlink_open(context, protocol);
	if (fd < 0 || netlink_send(context, fd, messages, length))
		return -1;
	return await_answers(context, fd, expected);
}
