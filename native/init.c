/* init.c - OP_INIT: this process stays as PID 1, passes signals on and reaps; its child goes on with the plan. */
#include "steps.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "child.h"
#include "kernel.h"

/* Reaps all that ended; returns only if the main child is not among them, which ends PID 1 with its code. */
static void reap(pid_t main_child)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		if (pid != main_child)
			continue;
		_exit(WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status));
	}
}

/* Those of the terminal's job control and those this process can only have caused itself are not passed on. */
static bool passes_on(int number)
{
	switch (number) {
	case SIGFPE:
	case SIGILL:
	case SIGSEGV:
	case SIGBUS:
	case SIGABRT:
	case SIGTRAP:
	case SIGSYS:
	case SIGTTIN:
	case SIGTTOU:
		return false;
	default:
		return true;
	}
}

_Noreturn static void stay(pid_t main_child, const sigset_t *all)
{
	for (;;) {
		const int number = sigwaitinfo(all, NULL);

		if (number == SIGCHLD)
			reap(main_child);
		else if (number > 0 && passes_on(number))
			kill(main_child, number);
	}
}

int step_init(struct context *context, const struct step *step)
{
	sigset_t all;
	pid_t pid;

	(void)step;
	sigfillset(&all);
	sys_signal_mask(~0ull);
	pid = fork();
	if (pid < 0)
		return fail_errno(&context->failure, "fork");
	if (pid == 0) {
		/* A process group of its own, so that the terminal's keys reach it and not PID 1 as well */
		setpgid(0, 0);
		if (context->settings->terminal)
			tcsetpgrp(0, getpid());
		return 0;
	}
	/* No descriptor of the set-up may stay open here, and this image's memory is nobody's business inside. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (!child_has_parent(context))
		_exit(128 + SIGKILL);
	prctl(PR_SET_DUMPABLE, 0ul);
	sys_close_range(3, ~0u, 0);
	stay(pid, &all);
}
