/* util.c - small things without a concern of their own. */
#include "util.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

void cleanup_close(int *fd)
{
	if (*fd >= 0) {
		const int saved = errno;

		close(*fd);
		errno = saved;
	}
}

int take_fd(int *fd)
{
	const int taken = *fd;

	*fd = -1;
	return taken;
}

void close_fd(int *fd)
{
	cleanup_close(fd);
	*fd = -1;
}

void text_begin(struct text *text, char *buffer, size_t capacity)
{
	*text = (struct text){ .at = buffer, .capacity = capacity };
	buffer[0] = '\0';
}

void text_add_bytes(struct text *text, const char *bytes, size_t length)
{
	const size_t room = text->capacity - 1 - text->length;

	if (length > room) {
		length = room;
		text->cut = true;
	}
	memcpy(text->at + text->length, bytes, length);
	text->length += length;
	text->at[text->length] = '\0';
}

void text_add(struct text *text, const char *string)
{
	text_add_bytes(text, string, strlen(string));
}

void text_add_number(struct text *text, int64_t number)
{
	char digits[24];
	size_t at = sizeof digits;
	uint64_t rest = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;

	do {
		digits[--at] = (char)('0' + rest % 10);
		rest /= 10;
	} while (rest);
	if (number < 0)
		digits[--at] = '-';
	text_add_bytes(text, digits + at, sizeof digits - at);
}

int write_all(int fd, const void *data, size_t length)
{
	const char *at = data;

	while (length) {
		const ssize_t written = write(fd, at, length);

		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return -1;
		at += written;
		length -= (size_t)written;
	}
	return 0;
}

ssize_t read_small_file(int dirfd, const char *path, char *buffer, size_t capacity)
{
	autoclose int fd = openat(dirfd, path, O_RDONLY | O_CLOEXEC);
	ssize_t length;

	if (fd < 0)
		return -1;
	length = read(fd, buffer, capacity - 1);
	if (length >= 0)
		buffer[length] = '\0';
	return length;
}

uint64_t process_start_time(int proc_fd, pid_t pid)
{
	char path[40], stat[512];
	const char *at;
	uint64_t start = 0;
	struct text text;

	text_begin(&text, path, sizeof path);
	text_add_number(&text, pid);
	text_add(&text, "/stat");
	if (read_small_file(proc_fd, path, stat, sizeof stat) <= 0)
		return 0;
	/* The second field is the name in parentheses and may hold anything, so count from its last ')': field 3 follows. */
	at = strrchr(stat, ')');
	for (int field = 2; at && field < 22; field++)
		at = strchr(at + 1, ' ');
	if (!at)
		return 0;
	for (at++; *at >= '0' && *at <= '9'; at++)
		start = start * 10 + (uint64_t)(*at - '0');
	return start;
}

static int64_t now(clockid_t clock)
{
	struct timespec time;

	clock_gettime(clock, &time);
	return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

int64_t now_real(void)
{
	return now(CLOCK_REALTIME);
}

int64_t now_monotonic(void)
{
	return now(CLOCK_MONOTONIC);
}

bool parse_number(const char *string, uint64_t limit, uint64_t *number)
{
	uint64_t value = 0;

	if (!*string)
		return false;
	for (; *string; string++) {
		if (*string < '0' || *string > '9')
			return false;
		value = value * 10 + (uint64_t)(*string - '0');
		if (value > limit)
			return false;
	}
	*number = value;
	return true;
}

int fail(struct failure *failure, int error, const char *text)
{
	failure->error = error ? error : EIO; /* 0 means that nothing failed */
	strncpy(failure->text, text, sizeof failure->text - 1);
	failure->text[sizeof failure->text - 1] = '\0';
	return -1;
}

int fail_errno(struct failure *failure, const char *text)
{
	return fail(failure, errno, text);
}
