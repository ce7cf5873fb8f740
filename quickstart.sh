#!/usr/bin/env bash
# quickstart.sh - from a fresh Debian or Ubuntu with the .NET 10 SDK to a running container.
#
# Installs what is missing, builds Can, makes an image of busybox, and then runs a container from PowerShell, showing
# every command with its real output. Everything it makes lies in a temporary folder and is gone afterwards; the module
# stays in output/Can. Exit code 3: the module is built, but no PowerShell 7.6 could be had to show it with.
set -euo pipefail
cd "$(dirname "$0")"
# shellcheck source=build/machine.sh
. build/machine.sh

become_root "$PWD/quickstart.sh" "$@"
export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0 UseSharedCompilation=false
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

install_build_and_run_needs
require_dotnet
say "Building Can ..."
build_all
say "The module is in $PWD/output/Can"

if ! find_pwsh; then
  say "Can was built, but cannot be shown: $pwsh_missing."
  say "Get PowerShell 7.6 (https://learn.microsoft.com/powershell/scripting/install/linux-overview), then run this again or: Import-Module $PWD/output/Can"
  exit 3
fi

scratch=$(mktemp -d /tmp/can-quickstart.XXXXXX)
trap 'tests/remove-root.sh "$scratch/can" && rm -rf --one-file-system "$scratch"' EXIT
tests/make-busybox-root.sh "$scratch/root"
tar -C "$scratch/root" -cf "$scratch/busybox.tar" .
CAN_ROOT=$scratch/can "$pwsh" -NoLogo -NoProfile -File build/Show-Can.ps1 -Module "$PWD/output/Can" -RootTar "$scratch/busybox.tar"
say
say "To go on by yourself, as root:  pwsh -NoExit -Command Import-Module $PWD/output/Can"
