/*
 * gate.c - takes the helper's place: has itself traced by the strace whose arguments a file names, and then becomes the
 * helper. Thus a kill hits the helper or its children and never the engine. The tracer is given none of the helper's
 * descriptors: as long as one of its copies were open, the run lock would be held and the sync pipe have a writer.
 *
 * The file: the helper's path, then strace and its arguments, one a line.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define ARGUMENTS_MAX 64

static void trace(char **arguments, int count, pid_t target, int messages)
{
	static char number[16];

	snprintf(number, sizeof number, "%d", (int)target);
	arguments[count++] = "-p";
	arguments[count++] = number;
	arguments[count] = NULL;
	dup2(messages, STDERR_FILENO);
	for (int fd = 3; fd < 256; fd++)
		close(fd);
	setsid();
	execv(arguments[0], arguments);
	_exit(127);
}

/* strace says "Process N attached" once everything that N does from there on is traced. */
static int await_tracer(int messages)
{
	char text[256];
	ssize_t length = 0, got;

	while ((got = read(messages, text + length, sizeof text - 1 - (size_t)length)) > 0) {
		length += got;
		text[length] = '\0';
		if (strstr(text, "attached"))
			return 0;
	}
	return -1;
}

int main(int argc, char **argv)
{
	static char text[4096];
	char *arguments[ARGUMENTS_MAX + 3], *rest = text, *helper, *line;
	const int file = open(GATE_FILE, O_RDONLY | O_CLOEXEC);
	const pid_t self = getpid();
	int messages[2], count = 0;

	(void)argc;
	if (file < 0 || read(file, text, sizeof text - 1) <= 0 || pipe2(messages, O_CLOEXEC))
		return 127;
	helper = strsep(&rest, "\n");
	while (count < ARGUMENTS_MAX && (line = strsep(&rest, "\n")) && *line)
		arguments[count++] = line;
	if (fork() == 0)
		trace(arguments, count, self, messages[1]);
	close(messages[1]);
	if (await_tracer(messages[0]))
		return 127;
	execv(helper, argv);
	return 127;
}
