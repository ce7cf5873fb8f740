/* proxy.c - between the user's terminal and a remote one. */
#include "proxy.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "plan_format.h"
#include "util.h"

static char packet[CONTROL_MAX];

int proxy_signals(void)
{
	sigset_t signals;

	sigemptyset(&signals);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGHUP);
	sigaddset(&signals, SIGQUIT);
	sigaddset(&signals, SIGWINCH);
	return signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
}

static void make_raw(struct proxy *proxy)
{
	struct termios raw;

	if (tcgetattr(STDIN_FILENO, &proxy->saved))
		return; /* not a terminal */
	raw = proxy->saved;
	cfmakeraw(&raw);
	proxy->raw = tcsetattr(STDIN_FILENO, TCSANOW, &raw) == 0;
}

void proxy_begin(struct proxy *proxy, int remote, bool packets, const char *keys, size_t key_count)
{
	*proxy = (struct proxy){ .remote = remote,
		                 .packets = packets,
		                 .keys = keys,
		                 .key_count = key_count <= DETACH_KEYS_MAX ? key_count : 0,
		                 .pending_at = 1,
		                 .pending_end = 1 };
	proxy->pending[0] = CONTROL_INPUT;
	if (!packets)
		fcntl(remote, F_SETFL, O_NONBLOCK);
	make_raw(proxy);
	proxy_resize(proxy);
}

void proxy_end(struct proxy *proxy)
{
	if (proxy->raw)
		tcsetattr(STDIN_FILENO, TCSANOW, &proxy->saved);
	proxy->raw = false;
}

void proxy_resize(struct proxy *proxy)
{
	struct winsize size;
	char message[5] = { CONTROL_RESIZE };

	if (ioctl(STDIN_FILENO, TIOCGWINSZ, &size) && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size))
		return;
	if (!proxy->packets) {
		ioctl(proxy->remote, TIOCSWINSZ, &size);
		return;
	}
	memcpy(message + 1, &size.ws_row, 2);
	memcpy(message + 3, &size.ws_col, 2);
	send(proxy->remote, message, sizeof message, MSG_DONTWAIT | MSG_NOSIGNAL);
}

/* Writes what is pending as far as the remote takes it. A remote that is gone takes everything. */
static void flush_input(struct proxy *proxy)
{
	const size_t length = proxy->pending_end - proxy->pending_at;
	ssize_t written;

	if (!length)
		return;
	if (proxy->packets)
		written = send(proxy->remote, proxy->pending, proxy->pending_end, MSG_DONTWAIT | MSG_NOSIGNAL);
	else
		written = write(proxy->remote, proxy->pending + proxy->pending_at, length);
	if (written < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (written > 0 && !proxy->packets)
		proxy->pending_at += (size_t)written;
	if (written < 0 || proxy->packets || proxy->pending_at == proxy->pending_end)
		proxy->pending_at = proxy->pending_end = 1;
}

static void end_input(struct proxy *proxy)
{
	const char end = CONTROL_END;
	struct termios modes;

	proxy->input_ended = true;
	if (proxy->packets) {
		send(proxy->remote, &end, 1, MSG_NOSIGNAL);
	} else if (tcgetattr(proxy->remote, &modes) == 0 && modes.c_lflag & ICANON) {
		proxy->pending[proxy->pending_end++] = (char)modes.c_cc[VEOF];
		flush_input(proxy);
	}
}

/* Holds back what may become the detach keys; true when they are complete. */
static bool add_input(struct proxy *proxy, char byte)
{
	if (proxy->key_count && byte != proxy->keys[proxy->keys_matched]) {
		memcpy(proxy->pending + proxy->pending_end, proxy->keys, proxy->keys_matched);
		proxy->pending_end += proxy->keys_matched;
		proxy->keys_matched = 0;
	}
	if (proxy->key_count && byte == proxy->keys[proxy->keys_matched])
		return ++proxy->keys_matched == proxy->key_count;
	proxy->pending[proxy->pending_end++] = byte;
	return false;
}

static enum proxy_result read_user(struct proxy *proxy)
{
	char bytes[INPUT_MAX - 1]; /* one less: room for the end-of-file key */
	const ssize_t length = read(STDIN_FILENO, bytes, sizeof bytes);

	if (length < 0 && (errno == EAGAIN || errno == EINTR))
		return PROXY_GOES_ON;
	if (length <= 0) {
		end_input(proxy);
		return PROXY_GOES_ON;
	}
	for (ssize_t i = 0; i < length; i++) {
		if (!add_input(proxy, bytes[i]))
			continue;
		write_all(STDOUT_FILENO, "\r\n", 2); /* the caller's prompt does not belong on the container's line */
		return PROXY_DETACHED;
	}
	flush_input(proxy);
	return PROXY_GOES_ON;
}

static enum proxy_result read_packet(struct proxy *proxy)
{
	const ssize_t length = recv(proxy->remote, packet, sizeof packet, MSG_DONTWAIT);

	if (length < 0 && (errno == EAGAIN || errno == EINTR))
		return PROXY_GOES_ON;
	if (length <= 0)
		return PROXY_REMOTE_ENDED;
	if (packet[0] == CONTROL_OUT || packet[0] == CONTROL_ERROR)
		write_all(packet[0] == CONTROL_OUT ? STDOUT_FILENO : STDERR_FILENO, packet + 1, (size_t)length - 1);
	if (packet[0] != CONTROL_EXIT || length < 9)
		return PROXY_GOES_ON;
	memcpy(&proxy->exit_code, packet + 1, 4);
	memcpy(&proxy->exit_signal, packet + 5, 4);
	proxy->exit_told = true;
	return PROXY_REMOTE_ENDED;
}

static enum proxy_result read_terminal(struct proxy *proxy)
{
	const ssize_t length = read(proxy->remote, packet, sizeof packet);

	if (length < 0 && (errno == EAGAIN || errno == EINTR))
		return PROXY_GOES_ON;
	if (length <= 0)
		return PROXY_REMOTE_ENDED;
	write_all(STDOUT_FILENO, packet, (size_t)length);
	return PROXY_GOES_ON;
}

void proxy_drain(struct proxy *proxy)
{
	ssize_t length;

	while ((length = read(proxy->remote, packet, sizeof packet)) > 0)
		write_all(STDOUT_FILENO, packet, (size_t)length);
}

void proxy_prepare(const struct proxy *proxy, struct pollfd polled[2])
{
	const bool waiting = proxy->pending_end > proxy->pending_at;

	polled[0] = (struct pollfd){ waiting || proxy->input_ended ? -1 : STDIN_FILENO, POLLIN, 0 };
	polled[1] = (struct pollfd){ proxy->remote, (short)(POLLIN | (waiting ? POLLOUT : 0)), 0 };
}

enum proxy_result proxy_serve(struct proxy *proxy, const struct pollfd polled[2])
{
	enum proxy_result result = PROXY_GOES_ON;

	if (polled[1].revents & POLLOUT)
		flush_input(proxy);
	if (polled[1].revents & (POLLIN | POLLHUP | POLLERR))
		result = proxy->packets ? read_packet(proxy) : read_terminal(proxy);
	if (result == PROXY_GOES_ON && polled[0].revents)
		result = read_user(proxy);
	return result;
}
