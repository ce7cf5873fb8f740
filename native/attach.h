/* attach.h - the attach mode: a terminal and an attached control connection. */
#ifndef CAN_ATTACH_H
#define CAN_ATTACH_H

int attach_main(const char *detach_keys);

#endif
