/* streams.c - the monitor's side of a container's standard streams. */
#include "streams.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "kernel.h"

static char buffers[2][CHUNK_MAX]; /* pages of it exist only as far as the container's output ever filled them */

void streams_begin(struct streams *streams)
{
	*streams = (struct streams){
		.input = -1,
		.terminal_hold = -1,
		.outputs = {
			{ .fd = -1, .name = "stdout", .buffer = buffers[0] },
			{ .fd = -1, .name = "stderr", .buffer = buffers[1] },
		},
	};
}

/* Our end does not block, the container's does. */
static int make_pipe(int *ours, int *theirs, bool we_read)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC))
		return -1;
	*ours = ends[we_read ? 0 : 1];
	*theirs = ends[we_read ? 1 : 0];
	return fcntl(*ours, F_SETFL, O_NONBLOCK);
}

int streams_open(struct streams *streams, const struct settings *settings, int child[3])
{
	streams_begin(streams);
	for (int i = 0; i < 3; i++)
		child[i] = -1;
	streams->awaited = settings->terminal;
	if (!settings->terminal && settings->stdin_open && make_pipe(&streams->input, &child[0], false))
		return -1;
	for (int i = 0; !settings->terminal && i < 2; i++)
		if (make_pipe(&streams->outputs[i].fd, &child[i + 1], true))
			return -1;
	for (int i = 0; i < 3; i++)
		if (child[i] < 0 && (child[i] = openat(AT_FDCWD, "/dev/null", O_RDWR | O_CLOEXEC)) < 0)
			return -1;
	return 0;
}

void streams_adopt_terminal(struct streams *streams, int terminal)
{
	if (streams->terminal)
		close_fd(&streams->input);
	fcntl(terminal, F_SETFL, O_NONBLOCK);
	streams->terminal = true;
	streams->awaited = false;
	streams->input = streams->outputs[0].fd = terminal;
	streams->terminal_hold = ioctl(terminal, KERNEL_TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
}

static void close_output(struct streams *streams, struct output *output)
{
	if (streams->terminal)
		streams->input = -1; /* the same descriptor */
	close_fd(&output->fd);
}

/* Hands whole lines to the log; a buffer full without any goes as a piece of a line, what is left at the end as a line. */
static void log_lines(struct output *output, struct log *log, int64_t time, bool end)
{
	const size_t length = output->end - output->begin;
	const bool full = length == CHUNK_MAX && !memchr(output->buffer, '\n', CHUNK_MAX);

	if (length)
		output->begin += log_write(log, output->name, time, output->buffer + output->begin, length,
		                           end    ? LOG_REST_COMPLETE
		                           : full ? LOG_REST_PARTIAL
		                                  : LOG_REST_WAITS);
}

bool streams_read(struct streams *streams, int index, struct log *log, struct chunk *chunk)
{
	struct output *output = &streams->outputs[index];
	ssize_t length;

	if (output->fd < 0)
		return false;
	output->end -= output->begin;
	memmove(output->buffer, output->buffer + output->begin, output->end);
	output->begin = 0;
	do {
		length = read(output->fd, output->buffer + output->end, CHUNK_MAX - output->end);
	} while (length < 0 && errno == EINTR);
	if (length < 0 && errno == EAGAIN)
		return false;
	if (length <= 0) {
		close_output(streams, output);
		return false;
	}
	*chunk = (struct chunk){ index ? CONTROL_ERROR : CONTROL_OUT, output->buffer + output->end, (size_t)length };
	output->end += (size_t)length;
	log_lines(output, log, now_real(), false);
	return true;
}

ssize_t streams_write(struct streams *streams, const char *bytes, size_t length)
{
	ssize_t written;

	if (streams->input < 0)
		return streams->awaited ? 0 : -1;
	do {
		written = write(streams->input, bytes, length);
	} while (written < 0 && errno == EINTR);
	if (written >= 0)
		return written;
	if (errno == EAGAIN)
		return 0;
	if (!streams->terminal)
		close_fd(&streams->input);
	return -1;
}

void streams_end_input(struct streams *streams)
{
	struct termios modes;

	if (!streams->terminal)
		close_fd(&streams->input);
	else if (streams->input >= 0 && tcgetattr(streams->input, &modes) == 0 && modes.c_lflag & ICANON)
		streams_write(streams, (const char *)&modes.c_cc[VEOF], 1);
}

void streams_resize(struct streams *streams, uint16_t rows, uint16_t columns)
{
	const struct winsize size = { .ws_row = rows, .ws_col = columns };

	if (streams->terminal && streams->input >= 0)
		ioctl(streams->input, TIOCSWINSZ, &size);
}

void streams_close(struct streams *streams, struct log *log)
{
	const int64_t time = now_real();

	for (int i = 0; i < 2; i++) {
		log_lines(&streams->outputs[i], log, time, true);
		if (streams->outputs[i].fd >= 0)
			close_output(streams, &streams->outputs[i]);
	}
	close_fd(&streams->input);
	close_fd(&streams->terminal_hold);
	streams_begin(streams);
}
