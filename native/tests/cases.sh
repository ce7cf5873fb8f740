# cases.sh - the cases of run.sh, one container or two each.

# Exit code, log, status, descriptors, environment
container plain
echo "teardown OP_REMOVE_FILE s:$dir/marker" >"$dir/teardown"
touch "$dir/marker"
plan "ls /proc/self/fd | tr '\\n' ' '; echo; echo \$GREETING; echo to-err >&2; echo \$\$; exit 3"
start >"$dir/message"
check "start is reported" started "$(cut -d' ' -f1 "$dir/message")"
ended
check "exit code" "3 0" "$(fact exit) $(fact signal)"
check "final status in the state directory" "exited 3" "$(fact state state) $(fact exit state)"
# 3 is the directory that ls itself reads
check "output and descriptors" "0 1 2 3 |hello|1" "$(logged stdout | tr '\n' '|' | sed 's/|$//')"
check "standard error" to-err "$(logged stderr)"
check "log lines have CRI form" 4 "$(grep -cE '^2[0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9:]{8}\.[0-9]{9}Z std(out|err) F ' "$dir/run/log")"
check "teardown ran" no "$([ -e "$dir/marker" ] && echo yes || echo no)"
check "control socket is gone" no "$([ -e "$dir/run/control" ] && echo yes || echo no)"
check "nothing is left mounted" 0 "$(grep -c "$work" /proc/self/mountinfo)"

# Signals: dispositions and mask are clean whatever the caller left
container signals
plan "cat /proc/self/status | while read key value; do case \$key in SigBlk:|SigIgn:) echo \$value;; esac; done"
(trap '' PIPE HUP INT USR1; start >/dev/null)
ended
check "no signal is blocked or ignored" "0000000000000000 0000000000000000" "$(logged stdout | tr '\n' ' ' | sed 's/ $//')"

# A failing step in the child, on the host, in the exec
container badstep
echo "child OP_BIND_IN s:/nonexistent s:/x n:0 n:0 n:3 n:0 n:0" >"$dir/mounts"
plan true
check "a failing step is named" "failed step=15 error=2 text=/nonexistent" "$(start)"
check "a failed first run leaves no status" no "$([ -e "$dir/run/status" ] && echo yes || echo no)"
container badhost
echo "host OP_WRITE_FILE s:/nonexistent/file b:30" >"$dir/host"
echo "teardown OP_REMOVE_FILE s:$dir/marker" >"$dir/teardown"
touch "$dir/marker"
plan true
check "a failing host step is named" "failed step=4 error=2 text=/nonexistent/file" "$(start)"
check "teardown runs after a failure" no "$([ -e "$dir/marker" ] && echo yes || echo no)"
container optional
echo "host? OP_WRITE_FILE s:/nonexistent/file b:30" >"$dir/host"
plan true
check "an optional step may fail" started "$(start | cut -d' ' -f1)"
ended
container badplan
plan true
head -c 100 "$dir/plan" >"$dir/short"
check "a truncated plan is refused" "failed step=-1 error=-1" \
	"$("$drive" run "$helper" "$dir/short" "$dir/lock" | cut -d' ' -f1-3)"

# User, groups, home, capabilities
container user
echo "child OP_USER s:web s:audio
child OP_CAPABILITIES n:0 n:0 n:0 n:0" >"$dir/process"
plan "id -u; id -g; id -G; echo \$HOME; echo reopened >/proc/self/fd/1; while read k v; do case \$k in CapEff:) echo \$v;; esac; done </proc/self/status"
start >/dev/null
ended
check "user from the root's own files" "33 44 44 4 29 /srv/web reopened 0000000000000000" "$(logged stdout | tr '\n' ' ' | sed 's/ $//')"
container nouser
echo "child OP_USER s:nobody-here" >"$dir/process"
plan true
check "an unknown user is named" "failed step=16 error=-2 text=nobody-here" "$(start)"

# Paths in the root never leave it
container paths
mkdir "$dir/volume" "$dir/fresh"
echo "child OP_BIND_IN s:$dir/volume s:/escape/deep/target n:0 n:0 n:1 n:0 n:0
child OP_BIND_IN s:$dir/volume s:/dangling/more n:1 n:0 n:1 n:0 n:0
child OP_SEED_VOLUME s:/data s:$dir/fresh
child OP_BIND_IN s:$dir/fresh s:/data n:0 n:0 n:1 n:0 n:0
child OP_SYMLINK_IN s:/proc/self/fd s:/dev/fd
child OP_MAKE_DIRECTORY_IN s:/srv/web n:0x1C8 n:33 n:44" >"$dir/mounts"
plan "test -d /tmp/deep/target && echo inside; touch /made/by/link/more/x 2>/dev/null || echo readonly; stat -c '%a %u %g' /srv/web; readlink /dev/fd; cat /data/link; ls /proc/acpi; touch /proc/sys/x || echo ro"
start >/dev/null
ended
check "targets, links, seeds" "inside|readonly|710 33 44|/proc/self/fd|seeded|ro" "$(logged stdout | tr '\n' '|' | sed 's/|$//')"
check "nothing was made outside of the root" no "$([ -e /tmp/deep ] && echo yes || echo no)"
check "a seeded file keeps owner and mode" "640 33 44" "$(stat -c '%a %u %g' "$dir/fresh/sub/file")"

# Restart: on-failure with two retries, then always until stopped
container retries
policy="n:1 n:2"
plan 'echo run; exit 7'
start >/dev/null
ended
check "on-failure runs again twice" "3 2 7" "$(logged stdout | grep -c run) $(fact restarts) $(fact exit)"
container always
policy="n:2 n:0"
plan 'echo run; exit 0'
start >/dev/null
wait_for "[ \"\$(logged stdout | grep -c run)\" -ge 2 ]"
check "stop is acknowledged" 0 "$("$drive" stop "$dir/run/control"; echo $?)"
ended
check "stopped while it waited to restart" exited "$(fact state)"
container policy
mkdir "$dir/volume"
echo "child OP_BIND_IN s:$dir/volume s:/volume n:0 n:0 n:1 n:0 n:0" >"$dir/mounts"
plan 'until [ -e /volume/go ]; do sleep 0.02; done; echo run; exit 1'
start >/dev/null
"$drive" policy "$dir/run/control" 1 1
touch "$dir/volume/go"
ended
check "the policy can change" 2 "$(logged stdout | grep -c run)"

# The monitor is killed: PID 1 goes along, with and without init
for init in plain init; do
	container "killed-$init"
	echo "child OP_PARENT_DEATH_SIGNAL n:9" >"$dir/process"
	[ $init = init ] && echo "child OP_INIT" >>"$dir/process"
	plan 'sleep 1000'
	start >/dev/null
	pid=$(fact pid)
	kill -KILL "$(fact monitor)"
	wait_for "[ ! -d /proc/$pid ]"
	check "a killed monitor takes PID 1 along ($init)" no "$([ -d "/proc/$pid" ] && echo yes || echo no)"
	rm -f "$dir/run/status"
done

# Init reaps, forwards, passes the code on, and holds nothing open
container init
echo "child OP_INIT" >"$dir/process"
plan "trap 'echo term; exit 9' TERM; echo \$\$; ls /proc/1/fd | tr '\\n' ' '; echo; (sleep 0.05 & ) ; echo up; while true; do sleep 0.02; done"
start >/dev/null
wait_for "logged stdout | grep -q up"
check "the program is not PID 1, which holds only the streams" "2|0 1 2 |up" "$(logged stdout | tr '\n' '|' | sed 's/|$//')"
sleep 0.2
check "orphans are reaped" 0 "$(grep -l 'State:.Z' /proc/[0-9]*/status 2>/dev/null | while read -r s; do grep -l "PPid:.$(fact pid)$" "$s" 2>/dev/null; done | wc -l)"
kill -TERM "$(fact pid)"
ended
check "signals are passed on, the code is passed back" "9 0" "$(fact exit) $(fact signal)"

# Killed by a signal
container killed
plan 'sleep 1000'
start >/dev/null
check "the monitor ignores SIGTERM" yes "$(kill -TERM "$(fact monitor)"; sleep 0.1; [ -d "/proc/$(fact monitor)" ] && echo yes || echo no)"
check "the run lock is held" no "$("$drive" run "$helper" "$dir/plan" "$dir/lock" 2>/dev/null && echo yes || echo no)"
kill -KILL "$(fact pid)"
ended
check "killed" "137 9" "$(fact exit) $(fact signal)"

# Attached consoles and long, unterminated output
container foreground
echo "settings SETTING_ATTACHED n:3
settings SETTING_STDIN_OPEN" >"$dir/settings"
plan 'cat; exit 4'
seq 1 200000 >"$dir/in"
"$drive" foreground "$helper" "$dir/plan" "$dir/lock" 3 <"$dir/in" >"$dir/out" 2>/dev/null
check "a console's exit code" 4 $?
check "input comes back whole" "$(cksum <"$dir/in")" "$(cksum <"$dir/out")"
ended
check "and is in the log" "$(cksum <"$dir/in")" "$(logged stdout | cksum)"
container attach
echo "settings SETTING_STDIN_OPEN" >"$dir/settings"
plan 'read x; head -c 100000 /dev/zero | tr "\\0" x; exit 5'
plan "read x; echo got \$x; head -c 100000 /dev/zero | tr '\\0' x; exit 5"
echo "child OP_BIND_IN s:/dev/zero s:/dev/zero n:0 n:0 n:2 n:0 n:0" >"$dir/mounts"
plan "read x; echo got \$x; head -c 100000 /dev/zero | tr '\\0' x; exit 5"
start >/dev/null
"$drive" attach "$dir/run/control" 2 >"$dir/second" &
second=$!
sleep 0.1
"$drive" attach "$dir/run/control" 3 "word
" >"$dir/out"
check "an attached console's exit code" 5 $?
wait $second
check "both consoles got it all" "100009 100009" "$(wc -c <"$dir/out") $(wc -c <"$dir/second")"
ended
check "long lines are logged in pieces" "F P P P P P P F" "$(cut -d' ' -f3 "$dir/run/log" | tr '\n' ' ' | sed 's/ $//')"
container rotate
log_size=20000
plan 'seq 1 10000'
log_size=
start >/dev/null
ended
check "log files kept" "log log.1 log.2" "$(cd "$dir/run" && ls -d log* | tr '\n' ' ' | sed 's/ $//')"
check "the last line is in the current one" 10000 "$(logged stdout | tail -1)"

container slow
echo "settings SETTING_STDIN_OPEN" >"$dir/settings"
plan 'read x; seq 1 1000000'
start >/dev/null
"$drive" attach "$dir/run/control" 3 "go
" | (sleep 0.5; cksum) >"$dir/out"
check "a console that lags behind gets everything" "$(seq 1 1000000 | cksum)" "$(cat "$dir/out")"
ended
check "and so does the log" "$(seq 1 1000000 | cksum)" "$(logged stdout | cksum)"

# A restart that fails at a step says so in the status file
container failing-restart
policy="n:2 n:0"
touch "$dir/bound"
echo "child OP_BIND_IN s:$dir/bound s:/bound n:0 n:0 n:2 n:0 n:0" >"$dir/mounts"
echo "teardown OP_REMOVE_FILE s:$dir/bound" >"$dir/teardown"
plan true
start >/dev/null
wait_for "[ -n \"\$(fact error)\" ]"
"$drive" stop "$dir/run/control"
ended
check "a failing restart" "15 2 $dir/bound 125" "$(fact failed_step) $(fact error) $(fact text) $(fact exit)"

# Cgroups: born into a v2 leaf, into v1 leaves by their tasks files; both are removed
unified=$(sed -n 's/^[^ ]* [^ ]* [^ ]* [^ ]* \([^ ]*\) .* - cgroup2 .*/\1/p' /proc/self/mountinfo | head -1)
legacy=$(sed -n 's/^[^ ]* [^ ]* [^ ]* [^ ]* \([^ ]*\) .* - cgroup .*[ ,]pids$/\1/p' /proc/self/mountinfo | head -1)
leaf=can-native-test-$$
if [ -n "$unified" ] && [ -w "$unified" ]; then
	container cgroup
	{
		echo "host OP_MAKE_DIRECTORY s:$unified/$leaf n:0x1ED
host OP_CGROUP_OPEN s:$unified/$leaf"
		[ -n "$legacy" ] && echo "host OP_MAKE_DIRECTORY s:$legacy/$leaf n:0x1ED
host OP_TASKS_OPEN s:$legacy/$leaf/tasks"
	} >"$dir/host"
	[ -n "$legacy" ] && echo "child OP_TASKS_JOIN" >"$dir/mounts"
	echo "child OP_UNSHARE n:0x02000000" >>"$dir/mounts"
	echo "teardown OP_REMOVE_DIRECTORY s:$unified/$leaf" >"$dir/teardown"
	[ -n "$legacy" ] && echo "teardown OP_REMOVE_DIRECTORY s:$legacy/$leaf" >>"$dir/teardown"
	plan 'cat /proc/self/cgroup; sleep 1000'
	start >/dev/null
	wait_for "logged stdout | grep -q ^0::"
	count=$([ -n "$legacy" ] && echo 2 || echo 1)
	check "in its cgroups" "$count" "$(grep -c "/$leaf\$" "/proc/$(fact pid)/cgroup")"
	check "its cgroup namespace begins there" "$count" "$(logged stdout | grep -cE '^0::/$|:pids:/$')"
	{
		echo "plan exec"
		grep OPEN "$dir/host"
		echo "host OP_JOIN n:0x6E020000"
		grep TASKS "$dir/mounts"
		echo "child OP_EXECUTE n:2 s:cat s:/proc/self/cgroup s:PATH=/bin"
	} | "$mkplan" >"$dir/exec"
	"$drive" exec "$helper" "$dir/exec" "$(fact pid)" >"$dir/out" 2>"$dir/messages"
	check "an exec joins both" "0 $count" "$? $(grep -cE '^0::/$|:pids:/$' "$dir/out")"
	kill -KILL "$(fact pid)"
	ended
	check "the cgroups are gone" no "$([ -e "$unified/$leaf" ] || [ -e "${legacy:-/nonexistent}/$leaf" ] && echo yes || echo no)"
fi

# Wiring: the network namespace's descriptor is there, the container waits, a failure there ends it
container wire
echo "wire OP_MAKE_DIRECTORY s:$dir/wired n:0x1C0" >"$dir/wire"
echo "child OP_INIT" >"$dir/process"
plan 'true'
start >/dev/null
ended
check "wire steps run" yes "$([ -d "$dir/wired" ] && echo yes || echo no)"
container badwire
# RTM_NEWLINK with nothing in it
echo "wire OP_NETLINK b:20000000100005000100000000000000000000000000000000000000ffffffff" >"$dir/wire"
plan 'true'
check "a failing wire step is named" "failed step=5" "$(start | cut -d' ' -f1-2)"
container loopback
# RTM_NEWLINK: interface 1 up
echo "child OP_NETLINK b:20000000100005000100000000000000000000000100000001000000ffffffff" >"$dir/process"
plan 'cat /sys/class/net/lo/operstate /proc/net/if_inet6; true'
check "netlink in the container's own namespace" started "$(start | cut -d' ' -f1)"
ended

# A name with the run's number: every run's is another. These runs have a network of their own, in which the pairs stay.
if unshare -n true 2>/dev/null; then
	container numbered
	policy="n:1 n:1"
	# RTM_NEWLINK: a pair called ct and four digits, 38 bytes from the begin
	echo "wire OP_NETLINK b:3c000000100005060000000000000000000000000000000000000000000000000b000300637430303030000010001200090001007665746800000000 n:0 n:0x1000000000026" >"$dir/wire"
	plan '[ -e /again ] && sleep 1000; echo >/again; exit 1'
	unshare -n "$drive" run "$helper" "$dir/plan" "$dir/lock" >/dev/null
	wait_for "[ \"\$(fact restarts)\" = 1 ] && [ \"\$(fact state)\" = running ]"
	check "each run numbers its interfaces" "2 2" "$(sed -n 's/^ *\(ct[0-9a-f]\{4\}\):.*/\1/p' "/proc/$(fact monitor)/net/dev" | tee "$dir/names" | sort -u | wc -l) $(wc -l <"$dir/names")"
	kill -KILL "$(fact pid)"
	ended
fi

# An interface by its number: the helper looks it up
container nolink
echo "child OP_NETLINK b:20000000100005000000000000000000000000000000000001000000ffffffff n:0 n:0x2000000000014" >"$dir/process"
plan true
check "an interface that is not there is named" "failed step=16 error=19 text=a network interface of the container" "$(start)"

# Ports: inherited and held, given and taken while it runs, free at the end
port=$((20000 + $$ % 20000))
container ports
echo "settings SETTING_PORTS n:2" >"$dir/settings"
plan "ls /proc/self/fd | tr '\\n' ' '; echo; sleep 1000"
"$drive" run "$helper" "$dir/plan" "$dir/lock" $port $((port + 1)) >/dev/null
held() { for at in 0 1 2 3; do "$drive" free $((port + at)) && printf 'free ' || printf 'held '; done; }
check "inherited ports are held" "held held free free " "$(held)"
wait_for "[ -n \"\$(logged stdout)\" ]"
check "and not in the container" "0 1 2 3 " "$(logged stdout)"
check "ports are taken while it runs" "0 held held held held " "$("$drive" reserve "$dir/run/control" $((port + 2)) $((port + 3)); echo "$? $(held)")"
check "and given back" "0 free held held free " "$("$drive" release "$dir/run/control" $port; echo "$? $("$drive" release "$dir/run/control" $((port + 3)); held)")"
check "one that is not held is fine" 0 "$("$drive" release "$dir/run/control" $port; echo $?)"
kill -KILL "$(fact pid)"
ended
check "all are free at the end" "free free free free " "$(held)"
container noports
echo "settings SETTING_PORTS n:1" >"$dir/settings"
plan true
check "a missing socket is a bad plan" "failed step=-1 error=-1 text=the socket of a published port is missing" "$(start)"

# What is left for the next run holds for the teardown before it as well
container renewed
touch "$dir/late"
plan 'sleep 1000'
start >/dev/null
echo "teardown OP_REMOVE_FILE s:$dir/late" >"$dir/teardown"
mv "$dir/plan" "$dir/first"
plan 'sleep 1000'
mv "$dir/plan" "$dir/run/plan"
kill -KILL "$(fact pid)"
ended
check "a plan that was left tears down" no "$([ -e "$dir/late" ] && echo yes || echo no)"

# Exec
container target
plan 'sleep 1000'
start >/dev/null
pid=$(fact pid)
execute() { # STEPS COMMAND
	{
		echo "plan exec"
		printf '%s' "${settings:-}"
		echo "host OP_JOIN n:0x6E020000"
		printf '%s' "$1"
		printf '%s\n' "child OP_EXECUTE n:3 s:sh s:-c s:\"$2\" s:PATH=/bin"
	} | "$mkplan" >"$dir/exec"
	"$drive" exec "$helper" "$dir/exec" "$pid"
}
out=$(echo input | execute "" "cat; ls /proc/self/fd | tr '\\n' ' '; exit 6" 2>"$dir/messages")
check "exec's exit code" 6 $?
check "exec's streams and descriptors" "input
0 1 2 3 " "$out"
check "exec's messages" "started exited code=6 signal=0" "$(sed 's/started.*/started/' "$dir/messages" | tr '\n' ' ' | sed 's/ $//')"
execute "child OP_WORKING_DIRECTORY s:/missing
" true 2>"$dir/messages"
check "exec names a failing step" "failed step=1 error=2 text=/missing" "$(cat "$dir/messages")"
if command -v script >/dev/null; then
	settings="settings SETTING_TERMINAL n:24 n:80
settings SETTING_DETACH_KEYS b:1011
"
	execute "" "true" 2>/dev/null </dev/null >/dev/null
	cat >"$dir/tty.sh" <<-EOF
		stty rows 33 cols 77
		$drive exec $helper $dir/exec $pid 2>/dev/null
		echo code=\$?
		stty -a | tr ';' '\\n' | grep -c ' icanon' || true
	EOF
	execute "" "stty size; test -t 0 && echo tty; exit 8" >/dev/null 2>&1 </dev/null
	check "a terminal for exec" "33 77 tty code=8" "$(script -qec "sh $dir/tty.sh" /dev/null </dev/null | tr -d '\r' | sed 's/^^@//' | head -3 | tr '\n' ' ' | sed 's/ $//')"
fi
settings=
kill -KILL "$pid"
ended

# A terminal for the container
container terminal
echo "settings SETTING_TERMINAL n:40 n:100
settings SETTING_STDIN_OPEN" >"$dir/settings"
echo "child OP_TERMINAL" >"$dir/mounts"
plan "stty size; test -c /dev/console && echo console; read x; echo got \$x; exit 2"
start >/dev/null
"$drive" attach "$dir/run/control" 3 "typed
" >"$dir/out"
check "a terminal's exit code" 2 $?
ended
# The echo of what was typed comes whenever it was typed
check "a terminal's output" "40 100|console|got typed|typed" "$(logged stdout | tr -d '\r' | sort | tr '\n' '|' | sed 's/|$//')"

# The terminal proxy: typed input, the detach keys
if command -v script >/dev/null; then
	container proxy
	echo "settings SETTING_TERMINAL n:24 n:80
settings SETTING_STDIN_OPEN" >"$dir/settings"
	echo "child OP_TERMINAL" >"$dir/mounts"
	plan "while read x; do echo got \$x; done"
	start >/dev/null
	out=$( (sleep 0.5; printf 'word\n'; sleep 0.5; printf '\020\021') |
		script -qec "$drive terminal $helper $dir/run/control 1011" /dev/null | tr -d '\r\000' | grep . | tail -2)
	check "attach proxies and detaches" "got word
started pid=0 start=0 monitor=0" "$out"
	check "and leaves the container running" running "$(fact state)"
	kill -KILL "$(fact pid)"
	ended
fi
