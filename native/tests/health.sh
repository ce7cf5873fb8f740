# health.sh - the cases of run.sh that check a container's health.

is_health() { [ "$(fact health)" = "$1" ]; }
checked() { [ "$(fact health_checked)" != 0 ]; }

# Before the first probe
container unprobed
interval=1000000
health true
interval=
plan 'sleep 1000'
start >/dev/null
check "health is unknown at first" "starting 0 0 0" "$(fact health) $(fact health_failures) $(fact health_exit) $(fact health_checked)"
kill -KILL "$(fact pid)"
ended

# Passes, fails, recovers
container health
mkdir "$dir/volume"
echo "child OP_BIND_IN s:$dir/volume s:/volume n:0 n:0 n:1 n:0 n:0" >"$dir/mounts"
health "cat /volume/state; test -e /volume/good"
plan 'sleep 1000'
start >/dev/null
wait_for "is_health unhealthy"
check "two failures in a row are one too many" "unhealthy 1" "$(fact health) $(fact health_exit)"
echo fine >"$dir/volume/state"
touch "$dir/volume/good"
wait_for "is_health healthy"
check "one success is enough" "healthy 0 0" "$(fact health) $(fact health_failures) $(fact health_exit)"
check "the probe's output is kept" fine "$(cat "$dir/run/health.output")"
kill -KILL "$(fact pid)"
ended
check "an ended container keeps its last health" "healthy 0" "$(fact health state) $(fact health_failures state)"

# The start period: failures do not count, one success ends it
container starting
mkdir "$dir/volume"
echo "child OP_BIND_IN s:$dir/volume s:/volume n:0 n:0 n:1 n:0 n:0" >"$dir/mounts"
health "echo >>/volume/probes; test -e /volume/good" 5000 1000000
plan 'sleep 1000'
start >/dev/null
wait_for "[ -e \"$dir/volume/probes\" ] && [ \$(wc -l <\"$dir/volume/probes\") -gt 3 ]"
check "failures do not count while it starts" "starting 0 1" "$(fact health) $(fact health_failures) $(fact health_exit)"
touch "$dir/volume/good"
wait_for "is_health healthy"
rm "$dir/volume/good"
wait_for "is_health unhealthy"
check "but they do after a success" unhealthy "$(fact health)"
kill -KILL "$(fact pid)"
ended

# A probe that takes too long is killed, with what it started in the background and in process groups of their own
container slow
health "set -m; sleep 4321 & sleep 4321 & sleep 4321" 100
plan 'sleep 1000'
start >/dev/null
wait_for "is_health unhealthy"
check "a probe that takes too long has failed" "unhealthy -1" "$(fact health) $(fact health_exit)"
check "and the next one as well" yes "$(before=$(fact health_failures); wait_for "[ \$(fact health_failures) -gt $before ]" && echo yes)"
# Of several rounds of three only those of the one under way can be there: they and three words of its own command
wait_for "[ \"\$(fact health_failures)\" -gt 5 ]"
alive=$(cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\0' ' ' | grep -o 'sleep 4321' | wc -l)
check "nothing is left of those before" yes "$([ "$alive" -le 6 ] && echo yes || echo "$alive")"
kill -KILL "$(fact pid)"
ended

# What cannot be run
container broken
health true
sed -i 's|s:/bin/sh s:-c|s:/missing s:-c|' "$dir/probe"
plan 'sleep 1000'
start >/dev/null
wait_for "is_health unhealthy"
check "a program that is not there" "127 can: the health check could not be started: /missing: No such file or directory" \
	"$(fact health_exit) $(cat "$dir/run/health.output")"
kill -KILL "$(fact pid)"
ended

# Output without end
container noisy
health yes 100
plan 'sleep 1000'
start >/dev/null
wait_for "is_health unhealthy"
check "4 KiB of output are kept" "4096 -1" "$(wc -c <"$dir/run/health.output") $(fact health_exit)"
kill -KILL "$(fact pid)"
ended

# A frozen container is not probed
container frozen
echo THAWED >"$dir/freezer"
frozen=$dir/freezer
health "exit 1"
plan 'sleep 1000'
start >/dev/null
frozen=
wait_for checked
echo FROZEN >"$dir/freezer"
# A probe that was under way may still end
wait_for 'last=$(fact health_checked); sleep 0.2; [ "$(fact health_checked)" = "$last" ]'
sleep 0.2
check "a frozen container is not probed" "$last" "$(fact health_checked)"
echo THAWED >"$dir/freezer"
wait_for "is_health unhealthy"
check "a thawed one is again" unhealthy "$(fact health)"
kill -KILL "$(fact pid)"
ended

# Each run begins anew: what failed after a success in the first is within the start period of the second
container again
policy="n:2 n:0"
health "test ! -e /second" 5000 1000000
plan "if [ -e /first ]; then touch /second; else touch /first; fi; sleep 1000"
start >/dev/null
wait_for "is_health healthy"
kill -KILL "$(fact pid)"
wait_for "[ \"\$(fact restarts)\" = 1 ] && [ \"\$(fact health_exit)\" = 1 ]"
check "a restart begins anew" "running starting 0" "$(fact state) $(fact health) $(fact health_failures)"
"$drive" stop "$dir/run/control"
kill -KILL "$(fact pid)"
ended

# The end of the container is not a failure of the probe that is under way
container ending
mkdir "$dir/volume"
echo "child OP_BIND_IN s:$dir/volume s:/volume n:0 n:0 n:1 n:0 n:0" >"$dir/mounts"
health "touch /volume/probed; sleep 1000" 100000
plan 'sleep 1000'
start >/dev/null
wait_for "[ -e '$dir/volume/probed' ]"
kill -KILL "$(fact pid)"
ended
check "the end cancels a probe" "starting 0 0" "$(fact health) $(fact health_failures) $(fact health_checked)"

# A killed monitor takes a probe along
container orphan
mkdir "$dir/volume"
echo "child OP_PARENT_DEATH_SIGNAL n:9" >"$dir/process"
echo "child OP_BIND_IN s:$dir/volume s:/volume n:0 n:0 n:1 n:0 n:0" >"$dir/mounts"
health "touch /volume/probed; sleep 1000" 100000
plan 'sleep 1000'
start >/dev/null
wait_for "[ -e '$dir/volume/probed' ]"
pid=$(fact pid)
watcher=$(cat "/proc/$(fact monitor)/task/$(fact monitor)/children" | tr ' ' '\n' | grep -vx "$pid" | grep .)
kill -KILL "$(fact monitor)"
wait_for "[ ! -d /proc/$watcher ] && [ ! -d /proc/$pid ]"
check "a killed monitor takes a probe along" "no no" "$([ -d "/proc/$watcher" ] && echo yes || echo no) $([ -d "/proc/$pid" ] && echo yes || echo no)"
rm -f "$dir/run/status"

# Without a health check nothing is said
container unchecked
plan true
start >/dev/null
ended
check "no health check, no health" "" "$(grep health "$dir/run/status")"
