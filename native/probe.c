/* probe.c - the monitor's side of a probe. */
#include "probe.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kernel.h"

#define KEPT_FROM 64 /* above every descriptor of a monitor */

bool probe_is_frozen_now(int fd)
{
	char text[256];
	const ssize_t length = pread(fd, text, sizeof text - 1, 0);

	if (length <= 0)
		return false;
	text[length] = '\0';
	return *text == 'F' || strstr(text, "frozen 1"); /* v1: FROZEN or FREEZING */
}

bool probe_is_frozen(const char *path)
{
	autoclose int fd = *path ? openat(AT_FDCWD, path, O_RDONLY | O_CLOEXEC) : -1;

	return fd >= 0 && probe_is_frozen_now(fd);
}

/*
 * Of the monitor's descriptors the watcher keeps only what it needs, and first of all not the run lock, which is held as long
 * as anybody has it. It ends with its monitor, and the program with it.
 */
_Noreturn static void become_watcher(const struct plan *plan, const struct settings *settings, pid_t monitor,
                                     int target, int result, int run_directory)
{
	const int kept_result = fcntl(result, F_DUPFD_CLOEXEC, KEPT_FROM);
	const int kept_directory = fcntl(run_directory, F_DUPFD_CLOEXEC, KEPT_FROM);
	const int kept_target = fcntl(target, F_DUPFD_CLOEXEC, KEPT_FROM);

	sys_close_range(3, KEPT_FROM - 1, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != monitor || kept_result < 0 || dup3(kept_target, FD_TARGET, O_CLOEXEC) < 0)
		_exit(1);
	close(kept_target);
	watch_main(plan, settings, kept_result, kept_directory);
}

int probe_start(struct probe *probe, const struct plan *plan, const struct settings *settings, int target,
                int run_directory)
{
	const pid_t monitor = getpid();
	int ends[2], error;

	if (pipe2(ends, O_CLOEXEC | O_NONBLOCK))
		return -1;
	probe->watcher = fork();
	if (probe->watcher == 0)
		become_watcher(plan, settings, monitor, target, ends[1], run_directory);
	error = errno;
	close(ends[1]);
	if (probe->watcher < 0) {
		close(ends[0]);
		errno = error;
		return -1;
	}
	probe->result = ends[0];
	return 0;
}

/* It is the monitor's child and nobody else reaps it, so its number is its own. */
static void reap(struct probe *probe)
{
	while (waitpid(probe->watcher, NULL, 0) < 0 && errno == EINTR)
		;
	close_fd(&probe->result);
}

enum probe_outcome probe_take(struct probe *probe, int *exit_code)
{
	struct probe_result result;
	const ssize_t length = read(probe->result, &result, sizeof result);

	if (length < 0 && (errno == EAGAIN || errno == EINTR))
		return PROBE_GOES_ON;
	reap(probe);
	if (length != sizeof result)
		return PROBE_CANCELLED;
	*exit_code = result.exit_code;
	return (enum probe_outcome)result.outcome;
}

void probe_cancel(struct probe *probe)
{
	if (probe->result < 0)
		return;
	kill(probe->watcher, SIGKILL);
	reap(probe);
}
