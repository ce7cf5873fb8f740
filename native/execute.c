/* execute.c - OP_EXECUTE: the last thing a child does. */
#include "steps.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "child.h"
#include "kernel.h"

#define DEFAULT_PATH "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

static const char *find_variable(char *const *environment, const char *name)
{
	const size_t length = strlen(name);

	for (; *environment; environment++)
		if (strncmp(*environment, name, length) == 0 && (*environment)[length] == '=')
			return *environment + length + 1;
	return NULL;
}

/* execvpe(3)'s search, in the container's own PATH; the errno that tells the most is the one kept. */
static int execute(const char *program, char *const *arguments, char *const *environment)
{
	const char *path = find_variable(environment, "PATH");
	int error = ENOENT;

	if (strchr(program, '/') || !*program) {
		execve(program, arguments, environment);
		return errno;
	}
	for (path = path ? path : DEFAULT_PATH;; path++) {
		const char *end = strchrnul(path, ':');
		char candidate[PATH_MAX];
		struct text text;

		text_begin(&text, candidate, sizeof candidate);
		text_add_bytes(&text, path, (size_t)(end - path));
		text_add(&text, end == path ? "" : "/");
		text_add(&text, program);
		if (!text.cut)
			execve(candidate, arguments, environment);
		if (!text.cut && errno == EACCES)
			error = EACCES;
		else if (!text.cut && errno != ENOENT && errno != ENOTDIR)
			return errno;
		if (!*end)
			return error;
		path = end;
	}
}

int step_execute(struct context *context, const struct step *step)
{
	const struct argument_header *argument = step_argument(step, 1);
	const unsigned count = (unsigned)step_number(step, 0);
	char *strings[step->argument_count + 3u], **environment = strings + count + 1;
	char home[HOME_MAX + 8];
	unsigned at = 0;
	struct text text;

	for (unsigned i = 1; i < step->argument_count; i++, argument = argument_next(argument)) {
		if (at == count)
			strings[at++] = NULL;
		strings[at++] = (char *)argument_bytes(argument);
	}
	if (at == count)
		strings[at++] = NULL;
	strings[at] = NULL;
	if (*context->home && !find_variable(environment, "HOME")) {
		text_begin(&text, home, sizeof home);
		text_add(&text, "HOME=");
		text_add(&text, context->home);
		strings[at++] = home;
		strings[at] = NULL;
	}
	if (!context->umask_given)
		umask(022);
	if (child_tell(context, CHILD_READY, -1))
		_exit(128 + SIGKILL); /* nobody is there to watch over the program */
	sys_signal_mask(0);           /* dispositions are the defaults since the helper's entry */
	return fail(&context->failure, execute(strings[0], strings, environment), strings[0]);
}
