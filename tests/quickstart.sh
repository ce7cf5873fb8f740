#!/usr/bin/env bash
# quickstart.sh - runs quickstart.sh to its end on a machine that has no PowerShell and cannot get one: in a clean copy of this tree, in
# a network namespace with nothing but itself, with a PATH on which there is no pwsh.
#
# What the build needs must have been downloaded before, by a build of this tree. Prints a line for each check that begins with "ok" or
# "FAIL", and a summary.
set -euo pipefail
cd "$(dirname "$0")/.."

scratch=$(mktemp -d /tmp/can-quickstart-test.XXXXXX)
trap 'rm -rf --one-file-system "$scratch"' EXIT

# A folder with a pwsh in it is replaced by one with links to everything else that it has.
path_without_pwsh() {
  local folder program number=0 result=()
  IFS=: read -ra folders <<<"$PATH"
  for folder in "${folders[@]}"; do
    if [ -e "$folder/pwsh" ]; then
      number=$((number + 1))
      mkdir "$scratch/bin.$number"
      for program in "$folder"/*; do ln -s "$program" "$scratch/bin.$number/"; done
      rm "$scratch/bin.$number/pwsh"
      folder=$scratch/bin.$number
    fi
    result+=("$folder")
  done
  (IFS=:; echo "${result[*]}")
}

failed=0
says() { # NAME PATTERN
  if grep -qE -- "$2" "$scratch/log"; then echo "ok $1"; else echo "FAIL $1"; failed=1; fi
}

mkdir "$scratch/copy"
tar -c --exclude=.git --exclude=./output --exclude=bin --exclude=obj . | tar -C "$scratch/copy" -x
mkdir "$scratch/tmp"
code=0
# shellcheck disable=SC2016 # for the inner shell
# The cache is one in which nothing can be installed.
PATH=$(path_without_pwsh) CAN_CACHE=/dev/null TMPDIR=$scratch/tmp NO_COLOR=1 \
  unshare --net -- sh -c 'ip link set lo up && exec "$0"' "$scratch/copy/quickstart.sh" </dev/null >"$scratch/log" 2>&1 || code=$?
if [ "$code" = 0 ]; then echo "ok the quick start succeeds without a PowerShell"; else echo "FAIL the quick start ends with $code"; failed=1; fi
says "it says that there is none" '^There is no PowerShell for the cmdlets: .'
says "it runs a container with can" '^\$ can run -d --name demo '
says "the container has said hello" '^Hello from [0-9a-f]{12}$'
says "it removes what it has made" '^\$ can rmi busybox$'
if compgen -G "$scratch/tmp/can-quickstart.*" >/dev/null; then echo "FAIL its folder is left behind"; failed=1; else echo "ok nothing is left behind"; fi
[ "$failed" = 0 ] || cat "$scratch/log"
echo "quick start: $([ "$failed" = 0 ] && echo passed || echo failed)"
exit "$failed"
