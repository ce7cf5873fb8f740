/* mounting.h - the mount interface by descriptors, as several steps need it. */
#ifndef CAN_MOUNTING_H
#define CAN_MOUNTING_H

#include <stdint.h>

#include "steps.h"

/* Sets the options of a comma-separated text ("mode=755,newinstance") on a file system context. */
int set_options(struct context *context, int filesystem, const char *options);

/* Sets one option if the value is not empty. */
int set_option(struct context *context, int filesystem, const char *key, const char *value);

/* Creates the file system of the context and a detached mount of it; its descriptor, or -1. */
int make_mount(struct context *context, int filesystem, uint64_t attributes, const char *name);

/* Attaches a detached mount on what target names; `path` is for the failure's text. */
int attach_mount(struct context *context, int mount, int target, const char *path);

#endif
