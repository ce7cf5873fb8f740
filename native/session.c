/* session.c - all processes of a session. */
#include "session.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "kernel.h"
#include "util.h"

#define ROUNDS 50

/* Whether PID/stat tells of a process of the session that still lives: "PID (NAME) STATE PARENT GROUP SESSION ...". */
static bool is_alive_in(int proc, const char *pid, pid_t session)
{
	char path[40], stat[512];
	int64_t number = 0;
	struct text text;
	const char *at;

	text_begin(&text, path, sizeof path);
	text_add(&text, pid);
	text_add(&text, "/stat");
	/* The name may hold anything, so count from the last ')'. */
	if (read_small_file(proc, path, stat, sizeof stat) <= 0 || !(at = strrchr(stat, ')')) || at[1] != ' ' ||
	    at[2] == 'Z' || at[2] == 'X')
		return false;
	for (int field = 2; at && field < 6; field++)
		at = strchr(at + 1, ' ');
	if (!at)
		return false;
	for (at++; *at >= '0' && *at <= '9'; at++)
		number = number * 10 + (*at - '0');
	return number == session;
}

/* The descriptor is taken before the look, so that what is looked at is what is killed. */
static bool kill_if_in(int proc, const char *name, pid_t session)
{
	uint64_t pid;
	autoclose int pidfd = -1;

	if (!parse_number(name, INT32_MAX, &pid))
		return false;
	pidfd = sys_pidfd_open((pid_t)pid);
	return pidfd >= 0 && is_alive_in(proc, name, session) && sys_pidfd_send_signal(pidfd, SIGKILL) == 0;
}

static bool kill_all(int proc, pid_t session)
{
	const int fd = openat(proc, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *directory = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *entry;
	bool any = false;

	if (!directory)
		return false;
	while ((entry = readdir(directory)))
		any |= kill_if_in(proc, entry->d_name, session);
	closedir(directory);
	return any;
}

/* One that was not there yet may have been made by one that was: again, until none is left, or they cannot die (frozen). */
void session_kill(int proc, pid_t session)
{
	const struct timespec pause = { .tv_nsec = 1000000 };

	for (int round = 0; round < ROUNDS && kill_all(proc, session); round++)
		nanosleep(&pause, NULL);
}
