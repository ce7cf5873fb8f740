/*
 * drive.c - plays the engine for the tests.
 *
 *   drive run HELPER PLAN LOCK [PORT...]     starts a container; prints the helper's message; it gets sockets bound to
 *                                            these TCP ports of 127.0.0.1
 *   drive foreground HELPER PLAN LOCK MASK   the same with an attached console: 0 to its input, output to 1 and 2,
 *                                            ends with the container's exit code
 *   drive exec HELPER PLAN PID               runs an exec plan in the container of PID; ends with its exit code
 *   drive stop SOCKET                        CONTROL_STOP, awaits the acknowledgement
 *   drive policy SOCKET POLICY RETRIES
 *   drive attach SOCKET MASK [TEXT]          attaches, sends TEXT as input, prints output until CONTROL_EXIT
 *   drive reserve SOCKET PORT...             hands over such sockets
 *   drive release SOCKET PORT                has one closed
 *   drive free PORT                          ends with 0 if nobody holds the port
 *   drive terminal HELPER SOCKET KEYS        attaches and starts `HELPER attach KEYS`
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "plan_format.h"

#define SOCKETS_MAX 16

static char packet[CONTROL_MAX];
static int sockets[SOCKETS_MAX]; /* what a container gets from FD_PORTS on */
static int socket_count;

/* A socket bound to a port of 127.0.0.1; -1 if somebody else holds it. */
static int bind_port(const char *port)
{
	const struct sockaddr_in address = { .sin_family = AF_INET,
		                             .sin_port = htons((uint16_t)atoi(port)),
		                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	return bind(fd, (const void *)&address, sizeof address) ? -1 : fd;
}

static void bind_ports(char **ports)
{
	for (; *ports && socket_count < SOCKETS_MAX; ports++)
		if ((sockets[socket_count++] = bind_port(*ports)) < 0)
			err(1, "port %s", *ports);
}

static int open_lock(const char *path)
{
	const struct flock lock = { .l_type = F_WRLCK };
	const int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	if (fd < 0 || fcntl(fd, F_OFD_SETLK, &lock))
		err(1, "%s", path);
	return fd;
}

/* Starts the helper with descriptors as the contract has them (-1: none); its sync pipe's read end. */
static int start(const char *helper, const char *mode, int plan, int lock, int sixth, pid_t *pid)
{
	const int fds[] = { plan, -1, lock, sixth };
	int ends[2];

	if (pipe2(ends, O_CLOEXEC))
		err(1, "pipe");
	*pid = fork();
	if (*pid == 0) {
		int high[4];

		for (int i = 0; i < 4; i++) {
			const int fd = i == 1 ? ends[1] : fds[i];

			high[i] = fd < 0 ? -1 : fcntl(fd, F_DUPFD_CLOEXEC, 100);
		}
		for (int i = 0; i < socket_count; i++)
			sockets[i] = fcntl(sockets[i], F_DUPFD_CLOEXEC, 100);
		for (int i = 0; i < 4; i++)
			if (high[i] < 0)
				close(3 + i);
			else
				dup2(high[i], 3 + i);
		for (int i = 0; i < socket_count; i++)
			dup2(sockets[i], FD_PORTS + i);
		execl(helper, helper, mode, (char *)NULL);
		err(127, "%s", helper);
	}
	close(ends[1]);
	return ends[0];
}

static int read_sync(int fd, struct sync_message *message, FILE *out)
{
	if (read(fd, message, sizeof *message) != sizeof *message)
		return -1;
	if (message->kind == SYNC_STARTED)
		fprintf(out, "started pid=%lld start=%llu monitor=%lld\n", (long long)message->pid,
		        (unsigned long long)message->start_time, (long long)message->monitor_pid);
	else if (message->kind == SYNC_FAILED)
		fprintf(out, "failed step=%d error=%d text=%s\n", (int)message->step, message->error, message->text);
	else
		fprintf(out, "exited code=%d signal=%d\n", message->exit_code, message->signal);
	fflush(out);
	return 0;
}

static int connect_to(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	const int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

	strncpy(address.sun_path, path, sizeof address.sun_path - 1);
	if (connect(fd, (void *)&address, sizeof address))
		err(1, "%s", path);
	return fd;
}

static int request(int fd, const void *bytes, size_t length)
{
	int32_t error;

	if (send(fd, bytes, length, 0) < 0 || recv(fd, packet, sizeof packet, 0) != 5 || packet[0] != CONTROL_ACK)
		errx(1, "no acknowledgement");
	memcpy(&error, packet + 1, sizeof error);
	return error;
}

/* Copies output until the container's end; its exit code. input: 0 is sent as standard input. */
static int follow(int fd, int input)
{
	for (;;) {
		struct pollfd polled[] = { { fd, POLLIN, 0 }, { input ? 0 : -1, POLLIN, 0 } };
		int32_t code;
		ssize_t length;

		poll(polled, 2, -1);
		if (polled[1].revents) {
			length = read(0, packet + 1, 4096);
			packet[0] = length > 0 ? CONTROL_INPUT : CONTROL_END;
			input = length > 0;
			send(fd, packet, (size_t)(length > 0 ? length : 0) + 1, MSG_NOSIGNAL);
		}
		if (!polled[0].revents)
			continue;
		length = recv(fd, packet, sizeof packet, 0);
		if (length <= 0)
			return 255;
		if (packet[0] == CONTROL_OUT || packet[0] == CONTROL_ERROR)
			if (write(packet[0] == CONTROL_OUT ? 1 : 2, packet + 1, (size_t)length - 1) < 0)
				return 254;
		memcpy(&code, packet + 1, sizeof code);
		if (packet[0] == CONTROL_EXIT)
			return code;
	}
}

static int reserve(char **argv)
{
	_Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof sockets)] = { 0 };
	char type = CONTROL_RESERVE;
	struct iovec vector = { &type, 1 };
	struct msghdr header = { .msg_iov = &vector, .msg_iovlen = 1, .msg_control = control };
	struct cmsghdr *part = (void *)control;
	const int fd = connect_to(argv[0]);
	int32_t error;

	bind_ports(argv + 1);
	header.msg_controllen = CMSG_SPACE((size_t)socket_count * sizeof(int));
	*part = (struct cmsghdr){ .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS };
	part->cmsg_len = CMSG_LEN((size_t)socket_count * sizeof(int));
	memcpy(CMSG_DATA(part), sockets, (size_t)socket_count * sizeof(int));
	if (sendmsg(fd, &header, 0) < 0 || recv(fd, packet, sizeof packet, 0) != 5)
		errx(1, "no acknowledgement");
	memcpy(&error, packet + 1, sizeof error);
	return error;
}

static int release(char **argv)
{
	const int port = atoi(argv[1]);
	const struct port_address address = {
		.protocol = IPPROTO_TCP,
		.family = AF_INET,
		.port = { (uint8_t)(port >> 8), (uint8_t)port },
		.address = { 127, 0, 0, 1 },
	};
	char message[1 + sizeof address] = { CONTROL_RELEASE };

	memcpy(message + 1, &address, sizeof address);
	return request(connect_to(argv[0]), message, sizeof message);
}

static int run(char **argv, const char *mask)
{
	int pair[2] = { -1, -1 }, status, sync;
	const int lock = open_lock(argv[2]), plan = open(argv[1], O_RDONLY | O_CLOEXEC);
	struct sync_message message;
	pid_t pid;

	if (mask && socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair))
		err(1, "socketpair");
	sync = start(argv[0], "run", plan, lock, pair[1], &pid);
	close(pair[1]);
	close(lock);
	while (socket_count)
		close(sockets[--socket_count]);
	waitpid(pid, &status, 0);
	if (read_sync(sync, &message, mask ? stderr : stdout))
		errx(1, "no message; status %x", status);
	if (message.kind != SYNC_STARTED)
		return 125;
	return mask ? follow(pair[0], atoi(mask) & 1) : 0;
}

static int exec(char **argv)
{
	const int plan = open(argv[1], O_RDONLY | O_CLOEXEC);
	const int target = (int)syscall(SYS_pidfd_open, atoi(argv[2]), 0);
	struct sync_message message;
	pid_t pid;
	int status, sync;

	if (target < 0)
		err(1, "pidfd_open");
	sync = start(argv[0], "exec", plan, -1, target, &pid);
	while (read_sync(sync, &message, stderr) == 0)
		;
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 255;
}

static int attach(char **argv)
{
	const char mask[] = { CONTROL_ATTACH, (char)atoi(argv[1]) };
	const int fd = connect_to(argv[0]);

	if (request(fd, mask, sizeof mask))
		return 1;
	if (argv[2]) {
		packet[0] = CONTROL_INPUT;
		strcpy(packet + 1, argv[2]);
		send(fd, packet, strlen(argv[2]) + 1, 0);
	}
	return follow(fd, 0);
}

static int terminal(char **argv)
{
	const char mask[] = { CONTROL_ATTACH, 3 };
	const int fd = connect_to(argv[1]);
	struct sync_message message;
	int ends[2], status;
	pid_t pid;

	if (request(fd, mask, sizeof mask) || pipe2(ends, O_CLOEXEC))
		return 1;
	pid = fork();
	if (pid == 0) {
		const int sync = fcntl(ends[1], F_DUPFD_CLOEXEC, 100), connection = fcntl(fd, F_DUPFD_CLOEXEC, 100);

		dup2(connection, 3);
		dup2(sync, 4);
		execl(argv[0], argv[0], "attach", argv[2], (char *)NULL);
		err(127, "%s", argv[0]);
	}
	close(ends[1]);
	waitpid(pid, &status, 0);
	return read_sync(ends[0], &message, stdout) || !WIFEXITED(status) ? 1 : WEXITSTATUS(status);
}

static int policy(char **argv)
{
	const uint32_t values[2] = { (uint32_t)atoi(argv[1]), (uint32_t)atoi(argv[2]) };
	char message[1 + sizeof values] = { CONTROL_POLICY };

	memcpy(message + 1, values, sizeof values);
	return request(connect_to(argv[0]), message, sizeof message);
}

int main(int argc, char **argv)
{
	const char stop = CONTROL_STOP;

	if (argc >= 5 && strcmp(argv[1], "run") == 0) {
		bind_ports(argv + 5);
		return run(argv + 2, NULL);
	}
	if (argc >= 4 && strcmp(argv[1], "reserve") == 0)
		return reserve(argv + 2);
	if (argc == 4 && strcmp(argv[1], "release") == 0)
		return release(argv + 2);
	if (argc == 3 && strcmp(argv[1], "free") == 0)
		return bind_port(argv[2]) < 0;
	if (argc == 6 && strcmp(argv[1], "foreground") == 0)
		return run(argv + 2, argv[5]);
	if (argc == 5 && strcmp(argv[1], "exec") == 0)
		return exec(argv + 2);
	if (argc == 3 && strcmp(argv[1], "stop") == 0)
		return request(connect_to(argv[2]), &stop, 1);
	if (argc == 5 && strcmp(argv[1], "policy") == 0)
		return policy(argv + 2);
	if (argc >= 4 && strcmp(argv[1], "attach") == 0)
		return attach(argv + 2);
	if (argc == 5 && strcmp(argv[1], "terminal") == 0)
		return terminal(argv + 2);
	errx(2, "usage: see drive.c");
}
