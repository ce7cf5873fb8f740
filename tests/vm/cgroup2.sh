#!/usr/bin/env bash
# cgroup2.sh - runs a command on this machine's own root file system under Debian's stock kernel, where every cgroup
# controller is on the unified (v2) hierarchy, in a throw-away virtual machine.
#
#   cgroup2.sh [-m MEGABYTES] [-c CPUS] [-t SECONDS] -- COMMAND [ARG...]
#
# The guest's root is this machine's root, read-only underneath a tmpfs: what the command writes is gone afterwards,
# but for what it puts under /vm-out, which comes back as ./vm-out. The command starts in the current directory, as
# root, with /tmp, /run and /var/lib/can as tmpfs, loopback up and nothing else on the network. Its exit code is this
# script's; 124 means that the time ran out, 125 that the machine could not be made. The processor is emulated: 10 to 15 s
# to boot, then ten to thirty times slower than outside. CAN_VM_ACCELERATOR=kvm is faster where it works; inside another
# virtual machine it may be there and hang, so it is not tried unasked.
#
# machine.sh says what it needs.
set -euo pipefail

memory=4096 cpus=2 limit=1500

usage() { sed -n '2,16p' "$0" >&2; exit 125; }
fail() { echo "cgroup2: $*" >&2; exit 125; }
# shellcheck source=tests/vm/machine.sh
. "$(dirname "$0")/machine.sh"

while getopts m:c:t: option; do
  case $option in
    m) memory=$OPTARG ;; c) cpus=$OPTARG ;; t) limit=$OPTARG ;;
    *) usage ;;
  esac
done
shift $((OPTIND - 1))
[ $# -gt 0 ] || usage

prepare_machine
trap 'rm -rf "$work"' EXIT
mkdir "$work/initrd"
printf '%q ' "$@" >"$work/initrd/command"
printf '%s' "$PWD" >"$work/initrd/directory"
make_initrd "$work"
code=0
run_machine "$work" "$limit" "$memory" "$cpus" panic=-1 -no-reboot \
  | sed -u -e 's/\r$//' -e '0,/--vm-output--/d' -e '/reboot: Power down/d' || code=$?

if [ -n "$(find "$work/out" -mindepth 1 ! -name .exit -print -quit)" ]; then
  mkdir -p vm-out && cp -a "$work/out/." vm-out/ && rm -f vm-out/.exit
fi
[ ! -e "$work/out/.exit" ] || exit "$(cat "$work/out/.exit")"
[ "$code" = 0 ] || cat "$work/qemu.err" >&2
echo "cgroup2: the guest did not finish (time limit $limit s)" >&2
exit 124
