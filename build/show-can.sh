#!/usr/bin/env bash
# show-can.sh CAN ROOT.TAR - the quick start without a PowerShell: runs each command for real and shows it with its output.
set -euo pipefail

can=${1:?usage: show-can.sh CAN ROOT.TAR}
archive=${2:?usage: show-can.sh CAN ROOT.TAR}

# After a failure something may still be there; after a success nothing is.
clean_up() {
  local left
  left=$("$can" ps -aq)
  # shellcheck disable=SC2086 # one word for each
  [ -z "$left" ] || "$can" rm -f $left >/dev/null
  "$can" system prune -af >/dev/null
}
trap clean_up EXIT

# Shows a command as it would be typed, and runs it.
show() {
  printf '\n$ can'
  local word
  for word in "$@"; do
    case $word in
      *[!A-Za-z0-9_./:=@%+,-]*) printf " '%s'" "$word" ;;
      *) printf ' %s' "$word" ;;
    esac
  done
  printf '\n'
  "$can" "$@" </dev/null 2>&1
}

show import -q "$archive" busybox
# shellcheck disable=SC2016 # for the container's shell
show run -d --name demo -m 64m --init busybox sh -c 'echo Hello from $(hostname); sleep 300'
show ps
show exec demo ps
show exec demo ls /
show logs demo
show stop demo
show ps -a
show rm demo
show rmi busybox
