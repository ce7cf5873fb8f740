/* overlay.c - the container's root as an overlay: by the mount interface, or by an option string on older kernels. */
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/mount.h>

#include "kernel.h"
#include "mounting.h"

#define PAGE_BYTES  4096 /* what mount(2) takes as data */
#define VALUE_MAX   255  /* what fsconfig(2) takes as a value */
#define FIRST_LAYER 5
#define LAYERS_MAX  500

/* What the step says, by names. */
struct overlay {
	const char *point, *upper, *work, *options;
	const struct argument_header *layers;
	unsigned layer_count;
	uint64_t attributes;
};

static struct overlay read_step(const struct step *step)
{
	const uint64_t flags = step_number(step, 3);

	return (struct overlay){
		.point = step_text(step, 0),
		.upper = step_text(step, 1),
		.work = step_text(step, 2),
		.options = step_text(step, 4),
		.layers = step_argument(step, FIRST_LAYER),
		.layer_count = step->argument_count - FIRST_LAYER,
		.attributes = (flags & ROOT_READ_ONLY ? KERNEL_MOUNT_ATTR_RDONLY : 0) |
		              (flags & ROOT_DEVICES ? 0 : KERNEL_MOUNT_ATTR_NODEV),
	};
}

/* Adds a path to an option string; the overlay splits layers at ':' and options at ',', and takes '\' as the escape. */
static void add_escaped(struct text *text, const char *path)
{
	for (; *path; path++) {
		if (strchr(":,\\", *path))
			text_add(text, "\\");
		text_add_bytes(text, path, 1);
	}
}

static bool fits_values(const struct overlay *overlay)
{
	const struct argument_header *layer = overlay->layers;

	for (unsigned i = 0; i < overlay->layer_count; i++, layer = argument_next(layer))
		if (layer->length > VALUE_MAX)
			return false;
	return strlen(overlay->upper) <= VALUE_MAX && strlen(overlay->work) <= VALUE_MAX;
}

/* The detached mount, or -1. */
static int make_overlay(struct context *context, const struct overlay *overlay)
{
	autoclose int filesystem = sys_fsopen("overlay");
	const struct argument_header *layer = overlay->layers;

	if (filesystem < 0)
		return fail_errno(&context->failure, "overlay");
	for (unsigned i = 0; i < overlay->layer_count; i++, layer = argument_next(layer))
		if (sys_fsconfig(filesystem, KERNEL_FSCONFIG_SET_STRING, "lowerdir+", argument_bytes(layer), 0))
			return fail_errno(&context->failure, argument_bytes(layer));
	if (set_option(context, filesystem, "source", "overlay") ||
	    set_option(context, filesystem, "upperdir", overlay->upper) ||
	    set_option(context, filesystem, "workdir", overlay->work) ||
	    set_options(context, filesystem, overlay->options))
		return -1;
	return make_mount(context, filesystem, overlay->attributes, "overlay");
}

/* 1: this kernel or these paths need the option string. */
static int mount_by_context(struct context *context, const struct overlay *overlay)
{
	if (!fits_values(overlay))
		return 1;
	context->root = make_overlay(context, overlay);
	/*
	 * A kernel without `lowerdir+` says so at the first one (6.5 to 6.7), or, before that, takes any option without a
	 * look until they fill a page, and refuses the unknown ones at creation.
	 */
	if (context->root < 0)
		return context->failure.error == EINVAL ? 1 : -1;
	if (sys_move_mount(context->root, "", AT_FDCWD, overlay->point, KERNEL_MOVE_MOUNT_F_EMPTY_PATH))
		return fail_errno(&context->failure, overlay->point);
	return 0;
}

/* The option string with the layers as they are, or as /proc/self/fd/N when that would not fit a page. */
static int write_string(struct context *context, const struct overlay *overlay, struct text *text, int *fds)
{
	const struct argument_header *layer = overlay->layers;

	text_add(text, "lowerdir=");
	for (unsigned i = 0; i < overlay->layer_count; i++, layer = argument_next(layer)) {
		if (i)
			text_add(text, ":");
		if (!fds) {
			add_escaped(text, argument_bytes(layer));
			continue;
		}
		fds[i] = openat(AT_FDCWD, argument_bytes(layer), O_PATH | O_DIRECTORY | O_CLOEXEC);
		if (fds[i] < 0)
			return fail_errno(&context->failure, argument_bytes(layer));
		text_add(text, "/proc/self/fd/");
		text_add_number(text, fds[i]);
	}
	if (*overlay->upper) {
		text_add(text, ",upperdir=");
		add_escaped(text, overlay->upper);
		text_add(text, ",workdir=");
		add_escaped(text, overlay->work);
	}
	if (*overlay->options) {
		text_add(text, ",");
		text_add(text, overlay->options);
	}
	return 0;
}

static int mount_string(struct context *context, const struct overlay *overlay, const char *string)
{
	const unsigned long flags = (overlay->attributes & KERNEL_MOUNT_ATTR_RDONLY ? MS_RDONLY : 0) |
	                            (overlay->attributes & KERNEL_MOUNT_ATTR_NODEV ? MS_NODEV : 0);

	if (mount("overlay", overlay->point, "overlay", flags, string))
		return fail_errno(&context->failure, overlay->point);
	context->root = openat(AT_FDCWD, overlay->point, O_PATH | O_DIRECTORY | O_CLOEXEC);
	return context->root < 0 ? fail_errno(&context->failure, overlay->point) : 0;
}

static int mount_by_string(struct context *context, const struct overlay *overlay)
{
	char string[PAGE_BYTES];
	int fds[LAYERS_MAX], result;
	struct text text;

	text_begin(&text, string, sizeof string);
	if (write_string(context, overlay, &text, NULL))
		return -1;
	if (!text.cut)
		return mount_string(context, overlay, string);
	if (overlay->layer_count > LAYERS_MAX)
		return fail(&context->failure, E2BIG, overlay->point);
	for (unsigned i = 0; i < overlay->layer_count; i++)
		fds[i] = -1;
	text_begin(&text, string, sizeof string);
	result = write_string(context, overlay, &text, fds);
	if (result == 0)
		result = text.cut ? fail(&context->failure, E2BIG, overlay->point)
		                  : mount_string(context, overlay, string);
	for (unsigned i = 0; i < overlay->layer_count; i++)
		close_fd(&fds[i]);
	return result;
}

int step_overlay(struct context *context, const struct step *step)
{
	const struct overlay overlay = read_step(step);
	const int result = mount_by_context(context, &overlay);

	return result == 1 ? mount_by_string(context, &overlay) : result;
}
