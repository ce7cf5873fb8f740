/*
 * seed.c - OP_SEED_VOLUME: a fresh volume starts as a copy of what the image has in its place: owners, modes, times,
 * extended attributes, links. Devices and sockets are left out. Nothing runs in the container yet, but an image is
 * not trusted: every name is opened in its own directory and no link is followed.
 */
#include "steps.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "kernel.h"
#include "resolve.h"

#define DEPTH_MAX       200
#define NAMES_MAX       4096
#define VALUE_BYTES_MAX 65536
#define COPY_MAX        0x7ffff000

static int copy_entries(int from, int to, int depth);

static bool is_dots(const char *name)
{
	return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

/* 1 empty, 0 not, -1 errno. */
static int is_empty(int fd)
{
	const int copy = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *directory = copy < 0 ? NULL : fdopendir(copy);
	const struct dirent *entry;

	if (!directory) {
		if (copy >= 0)
			close(copy);
		return -1;
	}
	/* mkfs leaves lost+found in a file system of its own; it is nobody's data */
	while ((entry = readdir(directory)) && (is_dots(entry->d_name) || strcmp(entry->d_name, "lost+found") == 0))
		;
	closedir(directory);
	return entry == NULL;
}

/* What the target cannot hold (another file system, say) is left behind, like cp -a does where it may. */
static void copy_attributes(int from, int to)
{
	char names[NAMES_MAX], *value = NULL;
	const ssize_t length = flistxattr(from, names, sizeof names);

	if (length > 0)
		value = malloc(VALUE_BYTES_MAX);
	for (ssize_t at = 0; value && at < length; at += (ssize_t)strlen(names + at) + 1) {
		const ssize_t size = fgetxattr(from, names + at, value, VALUE_BYTES_MAX);

		if (size >= 0)
			fsetxattr(to, names + at, value, (size_t)size, 0);
	}
	free(value);
}

/* Owner first: changing it clears set-user-id and file capabilities. */
static int copy_facts(int from, int to, const struct stat *stat)
{
	const struct timespec times[2] = { stat->st_atim, stat->st_mtim };

	if (fchown(to, stat->st_uid, stat->st_gid) || fchmod(to, stat->st_mode & 07777))
		return -1;
	copy_attributes(from, to);
	return futimens(to, times);
}

static int copy_bytes(int from, int to)
{
	for (;;) {
		ssize_t copied = copy_file_range(from, NULL, to, NULL, COPY_MAX, 0);

		if (copied < 0 && (errno == EXDEV || errno == EINVAL || errno == EOPNOTSUPP || errno == ENOSYS))
			copied = sendfile(to, from, NULL, COPY_MAX);
		if (copied < 0 && errno == EINTR)
			continue;
		if (copied <= 0)
			return (int)copied;
	}
}

static int copy_file(int from, int to, const char *name)
{
	autoclose int source = openat(from, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	autoclose int target = -1;
	struct stat stat;

	if (source < 0 || fstat(source, &stat))
		return -1;
	target = openat(to, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (target < 0 || copy_bytes(source, target))
		return -1;
	return copy_facts(source, target, &stat);
}

static int copy_directory(int from, int to, const char *name, int depth)
{
	autoclose int source = openat(from, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	autoclose int target = -1;
	struct stat stat;

	if (source < 0 || fstat(source, &stat) || mkdirat(to, name, 0700))
		return -1;
	target = openat(to, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (target < 0 || copy_entries(source, target, depth + 1))
		return -1;
	return copy_facts(source, target, &stat);
}

static int copy_named(int from, int to, const char *name, const struct stat *stat)
{
	const struct timespec times[2] = { stat->st_atim, stat->st_mtim };
	char link[PATH_MAX];
	ssize_t length;

	if (S_ISLNK(stat->st_mode)) {
		length = readlinkat(from, name, link, sizeof link - 1);
		if (length < 0)
			return -1;
		link[length] = '\0';
		if (symlinkat(link, to, name))
			return -1;
	} else if (mkfifoat(to, name, stat->st_mode & 07777)) {
		return -1;
	}
	if (fchownat(to, name, stat->st_uid, stat->st_gid, AT_SYMLINK_NOFOLLOW))
		return -1;
	return utimensat(to, name, times, AT_SYMLINK_NOFOLLOW);
}

static int copy_entry(int from, int to, const char *name, int depth)
{
	struct stat stat;

	if (fstatat(from, name, &stat, AT_SYMLINK_NOFOLLOW))
		return -1;
	switch (stat.st_mode & S_IFMT) {
	case S_IFREG:
		return copy_file(from, to, name);
	case S_IFDIR:
		return copy_directory(from, to, name, depth);
	case S_IFLNK:
	case S_IFIFO:
		return copy_named(from, to, name, &stat);
	default:
		return 0;
	}
}

static int copy_entries(int from, int to, int depth)
{
	const int copy = depth < DEPTH_MAX ? openat(from, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
	DIR *directory = copy < 0 ? NULL : fdopendir(copy);
	const struct dirent *entry;
	int result = 0, error;

	if (!directory) {
		if (copy >= 0)
			close(copy);
		errno = depth < DEPTH_MAX ? errno : ELOOP;
		return -1;
	}
	while (result == 0 && (entry = readdir(directory)))
		if (!is_dots(entry->d_name))
			result = copy_entry(from, to, entry->d_name, depth);
	error = errno;
	closedir(directory);
	errno = error;
	return result;
}

int step_seed_volume(struct context *context, const struct step *step)
{
	const char *path = step_text(step, 0), *volume = step_text(step, 1);
	autoclose int from = open_in_root(context->root, path, O_RDONLY | O_DIRECTORY);
	autoclose int to = -1;
	struct stat stat;
	int empty;

	if (from < 0)
		return errno == ENOENT || errno == ENOTDIR ? 0 : fail_errno(&context->failure, path);
	to = openat(AT_FDCWD, volume, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	empty = to < 0 ? -1 : is_empty(to);
	if (empty < 0)
		return fail_errno(&context->failure, volume);
	if (empty && (fstat(from, &stat) || copy_entries(from, to, 0) || copy_facts(from, to, &stat)))
		return fail_errno(&context->failure, volume);
	return 0;
}
