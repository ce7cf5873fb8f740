/*
 * mkplan.c - writes a plan in its wire form from a script on standard input, for the tests.
 *
 *   plan container
 *   child OP_MOUNT s:proc s:/proc s:proc n:0 s:
 *   child? OP_KEYRING s:test              (? = STEP_OPTIONAL)
 *
 * Words are split at blanks; "..." holds blanks; n: a number, s: text, b: bytes in hexadecimal digits.
 */
#include <err.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "plan_format.h"

#define NAME(name)                                                                                                     \
	{                                                                                                              \
#name, name                                                                                            \
	}

/* clang-format off */
static const struct {
	const char *name;
	uint16_t number;
} operations[] = {
	NAME(SETTING_RUN_DIRECTORY), NAME(SETTING_STATE_DIRECTORY), NAME(SETTING_LOG), NAME(SETTING_RESTART),
	NAME(SETTING_OOM_COUNTER), NAME(SETTING_STDIN_OPEN), NAME(SETTING_TERMINAL), NAME(SETTING_ATTACHED),
	NAME(SETTING_DETACH_KEYS), NAME(SETTING_PORTS), NAME(SETTING_HEALTH), NAME(OP_FORGET_CONNECTIONS),
	NAME(OP_AWAIT_LINKS), NAME(OP_MAKE_DIRECTORY), NAME(OP_REMOVE_DIRECTORY), NAME(OP_WRITE_FILE), NAME(OP_WRITE_FILE_IN),
	NAME(OP_REMOVE_FILE), NAME(OP_CGROUP_OPEN), NAME(OP_TASKS_OPEN), NAME(OP_CLONE), NAME(OP_JOIN),
	NAME(OP_NETLINK), NAME(OP_MONITOR_CGROUP), NAME(OP_TASKS_JOIN), NAME(OP_UNSHARE),
	NAME(OP_PARENT_DEATH_SIGNAL), NAME(OP_MOUNT), NAME(OP_OVERLAY), NAME(OP_ROOT_DIRECTORY), NAME(OP_MOUNT_IN),
	NAME(OP_BIND_IN), NAME(OP_SYMLINK_IN), NAME(OP_MAKE_DIRECTORY_IN), NAME(OP_MASK), NAME(OP_READ_ONLY_IN),
	NAME(OP_SEED_VOLUME), NAME(OP_ROOT_READ_ONLY), NAME(OP_TERMINAL), NAME(OP_PIVOT_ROOT), NAME(OP_HOSTNAME),
	NAME(OP_DOMAINNAME), NAME(OP_RESOURCE_LIMIT), NAME(OP_UMASK), NAME(OP_KEYRING), NAME(OP_BOUNDING_SET),
	NAME(OP_USER), NAME(OP_CAPABILITIES), NAME(OP_NO_NEW_PRIVILEGES), NAME(OP_SECCOMP),
	NAME(OP_WORKING_DIRECTORY), NAME(OP_INIT), NAME(OP_EXECUTE), NAME(OP_JOIN_NETWORK),
};
/* clang-format on */

static const char *const stages[] = {
	"settings", "monitor", "host", "wire", "child", "teardown", "probe", "probe-child"
};

#define STAGE_COUNT (sizeof stages / sizeof stages[0])

static char plan[PLAN_MAX_BYTES];
static size_t length = sizeof(struct plan_header);

static void append(const void *bytes, size_t count)
{
	if (length + count + 8 > sizeof plan)
		errx(1, "the plan is too long");
	memcpy(plan + length, bytes, count);
	length += count;
}

static void append_bytes(const char *bytes, size_t count)
{
	const struct argument_header header = { ARGUMENT_BYTES, (uint32_t)count };

	append(&header, sizeof header);
	append(bytes, count);
	append("\0\0\0\0\0\0\0", 8 - count % 8);
}

static void append_hex(const char *hex)
{
	char *bytes = malloc(strlen(hex) + 1);
	size_t count = 0;

	for (unsigned byte; sscanf(hex, "%2x", &byte) == 1; hex += 2)
		bytes[count++] = (char)byte;
	append_bytes(bytes, count);
	free(bytes);
}

static void append_argument(const char *word)
{
	const struct argument_header header = { ARGUMENT_NUMBER, 8 };
	uint64_t number;

	if (strncmp(word, "n:", 2) == 0) {
		number = strtoull(word + 2, NULL, 0);
		append(&header, sizeof header);
		append(&number, sizeof number);
	} else if (strncmp(word, "s:", 2) == 0) {
		append_bytes(word + 2, strlen(word + 2));
	} else if (strncmp(word, "b:", 2) == 0) {
		append_hex(word + 2);
	} else {
		errx(1, "%s: neither n:, s: nor b:", word);
	}
}

/* Cuts the next word off, with its quotation marks taken away. */
static char *next_word(char **rest)
{
	char *from = *rest + strspn(*rest, " \t\n"), *word = from, *to = from;
	bool quoted = false;

	if (!*from)
		return NULL;
	for (; *from && (quoted || !strchr(" \t\n", *from)); from++)
		if (*from == '"')
			quoted = !quoted;
		else
			*to++ = *from;
	*rest = *from ? from + 1 : from;
	*to = '\0';
	return word;
}

static uint16_t find_operation(const char *name)
{
	for (size_t i = 0; i < sizeof operations / sizeof operations[0]; i++)
		if (strcmp(operations[i].name, name) == 0)
			return operations[i].number;
	errx(1, "%s: no such operation", name);
}

static void append_step(char *stage, char *rest)
{
	const size_t at = length;
	struct step_header header = { .flags = stage[strlen(stage) - 1] == '?' ? STEP_OPTIONAL : 0 };
	char *word;

	stage[strcspn(stage, "?")] = '\0';
	while (header.stage < STAGE_COUNT && strcmp(stages[header.stage], stage) != 0)
		header.stage++;
	if (header.stage == STAGE_COUNT || !(word = next_word(&rest)))
		errx(1, "%s: no such stage, or no operation", stage);
	header.operation = find_operation(word);
	append(&header, sizeof header);
	while ((word = next_word(&rest))) {
		append_argument(word);
		header.argument_count++;
	}
	header.length = (uint32_t)(length - at - sizeof header);
	memcpy(plan + at, &header, sizeof header);
}

int main(void)
{
	struct plan_header header = { .magic = PLAN_MAGIC, .version = PLAN_VERSION, .kind = PLAN_CONTAINER };
	char *line = NULL, *rest, *word;
	size_t capacity = 0;

	while (getline(&line, &capacity, stdin) > 0) {
		rest = line;
		word = next_word(&rest);
		if (!word || *word == '#')
			continue;
		if (strcmp(word, "plan") == 0) {
			word = next_word(&rest);
			header.kind = word && strcmp(word, "exec") == 0 ? PLAN_EXEC : PLAN_CONTAINER;
			continue;
		}
		append_step(word, rest);
		header.step_count++;
	}
	free(line);
	header.total_length = (uint32_t)length;
	memcpy(plan, &header, sizeof header);
	return fwrite(plan, 1, length, stdout) == length && fflush(stdout) == 0 ? 0 : 1;
}
