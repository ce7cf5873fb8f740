# shellcheck shell=bash
# machine.sh - what quickstart.sh and test.sh need of the machine: root, packages, an SDK, a pwsh. Sourced, not run.

say() { printf '%s\n' "$*"; }
fail() { printf '%s: %s\n' "$(basename "$0")" "$*" >&2; exit 1; }

can_cache=${CAN_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/can}

# Starts the calling script again through sudo. A user's dotnet and pwsh are often on a PATH of the user's own, so the
# variables that find them are carried over; sudo -E alone would lose PATH.
become_root() {
  [ "$(id -u)" = 0 ] && return
  command -v sudo >/dev/null || fail "this must run as root, and sudo is not here: run it from a root shell"
  local keep=(PATH="$PATH") name
  for name in DOTNET_ROOT DOTNET_CLI_TELEMETRY_OPTOUT CI NO_COLOR http_proxy https_proxy no_proxy; do
    [ -z "${!name:-}" ] || keep+=("$name=${!name}")
  done
  exec sudo -- env "${keep[@]}" CAN_BUILDER="$(id -un)" "$@"
}

# Runs a command that writes into the work tree as the user who owns it, so that no root-owned files are left there.
as_builder() {
  if [ -n "${CAN_BUILDER:-}" ]; then
    runuser -u "$CAN_BUILDER" -- env HOME="$(getent passwd "$CAN_BUILDER" | cut -d: -f6)" "$@"
  else
    "$@"
  fi
}

has_library() { [[ $(PATH=$PATH:/sbin:/usr/sbin ldconfig -p) == *"$1"* ]]; }

# Installs what is missing of TEST=PACKAGE pairs, where TEST is a program or a library's file name. Asks apt for nothing
# when nothing is missing.
install_missing() {
  local pair probe missing=()
  for pair in "$@"; do
    probe=${pair%%=*}
    case $probe in
      lib*.so.*) has_library "$probe" || missing+=("${pair#*=}") ;;
      *) PATH=$PATH:/sbin:/usr/sbin command -v "$probe" >/dev/null || missing+=("${pair#*=}") ;;
    esac
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  command -v apt-get >/dev/null || fail "missing, and there is no apt-get to install it with: ${missing[*]} (Debian's package names)"
  say "Installing ${missing[*]}"
  local log
  log=$(mktemp)
  if ! { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"; } \
      >"$log" 2>&1 </dev/null; then
    tail -n 20 "$log" >&2
    rm -f "$log"
    fail "apt-get could not install ${missing[*]}"
  fi
  rm -f "$log"
}

# Installs what some tests need, if it can be had; without it they are skipped with their reason. Of a package that
# brings a service with it only the program is wanted.
install_witnesses() {
  local pair program
  for pair in "$@"; do
    program=${pair%%=*}
    ! command -v "$program" >/dev/null || continue
    (install_missing "$pair") || { say "Tests that need $program will be skipped."; continue; }
    if [ -d /run/systemd/system ]; then systemctl disable --now "$program" >/dev/null 2>&1 || true
    elif [ -x "/etc/init.d/$program" ]; then "/etc/init.d/$program" stop >/dev/null 2>&1 || true; fi
  done
}

install_build_and_run_needs() {
  install_missing make=make gcc=gcc musl-gcc=musl-tools busybox=busybox-static \
    libseccomp.so.2=libseccomp2 libnftables.so.1=libnftables1 libzstd.so.1=libzstd1
}

require_dotnet() {
  command -v dotnet >/dev/null || fail "the .NET 10 SDK is missing (no dotnet on PATH): https://learn.microsoft.com/dotnet/core/install/linux"
  [[ $'\n'$(dotnet --list-sdks) == *$'\n'10.* ]] || fail "the .NET 10 SDK is missing; dotnet has: $(dotnet --list-sdks | cut -d' ' -f1 | tr '\n' ' ')"
}

# Quiet unless it fails, but for the build's remark that there is no ReadyToRun compiler.
build_all() {
  local log
  log=$(mktemp)
  if ! as_builder dotnet build Can.sln --nologo -v m </dev/null >"$log" 2>&1; then
    cat "$log" >&2
    rm -f "$log"
    fail "the build failed"
  fi
  grep 'without ReadyToRun' "$log" || true
  rm -f "$log"
}

# Sets pwsh to a PowerShell that runs on .NET 10 (7.6 or later), or pwsh_missing to the reason why there is none.
# shellcheck disable=SC2034 # both are for the script that sources this one
find_pwsh() {
  pwsh='' pwsh_missing=''
  local candidate old=''
  for candidate in "$(command -v pwsh || true)" "$can_cache/pwsh/pwsh"; do
    [ -x "$candidate" ] || continue
    if is_pwsh "$candidate"; then pwsh=$candidate; return 0; fi
    old=$candidate
  done
  [ -z "$old" ] || pwsh_missing="$old is not PowerShell 7.6 or later, and "
  if dotnet tool install PowerShell --version '7.*' --tool-path "$can_cache/pwsh" </dev/null >/dev/null 2>&1 \
      && is_pwsh "$can_cache/pwsh/pwsh"; then
    pwsh=$can_cache/pwsh/pwsh pwsh_missing=''
    return 0
  fi
  pwsh_missing+="no PowerShell 7.6 is on PATH and 'dotnet tool install PowerShell' did not find one on this machine's feed"
  return 1
}

# shellcheck disable=SC2016 # the expression is for PowerShell
is_pwsh() {
  [ "$("$1" -NoLogo -NoProfile -NonInteractive -Command '$PSVersionTable.PSVersion -ge [version]"7.6"' 2>/dev/null </dev/null)" = True ]
}
