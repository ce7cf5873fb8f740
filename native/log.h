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

/*
 * Writes the whole lines among these bytes and says how many bytes they were; the caller comes back with the rest once
 * it has more. With `flush` a rest without newline is written too, as a partial line.
 */
size_t log_write(struct log *log, const char *stream, int64_t time, const char *bytes, size_t length, bool flush);

/* A time of the real-time clock as RFC 3339 with nanoseconds, UTC: 30 characters and NUL. */
void format_time(char out[31], int64_t time);

#endif
