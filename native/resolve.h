/* resolve.h - paths inside a container's root: resolved by the kernel below it, never led out of it by a link. */
#ifndef CAN_RESOLVE_H
#define CAN_RESOLVE_H

#include <stdbool.h>
#include <sys/types.h>

/* Opens what is there; -1 with errno. root is a directory descriptor, or -1 for this process's own root. */
int open_in_root(int root, const char *path, int flags);

/* Opens (O_PATH) what is there, or makes it: a directory of this mode, or an empty file. Missing parents get 0755. */
int make_in_root(int root, const char *path, bool directory, mode_t mode);

/* Opens (O_PATH) the directory that holds the path's last component, made if missing; *name is that component. */
int parent_in_root(int root, const char *path, char name[256]);

#endif
