#!/usr/bin/env bash
# quickstart.sh - from a fresh Debian or Ubuntu with the .NET 10 SDK to a running container.
#
# Installs what is missing, builds Can, makes an image of busybox, and then runs a container, showing every command with
# its real output: with the cmdlets where there is a PowerShell 7.6 or one can be installed, otherwise the same with the
# command can. Everything it makes lies in a temporary folder and is gone afterwards; what was built stays.
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

command=$PWD/src/Can.Cli/bin/Debug/net10.0/can
scratch=$(mktemp -d -t can-quickstart.XXXXXX)
trap 'tests/remove-root.sh "$scratch/can" && rm -rf --one-file-system "$scratch"' EXIT
tests/make-busybox-root.sh "$scratch/root"
tar -C "$scratch/root" -cf "$scratch/busybox.tar" .
if find_pwsh; then
  CAN_ROOT=$scratch/can "$pwsh" -NoLogo -NoProfile -File build/Show-Can.ps1 -Module "$PWD/output/Can" -RootTar "$scratch/busybox.tar"
  say
  say "To go on by yourself, as root:  pwsh -NoExit -Command Import-Module $PWD/output/Can"
  say "The same engine as a command:   $command --help"
else
  say
  say "There is no PowerShell for the cmdlets: $pwsh_missing."
  say "So here is the same with the command can."
  CAN_ROOT=$scratch/can build/show-can.sh "$command" "$scratch/busybox.tar"
  say
  say "To go on by yourself, as root:  $command --help"
  say "For the cmdlets get PowerShell 7.6 (https://learn.microsoft.com/powershell/scripting/install/linux-overview), then: Import-Module $PWD/output/Can"
fi
