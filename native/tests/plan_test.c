/*
 * plan_test.c - feeds the plan loader every prefix of a valid plan, every single-bit change of it, and plans that claim
 * more than they hold; built with the address and undefined-behaviour sanitizers. A plan that is accepted is walked whole.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "plan.h"
#include "settings.h"

static char valid[4096];
static size_t length = sizeof(struct plan_header);
static unsigned failures;

#define CHECK(condition)                                                                                               \
	do {                                                                                                           \
		if (!(condition)) {                                                                                    \
			printf("plan_test.c:%d: %s\n", __LINE__, #condition);                                          \
			failures++;                                                                                    \
		}                                                                                                      \
	} while (0)

static void add_number(uint64_t number)
{
	const struct argument_header header = { ARGUMENT_NUMBER, 8 };

	memcpy(valid + length, &header, sizeof header);
	memcpy(valid + length + sizeof header, &number, sizeof number);
	length += sizeof header + sizeof number;
}

static void add_text(const char *text)
{
	const struct argument_header header = { ARGUMENT_BYTES, (uint32_t)strlen(text) };

	memcpy(valid + length, &header, sizeof header);
	memcpy(valid + length + sizeof header, text, strlen(text));
	length += sizeof header + (strlen(text) + 8) / 8 * 8;
}

/* Pattern: n adds 7, s adds a text. */
static void add_step(uint16_t operation, uint16_t stage, const char *pattern)
{
	struct step_header header = { .operation = operation, .stage = stage };
	const size_t at = length;

	length += sizeof header;
	for (; *pattern; pattern++, header.argument_count++)
		if (*pattern == 'n')
			add_number(operation == OP_EXECUTE ? 2 : 1);
		else
			add_text(header.argument_count % 2 ? "twelve bytes" : "/path");
	header.length = (uint32_t)(length - at - sizeof header);
	memcpy(valid + at, &header, sizeof header);
}

static void build(void)
{
	struct plan_header header = { .magic = PLAN_MAGIC, .version = PLAN_VERSION, .kind = PLAN_CONTAINER };

	add_step(SETTING_LOG, STAGE_SETTINGS, "snn");
	add_step(SETTING_HEALTH, STAGE_SETTINGS, "nnnnns");
	add_step(OP_MAKE_DIRECTORY, STAGE_HOST, "sn");
	add_step(OP_CLONE, STAGE_HOST, "n");
	add_step(OP_NETLINK, STAGE_WIRE, "s");
	add_step(OP_OVERLAY, STAGE_CHILD, "sssnsss");
	add_step(OP_USER, STAGE_CHILD, "s");
	add_step(OP_EXECUTE, STAGE_CHILD, "nsss");
	add_step(OP_REMOVE_DIRECTORY, STAGE_TEARDOWN, "s");
	add_step(OP_JOIN, STAGE_PROBE, "n");
	add_step(OP_EXECUTE, STAGE_PROBE_CHILD, "nsss");
	header.step_count = 11;
	header.total_length = (uint32_t)length;
	memcpy(valid, &header, sizeof header);
}

/* Whether the loader takes it; then everything in it is read. The copy is exactly as long, so that reading past it is seen. */
static bool accepts(const char *bytes, size_t size)
{
	struct failure failure = { 0 };
	struct settings settings;
	struct step step;
	struct plan plan;
	char *copy = malloc(size ? size : 1);
	bool accepted;
	size_t sum = 0;

	memcpy(copy, bytes, size);
	accepted = plan_check(&plan, copy, size, &failure) == 0;
	if (accepted) {
		settings_read(&settings, &plan, &failure);
		for (plan_rewind(&plan, &step); plan_next(&plan, &step);)
			for (unsigned i = 0; i < step.argument_count; i++)
				sum += strlen(step_text(&step, i)) + step_argument(&step, i)->length;
		CHECK(sum > 0);
	} else {
		CHECK(failure.error == ERROR_BAD_PLAN);
	}
	free(copy);
	return accepted;
}

/* The same through plan_load, from a memory file. */
static bool loads(const char *bytes, size_t size)
{
	const int fd = memfd_create("plan", MFD_CLOEXEC);
	struct failure failure;
	struct plan plan;
	const bool written = write(fd, bytes, size) == (ssize_t)size;
	const bool loaded = plan_load(&plan, fd, &failure) == 0;

	CHECK(written);
	if (loaded)
		munmap((void *)plan.bytes, plan.length);
	close(fd);
	return loaded;
}

static void test_prefixes(void)
{
	struct plan_header header;
	char shorter[sizeof valid];

	for (size_t size = 0; size < length; size++) {
		CHECK(!accepts(valid, size));
		CHECK(!loads(valid, size));
		/* and with a header that says so */
		memcpy(shorter, valid, length);
		memcpy(&header, valid, sizeof header);
		header.total_length = (uint32_t)size;
		memcpy(shorter, &header, sizeof header);
		CHECK(!accepts(shorter, size));
	}
	CHECK(!accepts(valid, length + 8));
	CHECK(!loads(valid, length + 1));
}

static void test_bit_flips(void)
{
	for (size_t bit = 0; bit < length * 8; bit++) {
		valid[bit / 8] ^= (char)(1 << bit % 8);
		accepts(valid, length);
		valid[bit / 8] ^= (char)(1 << bit % 8);
	}
}

/* Every 32-bit word becomes something large or small in turn. */
static void test_words(void)
{
	static const uint32_t words[] = { 0, 1, 7, 9, 0x7fffffff, 0x80000000, 0xfffffff8, 0xffffffff, PLAN_MAX_BYTES };
	uint32_t saved;

	for (size_t at = 0; at + 4 <= length; at += 4)
		for (size_t i = 0; i < ARRAY_COUNT(words); i++) {
			memcpy(&saved, valid + at, 4);
			memcpy(valid + at, &words[i], 4);
			accepts(valid, length);
			memcpy(valid + at, &saved, 4);
		}
}

static void test_oversized(void)
{
	struct plan_header header;
	char bytes[sizeof valid];

	memcpy(bytes, valid, length);
	memcpy(&header, valid, sizeof header);
	header.total_length = PLAN_MAX_BYTES + 8;
	memcpy(bytes, &header, sizeof header);
	CHECK(!loads(bytes, length));
	header.total_length = (uint32_t)length;
	header.step_count = PLAN_MAX_STEPS + 1;
	memcpy(bytes, &header, sizeof header);
	CHECK(!accepts(bytes, length));
}

/* Text may not hold a NUL, padding must be zero. */
static void test_contents(void)
{
	char *path = memmem(valid, length, "/path", 5);

	path[2] = '\0';
	CHECK(!accepts(valid, length));
	path[2] = 'a';
	path[6] = 'x';
	CHECK(!accepts(valid, length));
	path[6] = '\0';
	CHECK(accepts(valid, length));
}

/* Where a step's header is. */
static size_t find_step(unsigned index)
{
	struct step_header header;
	size_t at = sizeof(struct plan_header);

	for (; index; index--, at += sizeof header + header.length)
		memcpy(&header, valid + at, sizeof header);
	return at;
}

/* A health check is nothing without the steps of its probe, and those must join and execute. */
static void test_probe(void)
{
	struct plan_header header, shorter;
	const size_t join = find_step(9);

	memcpy(&header, valid, sizeof header);
	shorter = header;
	shorter.step_count = 9;
	shorter.total_length = (uint32_t)join;
	memcpy(valid, &shorter, sizeof shorter);
	CHECK(!accepts(valid, join));
	shorter.step_count = 10;
	shorter.total_length = (uint32_t)find_step(10);
	memcpy(valid, &shorter, sizeof shorter);
	CHECK(!accepts(valid, find_step(10)));
	memcpy(valid, &header, sizeof header);
	valid[join + offsetof(struct step_header, stage)] = STAGE_HOST;
	CHECK(!accepts(valid, length));
	valid[join + offsetof(struct step_header, stage)] = STAGE_PROBE;
	CHECK(accepts(valid, length));
}

/* Times and retries of the health check, which are its first five arguments. */
static void test_health_settings(void)
{
	static const uint64_t bad[] = { 0, UINT64_MAX, UINT64_MAX / 8 + 1 };
	const size_t first = find_step(1) + sizeof(struct step_header);
	struct failure failure;
	struct settings settings;
	struct plan plan;

	for (unsigned argument = 0; argument < 5; argument++)
		for (size_t i = 0; i < ARRAY_COUNT(bad); i++) {
			const size_t at = first + argument * 16 + sizeof(struct argument_header);
			const uint64_t one = 1;

			memcpy(valid + at, &bad[i], 8);
			CHECK(plan_check(&plan, valid, length, &failure) == 0);
			CHECK((settings_read(&settings, &plan, &failure) == 0) == (argument == 2 && bad[i] == 0));
			memcpy(valid + at, &one, 8);
		}
	CHECK(plan_check(&plan, valid, length, &failure) == 0 && settings_read(&settings, &plan, &failure) == 0);
	CHECK(settings.health.interval == 1 && settings.health.retries == 1);
}

/* The rest of a plan whose first step is there. */
static void end_plan(void)
{
	struct plan_header header = { .magic = PLAN_MAGIC, .version = PLAN_VERSION, .kind = PLAN_CONTAINER };

	add_step(OP_CLONE, STAGE_HOST, "n");
	add_step(OP_EXECUTE, STAGE_CHILD, "nsss");
	header.step_count = 3;
	header.total_length = (uint32_t)length;
	memcpy(valid, &header, sizeof header);
}

/* A netlink step of 12 bytes with one slot. */
static bool takes_slot(uint64_t slot)
{
	struct step_header header = { .operation = OP_NETLINK, .stage = STAGE_WIRE, .argument_count = 3 };
	size_t at;

	memset(valid, 0, sizeof valid);
	at = length = sizeof(struct plan_header);
	length += sizeof header;
	add_text("twelve bytes");
	add_number(0);
	add_number(slot);
	header.length = (uint32_t)(length - at - sizeof header);
	memcpy(valid + at, &header, sizeof header);
	end_plan();
	return accepts(valid, length);
}

static void test_slots(void)
{
	static const uint64_t refused[] = { 9, 0xffffffff, 0xfffffffd, 12 };

	CHECK(takes_slot((uint64_t)SLOT_RUN_NUMBER << 48));
	CHECK(takes_slot((uint64_t)SLOT_LINK_INDEX << 48 | 5ull << 32 | 8));
	CHECK(!takes_slot(0));
	CHECK(!takes_slot(3ull << 48));
	for (size_t i = 0; i < ARRAY_COUNT(refused); i++)
		CHECK(!takes_slot((uint64_t)SLOT_RUN_NUMBER << 48 | refused[i]));
}

/* Ports come whole: 24 bytes each. */
static void test_port_lists(void)
{
	static const struct {
		const char *bytes;
		bool whole;
	} lists[] = { { "twenty-four bytes of port", false },
		      { "twenty-four bytes, a port", false },
		      { "twenty-four bytes a port", true } };

	for (size_t i = 0; i < ARRAY_COUNT(lists); i++) {
		struct step_header header = { .operation = OP_FORGET_CONNECTIONS, .stage = STAGE_WIRE };
		size_t at;

		memset(valid, 0, sizeof valid);
		at = length = sizeof(struct plan_header);
		length += sizeof header;
		add_text(lists[i].bytes);
		header.argument_count = 1;
		header.length = (uint32_t)(length - at - sizeof header);
		memcpy(valid + at, &header, sizeof header);
		end_plan();
		CHECK(accepts(valid, length) == lists[i].whole);
	}
}

int main(void)
{
	build();
	CHECK(accepts(valid, length));
	CHECK(loads(valid, length));
	test_prefixes();
	test_bit_flips();
	test_words();
	test_oversized();
	test_contents();
	test_probe();
	test_health_settings();
	test_slots();
	test_port_lists();
	printf("plan_test: %s\n", failures ? "FAILED" : "passed");
	return failures != 0;
}
