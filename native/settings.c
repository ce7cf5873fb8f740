/* settings.c - decodes STAGE_SETTINGS. */
#include "settings.h"

#define MOST_TIME (UINT64_MAX / 8) /* so that a sum of two, and of one and a clock, is a time too */

static void read_log(struct settings *settings, const struct step *step)
{
	settings->log = step_text(step, 0);
	settings->log_size = step_number(step, 1);
	settings->log_files = step_number(step, 2);
	settings->log_step = step->index;
}

/* What is out of range becomes -1, which the caller refuses. */
static int64_t read_time(const struct step *step, unsigned position, uint64_t least)
{
	const uint64_t time = step_number(step, position);

	return time < least || time > MOST_TIME ? -1 : (int64_t)time;
}

static void read_health(struct settings *settings, const struct step *step)
{
	const uint64_t retries = step_number(step, 4);

	settings->health = (struct health_settings){
		.interval = read_time(step, 0, 1),
		.timeout = read_time(step, 1, 1),
		.start_period = read_time(step, 2, 0),
		.start_interval = read_time(step, 3, 1),
		.retries = retries > UINT32_MAX ? 0 : (uint32_t)retries,
		.frozen = step_text(step, 5),
	};
}

static bool health_is_valid(const struct health_settings *health)
{
	return health->interval == 0 || (health->interval > 0 && health->timeout > 0 && health->start_period >= 0 &&
	                                 health->start_interval > 0 && health->retries > 0);
}

static void read_setting(struct settings *settings, const struct step *step)
{
	switch (step->operation) {
	case SETTING_RUN_DIRECTORY:
		settings->run_directory = step_text(step, 0);
		break;
	case SETTING_STATE_DIRECTORY:
		settings->state_directory = step_text(step, 0);
		break;
	case SETTING_LOG:
		read_log(settings, step);
		break;
	case SETTING_RESTART:
		settings->restart_policy = (uint32_t)step_number(step, 0);
		settings->restart_retries = (uint32_t)step_number(step, 1);
		break;
	case SETTING_OOM_COUNTER:
		settings->oom_counter = step_text(step, 0);
		break;
	case SETTING_STDIN_OPEN:
		settings->stdin_open = true;
		break;
	case SETTING_TERMINAL:
		settings->terminal = true;
		settings->rows = (uint16_t)step_number(step, 0);
		settings->columns = (uint16_t)step_number(step, 1);
		break;
	case SETTING_ATTACHED:
		settings->attached = (uint8_t)step_number(step, 0);
		break;
	case SETTING_DETACH_KEYS:
		settings->detach_keys = step_text(step, 0);
		settings->detach_length = step->first->length;
		break;
	case SETTING_HEALTH:
		read_health(settings, step);
		break;
	case SETTING_PORTS:
		/* A number too large for the field is out of range as well */
		settings->ports = step_number(step, 0) > PORTS_MAX ? PORTS_MAX + 1 : (uint32_t)step_number(step, 0);
		break;
	}
}

int settings_read(struct settings *settings, const struct plan *plan, struct failure *failure)
{
	struct step step;

	*settings = (struct settings){ .log_files = 1 };
	for (plan_rewind(plan, &step); plan_next(plan, &step);) {
		if (step.stage != STAGE_SETTINGS)
			continue;
		read_setting(settings, &step);
		failure->step = step.index;
		if (settings->log_files < 1 || settings->restart_policy > RESTART_UNLESS_STOPPED ||
		    !health_is_valid(&settings->health) || settings->ports > PORTS_MAX)
			return fail(failure, ERROR_BAD_PLAN, "a setting is out of range");
	}
	failure->step = NO_STEP;
	return 0;
}
