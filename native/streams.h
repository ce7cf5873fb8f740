/* streams.h - the monitor's side of a container's standard streams: pipes, or one pseudo-terminal. */
#ifndef CAN_STREAMS_H
#define CAN_STREAMS_H

#include <stdint.h>
#include <sys/types.h>

#include "log.h"
#include "settings.h"

#define CHUNK_MAX 16384 /* bytes read at once, and the longest piece of a line in the log */

/* One direction out of the container. What the log has not taken yet (a line without its end) stays in the buffer. */
struct output {
	int fd; /* -1: ended */
	const char *name;
	char *buffer;
	size_t begin, end;
};

struct streams {
	int input;         /* pipe to standard input, or the terminal; -1: none or closed */
	bool terminal;     /* input and outputs[0].fd are the same descriptor */
	bool awaited;      /* the terminal is still to come from the child; input waits for it */
	int terminal_hold; /* the terminal's inner end, held so that it never hangs up while the container runs */
	struct output outputs[2];
};

/* What was read, as consoles get it; valid until the next read. */
struct chunk {
	char type; /* CONTROL_OUT or CONTROL_ERROR */
	const char *bytes;
	size_t length;
};

void streams_begin(struct streams *streams);

/* Makes the pipes; `child` gets the descriptors that become the child's 0, 1 and 2. */
int streams_open(struct streams *streams, const struct settings *settings, int child[3]);

/* The terminal's descriptor came from the child. */
void streams_adopt_terminal(struct streams *streams, int terminal);

/* Reads what there is of one output into the log; false: nothing now. The end of file closes the output. */
bool streams_read(struct streams *streams, int index, struct log *log, struct chunk *chunk);

/* Writes to standard input; how much was taken, -1: it is closed. Never blocks. */
ssize_t streams_write(struct streams *streams, const char *bytes, size_t length);

/* Ends standard input. A terminal cannot be closed: its reader is sent the end-of-file key instead. */
void streams_end_input(struct streams *streams);

void streams_resize(struct streams *streams, uint16_t rows, uint16_t columns);

/* Writes lines without an end to the log and closes everything. */
void streams_close(struct streams *streams, struct log *log);

#endif
