/* control.c - the control socket: connections, requests, input. */
#include "control.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define NAME    "control"
#define BACKLOG 16

static char packet[CONTROL_MAX];

int control_begin(struct control *control, int directory)
{
	const struct sockaddr_un address = { .sun_family = AF_UNIX, .sun_path = NAME };
	int result;

	control->listener = -1;
	for (int i = 0; i < CONNECTIONS_MAX; i++)
		control->connections[i] = (struct connection){ .fd = -1 };
	if (directory < 0)
		return 0;
	unlinkat(directory, NAME, 0);
	control->listener = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	/* The mode is set before there is a name; the name is relative, since an address has room for 107 characters. */
	if (control->listener < 0 || fchmod(control->listener, 0600) || fchdir(directory))
		return -1;
	result = bind(control->listener, (const void *)&address, sizeof address);
	if (chdir("/") || result)
		return -1;
	return listen(control->listener, BACKLOG);
}

static struct connection *find_free(struct control *control)
{
	for (int i = 0; i < CONNECTIONS_MAX; i++)
		if (control->connections[i].fd < 0)
			return &control->connections[i];
	return NULL;
}

void control_adopt(struct control *control, int fd, uint8_t mask)
{
	struct connection *connection = find_free(control);

	if (connection)
		*connection = (struct connection){ .fd = fd, .mask = mask };
	else
		close(fd);
}

void connection_drop(struct connection *connection)
{
	free(connection->pending);
	close_fd(&connection->fd);
	*connection = (struct connection){ .fd = -1 };
}

/* An acknowledgement that does not fit is the reader's own fault: it never reads what it asks for. */
static void acknowledge(struct connection *connection, int32_t error)
{
	char answer[1 + sizeof error] = { CONTROL_ACK };

	memcpy(answer + 1, &error, sizeof error);
	if (send(connection->fd, answer, sizeof answer, MSG_DONTWAIT | MSG_NOSIGNAL) < 0)
		connection_drop(connection);
}

/* Keeps what standard input did not take; the connection is not read again until it did. */
static void take_input(struct control *control, struct connection *connection, const char *bytes, size_t length)
{
	const ssize_t written = streams_write(control->streams, bytes, length);

	if (written < 0 || (size_t)written == length)
		return;
	connection->pending = malloc(length - (size_t)written);
	if (!connection->pending) {
		connection_drop(connection);
		return;
	}
	memcpy(connection->pending, bytes + written, length - (size_t)written);
	connection->pending_at = 0;
	connection->pending_end = length - (size_t)written;
}

static void retry_input(struct control *control, struct connection *connection)
{
	const ssize_t written = streams_write(control->streams, connection->pending + connection->pending_at,
	                                      connection->pending_end - connection->pending_at);

	if (written >= 0)
		connection->pending_at += (size_t)written;
	if (written >= 0 && connection->pending_at < connection->pending_end)
		return;
	free(connection->pending);
	connection->pending = NULL;
}

static void set_policy(struct control *control, struct connection *connection, const char *payload, size_t length)
{
	uint32_t values[2];

	if (length != sizeof values) {
		acknowledge(connection, EINVAL);
		return;
	}
	memcpy(values, payload, sizeof values);
	if (values[0] <= RESTART_UNLESS_STOPPED) {
		control->restart->policy = values[0];
		control->restart->retries = values[1];
	}
	acknowledge(connection, values[0] <= RESTART_UNLESS_STOPPED ? 0 : EINVAL);
}

static void resize(struct control *control, const char *payload, size_t length)
{
	uint16_t size[2];

	if (length != sizeof size)
		return;
	memcpy(size, payload, sizeof size);
	control->settings->rows = size[0];
	control->settings->columns = size[1];
	streams_resize(control->streams, size[0], size[1]);
}

static void release_ports(struct control *control, struct connection *connection, const char *payload, size_t length)
{
	struct port_address address;
	size_t at;

	for (at = 0; at + sizeof address <= length; at += sizeof address) {
		memcpy(&address, payload + at, sizeof address);
		ports_release(control->ports, &address);
	}
	acknowledge(connection, at == length ? 0 : EINVAL);
}

static void handle(struct control *control, struct connection *connection, const char *payload, size_t length)
{
	switch (packet[0]) {
	case CONTROL_STOP:
		control->restart->stopped = true;
		control->restart->by_user |= length == 0 || payload[0] != STOP_MACHINE_ENDS;
		acknowledge(connection, 0);
		break;
	case CONTROL_POLICY:
		set_policy(control, connection, payload, length);
		break;
	case CONTROL_ATTACH:
		if (length == 1)
			connection->mask = (uint8_t)payload[0] & (ATTACHED_INPUT | ATTACHED_OUTPUT);
		acknowledge(connection, length == 1 ? 0 : EINVAL);
		break;
	case CONTROL_INPUT:
		if (connection->mask & ATTACHED_INPUT)
			take_input(control, connection, payload, length);
		break;
	case CONTROL_END:
		if (connection->mask & ATTACHED_INPUT)
			streams_end_input(control->streams);
		break;
	case CONTROL_RESIZE:
		resize(control, payload, length);
		break;
	case CONTROL_RESERVE:
		acknowledge(connection, ports_take_received(control->ports));
		break;
	case CONTROL_RELEASE:
		release_ports(control, connection, payload, length);
		break;
	default:
		acknowledge(connection, ENOSYS);
	}
}

static void read_packet(struct control *control, struct connection *connection)
{
	struct iovec vector = { packet, sizeof packet };
	struct msghdr header = { .msg_iov = &vector, .msg_iovlen = 1 };
	ssize_t length;

	ports_prepare_receive(control->ports, &header);
	length = recvmsg(connection->fd, &header, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
	if (length >= 0)
		ports_receive(control->ports, &header);
	if (length < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (length <= 0 || header.msg_flags & MSG_TRUNC)
		connection_drop(connection);
	else
		handle(control, connection, packet + 1, (size_t)length - 1);
	ports_drop_received(control->ports);
}

bool control_has_input(const struct control *control)
{
	for (int i = 0; i < CONNECTIONS_MAX; i++)
		if (control->connections[i].pending)
			return true;
	return false;
}

void control_forget_input(struct control *control)
{
	for (int i = 0; i < CONNECTIONS_MAX; i++) {
		free(control->connections[i].pending);
		control->connections[i].pending = NULL;
	}
}

static short wanted(const struct connection *connection)
{
	return (short)((connection->pending ? 0 : POLLIN) | (connection->owed ? POLLOUT : 0));
}

unsigned control_prepare(const struct control *control, struct pollfd *polled)
{
	bool full = true;

	for (int i = 0; i < CONNECTIONS_MAX; i++) {
		const struct connection *connection = &control->connections[i];

		full &= connection->fd >= 0;
		/* One with nothing to wait for is left out: poll(2) would report its hanging up again and again. */
		polled[i + 1] = (struct pollfd){ wanted(connection) ? connection->fd : -1, wanted(connection), 0 };
	}
	polled[0] = (struct pollfd){ full ? -1 : control->listener, POLLIN, 0 };
	return CONNECTIONS_MAX + 1;
}

void control_serve(struct control *control, const struct pollfd *polled)
{
	int fd;

	for (int i = 0; i < CONNECTIONS_MAX; i++) {
		struct connection *connection = &control->connections[i];
		const short events = polled[i + 1].revents;

		if (connection->owed && events)
			console_deliver(control, connection);
		if (connection->fd >= 0 && connection->pending)
			retry_input(control, connection);
		else if (connection->fd >= 0 && events & (POLLIN | POLLHUP | POLLERR))
			read_packet(control, connection);
	}
	/* Last, so that no poll result is taken for a connection that came after it. */
	if (polled[0].revents & POLLIN && (fd = accept4(control->listener, NULL, NULL, SOCK_CLOEXEC)) >= 0)
		control_adopt(control, fd, 0);
}
