/* consoles.c - the container's output to the attached consoles, and its end. */
#include "control.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#define END_PATIENCE 2000 /* milliseconds that a full console may take for CONTROL_EXIT */

void console_deliver(struct control *control, struct connection *connection)
{
	struct iovec vectors[2] = {
		{ &control->chunk.type, 1 },
		{ (char *)control->chunk.bytes, control->chunk.length },
	};
	const struct msghdr header = { .msg_iov = vectors, .msg_iovlen = 2 };

	if (sendmsg(connection->fd, &header, MSG_DONTWAIT | MSG_NOSIGNAL) >= 0)
		connection->owed = false;
	else if (errno != EAGAIN && errno != EINTR && errno != ENOBUFS)
		connection_drop(connection);
}

void control_output(struct control *control, const struct chunk *chunk)
{
	control->chunk = *chunk;
	for (int i = 0; i < CONNECTIONS_MAX; i++) {
		struct connection *connection = &control->connections[i];

		if (connection->fd < 0 || !(connection->mask & ATTACHED_OUTPUT))
			continue;
		connection->owed = true;
		console_deliver(control, connection);
	}
}

bool control_owes(const struct control *control)
{
	for (int i = 0; i < CONNECTIONS_MAX; i++)
		if (control->connections[i].owed)
			return true;
	return false;
}

void control_drop_owed(struct control *control)
{
	for (int i = 0; i < CONNECTIONS_MAX; i++)
		if (control->connections[i].owed)
			connection_drop(&control->connections[i]);
}

static void tell_end(int fd, const char *message, size_t length)
{
	struct pollfd polled = { fd, POLLOUT, 0 };

	if (send(fd, message, length, MSG_DONTWAIT | MSG_NOSIGNAL) < 0 && errno == EAGAIN &&
	    poll(&polled, 1, END_PATIENCE) > 0)
		send(fd, message, length, MSG_DONTWAIT | MSG_NOSIGNAL);
}

/*
 * Closing a socket with packets nobody read makes the kernel report ECONNRESET to the peer, and before what was sent to
 * it: so nothing more is let in, and what is there is read.
 */
static void discard_input(int fd)
{
	char byte;

	shutdown(fd, SHUT_RD);
	while (recv(fd, &byte, 1, MSG_DONTWAIT) > 0)
		;
}

void control_end(struct control *control, int32_t exit_code, int32_t signal, int32_t oom)
{
	const int32_t values[3] = { exit_code, signal, oom };
	char message[1 + sizeof values] = { CONTROL_EXIT };

	memcpy(message + 1, values, sizeof values);
	for (int i = 0; i < CONNECTIONS_MAX; i++) {
		struct connection *connection = &control->connections[i];

		if (connection->fd < 0)
			continue;
		if (connection->mask)
			tell_end(connection->fd, message, sizeof message);
		discard_input(connection->fd);
		connection_drop(connection);
	}
	close_fd(&control->listener);
}
