#!/usr/bin/env bash
# reboot-guest.sh - what reboot.sh does inside of its machine, at every boot, after can.service: the first time it starts containers and
# reboots, the second time it looks at them and powers off. /mnt and /var/lib/can are on the disk, /vm-out is the host's.
set -u
exec 2>&1

boots=$(($(cat /mnt/boots 2>/dev/null || echo 0) + 1))
echo "$boots" >/mnt/boots
echo "boot $boots"

check() { # NAME EXPECTED ACTUAL
  if [ "$2" = "$3" ]; then echo "ok $1"; else echo "FAIL $1: expected '$2', got '$3'"; fi >>/vm-out/result
  tail -n 1 /vm-out/result
}
# Waits for what is bound to come; the processor is an emulated one.
eventually() { until "$@"; do sleep 0.2; done; }
running() { can ps --format '{{.Names}}' | sort | tr '\n' ' '; }
state() { can inspect -f '{{.State.Status}}' "$1"; }
place() { can inspect -f '{{.NetworkSettings.Networks.lab.IPAddress}} {{.NetworkSettings.Networks.lab.MacAddress}}' always; }
lines() { grep -c "$1" "/mnt/data/$2" 2>/dev/null; }

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
  can import -q /srv/busybox.tar busybox
  can network create lab
  for name in always unless-stopped no; do
    publish=()
    [ "$name" != always ] || publish=(-p 8080:80)
    can run -d --name "$name" --restart "$name" --net lab "${publish[@]}" -v /mnt/data:/data --stop-timeout 60 busybox sh -c "$life" "$name"
  done
  can run -d --name failing --restart on-failure --stop-timeout 0 busybox sleep 100000
  can run -d --name stopped --restart unless-stopped --stop-timeout 0 busybox sleep 100000
  can create --name created --restart always busybox sleep 100000
  can stop stopped
  for name in always unless-stopped no; do eventually test -s "/mnt/data/$name"; done
  check "containers run before the reboot" "always failing no unless-stopped " "$(running)"
  place >/mnt/place
  can network inspect -f '{{json .IPAM}}' lab >/mnt/subnet
}

look() {
  check "always and unless-stopped run again" "always unless-stopped " "$(running)"
  check "the others do not" "exited exited exited created" "$(state no) $(state failing) $(state stopped) $(state created)"
  check "each was given its time to end" "1 1 1" "$(lines ended always) $(lines ended unless-stopped) $(lines ended no)"
  check "each was started once before and, if at all, once after" "2 2 1" "$(lines begun always) $(lines begun unless-stopped) $(lines begun no)"
  check "the subnet is the same" "$(cat /mnt/subnet)" "$(can network inspect -f '{{json .IPAM}}' lab)"
  check "so are the addresses" "$(cat /mnt/place)" "$(place)"
  check "a published port leads in" begun "$(busybox wget -qO- http://127.0.0.1:8080/always | head -n 1)"
  check "names lead from one to the other" begun "$(can exec unless-stopped wget -qO- http://always/always | head -n 1)"
  check "there are leases of those who run" "$(can ps -q --no-trunc | sort)" \
    "$(for lease in /run/can/networks/*/leases/*; do readlink "$lease"; done | sort -u | grep -xF "$(can ps -q --no-trunc)")"
  check "the service has started them" 2 "$(journalctl -b -u can.service --no-pager | grep -c 'can\[[0-9]*\]: Started ')"
}

again() {
  systemctl stop can.service
  check "without the service nothing runs" "" "$(running)"
  check "its end was in order" "2 2" "$(lines ended always) $(lines ended unless-stopped)"
  systemctl start can.service
  check "with the service it does" "always unless-stopped " "$(running)"
  systemctl stop can.service
  check "nothing is left of a network's interfaces" "" "$(ip -o link show type veth)"
  check "nothing in the store is damaged" 0 "$(can system check -q >/dev/null; echo $?)"
  check "no service has failed" "" "$(systemctl list-units --failed --no-legend --plain)"
}

case $boots in
  1) begin >/vm-out/log.1; systemctl reboot ;;
  2) { look; again; journalctl --no-pager -u can.service; } >/vm-out/log.2; touch /vm-out/complete; systemctl poweroff ;;
  *) echo "FAIL it boots again and again" >>/vm-out/result; systemctl poweroff --force ;;
esac
