#!/usr/bin/env bash
# test.sh - installs what is missing, builds, and runs every check and test. Debian or Ubuntu with the .NET 10 SDK.
#
#   ./test.sh [--cgroup2] [--filter WORD] [--tag TAG]
#
#   --cgroup2      run the xunit and Pester suites in a virtual machine with a pure cgroup v2 kernel (slow)
#   --filter WORD  only tests whose full name contains WORD; the other checks are left out
#   --tag TAG      only tests of this category (Cgroup2 marks the few that .ci/run runs in the virtual machine)
#
# Ends with the line "N passed, N failed, N skipped"; the exit code is 0 only when nothing failed. Results are kept in
# output/test.
set -euo pipefail
cd "$(dirname "$0")"
# shellcheck source=build/machine.sh
. build/machine.sh

usage() { sed -n '2,11p' "$0" >&2; exit 2; }
cgroup2='' filter='' suite_arguments=() given=("$@")
while [ $# -gt 0 ]; do
  case $1 in
    --cgroup2) cgroup2=1; shift ;;
    --filter | --tag)
      [ $# -ge 2 ] || usage
      filter=1 suite_arguments+=("$1" "$2"); shift 2 ;;
    *) usage ;;
  esac
done
become_root "$PWD/test.sh" "${given[@]}"

# Nothing that a build or a test starts may outlive it.
export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0 UseSharedCompilation=false
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 NO_COLOR=1
results=$PWD/output/test
passed=0 failed=0 skipped=0
failures=()

step() { say "== $*"; }
add_counts() { local p f s; read -r p f s <"$1"; passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s)); }
check() { # NAME COMMAND...: a check has no counts of its own; a failed one is one failure
  step "$1"
  "${@:2}" </dev/null || { failures+=("$1"); failed=$((failed + 1)); }
}

format_check() {
  local code=0
  as_builder dotnet format Can.sln --verify-no-changes --no-restore || code=1
  if command -v clang-format >/dev/null; then as_builder make --no-print-directory -C native check-format || code=1
  else say "clang-format is not installed: C files not checked"; fi
  return $code
}
shell_check() {
  if ! command -v shellcheck >/dev/null; then say "shellcheck is not installed: scripts not checked"; return; fi
  shellcheck -x ./*.sh build/*.sh tests/*.sh tests/*/*.sh .ci/run
}
counted() { # NAME LOG COMMAND...: prints a line for each test that begins with "ok", "skip" or "FAIL", and a summary
  step "$1"
  local log=$results/$2 code=0 bad
  "${@:3}" >"$log" 2>&1 </dev/null || code=$?
  passed=$((passed + $(grep -cE '^ok[[:blank:]]' "$log" || true)))
  skipped=$((skipped + $(grep -cE '^skip[[:blank:]]' "$log" || true)))
  bad=$(grep -c '^FAIL' "$log" || true)
  if [ "$code" != 0 ] && [ "$bad" = 0 ]; then bad=1; fi
  [ "$bad" = 0 ] || { failed=$((failed + bad)); failures+=("$1"); cat "$log"; }
  tail -n 1 "$log"
}

find_pester() {
  local home=$HOME
  [ -z "${CAN_BUILDER:-}" ] || home=$(getent passwd "$CAN_BUILDER" | cut -d: -f6)
  export PSModulePath=$can_cache/modules:$home/.local/share/powershell/Modules${PSModulePath:+:$PSModulePath}
  has_pester && return
  mkdir -p "$can_cache/modules"
  "$pwsh" -NoProfile -NonInteractive -Command \
    "Save-PSResource Pester -Version '[5.5,6.0)' -Path '$can_cache/modules' -TrustRepository -ErrorAction Stop" >/dev/null 2>&1 </dev/null || true
  has_pester
}
has_pester() {
  [ "$("$pwsh" -NoProfile -NonInteractive -Command '@(Get-Module Pester -ListAvailable | Where-Object Version -ge 5.5).Count -gt 0' </dev/null)" = True ]
}

run_suites() {
  local arguments=("$results" "${suite_arguments[@]}")
  if [ -z "$cgroup2" ]; then
    PWSH=$pwsh TMPDIR=$scratch tests/suite.sh "${arguments[@]}"
    return
  fi
  arguments[0]=/vm-out
  (cd "$results" && "$repository/tests/vm/cgroup2.sh" -t 5400 -- \
    env PWSH="$pwsh" PSModulePath="${PSModulePath:-}" "$repository/tests/suite.sh" "${arguments[@]}") || return 1
  mv -f "$results"/vm-out/* "$results/" && rmdir "$results/vm-out"
}

repository=$PWD
install_build_and_run_needs
install_missing strace=strace
install_witnesses docker-registry=docker-registry skopeo=skopeo umoci=umoci mmdebstrap=mmdebstrap
require_dotnet
step "Build"
build_all
as_builder mkdir -p "$results"
rm -f "$results"/*.counts

if [ -z "$filter" ]; then
  check "Format" format_check
  check "Scripts" shell_check
  counted "Helper tests" native.log make --no-print-directory -C native test OUT="$PWD/output/native"
fi

pester_missing=''
if ! find_pwsh; then pester_missing=$pwsh_missing
elif ! find_pester; then
  pester_missing="no Pester 5.5 or later is installed for $pwsh and none could be downloaded" pwsh=''
fi

scratch=$(mktemp -d /tmp/can-test.XXXXXX)
trap 'rm -rf --one-file-system "$scratch"' EXIT
check "xunit${pwsh:+ and Pester}${cgroup2:+ (cgroup v2 machine)}" run_suites
for counts in "$results"/*.counts; do [ ! -e "$counts" ] || add_counts "$counts"; done
if [ -z "$filter$cgroup2" ]; then
  tests/leftovers.sh list >"$scratch/before"
  counted "Packages" packages.log env PWSH="$pwsh" tests/packages/run.sh
  counted "kill -9" kill.log env PWSH="$pwsh" tests/kill/run.sh
  check "Leftovers of packages and kill -9" tests/leftovers.sh compare "$scratch/before"
fi

[ -z "$pester_missing" ] || say "Pester suite NOT RUN: $pester_missing"
[ ${#failures[@]} = 0 ] || say "Failed checks: $(IFS=,; echo "${failures[*]}")"
say "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]
