/*
 * wiring.c - what the kernel takes for each part of a container's network, without any engine.
 *
 *   gcc -O2 -o wiring bench/wiring.c && ./wiring [ROUNDS [FOREIGN_TABLES [CONTAINERS]]]
 *
 * Runs in network namespaces of its own (needs root, and nft(8) for making tables); medians in microseconds. FOREIGN_TABLES are
 * tables of other programs with 50 rules each; CONTAINERS (1,020 with the rounds: a bridge has 1,023 ports) have a namespace, a pair of interfaces on the bridge and a port each.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_link.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <net/if.h>

#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum part { NAMESPACE, PAIR, ADDRESS, CARRIER, PUBLISH, WITHDRAW, CLOSE, PARTS };
static const char *const names[PARTS] = {
	[NAMESPACE] = "clone with a network namespace",
	[PAIR] = "pair of interfaces, on the bridge, up",
	[ADDRESS] = "inside: lo, address, up, default route",
	[CARRIER] = "wait until the bridge forwards",
	[PUBLISH] = "publish a port (element added)",
	[WITHDRAW] = "withdraw it (added and deleted in a batch)",
	[CLOSE] = "kill and reap",
};

static char message[4096];
static size_t length;
static struct nlmsghdr *current;

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec * 1e6 + (double)time.tv_nsec / 1e3;
}

static void *put(const void *bytes, size_t count)
{
	char *at = message + length;

	memset(at, 0, NLMSG_ALIGN(count));
	if (bytes)
		memcpy(at, bytes, count);
	length += NLMSG_ALIGN(count);
	return at;
}

static void begin(uint16_t type, uint16_t flags, const void *content, size_t count)
{
	const struct nlmsghdr header = { .nlmsg_type = type, .nlmsg_flags = (uint16_t)(NLM_F_REQUEST | flags) };

	current = put(&header, sizeof header);
	put(content, count);
}

static void end(void) { current->nlmsg_len = (uint32_t)(message + length - (char *)current); }

static void attribute(uint16_t type, const void *value, size_t count)
{
	const struct nlattr header = { (uint16_t)(sizeof header + count), type };

	put(&header, sizeof header);
	put(value, count);
}

static void number(uint16_t type, uint32_t value) { attribute(type, &value, sizeof value); }
static void text(uint16_t type, const char *value) { attribute(type, value, strlen(value) + 1); }

static struct nlattr *nest(uint16_t type)
{
	const struct nlattr header = { 0, type | NLA_F_NESTED };

	return put(&header, sizeof header);
}

static void close_nest(struct nlattr *nested) { nested->nla_len = (uint16_t)(message + length - (char *)nested); }

/* Sends what was written on a socket of its own, as the helper does, and demands success. */
static void send_all(int protocol, int acknowledgements)
{
	char answers[8192];
	const struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	static int kept = -1; /* to nf_tables: a close right after a deletion waits for the kernel to free it (13 ms) */
	const int fd = protocol == NETLINK_NETFILTER && kept >= 0 ? kept : socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol);

	if (fd < 0 || sendto(fd, message, length, 0, (const void *)&kernel, sizeof kernel) < 0)
		err(1, "netlink");
	while (acknowledgements > 0) {
		ssize_t got = recv(fd, answers, sizeof answers, MSG_DONTWAIT);

		if (got < 0)
			err(1, "netlink answers");
		for (struct nlmsghdr *answer = (void *)answers; NLMSG_OK(answer, got); answer = NLMSG_NEXT(answer, got)) {
			errno = -((struct nlmsgerr *)NLMSG_DATA(answer))->error;
			if (errno)
				err(1, "netlink refused");
			acknowledgements--;
		}
	}
	if (protocol == NETLINK_NETFILTER)
		kept = fd;
	else
		close(fd);
	length = 0;
}

static void no_link_local(void)
{
	struct nlattr *families = nest(IFLA_AF_SPEC), *inet6 = nest(AF_INET6);
	const uint8_t none = 1;

	attribute(IFLA_INET6_ADDR_GEN_MODE, &none, 1);
	close_nest(inet6);
	close_nest(families);
}

static void one_queue(void)
{
	number(IFLA_NUM_TX_QUEUES, 1);
	number(IFLA_NUM_RX_QUEUES, 1);
}

static void make_bridge(void)
{
	struct ifinfomsg link = { .ifi_flags = IFF_UP, .ifi_change = IFF_UP };
	struct nlattr *info, *data;
	const uint8_t off = 0;

	begin(RTM_NEWLINK, NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL, &link, sizeof link);
	text(IFLA_IFNAME, "br0");
	info = nest(IFLA_LINKINFO);
	text(IFLA_INFO_KIND, "bridge");
	data = nest(IFLA_INFO_DATA);
	attribute(IFLA_BR_MCAST_SNOOPING, &off, 1);
	close_nest(data);
	close_nest(info);
	end();
	send_all(NETLINK_ROUTE, 1);
}

static void make_pair(const char *name, int bridge, int namespace)
{
	struct ifinfomsg link = { 0 }, up = { .ifi_flags = IFF_UP, .ifi_change = IFF_UP };
	struct nlattr *info, *data, *peer;

	begin(RTM_NEWLINK, NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL, &link, sizeof link);
	text(IFLA_IFNAME, name);
	number(IFLA_MASTER, (uint32_t)bridge);
	one_queue();
	info = nest(IFLA_LINKINFO);
	text(IFLA_INFO_KIND, "veth");
	data = nest(IFLA_INFO_DATA);
	peer = nest(VETH_INFO_PEER);
	put(&link, sizeof link);
	text(IFLA_IFNAME, "eth0");
	one_queue();
	number(IFLA_NET_NS_FD, (uint32_t)namespace);
	close_nest(peer);
	close_nest(data);
	close_nest(info);
	end();
	begin(RTM_NEWLINK, NLM_F_ACK, &link, sizeof link);
	text(IFLA_IFNAME, name);
	no_link_local();
	end();
	begin(RTM_NEWLINK, NLM_F_ACK, &up, sizeof up);
	text(IFLA_IFNAME, name);
	end();
	send_all(NETLINK_ROUTE, 3);
}

static void set_up(unsigned index, int silent)
{
	struct ifinfomsg up = { .ifi_index = (int)index, .ifi_flags = IFF_UP, .ifi_change = IFF_UP };

	begin(RTM_NEWLINK, NLM_F_ACK, &up, sizeof up);
	if (silent)
		no_link_local();
	end();
}

static void set_up_inside(uint32_t address, uint32_t gateway)
{
	const unsigned index = if_nametoindex("eth0");
	struct ifaddrmsg addressed = { .ifa_family = AF_INET, .ifa_prefixlen = 16, .ifa_index = index };
	struct rtmsg route = { .rtm_family = AF_INET, .rtm_table = RT_TABLE_MAIN, .rtm_protocol = RTPROT_STATIC, .rtm_type = RTN_UNICAST };

	set_up(1, 0);
	begin(RTM_NEWADDR, NLM_F_ACK | NLM_F_CREATE, &addressed, sizeof addressed);
	number(IFA_LOCAL, address);
	number(IFA_ADDRESS, address);
	end();
	set_up(index, 1);
	begin(RTM_NEWROUTE, NLM_F_ACK | NLM_F_CREATE, &route, sizeof route);
	number(RTA_GATEWAY, gateway);
	number(RTA_OIF, index);
	end();
	send_all(NETLINK_ROUTE, 4);
}

static void element(uint16_t type, uint16_t port, uint32_t address)
{
	const struct nfgenmsg table = { .nfgen_family = NFPROTO_INET };
	const uint16_t key[6] = { htons(0x7f00), htons(1), IPPROTO_TCP, 0, htons(port), 0 };
	const uint32_t data[2] = { address, htons(80) };
	struct nlattr *list, *item, *value;

	begin((uint16_t)(NFNL_SUBSYS_NFTABLES << 8 | type), NLM_F_ACK | NLM_F_CREATE, &table, sizeof table);
	text(NFTA_SET_ELEM_LIST_TABLE, "bench");
	text(NFTA_SET_ELEM_LIST_SET, "published4");
	list = nest(NFTA_SET_ELEM_LIST_ELEMENTS);
	item = nest(NFTA_LIST_ELEM);
	value = nest(NFTA_SET_ELEM_KEY);
	attribute(NFTA_DATA_VALUE, key, sizeof key);
	close_nest(value);
	value = nest(NFTA_SET_ELEM_DATA);
	attribute(NFTA_DATA_VALUE, data, sizeof data);
	close_nest(value);
	close_nest(item);
	close_nest(list);
	end();
}

static void elements(int withdraw, uint16_t port, uint32_t address)
{
	const struct nfgenmsg batch = { .res_id = htons(NFNL_SUBSYS_NFTABLES) };

	begin(NFNL_MSG_BATCH_BEGIN, 0, &batch, sizeof batch);
	end();
	element(NFT_MSG_NEWSETELEM, port, address);
	if (withdraw)
		element(NFT_MSG_DELSETELEM, port, address);
	begin(NFNL_MSG_BATCH_END, 0, &batch, sizeof batch);
	end();
	send_all(NETLINK_NETFILTER, withdraw ? 2 : 1);
}

static void command(const char *line)
{
	if (system(line))
		errx(1, "%s", line);
}

static void wait_for(const char *name)
{
	struct ifreq request = { 0 };
	const int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	const struct timespec pause = { .tv_nsec = 50000 };

	strcpy(request.ifr_name, name);
	for (int tries = 0; tries < 20000; tries++) {
		if (ioctl(fd, SIOCGIFFLAGS, &request) == 0 && request.ifr_flags & IFF_RUNNING)
			break;
		nanosleep(&pause, NULL);
	}
	close(fd);
}

/* One container; its process id. */
static pid_t start(int which, int bridge, int home, double *times)
{
	char name[IF_NAMESIZE], path[64];
	double at = now();
	const pid_t pid = (pid_t)syscall(SYS_clone3, (uint64_t[11]){ CLONE_NEWNET, 0, 0, 0, SIGCHLD }, 88);
	int namespace;

	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL); /* none stays where the measurement fails */
		pause();
		_exit(0);
	}
	times[NAMESPACE] = now() - at;
	snprintf(path, sizeof path, "/proc/%d/ns/net", pid);
	namespace = open(path, O_RDONLY | O_CLOEXEC);
	snprintf(name, sizeof name, "v%d", which);
	at = now();
	make_pair(name, bridge, namespace);
	times[PAIR] = now() - at;
	setns(namespace, CLONE_NEWNET);
	at = now();
	set_up_inside(htonl(0x0a000000u + 2u + (uint32_t)which), htonl(0x0a000001u));
	times[ADDRESS] = now() - at;
	at = now();
	wait_for("eth0");
	times[CARRIER] = now() - at;
	setns(home, CLONE_NEWNET);
	close(namespace);
	at = now();
	elements(0, (uint16_t)(1024 + which), htonl(0x0a000002u + (uint32_t)which));
	times[PUBLISH] = now() - at;
	return pid;
}

static void stop(pid_t pid, int which, double *times)
{
	double at = now();

	elements(1, (uint16_t)(1024 + which), htonl(0x0a000002u + (uint32_t)which));
	times[WITHDRAW] = now() - at;
	at = now();
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	times[CLOSE] = now() - at;
}

static int compare(const void *left, const void *right)
{
	const double a = *(const double *)left, b = *(const double *)right;

	return (a > b) - (a < b);
}

static void make_tables(int foreign)
{
	command("nft 'table inet bench { map published4 { type ipv4_addr . inet_proto . inet_service : ipv4_addr . inet_service; };"
	        " chain c { type nat hook prerouting priority -100; dnat ip to ip daddr . meta l4proto . th dport map @published4; }; }'");
	for (int i = 0; i < foreign; i++) {
		char line[4096], *at = line;

		at += sprintf(at, "nft 'table inet foreign%d { chain c { ", i);
		for (int rule = 0; rule < 50; rule++)
			at += sprintf(at, "tcp dport %d counter accept; ", 1000 + rule);
		sprintf(at, "}; }'");
		command(line);
	}
}

int main(int argc, char **argv)
{
	const int rounds = argc > 1 ? atoi(argv[1]) : 200, foreign = argc > 2 ? atoi(argv[2]) : 0, others = argc > 3 ? atoi(argv[3]) : 0;
	double(*times)[PARTS] = calloc((size_t)rounds, sizeof *times), ignored[PARTS], *column = calloc((size_t)rounds, sizeof *column);
	pid_t *pids = calloc((size_t)others + 1, sizeof *pids);
	int home, bridge;

	if (unshare(CLONE_NEWNET))
		err(1, "unshare");
	home = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	make_bridge();
	bridge = (int)if_nametoindex("br0");
	make_tables(foreign);
	for (int i = 0; i < others; i++)
		pids[i] = start(i, bridge, home, ignored);
	for (int i = 0; i < rounds; i++) {
		const pid_t pid = start(others + i, bridge, home, times[i]);

		stop(pid, others + i, times[i]);
	}
	printf("%d rounds, %d foreign tables, %d other containers; median (smallest, 9 of 10 below) in microseconds\n", rounds, foreign, others);
	for (int part = 0; part < PARTS; part++) {
		for (int i = 0; i < rounds; i++)
			column[i] = times[i][part];
		qsort(column, (size_t)rounds, sizeof *column, compare);
		printf("  %-45s %8.0f (%.0f, %.0f)\n", names[part], column[rounds / 2], column[0], column[rounds * 9 / 10]);
	}
	for (int i = 0; i < others; i++) {
		kill(pids[i], SIGKILL);
		waitpid(pids[i], NULL, 0);
	}
	return 0;
}
