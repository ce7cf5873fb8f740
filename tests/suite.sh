#!/usr/bin/env bash
# suite.sh RESULTS [--filter WORD] [--tag TAG] - runs the built xunit and Pester suites, as root, and nothing else.
#
# Writes RESULTS/xunit.counts, pester.counts and, when something was left behind, leftovers.counts: one line
# "passed failed skipped" each. Pester runs under $PWSH;
# without it only xunit does. test.sh calls this on the host, and inside the cgroup v2 machine.
set -euo pipefail

results=${1:?usage: suite.sh RESULTS [--filter WORD] [--tag TAG]}
shift
filter='' tag=''
while [ $# -gt 0 ]; do
  case $1 in
    --filter) filter=$2; shift 2 ;;
    --tag) tag=$2; shift 2 ;;
    *) echo "suite.sh: unknown option $1" >&2; exit 2 ;;
  esac
done
cd "$(dirname "$0")/.."
mkdir -p "$results"
results=$(cd "$results" && pwd)
export NO_COLOR=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

counter() { grep -o "<Counters [^>]*" "$results/xunit.trx" | grep -o " $1=\"[0-9]*\"" | grep -o '[0-9]*'; }

run_xunit() {
  local expression=()
  [ -z "$tag" ] || expression+=("Category=$tag")
  [ -z "$filter" ] || expression+=("FullyQualifiedName~$filter")
  local arguments=(tests/Can.Engine.Tests/bin/Debug/net10.0/Can.Engine.Tests.dll
    --logger "trx;LogFileName=$results/xunit.trx" --logger "console;verbosity=minimal")
  [ ${#expression[@]} = 0 ] || arguments+=(--filter "$(IFS='&'; echo "${expression[*]}")")
  rm -f "$results/xunit.trx"
  local code=0
  dotnet test "${arguments[@]}" </dev/null || code=$?
  if [ ! -s "$results/xunit.trx" ]; then
    echo "xunit wrote no result (exit code $code)" >&2
    echo "0 1 0" >"$results/xunit.counts"
    return
  fi
  local passed failed
  passed=$(counter passed) failed=$(counter failed)
  # A crashed test host ends the run early with every finished test passed.
  if [ "$code" != 0 ] && [ "$failed" = 0 ]; then failed=1; fi
  echo "$passed $failed $(($(counter total) - $(counter executed)))" >"$results/xunit.counts"
}

run_pester() {
  local arguments=(-Results "$results")
  [ -z "$tag" ] || arguments+=(-Tag "$tag")
  [ -z "$filter" ] || arguments+=(-Filter "$filter")
  rm -f "$results/pester.counts"
  # In a network namespace of its own: what the tests do to interfaces, rules and forwarding is nobody else's business.
  unshare --net -- sh -c 'ip link set lo up; exec "$@"' sh "$PWSH" -NoLogo -NoProfile -NonInteractive -File tests/pester/Run.ps1 "${arguments[@]}" </dev/null || true
  [ -s "$results/pester.counts" ] || { echo "Pester wrote no result" >&2; echo "0 1 0" >"$results/pester.counts"; }
}

before=$(mktemp)
tests/leftovers.sh list >"$before"
run_xunit
[ -z "${PWSH:-}" ] || run_pester
tests/leftovers.sh compare "$before" || echo "0 1 0" >"$results/leftovers.counts"
rm -f "$before"
