#!/usr/bin/env bash
# reboot-guest.sh - what reboot.sh does inside of its machine, at every boot, after can.service: the first time it starts containers
# and reboots, the second time it looks at them and cuts the power, the third time it looks once more and powers off. /mnt and
# /var/lib/can are on the disk, /vm-out is the host's. A call of can takes a second here, so each is made to tell much.
set -u
exec 2>&1

boots=$(($(cat /mnt/boots 2>/dev/null || echo 0) + 1))
echo "$boots" >/mnt/boots
sync /mnt/boots

check() { # NAME EXPECTED ACTUAL
  if [ "$2" = "$3" ]; then echo "ok $1"; else echo "FAIL $1: expected '$2', got '$3'"; fi >>/vm-out/result
  echo "$(cut -d' ' -f1 /proc/uptime) $(tail -n 1 /vm-out/result)"
}
running() { can ps --format '{{.Names}}' | sort | xargs; }
place() { can inspect -f '{{.NetworkSettings.Networks.lab.IPAddress}} {{.NetworkSettings.Networks.lab.MacAddress}}' always; }
lines() { grep -c "$1" "/mnt/data/$2"; }

# Its end takes a second, in which the service has to wait for it, and is written down.
# shellcheck disable=SC2016 # for the container's shell
life='echo begun >>/data/$0
trap "sleep 1; echo ended >>/data/$0; exit 0" TERM
httpd -p 80 -h /data
while :; do sleep 100 & wait $!; done'

begin() {
  local name publish
  mkdir -p /mnt/data
  check "the service is active at the first boot" active "$(systemctl is-active can.service)"
  can import -q /mnt/tree/busybox.tar busybox
  can network create lab
  for name in always unless-stopped no; do
    publish=()
    [ "$name" != always ] || publish=(-p 8080:80)
    can run -d --name "$name" --restart "$name" --net lab "${publish[@]}" -v /mnt/data:/data --stop-timeout 300 busybox sh -c "$life" "$name"
  done
  can run -d --name failing --restart on-failure --net none --stop-timeout 0 busybox sleep 100000
  can run -d --name stopped --restart unless-stopped --net none --stop-timeout 0 busybox sleep 100000
  can create --name created --restart always busybox sleep 100000
  can stop stopped
  for name in always unless-stopped no; do until [ -s "/mnt/data/$name" ]; do sleep 0.2; done; done
  check "containers run before the reboot" "always failing no unless-stopped" "$(running)"
  place >/mnt/place
}

# What has been started at boot is whole, its network included.
look() {
  check "always and unless-stopped run again" "always unless-stopped" "$(running)"
  check "at their old addresses" "$(cat /mnt/place)" "$(place)"
  check "a published port leads in" begun "$(busybox wget -qO- http://127.0.0.1:8080/always | head -n 1)"
  check "no service has failed" "" "$(systemctl list-units --failed --no-legend --plain)"
}

after_reboot() {
  look
  check "the others do not run" "exited exited exited created" "$(can inspect -f '{{.State.Status}}' no failing stopped created | xargs)"
  check "each was given its time to end" "1 1 1" "$(lines ended always) $(lines ended unless-stopped) $(lines ended no)"
  check "each was started once, and those that run twice" "2 2 1" "$(lines begun always) $(lines begun unless-stopped) $(lines begun no)"
  check "names lead from one to the other" begun "$(can exec unless-stopped wget -qO- http://always/always | head -n 1)"
  check "the service has said whom it started" "always unless-stopped" \
    "$(journalctl -b -u can.service -o cat --no-pager | sed -n 's/^Started //p' | grep -v ' ' | sort | xargs)"
}

after_power_cut() {
  look
  check "who has a lease has it once" 2 "$(find /run/can/networks -path '*/leases/*' | wc -l)"
  check "nothing in the store is damaged" 0 "$(can system check -q >/dev/null; echo $?)"
}

case $boots in
  1) begin >/vm-out/log.1; systemctl reboot ;;
  2) after_reboot >/vm-out/log.2; echo b >/proc/sysrq-trigger ;;
  3) after_power_cut >/vm-out/log.3; touch /vm-out/complete; systemctl poweroff ;;
  *) echo "FAIL it boots again and again" >>/vm-out/result; systemctl poweroff --force ;;
esac
