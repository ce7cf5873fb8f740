/*
 * plan.h - a start plan in memory.
 *
 * plan_load reads and checks everything once: lengths, padding, each operation's stage and its arguments' kinds. What
 * walks a loaded plan afterwards may therefore trust it.
 */
#ifndef CAN_PLAN_H
#define CAN_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "plan_format.h"
#include "util.h"

struct plan {
	const char *bytes;
	size_t length;
	uint32_t kind;
	uint32_t step_count;
};

/* One step; valid as long as its plan. */
struct step {
	uint32_t index;
	uint16_t operation;
	uint16_t stage;
	uint16_t flags;
	uint16_t argument_count;
	const struct argument_header *first;
	const char *next; /* where the following step begins */
};

/* Reads a plan from fd to its end into memory of its own. */
int plan_load(struct plan *plan, int fd, struct failure *failure);

/* Checks and takes over a plan in memory, aligned to 8 bytes. */
int plan_check(struct plan *plan, const char *bytes, size_t length, struct failure *failure);

/* struct step step; for (plan_rewind(plan, &step); plan_next(plan, &step);) ... */
void plan_rewind(const struct plan *plan, struct step *step);
bool plan_next(const struct plan *plan, struct step *step);

/* Whether any step has this stage. */
bool plan_has_stage(const struct plan *plan, enum plan_stage stage);

/* Whether any step has this operation. */
bool plan_has_operation(const struct plan *plan, uint16_t operation);

/* Arguments by position, and from one to the next. */
const struct argument_header *step_argument(const struct step *step, unsigned position);
const struct argument_header *argument_next(const struct argument_header *argument);

static inline const char *argument_bytes(const struct argument_header *argument)
{
	return (const char *)(argument + 1);
}

uint64_t step_number(const struct step *step, unsigned position);
const char *step_text(const struct step *step, unsigned position);

/* plan_table.c: whether the operation exists, belongs to the stage and takes these arguments. */
bool step_is_known(const struct step *step);

#endif
