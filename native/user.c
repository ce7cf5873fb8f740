/*
 * user.c - looks users and groups up in a root's own files, as Docker does: a name or number is matched against the
 * names first, then taken as a number; a number need not be listed; groups that list the user count unless a
 * group is given.
 */
#include "user.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "kernel.h"
#include "resolve.h"

#define FILE_MAX (8u << 20)
#define ID_MAX   4294967294u /* the last one means "none" */

struct slice {
	const char *at;
	size_t length;
};

/* Cuts off what comes before the separator. */
static struct slice cut(struct slice *rest, char separator)
{
	const char *end = rest->length ? memchr(rest->at, separator, rest->length) : NULL;
	const size_t length = end ? (size_t)(end - rest->at) : rest->length;
	const struct slice piece = { rest->at, length };

	rest->at += length + (end != NULL);
	rest->length -= length + (end != NULL);
	return piece;
}

static bool equals(struct slice slice, const char *string)
{
	return slice.length == strlen(string) && memcmp(slice.at, string, slice.length) == 0;
}

static bool slice_number(struct slice slice, uint64_t *number)
{
	char digits[16];

	if (slice.length >= sizeof digits)
		return false;
	memcpy(digits, slice.at, slice.length);
	digits[slice.length] = '\0';
	return parse_number(digits, ID_MAX, number);
}

/* A whole file; an empty slice if it is missing, not regular or too large. Held until the exec. */
static struct slice load(int root, const char *path)
{
	autoclose int fd = open_in_root(root, path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
	struct stat stat;
	char *bytes;
	ssize_t length;

	if (fd < 0 || fstat(fd, &stat) || !S_ISREG(stat.st_mode) || stat.st_size <= 0 || stat.st_size > FILE_MAX)
		return (struct slice){ "", 0 };
	bytes = mmap(NULL, (size_t)stat.st_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (bytes == MAP_FAILED)
		return (struct slice){ "", 0 };
	length = read(fd, bytes, (size_t)stat.st_size);
	return (struct slice){ bytes, length > 0 ? (size_t)length : 0 };
}

static void keep_home(struct identity *identity, struct slice home)
{
	if (home.length < sizeof identity->home) {
		memcpy(identity->home, home.at, home.length);
		identity->home[home.length] = '\0';
	}
}

/* Finds name:x:uid:gid:gecos:home:shell; *name becomes the listed name. */
static bool find_user(struct slice file, const char *wanted, struct identity *identity, struct slice *name)
{
	uint64_t number, uid, gid;
	const bool numeric = parse_number(wanted, ID_MAX, &number);
	bool found = false;

	while (file.length) {
		struct slice line = cut(&file, '\n');
		const struct slice listed = cut(&line, ':');
		bool by_name;

		cut(&line, ':');
		if (!slice_number(cut(&line, ':'), &uid) || !slice_number(cut(&line, ':'), &gid))
			continue;
		by_name = equals(listed, wanted);
		if (!by_name && (found || !numeric || uid != number))
			continue;
		cut(&line, ':');
		identity->uid = (uid_t)uid;
		identity->gid = (gid_t)gid;
		keep_home(identity, cut(&line, ':'));
		*name = listed;
		found = true;
		if (by_name)
			break;
	}
	return found;
}

static int add_group(struct identity *identity, gid_t gid)
{
	for (unsigned i = 0; i < identity->group_count; i++)
		if (identity->groups[i] == gid)
			return 0;
	if (identity->group_count == GROUPS_MAX)
		return -1;
	identity->groups[identity->group_count++] = gid;
	return 0;
}

static bool lists(struct slice members, struct slice name)
{
	while (members.length) {
		const struct slice member = cut(&members, ',');

		if (member.length == name.length && memcmp(member.at, name.at, name.length) == 0)
			return true;
	}
	return false;
}

/* Adds every group of name:x:gid:members that lists the user. */
static void add_memberships(struct identity *identity, struct slice file, struct slice user)
{
	while (file.length) {
		struct slice line = cut(&file, '\n');
		uint64_t gid;

		cut(&line, ':');
		cut(&line, ':');
		if (slice_number(cut(&line, ':'), &gid) && lists(line, user))
			add_group(identity, (gid_t)gid);
	}
}

static bool find_group(struct slice file, const char *wanted, gid_t *gid)
{
	uint64_t number, listed_gid;

	while (file.length) {
		struct slice line = cut(&file, '\n');
		const struct slice listed = cut(&line, ':');

		cut(&line, ':');
		if (slice_number(cut(&line, ':'), &listed_gid) && equals(listed, wanted)) {
			*gid = (gid_t)listed_gid;
			return true;
		}
	}
	if (!parse_number(wanted, ID_MAX, &number))
		return false;
	*gid = (gid_t)number;
	return true;
}

int identity_find(struct identity *identity, int root, const char *spec, struct failure *failure)
{
	const char *colon = strchrnul(spec, ':');
	struct slice name = { "", 0 };
	char user[HOME_MAX];
	uint64_t number;

	*identity = (struct identity){ .home = "/" };
	if ((size_t)(colon - spec) >= sizeof user)
		return fail(failure, ERROR_NO_SUCH_USER, spec);
	memcpy(user, spec, (size_t)(colon - spec));
	user[colon - spec] = '\0';
	if (!*user)
		strcpy(user, "0");
	if (!find_user(load(root, "/etc/passwd"), user, identity, &name)) {
		if (parse_number(user, ID_MAX, &number))
			identity->uid = (uid_t)number;
		else if (strcmp(user, "root") != 0) /* known even to an image without /etc/passwd */
			return fail(failure, ERROR_NO_SUCH_USER, user);
		if (identity->uid == 0)
			strcpy(identity->home, "/root");
	}
	if (*colon && colon[1])
		return find_group(load(root, "/etc/group"), colon + 1, &identity->gid)
		               ? 0
		               : fail(failure, ERROR_NO_SUCH_GROUP, colon + 1);
	if (name.length)
		add_memberships(identity, load(root, "/etc/group"), name);
	return 0;
}

int identity_add_group(struct identity *identity, int root, const char *group, struct failure *failure)
{
	gid_t gid;

	if (!find_group(load(root, "/etc/group"), group, &gid))
		return fail(failure, ERROR_NO_SUCH_GROUP, group);
	return add_group(identity, gid) ? fail(failure, E2BIG, group) : 0;
}
