/*
 * main.c - can-monitor: carries out a start plan (native/plan_format.h, docs/architecture.md).
 *
 *   can-monitor run          a container's plan on descriptor 3: starts it and stays as its monitor
 *   can-monitor exec [-d]    an exec plan: runs one process inside a container; -d: and leaves it to itself
 *   can-monitor attach KEYS  a proxy between the terminal and an attached control connection
 *   can-monitor --version
 */
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "attach.h"
#include "join.h"
#include "kernel.h"
#include "monitor.h"
#include "sync.h"

#define EXIT_USAGE 2

/*
 * Whatever the caller left: default dispositions (an ignored signal would stay so through every exec), no mask of file
 * modes, and no descriptor but those of the contract, which close on exec.
 */
static void start_clean(unsigned last_descriptor)
{
	for (int number = 1; number <= KERNEL_SIGNALS; number++)
		if (number != SIGKILL && number != SIGSTOP)
			sys_signal_default(number);
	sys_close_range(last_descriptor + 1, ~0u, 0);
	sys_close_range(3, last_descriptor, KERNEL_CLOSE_RANGE_CLOEXEC);
	umask(0);
}

/* The sockets of the published ports, and nothing behind them. */
static bool inherit_ports(struct ports *ports, unsigned count)
{
	sys_close_range(FD_PORTS + count, ~0u, 0);
	return ports_inherit(ports, FD_PORTS, count) == 0;
}

/* Nothing of the caller's stays open; FD_NETWORK's number is taken before anything else could get it. */
static int detach_streams(void)
{
	const int null = openat(AT_FDCWD, "/dev/null", O_RDWR | O_CLOEXEC);

	for (int fd = 0; fd < 3; fd++)
		if (null < 0 || (null != fd && dup2(null, fd) < 0))
			return -1;
	if (null > 2)
		close(null);
	return dup3(STDIN_FILENO, FD_NETWORK, O_CLOEXEC) < 0 ? -1 : 0;
}

static int load(struct plan *plan, struct settings *settings, uint32_t kind)
{
	struct failure failure = { .step = NO_STEP };
	int result = plan_load(plan, FD_PLAN, &failure);

	close(FD_PLAN);
	if (result == 0 && plan->kind != kind)
		result = fail(&failure, ERROR_BAD_PLAN, "the plan is of the other kind");
	if (result == 0)
		result = settings_read(settings, plan, &failure);
	if (result)
		sync_failed(&failure);
	return result;
}

/* The second half of the double fork: the monitor is born into its own cgroup and belongs to init. */
static pid_t fork_monitor(int cgroup)
{
	struct kernel_clone_args args = {
		.flags = cgroup >= 0 ? KERNEL_CLONE_INTO_CGROUP : 0,
		.exit_signal = SIGCHLD,
		.cgroup = cgroup >= 0 ? (uint64_t)cgroup : 0,
	};

	return sys_clone3(&args);
}

static int run_mode(void)
{
	static struct monitor monitor;
	static struct plan plan;
	struct context context;
	pid_t pid;

	start_clean(INT32_MAX); /* how many ports there are is in the plan */
	sys_signal_mask(~0ull); /* only SIGKILL ends a monitor, and PID 1 with it; a broken pipe is an errno */
	if (detach_streams() || chdir("/") || load(&plan, &monitor.settings, PLAN_CONTAINER))
		return EXIT_USAGE;
	if (!monitor.settings.attached)
		close(FD_CONSOLE);
	context_begin(&context, &plan, &monitor.settings);
	if (!inherit_ports(&monitor.ports, monitor.settings.ports)) {
		fail(&context.failure, ERROR_BAD_PLAN, "the socket of a published port is missing");
		sync_failed(&context.failure);
		return EXIT_USAGE;
	}
	if (run_stage(&context, STAGE_MONITOR)) {
		sync_failed(&context.failure);
		return 1;
	}
	pid = fork_monitor(context.cgroup);
	if (pid < 0) {
		fail_errno(&context.failure, "forking the monitor");
		sync_failed(&context.failure);
		return 1;
	}
	if (pid > 0)
		_exit(0);
	setsid();
	context_end(&context);
	monitor.plan = &plan;
	return monitor_main(&monitor);
}

static int exec_mode(bool detached)
{
	struct settings settings;
	struct plan plan;

	start_clean(FD_TARGET);
	sys_signal_mask(~0ull);
	return load(&plan, &settings, PLAN_EXEC) ? EXIT_USAGE : join_main(&plan, &settings, detached);
}

int main(int argc, char **argv)
{
	static const char version[] = CAN_MARK "\n"; /* the engine looks for it in the file */
	static const char usage[] = "usage: can-monitor run | exec [-d] | attach KEYS | --version\n";

	prctl(PR_SET_NAME, "can-monitor"); /* run by the path of a descriptor, it would be called by the number */
	if (argc == 2 && strcmp(argv[1], "run") == 0)
		return run_mode();
	if (argc == 2 && strcmp(argv[1], "exec") == 0)
		return exec_mode(false);
	if (argc == 3 && strcmp(argv[1], "exec") == 0 && strcmp(argv[2], "-d") == 0)
		return exec_mode(true);
	if (argc == 3 && strcmp(argv[1], "attach") == 0) {
		start_clean(4);
		sys_signal_mask(~0ull);
		return attach_main(argv[2]);
	}
	if (argc == 2 && strcmp(argv[1], "--version") == 0)
		return write_all(STDOUT_FILENO, version, sizeof version - 1) ? 1 : 0;
	write_all(STDERR_FILENO, usage, sizeof usage - 1);
	return EXIT_USAGE;
}
