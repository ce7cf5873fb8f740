#!/bin/sh
# run.sh OUT - starts real containers with the helper in OUT. Needs root, a static busybox and a kernel with overlayfs.
set -u

out=$1
helper=$out/can-monitor
mkplan=$out/tests/mkplan
drive=$out/tests/drive
failures=0

if [ "$(id -u)" != 0 ]; then
	echo "run.sh: skipped the tests that start containers: not root"
	exit 0
fi
busybox=$(command -v busybox || true)
if [ -z "$busybox" ]; then
	echo "run.sh: skipped the tests that start containers: no busybox"
	exit 0
fi

work=$(mktemp -d)
# The monitors of this test only: each ends with its PID 1, whose number is in the status file.
finish() {
	for status in "$work"/*/run/status; do
		[ -f "$status" ] || continue
		"$drive" stop "${status%/status}/control" 2>/dev/null
		pid=$(sed -n 's/^pid=//p' "$status")
		[ "${pid:-0}" != 0 ] && kill -KILL "$pid" 2>/dev/null
	done
	sleep 0.3
	rm -rf "$work"
}
trap finish EXIT

mkdir -p "$work/root/bin" "$work/root/etc" "$work/root/tmp" "$work/root/data/sub" "$work/mnt"
chmod 1777 "$work/root/tmp"
cp "$busybox" "$work/root/bin/busybox"
for applet in sh true false sleep echo cat ls id ps kill stty head tr readlink stat touch mount yes hostname test seq; do
	ln -s busybox "$work/root/bin/$applet"
done
printf 'root:x:0:0:root:/root:/bin/sh\nweb:x:33:44:web:/srv/web:/bin/sh\n' >"$work/root/etc/passwd"
printf 'root:x:0:\nweb:x:44:\nlog:x:4:web,other\naudio:x:29:\n' >"$work/root/etc/group"
echo seeded >"$work/root/data/sub/file"
chown 33:44 "$work/root/data/sub/file"
chmod 640 "$work/root/data/sub/file"
ln -s sub/file "$work/root/data/link"
ln -s /made/by/link "$work/root/dangling"
ln -s ../../../../../../tmp "$work/root/escape"

check() { # NAME EXPECTED ACTUAL
	if [ "$2" = "$3" ]; then
		echo "ok   $1"
	else
		echo "FAIL $1: expected <$2>, got <$3>"
		failures=$((failures + 1))
	fi
}

wait_for() { # CONDITION: tries for 10 s
	tries=0
	until eval "$1"; do
		tries=$((tries + 1))
		[ $tries -gt 500 ] && return 1
		sleep 0.02
	done
}

# container NAME: a directory of its own, and in $base the steps every container here begins and ends with
container() {
	name=$1
	dir=$work/$name
	mkdir -p "$dir/run" "$dir/state" "$dir/upper" "$dir/work"
	: >"$dir/settings"
	: >"$dir/host"
	: >"$dir/wire"
	: >"$dir/mounts"
	: >"$dir/process"
	: >"$dir/teardown"
	: >"$dir/probe"
	policy="n:0 n:0"
}

# plan COMMAND: writes the plan that runs sh -c COMMAND; it cannot hold a double quotation mark
plan() {
	{
		echo "plan container"
		echo "settings SETTING_RUN_DIRECTORY s:$dir/run"
		echo "settings SETTING_STATE_DIRECTORY s:$dir/state"
		echo "settings SETTING_LOG s:$dir/run/log n:${log_size:-0} n:3"
		echo "settings SETTING_RESTART $policy"
		cat "$dir/settings" "$dir/host"
		echo "host OP_CLONE n:0x6C020000"
		cat "$dir/wire"
		echo "child OP_MOUNT s:none s:/ s: n:0x44000 s:"
		echo "child OP_OVERLAY s:$work/mnt s:$dir/upper s:$dir/work n:0 s:index=off s:$work/root"
		echo "child OP_MOUNT_IN s:proc s:proc s:/proc n:14 s:"
		echo "child OP_MOUNT_IN s:tmpfs s:tmpfs s:/dev n:2 s:mode=755"
		echo "child OP_MOUNT_IN s:devpts s:devpts s:/dev/pts n:10 s:newinstance,ptmxmode=0666,mode=0620,gid=5"
		echo "child OP_BIND_IN s:/dev/null s:/dev/null n:0 n:0 n:2 n:0 n:0"
		echo "child OP_MASK s:/proc/kcore"
		echo "child OP_MASK s:/proc/acpi"
		echo "child OP_MASK s:/proc/scsi"
		echo "child OP_READ_ONLY_IN s:/proc/sys"
		cat "$dir/mounts"
		echo "child OP_PIVOT_ROOT"
		cat "$dir/process"
		printf '%s\n' "child OP_EXECUTE n:3 s:sh s:-c s:\"$1\" s:PATH=/bin s:GREETING=hello"
		cat "$dir/teardown" "$dir/probe"
	} | "$mkplan" >"$dir/plan"
}

# health COMMAND [MILLISECONDS [START-PERIOD]]: the plan gets a probe every 20 ms (or $interval) that may take so long; two failures in a row are one too many
health() {
	echo "settings SETTING_HEALTH n:${interval:-20}000000 n:${2:-5000}000000 n:${3:-0}000000 n:20000000 n:2 s:${frozen:-}" >>"$dir/settings"
	echo "probe OP_JOIN n:0x6C020000
probe-child OP_PARENT_DEATH_SIGNAL n:9
probe-child OP_EXECUTE n:3 s:/bin/sh s:-c s:\"$1\" s:PATH=/bin" >"$dir/probe"
}

start() { "$drive" run "$helper" "$dir/plan" "$dir/lock"; }
fact() { sed -n "s/^$1=//p" "$dir/${2:-run}/status" 2>/dev/null; }
ended() { wait_for "[ \"\$(fact state)\" = exited ]" && wait_for "[ ! -e '$dir/run/control' ]"; }
logged() { sed -n "s/^[^ ]* $1 [FP] //p" "$dir/run/log" 2>/dev/null; }

. "$(dirname "$0")/cases.sh"
. "$(dirname "$0")/health.sh"

[ $failures = 0 ] || echo "run.sh: $failures failed"
[ $failures = 0 ] && echo "run.sh: passed"
[ $failures = 0 ]
