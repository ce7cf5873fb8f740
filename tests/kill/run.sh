#!/usr/bin/env bash
# run.sh [--all] [--seconds N] [OPERATION...] - kills the engine, a pwsh and the helper with SIGKILL on entry to the system calls
# of New-, Start-, Stop-, Remove- and Rename-CanContainer, of Import-, Save- and Remove-CanImage, and of the same with networks (New-,
# Remove-, Connect- and Disconnect-CanNetwork, published ports), and looks with a fresh process whether the next operations
# complete or clean up what was begun, and whether nothing is left then. All of it happens in a network namespace of its own.
#
# A line a case ("ok|FAILED, operation, who, system call, occurrence, outcome"), failures again at the end, then the line
# "kill -9: N of N cases run, N killed, N failed". Without --all the first two and the last occurrence of each system call, for
# at most 120 seconds. Needs root, strace and a build (dotnet build Can.sln).
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)

command -v strace >/dev/null || { echo "kill -9: not run, strace is not installed (apt-get install strace)"; exit 0; }
[ "$(id -u)" = 0 ] || { echo "kill -9: not run, it needs root"; exit 0; }
program=$here/bin/Debug/net10.0/Can.Kill
[ -e "$program.dll" ] || { echo "run.sh: $program.dll is missing: dotnet build Can.sln" >&2; exit 1; }

scratch=$(mktemp -d /tmp/can-kill.XXXXXX)
trap 'rm -rf --one-file-system "$scratch"' EXIT
"$here/../make-busybox-root.sh" "$scratch/busybox"
tar -C "$scratch/busybox" -cf "$scratch/busybox.tar" .
tar -C "$here/.." -cf "$scratch/other.tar" kill/run.sh pester
musl-gcc -std=gnu11 -static -Os -Wall -Wextra -Werror -D_GNU_SOURCE -DGATE_FILE="\"$scratch/gate\"" -o "$scratch/gate-program" "$here/gate.c"

# The cmdlets themselves, where there is a pwsh ($PWSH, or one on the PATH).
shell=()
pwsh=${PWSH-$(command -v pwsh || true)}
if [ -n "$pwsh" ]; then
  shell=(-- "$pwsh" -NoLogo -NoProfile -NonInteractive -File "$here/subject.ps1" "$here/../../output/Can/Can.psd1")
fi
unshare --net -- sh -c 'ip link set lo up; exec "$@"' sh \
  dotnet "$program.dll" "$scratch" "$scratch/busybox.tar" "$scratch/gate-program" "$@" "${shell[@]}"
