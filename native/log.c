/*
 * log.c - writes `TIME STREAM TAG text` lines as the CRI log format has them: tag F ends a line; P is a piece of one that
 * the next piece of the same stream continues. A line is cut into pieces only when it is longer than the reader's
 * buffer (16 KiB), or when its stream ends without newline: that last piece keeps the tag P, as containerd writes it,
 * so that a reader can give back exactly the bytes that were written.
 */
#include "log.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "util.h"

#define LINES_PER_WRITE 32
#define PREFIX_MAX      48

static void put_digits(char *at, unsigned count, uint64_t number)
{
	while (count--) {
		at[count] = (char)('0' + number % 10);
		number /= 10;
	}
}

/* Howard Hinnant's civil_from_days for days since 1970: years begin in March, so leap days come last. */
void format_time(char out[31], int64_t time)
{
	const uint64_t seconds = (uint64_t)time / 1000000000u, day_second = seconds % 86400;
	const uint64_t days = seconds / 86400 + 719468, era = days / 146097, day_of_era = days % 146097;
	const uint64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
	const uint64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	const uint64_t shifted = (5 * day_of_year + 2) / 153, month = shifted < 10 ? shifted + 3 : shifted - 9;

	memcpy(out, "0000-00-00T00:00:00.000000000Z", 31);
	put_digits(out, 4, year_of_era + era * 400 + (month <= 2));
	put_digits(out + 5, 2, month);
	put_digits(out + 8, 2, day_of_year - (153 * shifted + 2) / 5 + 1);
	put_digits(out + 11, 2, day_second / 3600);
	put_digits(out + 14, 2, day_second / 60 % 60);
	put_digits(out + 17, 2, day_second % 60);
	put_digits(out + 20, 9, (uint64_t)time % 1000000000u);
}

int log_open(struct log *log, const char *path, uint64_t limit, uint64_t files)
{
	struct stat stat;

	*log = (struct log){ .fd = -1, .path = path, .limit = limit, .files = files };
	if (!path)
		return 0;
	log->fd = openat(AT_FDCWD, path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0640);
	if (log->fd < 0)
		return -1;
	log->size = fstat(log->fd, &stat) == 0 ? (uint64_t)stat.st_size : 0;
	return 0;
}

static void numbered(char out[PATH_MAX], const char *path, uint64_t number)
{
	struct text text;

	text_begin(&text, out, PATH_MAX);
	text_add(&text, path);
	if (number) {
		text_add(&text, ".");
		text_add_number(&text, (int64_t)number);
	}
}

/* current -> current.1 -> ... ; a file that cannot be made anew leaves the log in the one it has. */
static void rotate(struct log *log)
{
	char from[PATH_MAX], to[PATH_MAX];
	int fd;

	for (uint64_t number = log->files - 1; number > 0; number--) {
		numbered(to, log->path, number);
		numbered(from, log->path, number - 1);
		rename(from, to);
	}
	fd = openat(AT_FDCWD, log->path,
	            O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW | (log->files == 1 ? O_TRUNC : 0), 0640);
	if (fd < 0)
		return;
	close(log->fd);
	log->fd = fd;
	log->size = 0;
}

/*
 * Writes a batch of lines. When the disk is full the batch is lost, not the container: a line that was begun is taken
 * back, so that the file stays readable, and the next batch tries again.
 */
static void write_batch(struct log *log, struct iovec *vectors, int count)
{
	size_t length = 0;
	ssize_t written;

	/* Before a write rather than after one: the latest line is always in the current file. */
	if (log->limit && log->size >= log->limit)
		rotate(log);
	for (int i = 0; i < count; i++)
		length += vectors[i].iov_len;
	do {
		written = writev(log->fd, vectors, count);
	} while (written < 0 && errno == EINTR);
	if (written == (ssize_t)length)
		log->size += length;
	else if (written > 0 && ftruncate(log->fd, (off_t)log->size))
		log->size += (uint64_t)written;
}

size_t log_write(struct log *log, const char *stream, int64_t time, const char *bytes, size_t length,
                 enum log_rest rest)
{
	struct iovec vectors[2 * LINES_PER_WRITE + 1];
	char prefix[PREFIX_MAX], partial[PREFIX_MAX];
	size_t done = 0;
	struct text text;
	int count = 0;

	if (log->fd < 0)
		return length;
	format_time(prefix, time);
	text_begin(&text, prefix + 30, sizeof prefix - 30);
	text_add(&text, " ");
	text_add(&text, stream);
	text_add(&text, " F ");
	memcpy(partial, prefix, sizeof prefix);
	partial[30 + text.length - 2] = 'P';
	while (done < length) {
		const char *end = memchr(bytes + done, '\n', length - done);
		const size_t line = end ? (size_t)(end - bytes) + 1 - done : length - done;

		if (!end && rest == LOG_REST_WAITS)
			break;
		vectors[count++] =
			(struct iovec){ end || rest == LOG_REST_COMPLETE ? prefix : partial, 30 + text.length };
		vectors[count++] = (struct iovec){ (char *)bytes + done, line };
		if (!end)
			vectors[count++] = (struct iovec){ (char *)"\n", 1 };
		done += line;
		if (count >= 2 * LINES_PER_WRITE) {
			write_batch(log, vectors, count);
			count = 0;
		}
	}
	if (count)
		write_batch(log, vectors, count);
	return done;
}
