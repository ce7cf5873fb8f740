/* plan.c - loads a plan, checks every length in it, and walks it. */
#include "plan.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

_Static_assert(sizeof(struct plan_header) == 24 && sizeof(struct step_header) == 16, "the wire form is fixed");
_Static_assert(sizeof(struct argument_header) == 8 && sizeof(struct sync_message) == 256, "the wire form is fixed");
_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "plans are little-endian and read in place");

static size_t padded(size_t length)
{
	return (length + 7) & ~(size_t)7;
}

/* An argument's size with header and padding, given that its header is inside the plan. */
static size_t argument_size(const struct argument_header *argument)
{
	const size_t payload = argument->kind == ARGUMENT_NUMBER ? 8 : padded((size_t)argument->length + 1);

	return sizeof *argument + payload;
}

static bool is_zero(const char *bytes, size_t length)
{
	while (length)
		if (bytes[--length])
			return false;
	return true;
}

static bool check_argument(const struct argument_header *argument, size_t room)
{
	if (room < sizeof *argument || argument->length > PLAN_MAX_BYTES)
		return false;
	if (argument->kind == ARGUMENT_NUMBER)
		return argument->length == 8 && argument_size(argument) <= room;
	return argument->kind == ARGUMENT_BYTES && argument_size(argument) <= room &&
	       is_zero(argument_bytes(argument) + argument->length,
	               argument_size(argument) - sizeof *argument - argument->length);
}

static bool check_step(const struct step_header *header, size_t room, uint32_t *arguments)
{
	const char *at = (const char *)(header + 1);
	size_t left;

	if (room < sizeof *header || header->length > room - sizeof *header || header->reserved || header->length % 8)
		return false;
	left = header->length;
	for (unsigned i = 0; i < header->argument_count; i++) {
		const struct argument_header *argument = (const void *)at;

		if (++*arguments > PLAN_MAX_ARGUMENTS || !check_argument(argument, left))
			return false;
		at += argument_size(argument);
		left -= argument_size(argument);
	}
	return left == 0;
}

/* The first step that is malformed or unknown, or the number of steps when all is well and the bytes end with them. */
static uint32_t check_steps(const struct plan *plan)
{
	size_t at = sizeof(struct plan_header);
	uint32_t arguments = 0, index;
	struct step step;

	for (index = 0; index < plan->step_count; index++) {
		const struct step_header *header = (const void *)(plan->bytes + at);

		if (!check_step(header, plan->length - at, &arguments))
			return index;
		at += sizeof *header + header->length;
	}
	if (at != plan->length)
		return NO_STEP;
	for (plan_rewind(plan, &step); plan_next(plan, &step);)
		if (!step_is_known(&step))
			return step.index;
	return index;
}

/* The birth (a clone or a join) ends the parent's stage, the exec ends the child's, and there is one of each. */
static bool check_birth(const struct plan *plan, enum plan_stage parent, uint16_t birth, enum plan_stage child)
{
	uint16_t last = 0, last_of_child = 0;
	unsigned births = 0, execs = 0;
	struct step step;

	for (plan_rewind(plan, &step); plan_next(plan, &step);) {
		if (step.stage == parent) {
			last = step.operation;
			births += last == OP_CLONE || last == OP_JOIN;
		} else if (step.stage == child) {
			last_of_child = step.operation;
			execs += last_of_child == OP_EXECUTE;
		}
	}
	return last == birth && last_of_child == OP_EXECUTE && births == 1 && execs == 1;
}

static bool check_shape(const struct plan *plan)
{
	const bool container = plan->kind == PLAN_CONTAINER;

	if (!check_birth(plan, STAGE_HOST, container ? OP_CLONE : OP_JOIN, STAGE_CHILD))
		return false;
	if (container && plan_has_operation(plan, SETTING_HEALTH))
		return check_birth(plan, STAGE_PROBE, OP_JOIN, STAGE_PROBE_CHILD);
	return !plan_has_stage(plan, STAGE_PROBE) && !plan_has_stage(plan, STAGE_PROBE_CHILD);
}

int plan_check(struct plan *plan, const char *bytes, size_t length, struct failure *failure)
{
	const struct plan_header *header = (const void *)bytes;
	uint32_t checked;

	failure->step = NO_STEP;
	if (length < sizeof *header || memcmp(header->magic, PLAN_MAGIC, sizeof header->magic) != 0)
		return fail(failure, ERROR_BAD_PLAN, "not a plan");
	if (header->version != PLAN_VERSION)
		return fail(failure, ERROR_BAD_PLAN, "the plan has another version than the helper");
	if ((header->kind != PLAN_CONTAINER && header->kind != PLAN_EXEC) || header->total_length != length ||
	    length > PLAN_MAX_BYTES || header->step_count > PLAN_MAX_STEPS)
		return fail(failure, ERROR_BAD_PLAN, "the plan's header is wrong");
	*plan = (struct plan){ bytes, length, header->kind, header->step_count };
	checked = check_steps(plan);
	if (checked != plan->step_count) {
		failure->step = checked;
		return fail(failure, ERROR_BAD_PLAN, "a step is malformed");
	}
	if (!check_shape(plan))
		return fail(failure, ERROR_BAD_PLAN, "the plan does not clone or join, then execute, once");
	return 0;
}

/* Reads until `length` bytes are there or the file ends; how many came, or -1. */
static ssize_t read_up_to(int fd, char *buffer, size_t length)
{
	size_t have = 0;

	while (have < length) {
		const ssize_t got = read(fd, buffer + have, length - have);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -1;
		if (got == 0)
			break;
		have += (size_t)got;
	}
	return (ssize_t)have;
}

int plan_load(struct plan *plan, int fd, struct failure *failure)
{
	struct plan_header header;
	char *bytes, beyond;
	size_t rest;

	failure->step = NO_STEP;
	lseek(fd, 0, SEEK_SET); /* a memory file's offset is where its writer left it; a pipe has none */
	if (read_up_to(fd, (char *)&header, sizeof header) != sizeof header || header.total_length < sizeof header ||
	    header.total_length > PLAN_MAX_BYTES)
		return fail(failure, ERROR_BAD_PLAN, "the plan's header is missing or wrong");
	bytes = mmap(NULL, header.total_length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (bytes == MAP_FAILED)
		return fail_errno(failure, "memory for the plan");
	memcpy(bytes, &header, sizeof header);
	rest = header.total_length - sizeof header;
	if (read_up_to(fd, bytes + sizeof header, rest) != (ssize_t)rest || read_up_to(fd, &beyond, 1) != 0)
		return fail(failure, ERROR_BAD_PLAN, "the plan is shorter or longer than it says");
	return plan_check(plan, bytes, header.total_length, failure);
}

void plan_rewind(const struct plan *plan, struct step *step)
{
	*step = (struct step){ .index = UINT32_MAX, .next = plan->bytes + sizeof(struct plan_header) };
}

bool plan_next(const struct plan *plan, struct step *step)
{
	const struct step_header *header = (const void *)step->next;

	if (step->index + 1 == plan->step_count)
		return false;
	*step = (struct step){
		.index = step->index + 1,
		.operation = header->operation,
		.stage = header->stage,
		.flags = header->flags,
		.argument_count = header->argument_count,
		.first = (const void *)(header + 1),
		.next = (const char *)(header + 1) + header->length,
	};
	return true;
}

bool plan_has_stage(const struct plan *plan, enum plan_stage stage)
{
	struct step step;

	for (plan_rewind(plan, &step); plan_next(plan, &step);)
		if (step.stage == stage)
			return true;
	return false;
}

bool plan_has_operation(const struct plan *plan, uint16_t operation)
{
	struct step step;

	for (plan_rewind(plan, &step); plan_next(plan, &step);)
		if (step.operation == operation)
			return true;
	return false;
}

const struct argument_header *argument_next(const struct argument_header *argument)
{
	return (const void *)((const char *)argument + argument_size(argument));
}

const struct argument_header *step_argument(const struct step *step, unsigned position)
{
	const struct argument_header *argument = step->first;

	while (position--)
		argument = argument_next(argument);
	return argument;
}

uint64_t step_number(const struct step *step, unsigned position)
{
	uint64_t number;

	memcpy(&number, argument_bytes(step_argument(step, position)), sizeof number);
	return number;
}

const char *step_text(const struct step *step, unsigned position)
{
	return argument_bytes(step_argument(step, position));
}
