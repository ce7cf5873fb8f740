/* resolve.c - paths inside a container's root. */
#include "resolve.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

#include "kernel.h"
#include "util.h"

#define LINKS_MAX      16
#define COMPONENTS_MAX 256

int open_in_root(int root, const char *path, int flags)
{
	struct kernel_open_how how = {
		.flags = (uint64_t)(flags | O_CLOEXEC),
		.resolve = KERNEL_RESOLVE_IN_ROOT | KERNEL_RESOLVE_NO_MAGICLINKS,
	};
	autoclose int own = -1;
	int fd;

	if (root < 0)
		root = own = openat(AT_FDCWD, "/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	/* EAGAIN: something was renamed while the kernel resolved a "..", which it then cannot vouch for. */
	for (int attempt = 0; attempt < 64; attempt++) {
		fd = sys_openat2(root, *path ? path : "/", &how);
		if (fd >= 0 || errno != EAGAIN)
			break;
	}
	return fd;
}

/* Cuts the last component off; its start. The path has no trailing slash. */
static char *cut_last(char *path)
{
	char *slash = strrchr(path, '/');

	if (!slash)
		return NULL;
	*slash = '\0';
	return slash + 1;
}

/* Absolute, and without doubled or trailing slashes; "" is the root itself. */
static int normalize(char out[PATH_MAX], const char *path)
{
	size_t length = 0;

	while (*path) {
		const char *end;

		while (*path == '/')
			path++;
		end = strchrnul(path, '/');
		if (length + (size_t)(end - path) + 2 > PATH_MAX) {
			errno = ENAMETOOLONG;
			return -1;
		}
		if (end != path) {
			out[length++] = '/';
			memcpy(out + length, path, (size_t)(end - path));
			length += (size_t)(end - path);
		}
		path = end;
	}
	out[length] = '\0';
	return 0;
}

static int make_path(int root, char *path, bool directory, mode_t mode, int links, int components);

/* The name exists yet leads nowhere: a dangling link. What it names is made instead, as far as it lies in the root. */
static int make_link_target(int root, const char *parent, int parent_fd, const char *name, bool directory, mode_t mode,
                            int links)
{
	char link[PATH_MAX], joined[PATH_MAX];
	const ssize_t length = readlinkat(parent_fd, name, link, sizeof link - 1);
	struct text text;

	if (length < 0 || links == LINKS_MAX) {
		errno = length < 0 ? EEXIST : ELOOP;
		return -1;
	}
	link[length] = '\0';
	text_begin(&text, joined, sizeof joined);
	if (link[0] != '/') {
		text_add(&text, parent);
		text_add(&text, "/");
	}
	text_add(&text, link);
	if (text.cut) {
		errno = ENAMETOOLONG;
		return -1;
	}
	if (normalize(link, joined))
		return -1;
	return make_path(root, link, directory, mode, links + 1, 0);
}

static int make_path(int root, char *path, bool directory, mode_t mode, int links, int components)
{
	int fd = open_in_root(root, path, O_PATH);
	autoclose int parent = -1;
	int result;
	char *name;

	if (fd >= 0 || errno != ENOENT)
		return fd;
	name = cut_last(path);
	if (!name || components == COMPONENTS_MAX)
		return -1;
	parent = make_path(root, path, true, 0755, links, components + 1);
	if (parent < 0)
		return -1;
	if (directory)
		result = mkdirat(parent, name, mode);
	else
		result = mknodat(parent, name, S_IFREG | mode, 0);
	if (result && errno == EEXIST)
		fd = make_link_target(root, path, parent, name, directory, mode, links);
	else if (result == 0)
		fd = openat(parent, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	name[-1] = '/';
	return fd;
}

int make_in_root(int root, const char *path, bool directory, mode_t mode)
{
	char buffer[PATH_MAX];

	return normalize(buffer, path) ? -1 : make_path(root, buffer, directory, mode, 0, 0);
}

int parent_in_root(int root, const char *path, char name[256])
{
	char buffer[PATH_MAX], *last;

	if (normalize(buffer, path))
		return -1;
	last = cut_last(buffer);
	if (!last || strlen(last) > 255 || strcmp(last, ".") == 0 || strcmp(last, "..") == 0) {
		errno = EINVAL;
		return -1;
	}
	strcpy(name, last);
	return make_path(root, buffer, true, 0755, 0, 0);
}
