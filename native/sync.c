/* sync.c - messages to the engine; a pipe takes one whole or not at all (PIPE_BUF), and nobody may be reading. */
#include "sync.h"

#include <string.h>
#include <unistd.h>

void sync_started(pid_t pid, uint64_t start_time, pid_t monitor, uint64_t monitor_start_time)
{
	const struct sync_message message = {
		.kind = SYNC_STARTED,
		.step = NO_STEP,
		.pid = pid,
		.start_time = start_time,
		.monitor_pid = monitor,
		.monitor_start_time = monitor_start_time,
	};

	write_all(FD_SYNC, &message, sizeof message);
}

void sync_failed(const struct failure *failure)
{
	struct sync_message message = { .kind = SYNC_FAILED, .step = failure->step, .error = failure->error };

	_Static_assert(sizeof message.text == sizeof failure->text, "one text fits the other");
	memcpy(message.text, failure->text, sizeof message.text);
	write_all(FD_SYNC, &message, sizeof message);
}

void sync_exited(int exit_code, int signal)
{
	const struct sync_message message = {
		.kind = SYNC_EXITED, .step = NO_STEP, .exit_code = exit_code, .signal = signal
	};

	write_all(FD_SYNC, &message, sizeof message);
}
