#!/usr/bin/env bash
# run.sh - makes the packages and uses them as people do: the archive unpacked into a prefix, the module from a folder and from a gallery.
#
# Runs as root; what starts containers does it in a network namespace of its own, with a store of its own. $PWSH is a PowerShell 7.6, if there is one: then the packages
# are made by build.ps1 as well. Prints a line for each check that begins with "ok", "skip" or "FAIL", and a summary.
set -euo pipefail
cd "$(dirname "$0")/../.."
here=$PWD/tests/packages
# shellcheck source=build/machine.sh
. build/machine.sh

packages=$PWD/output/package
version=$(sed -n 's:.*<Version>\(.*\)</Version>.*:\1:p' Directory.Build.props)
export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 NO_COLOR=1
passed=0 failed=0

ok() { echo "ok $1"; passed=$((passed + 1)); }
bad() { echo "FAIL $*"; failed=$((failed + 1)); }
check() { # NAME EXPECTED ACTUAL
  if [ "$2" = "$3" ]; then ok "$1"; else bad "$1: expected '$2', got '$3'"; fi
}
succeeds() { # NAME COMMAND...
  local output
  if output=$("${@:2}" 2>&1); then ok "$1"; else bad "$1: $output"; fi
}

# shellcheck source=tests/packages/archive.sh
. "$here/archive.sh"
# shellcheck source=tests/packages/module.sh
. "$here/module.sh"

find_packages() {
  archive=$(echo "$packages"/can-"$version"-linux-*.tar.gz)
  package=$packages/Can.$version.nupkg
}

make_packages() {
  succeeds "the packages are made without a PowerShell" as_builder dotnet build packaging --nologo -v q
  find_packages
  if [ -z "${PWSH:-}" ]; then echo "skip the packages are made by build.ps1: there is no PowerShell"; return; fi
  local before
  before=$(tar -tzf "$archive")
  succeeds "the packages are made by build.ps1" as_builder "$PWSH" -NoProfile -NonInteractive -File build.ps1 -Task Package
  check "build.ps1 makes the same archive" "$before" "$(tar -tzf "$archive")"
}

use_packages() {
  scratch=$(mktemp -d /tmp/can-packages.XXXXXX)
  export CAN_ROOT=$scratch/root
  trap 'tests/remove-root.sh "$CAN_ROOT" && rm -rf --one-file-system "$scratch"' EXIT
  tests/make-busybox-root.sh "$scratch/busybox"
  tar -C "$scratch/busybox" -cf "$scratch/busybox.tar" .
  try_archive
  try_module
}

if [ "${1:-}" = inside ]; then
  ip link set lo up
  find_packages
  use_packages
  exit 0
fi
make_packages
report=$(mktemp)
# One that does not come to its end has failed, whatever it has found out by then.
unshare --net -- "$here/run.sh" inside | tee "$report" || bad "using the packages came to an early end"
passed=$((passed + $(grep -c '^ok' "$report" || true))) failed=$((failed + $(grep -c '^FAIL' "$report" || true)))
rm -f "$report"
echo "packages: $passed passed, $failed failed"
[ "$failed" = 0 ]
