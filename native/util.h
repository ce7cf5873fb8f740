/* util.h - small things without a concern of their own: text without stdio, whole writes, clocks, failures. */
#ifndef CAN_UTIL_H
#define CAN_UTIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define ARRAY_COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Closes a descriptor when its variable goes out of scope; errno survives. */
void cleanup_close(int *fd);
#define autoclose __attribute__((cleanup(cleanup_close)))

/* Gives a descriptor away from an autoclose variable. */
int take_fd(int *fd);

/* Closes *fd if it is one, and forgets it. */
void close_fd(int *fd);

/* Text of bounded length, always terminated; what does not fit is cut off and remembered. */
struct text {
	char *at;
	size_t capacity;
	size_t length;
	bool cut;
};

void text_begin(struct text *text, char *buffer, size_t capacity);
void text_add(struct text *text, const char *string);
void text_add_bytes(struct text *text, const char *bytes, size_t length);
void text_add_number(struct text *text, int64_t number);

/* Writes everything or returns -1. */
int write_all(int fd, const void *data, size_t length);

/* Reads up to capacity - 1 bytes of a file below dirfd and terminates them; the length, or -1. */
ssize_t read_small_file(int dirfd, const char *path, char *buffer, size_t capacity);

/* Field 22 of PID/stat below the directory proc_fd: clock ticks since boot, 0 when it cannot be read. */
uint64_t process_start_time(int proc_fd, pid_t pid);

/* Clocks, in nanoseconds. */
int64_t now_real(void);
int64_t now_monotonic(void);

/* Parses a whole decimal number of at most `limit`; false when it is anything else. */
bool parse_number(const char *string, uint64_t limit, uint64_t *number);

#define NO_STEP UINT32_MAX

/*
 * Why something could not be done. A function that can fail takes one, fills it in through fail() or fail_errno() where
 * the reason is known, and returns -1; the caller that knows which step of the plan it was fills in `step`.
 */
struct failure {
	uint32_t step;
	int error; /* errno, or an enum plan_error */
	char text[200];
};

int fail(struct failure *failure, int error, const char *text);
int fail_errno(struct failure *failure, const char *text);

#endif
