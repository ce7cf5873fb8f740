/* status.c - writes the status file. */
#include "status.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#define TEMPORARY ".status.new"

static void add_line(struct text *text, const char *key, int64_t value)
{
	text_add(text, key);
	text_add_number(text, value);
	text_add(text, "\n");
}

static void add_health(struct text *text, const struct status *status)
{
	text_add(text, "health=");
	text_add(text, status->health);
	text_add(text, "\n");
	add_line(text, "health_failures=", status->health_failures);
	add_line(text, "health_exit=", status->health_exit);
	add_line(text, "health_checked=", status->health_checked);
}

static void add_failure(struct text *text, const struct failure *failure)
{
	add_line(text, "failed_step=", failure->step == NO_STEP ? -1 : (int64_t)failure->step);
	add_line(text, "error=", failure->error);
	text_add(text, "text=");
	for (const char *at = failure->text; *at; at++)
		text_add_bytes(text, *at == '\n' ? " " : at, 1);
	text_add(text, "\n");
}

void status_write(const struct status *status, int directory)
{
	char buffer[1024];
	struct text text;
	autoclose int fd = -1;

	if (directory < 0)
		return;
	text_begin(&text, buffer, sizeof buffer);
	text_add(&text, "version=1\nstate=");
	text_add(&text, status->state);
	text_add(&text, "\n");
	add_line(&text, "monitor=", status->monitor);
	add_line(&text, "monitor_start=", (int64_t)status->monitor_start);
	add_line(&text, "pid=", status->pid);
	add_line(&text, "pid_start=", (int64_t)status->pid_start);
	add_line(&text, "started=", status->started);
	add_line(&text, "finished=", status->finished);
	add_line(&text, "exit=", status->exit_code);
	add_line(&text, "signal=", status->signal);
	add_line(&text, "oom=", status->oom);
	add_line(&text, "restarts=", status->restarts);
	add_line(&text, "stopped=", status->stopped);
	if (status->health)
		add_health(&text, status);
	if (status->failure.error)
		add_failure(&text, &status->failure);
	fd = openat(directory, TEMPORARY, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0644);
	if (fd >= 0 && write_all(fd, buffer, text.length) == 0)
		renameat(directory, TEMPORARY, directory, "status");
}
