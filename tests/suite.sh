#!/usr/bin/env bash
# suite.sh RESULTS [--filter WORD] [--tag TAG] - runs the built xunit and Pester suites, as root, and nothing else.
#
# Writes RESULTS/xunit.counts, cli.counts, pester.counts and, when something was left behind, leftovers.counts: one line
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

# Whatever a test forgets, no registry but one on a loopback interface can be reached: nobody listens there.
export http_proxy=http://127.0.0.1:1 https_proxy=http://127.0.0.1:1 all_proxy=http://127.0.0.1:1 no_proxy=localhost
export HTTP_PROXY=$http_proxy HTTPS_PROXY=$https_proxy ALL_PROXY=$all_proxy NO_PROXY=$no_proxy

counter() { grep -o "<Counters [^>]*" "$1" | grep -o " $2=\"[0-9]*\"" | grep -o '[0-9]*'; }

run_xunit() { # PROJECT NAME: the tests of a project; their numbers go to NAME.counts
  local expression=() name=$2 result=$results/$2.trx
  [ -z "$tag" ] || expression+=("Category=$tag")
  [ -z "$filter" ] || expression+=("FullyQualifiedName~$filter")
  local arguments=("tests/$1/bin/Debug/net10.0/$1.dll"
    --logger "trx;LogFileName=$result" --logger "console;verbosity=minimal")
  [ ${#expression[@]} = 0 ] || arguments+=(--filter "$(IFS='&'; echo "${expression[*]}")")
  rm -f "$result"
  local code=0
  dotnet test "${arguments[@]}" </dev/null || code=$?
  if [ ! -s "$result" ]; then
    echo "$name wrote no result (exit code $code)" >&2
    echo "0 1 0" >"$results/$name.counts"
    return
  fi
  local passed failed
  passed=$(counter "$result" passed) failed=$(counter "$result" failed)
  # A crashed test host ends the run early with every finished test passed.
  if [ "$code" != 0 ] && [ "$failed" = 0 ]; then failed=1; fi
  echo "$passed $failed $(($(counter "$result" total) - $(counter "$result" executed)))" >"$results/$name.counts"
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
run_xunit Can.Engine.Tests xunit
run_xunit Can.Cli.Tests cli
[ -z "${PWSH:-}" ] || run_pester
tests/leftovers.sh compare "$before" || echo "0 1 0" >"$results/leftovers.counts"
rm -f "$before"
