/* plan_table.c - what each operation takes, and in which stage it may stand. */
#include "plan.h"

#include <string.h>

#define IN(stage) (1u << STAGE_##stage)
#define ANYWHERE  (IN(MONITOR) | IN(HOST) | IN(WIRE) | IN(CHILD) | IN(TEARDOWN))
#define JOINING   (IN(HOST) | IN(PROBE))
#define PROCESS   (IN(CHILD) | IN(PROBE_CHILD)) /* what any process in a container sets on itself */

/*
 * Arguments: n a number, s text without NUL, b bytes; * after one means "any number of it", + "at least one"; what
 * follows | may be left out.
 */
static const struct operation {
	uint16_t number;
	uint16_t stages;
	const char *arguments;
} table[] = {
	{ SETTING_RUN_DIRECTORY, IN(SETTINGS), "s" },
	{ SETTING_STATE_DIRECTORY, IN(SETTINGS), "s" },
	{ SETTING_LOG, IN(SETTINGS), "snn" },
	{ SETTING_RESTART, IN(SETTINGS), "nn" },
	{ SETTING_OOM_COUNTER, IN(SETTINGS), "s" },
	{ SETTING_STDIN_OPEN, IN(SETTINGS), "" },
	{ SETTING_TERMINAL, IN(SETTINGS), "nn" },
	{ SETTING_ATTACHED, IN(SETTINGS), "n" },
	{ SETTING_DETACH_KEYS, IN(SETTINGS), "b" },
	{ SETTING_HEALTH, IN(SETTINGS), "nnnnns" },
	{ SETTING_PORTS, IN(SETTINGS), "n" },

	{ OP_MAKE_DIRECTORY, ANYWHERE, "sn" },
	{ OP_REMOVE_DIRECTORY, ANYWHERE, "s" },
	{ OP_WRITE_FILE, ANYWHERE, "sb" },
	{ OP_REMOVE_FILE, ANYWHERE, "s" },
	{ OP_CGROUP_OPEN, JOINING, "s" },
	{ OP_TASKS_OPEN, JOINING, "s" },
	{ OP_CLONE, IN(HOST), "n" },
	{ OP_JOIN, JOINING, "n" },
	{ OP_NETLINK, ANYWHERE, "b|nn*" },
	{ OP_MONITOR_CGROUP, IN(MONITOR), "s" },
	{ OP_FORGET_CONNECTIONS, IN(WIRE) | IN(TEARDOWN), "b" },

	{ OP_TASKS_JOIN, PROCESS, "" },
	{ OP_UNSHARE, IN(CHILD), "n" },
	{ OP_PARENT_DEATH_SIGNAL, PROCESS, "n" },
	{ OP_MOUNT, IN(CHILD), "sssns" },
	{ OP_OVERLAY, IN(CHILD), "sssnss+" },
	{ OP_ROOT_DIRECTORY, IN(CHILD), "ssn" },
	{ OP_MOUNT_IN, IN(CHILD), "sssns" },
	{ OP_BIND_IN, IN(CHILD), "ssnnnnn" },
	{ OP_SYMLINK_IN, IN(CHILD), "ss" },
	{ OP_MAKE_DIRECTORY_IN, IN(CHILD), "snnn" },
	{ OP_WRITE_FILE_IN, IN(CHILD), "sb" },
	{ OP_MASK, IN(CHILD), "s" },
	{ OP_READ_ONLY_IN, IN(CHILD), "s" },
	{ OP_SEED_VOLUME, IN(CHILD), "ss" },
	{ OP_ROOT_READ_ONLY, IN(CHILD), "" },
	{ OP_TERMINAL, IN(CHILD), "" },
	{ OP_PIVOT_ROOT, IN(CHILD), "" },
	{ OP_HOSTNAME, IN(CHILD), "s" },
	{ OP_DOMAINNAME, IN(CHILD), "s" },
	{ OP_RESOURCE_LIMIT, PROCESS, "nnn" },
	{ OP_UMASK, PROCESS, "n" },
	{ OP_KEYRING, PROCESS, "s" },
	{ OP_BOUNDING_SET, PROCESS, "n" },
	{ OP_USER, PROCESS, "ss*" },
	{ OP_CAPABILITIES, PROCESS, "nnnn" },
	{ OP_NO_NEW_PRIVILEGES, PROCESS, "" },
	{ OP_SECCOMP, PROCESS, "bn" },
	{ OP_WORKING_DIRECTORY, PROCESS, "s" },
	{ OP_INIT, IN(CHILD), "" },
	{ OP_EXECUTE, PROCESS, "ns+" },
	{ OP_AWAIT_LINKS, IN(CHILD), "n+" },
	{ OP_JOIN_NETWORK, IN(CHILD), "s" },
};

static bool argument_is(const struct argument_header *argument, char kind)
{
	if (kind == 'n')
		return argument->kind == ARGUMENT_NUMBER;
	return argument->kind == ARGUMENT_BYTES &&
	       (kind == 'b' || !memchr(argument_bytes(argument), '\0', argument->length));
}

static bool arguments_match(const struct step *step, const char *pattern)
{
	const struct argument_header *argument = step->first;
	unsigned left = step->argument_count;

	for (; *pattern; pattern++) {
		if (*pattern == '|') {
			if (!left)
				return true;
			continue;
		}
		const bool many = pattern[1] == '*' || pattern[1] == '+';

		if (pattern[1] != '*' && (!left || !argument_is(argument, *pattern)))
			return false;
		for (bool first = true; left && (many || first);
		     first = false, left--, argument = argument_next(argument))
			if (!argument_is(argument, *pattern))
				return false;
		pattern += many;
	}
	return left == 0;
}

/* Both kinds of slot are 4 bytes long. */
static bool slots_fit(const struct step *step)
{
	const uint32_t length = step_argument(step, 0)->length;

	for (unsigned i = 2; i < step->argument_count; i++) {
		const uint64_t slot = step_number(step, i);
		const uint64_t kind = slot >> 48;

		if ((kind != SLOT_RUN_NUMBER && kind != SLOT_LINK_INDEX) || length < 4 || (uint32_t)slot > length - 4)
			return false;
	}
	return true;
}

/* What an argument may be beyond its kind. */
static bool values_fit(const struct step *step)
{
	switch (step->operation) {
	case OP_EXECUTE:
		return step_number(step, 0) >= 1 && step_number(step, 0) < step->argument_count;
	case OP_NETLINK:
		return slots_fit(step);
	case OP_FORGET_CONNECTIONS:
		return step_argument(step, 0)->length % sizeof(struct port_address) == 0;
	default:
		return true;
	}
}

bool step_is_known(const struct step *step)
{
	for (size_t i = 0; i < ARRAY_COUNT(table); i++)
		if (table[i].number == step->operation)
			return step->stage <= STAGE_PROBE_CHILD && (table[i].stages & 1u << step->stage) &&
			       arguments_match(step, table[i].arguments) && values_fit(step);
	return false;
}
