/* attach.c - the attach mode: the user's terminal on 0 and 1, an attached control connection on descriptor 3. */
#include "attach.h"

#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "proxy.h"
#include "sync.h"

#define FD_CONNECTION 3
#define EXIT_USAGE    2

static int hex_digit(char digit)
{
	static const char digits[] = "0123456789abcdef";
	const char *at = digit ? strchr(digits, digit | 0x20) : NULL;

	return at ? (int)(at - digits) : -1;
}

/* "1011" is the bytes 0x10 0x11, "-" is none; the count, or -1. */
static int parse_keys(const char *text, char keys[DETACH_KEYS_MAX])
{
	int count = 0;

	if (strcmp(text, "-") == 0)
		return 0;
	for (; *text; text += 2) {
		const int high = hex_digit(text[0]), low = high < 0 ? -1 : hex_digit(text[1]);

		if (low < 0 || count == DETACH_KEYS_MAX)
			return -1;
		keys[count++] = (char)(high << 4 | low);
	}
	return count;
}

/* 0: go on; else the signal that ends the proxy. */
static int take_signal(struct proxy *proxy, int fd)
{
	struct signalfd_siginfo info;

	while (read(fd, &info, sizeof info) == sizeof info) {
		if (info.ssi_signo != SIGWINCH)
			return (int)info.ssi_signo;
		proxy_resize(proxy);
	}
	return 0;
}

static int finish(const struct proxy *proxy, enum proxy_result result)
{
	struct failure failure = { .step = NO_STEP };

	if (result == PROXY_DETACHED) {
		sync_started(0, 0, 0, 0);
	} else if (proxy->exit_told) {
		sync_exited(proxy->exit_code, proxy->exit_signal);
	} else {
		fail(&failure, ERROR_HELPER, "the container's monitor is gone");
		sync_failed(&failure);
		return 1;
	}
	return 0;
}

int attach_main(const char *detach_keys)
{
	char keys[DETACH_KEYS_MAX];
	const int key_count = parse_keys(detach_keys, keys);
	enum proxy_result result = PROXY_GOES_ON;
	struct pollfd polled[3];
	struct proxy proxy;
	int signal = 0;

	if (key_count < 0)
		return EXIT_USAGE;
	polled[2] = (struct pollfd){ proxy_signals(), POLLIN, 0 };
	proxy_begin(&proxy, FD_CONNECTION, true, keys, (size_t)key_count);
	while (result == PROXY_GOES_ON && !signal) {
		proxy_prepare(&proxy, polled);
		if (poll(polled, 3, -1) <= 0)
			continue;
		if (polled[2].revents)
			signal = take_signal(&proxy, polled[2].fd);
		if (!signal)
			result = proxy_serve(&proxy, polled);
	}
	proxy_end(&proxy);
	return signal ? 128 + signal : finish(&proxy, result);
}
