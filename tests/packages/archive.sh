# shellcheck shell=bash disable=SC2154 # run.sh, which sources this, has the variables
# archive.sh - the command's archive, unpacked into a fresh prefix.

try_archive() {
  prefix=$scratch/prefix can=$scratch/prefix/bin/can helper=$scratch/prefix/libexec/can/can-monitor
  mkdir "$prefix"
  tar -C "$prefix" --strip-components=1 -xzf "$archive"
  check_owners
  check "the executable has at most 30 MB" yes "$([ "$(stat -c %s "$can")" -le 30000000 ] && echo yes)"
  check "can runs with nothing else" "can $version" "$(env -i "$can" version)"
  check "the helper's version is the command's" "can-monitor $version" "$("$helper" --version | cut -d' ' -f1-2)"
  "$can" import -q "$scratch/busybox.tar" busybox >/dev/null
  check "a container runs, network included" "2 web" "$("$can" run --rm --hostname web busybox sh -c 'ls /sys/class/net | wc -l; hostname' | xargs)"
  try_helpers
  try_completion
  try_service
}

# Unpacked by root, everything must be root's and writable by nobody else, whoever has made the archive.
check_owners() {
  check "all in the archive is root's, for others to read" "" \
    "$(tar --numeric-owner -tvzf "$archive" | grep -vE '^[d-]rw[x-]r-[x-]r-[x-] 0/0 ')"
}

# The helper that is used, as can says it and as the kernel does: of a running monitor the whole program, with the byte that is added here.
try_helpers() {
  check "the installed helper is the one that is used" "Helper: $helper" "$("$can" info | grep '^Helper')"
  echo >>"$helper"
  "$can" run -d --name life --net none --stop-timeout 0 busybox sleep 100000 >/dev/null
  check "its every byte runs, from a copy" same "$(cmp "/proc/$(monitor_of life)/exe" "$helper" && echo same)"
  rm "$helper"
  check "what it has started is stopped without it" life "$("$can" stop life)"
  check "a lone can has its own" "Helper: part of can" "$("$can" info | grep '^Helper')"
  check "and runs a container" alone "$("$can" run --rm --net none busybox echo alone)"

  refused "one of another version is left alone" "another version" "sed -i 's/can-monitor $version/can-monitor 0.0.0/'"
  refused "one of another plan format is left alone" "another version" "sed -i 's/plan format ..../plan format 0000/'"
  refused "one that others can write is left alone" "others than root can write it" "chmod 775"
  refused "one that is not root's is left alone" "does not belong to root" "chown 65534"
  refused "one that is a directory is left alone" "no program" "rm -rf --one-file-system \"\$1\"; mkdir"
  rm -rf --one-file-system "$helper"
}

monitor_of() { sed -n 's/^monitor=//p' "$CAN_ROOT"/run/containers/"$("$can" inspect -f '{{.Id}}' "$1")"/status; }

refused() { # NAME REASON COMMAND: what makes the helper unfit
  rm -rf --one-file-system "$helper"
  install -m 755 output/native/can-monitor "$helper"
  sh -c "$3 \"\$1\"" sh "$helper"
  local said
  said=$("$can" info | grep '^Helper')
  case $said in
    "Helper: part of can ($helper is not used, for "*"$2"*) check "$1" ran "$("$can" run --rm --net none busybox echo ran)" ;;
    *) bad "$1: $said" ;;
  esac
}

try_completion() {
  # shellcheck disable=SC2016 # for bash and zsh
  local bash_script='source "$1/share/bash-completion/completions/can"; PATH=$1/bin:$PATH; compopt() { :; }
    COMP_LINE="can imag" COMP_POINT=8 COMP_WORDS=(can imag) COMP_CWORD=1; complete -p can; _can; printf "%s\n" "${COMPREPLY[@]}" | sort'
  check "bash completes" "complete -F _can can image images" "$(bash --noprofile --norc -c "$bash_script" bash "$prefix" | xargs)"
  if ! command -v zsh >/dev/null; then echo "skip zsh completes: zsh is not installed"; return; fi
  # shellcheck disable=SC2016
  local zsh_script='fpath=($1/share/zsh/site-functions $fpath); autoload -Uz compinit && compinit -u -D; print $_comps[can]; autoload -Uz +X _can && print loaded'
  check "zsh finds and loads its completion" "_can loaded" "$(zsh -f -c "$zsh_script" zsh "$prefix" | xargs)"
}

# Where it belongs, in a mount namespace in which /usr/local is the prefix.
try_service() {
  if ! command -v systemd-analyze >/dev/null; then echo "skip systemd verifies the unit: it is not installed"; return; fi
  check "systemd verifies the unit" "0 " "$(verify)"
  mv "$can" "$can.away"
  check "and would not without its program" 1 "$(verify | cut -d' ' -f1)"
  mv "$can.away" "$can"
}

verify() {
  local code=0 said
  # shellcheck disable=SC2016 # for the inner shell
  said=$(unshare --mount -- sh -c 'mount --bind "$1" /usr/local && systemd-analyze verify --man=no can.service' sh "$prefix" 2>&1) || code=$?
  echo "$code $said"
}
