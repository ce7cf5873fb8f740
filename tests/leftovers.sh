#!/usr/bin/env bash
# leftovers.sh list | compare FILE - what a container engine may leave behind on this machine.
#
# `list` prints it, a line each; `compare` prints what is there now and was not in FILE, and fails if that is anything.
# Things that end by themselves get ten seconds to do so.
set -euo pipefail

list_processes() {
  local directory
  for directory in /proc/[0-9]*; do
    case $(readlink "$directory/exe" 2>/dev/null || true) in
      *can-monitor*) echo "process ${directory#/proc/} $(tr '\0' ' ' <"$directory/cmdline" 2>/dev/null || true)" ;;
    esac
  done
}

list_cgroups() {
  awk '{ for (i = 7; i <= NF; i++) if ($i == "-") { if ($(i + 1) ~ /^cgroup2?$/) print $5; break } }' /proc/self/mountinfo \
    | while read -r mount; do
        find "$mount" -type d \( -path '*/can' -o -path '*/can/*' -o -path '*/can-????????' -o -path '*/can-????????/*' \) 2>/dev/null \
          | sed 's/^/cgroup /' || true
      done
}

list_mounts() { awk '/can/ { print "mount " $5 }' /proc/self/mountinfo; }

list_interfaces() { for interface in /sys/class/net/*; do echo "interface ${interface##*/}"; done; }

list() { { list_processes; list_cgroups; list_mounts; list_interfaces; } | sort; }

case ${1:-} in
  list) list ;;
  compare)
    for _ in $(seq 20); do
      left=$(list | comm -13 "$2" -)
      [ -n "$left" ] || exit 0
      sleep 0.5
    done
    echo "Left behind:" >&2
    printf '  %s\n' "${left//$'\n'/$'\n  '}" >&2
    exit 1 ;;
  *) sed -n '2,5p' "$0" >&2; exit 2 ;;
esac
