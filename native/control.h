/* control.h - the control socket: requests to the monitor, and consoles attached to the container's streams. */
#ifndef CAN_CONTROL_H
#define CAN_CONTROL_H

#include <poll.h>

#include "ports.h"
#include "restart.h"
#include "streams.h"

#define CONNECTIONS_MAX 16

#define ATTACHED_INPUT  1
#define ATTACHED_OUTPUT 2

struct connection {
	int fd;        /* -1: free */
	uint8_t mask;  /* what it is attached to */
	bool owed;     /* it has not taken the current chunk yet */
	char *pending; /* input that the container has not taken yet */
	size_t pending_at, pending_end;
};

struct control {
	int listener;
	struct connection connections[CONNECTIONS_MAX];
	struct chunk chunk; /* what owed connections still get; no output is read until then */
	struct streams *streams;
	struct restart *restart;
	struct settings *settings; /* the terminal's size is kept for the next run */
	struct ports *ports;
};

/* Makes the socket in a directory (-1: none); -1 with errno. Leaves the working directory at "/". */
int control_begin(struct control *control, int directory);

/* Takes over an attached connection. */
void control_adopt(struct control *control, int fd, uint8_t mask);

/* Fills in what to wait for; at most CONNECTIONS_MAX + 1 entries, how many. And deals with what poll(2) said. */
unsigned control_prepare(const struct control *control, struct pollfd *polled);
void control_serve(struct control *control, const struct pollfd *polled);

/* Closes a connection and frees its place. */
void connection_drop(struct connection *connection);

/* consoles.c: sends the current chunk to a connection that is owed it. */
void console_deliver(struct control *control, struct connection *connection);

/* Sends output to the attached consoles; afterwards control_owes says whether one has not taken it yet. */
void control_output(struct control *control, const struct chunk *chunk);
bool control_owes(const struct control *control);

/* Forgets consoles that do not take what they are owed. */
void control_drop_owed(struct control *control);

/* Whether input waits until standard input takes it. */
bool control_has_input(const struct control *control);

/* Forgets such input: the standard input it was meant for is gone. */
void control_forget_input(struct control *control);

/* Tells the attached consoles the end and closes everything. */
void control_end(struct control *control, int32_t exit_code, int32_t signal, int32_t oom);

#endif
