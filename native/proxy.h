/* proxy.h - between the user's terminal (0 and 1) and a remote one: a pseudo-terminal, or a control connection. */
#ifndef CAN_PROXY_H
#define CAN_PROXY_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <termios.h>

#define DETACH_KEYS_MAX 64
#define INPUT_MAX       2048

struct proxy {
	int remote;
	bool packets; /* the remote is a control connection */
	bool raw;     /* `saved` is to be restored */
	struct termios saved;
	const char *keys;
	size_t key_count, keys_matched;
	bool input_ended;
	bool exit_told; /* by CONTROL_EXIT */
	int32_t exit_code, exit_signal;
	char pending[1 + INPUT_MAX + DETACH_KEYS_MAX]; /* a packet's type, then input the remote has not taken yet */
	size_t pending_at, pending_end;                /* at 1 at least */
};

enum proxy_result { PROXY_GOES_ON, PROXY_DETACHED, PROXY_REMOTE_ENDED };

/* Makes the user's terminal raw and gives the remote its size. */
void proxy_begin(struct proxy *proxy, int remote, bool packets, const char *keys, size_t key_count);

/* Restores the user's terminal; may be called at any time, more than once. */
void proxy_end(struct proxy *proxy);

void proxy_resize(struct proxy *proxy);

/* Two entries: the user's input and the remote. */
void proxy_prepare(const struct proxy *proxy, struct pollfd polled[2]);
enum proxy_result proxy_serve(struct proxy *proxy, const struct pollfd polled[2]);

/* Copies what the remote still has, without waiting for more (pseudo-terminal). */
void proxy_drain(struct proxy *proxy);

/* A descriptor that reads the signals a proxy lives by: SIGTERM, SIGINT, SIGHUP, SIGQUIT and SIGWINCH; they are blocked. */
int proxy_signals(void);

#endif
