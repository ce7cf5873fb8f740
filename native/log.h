/* log.h - the container's log: CRI lines in files of bounded size. */
#ifndef CAN_LOG_H
#define CAN_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct log {
	int fd; /* -1: there is none, everything is swallowed */
	const char *path;
	uint64_t size;
	uint64_t limit; /* 0: never rotated */
	uint64_t files;
};

/* Opens or creates the log; -1 with errno. */
int log_open(struct log *log, const char *path, uint64_t limit, uint64_t files);

/* What happens to a rest without newline. */
enum log_rest {
	LOG_REST_WAITS,    /* the caller comes back with it once it has more */
	LOG_REST_PARTIAL,  /* it is written as a piece of a line (tag P) */
	LOG_REST_COMPLETE, /* the stream has ended: it is the end of a line (tag F) that never got its newline */
};

/* Writes the whole lines among these bytes, and the rest as it is told; how many bytes were written. */
size_t log_write(struct log *log, const char *stream, int64_t time, const char *bytes, size_t length,
                 enum log_rest rest);

/* A time of the real-time clock as RFC 3339 with nanoseconds, UTC: 30 characters and NUL. */
void format_time(char out[31], int64_t time);

#endif
