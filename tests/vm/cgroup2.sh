#!/usr/bin/env bash
# cgroup2.sh - runs a command on this machine's own root file system under Debian's stock kernel, where every cgroup
# controller is on the unified (v2) hierarchy, in a throw-away virtual machine.
#
#   cgroup2.sh [-m MEGABYTES] [-c CPUS] [-t SECONDS] -- COMMAND [ARG...]
#
# The guest's root is this machine's root, read-only underneath a tmpfs: what the command writes is gone afterwards,
# but for what it puts under /vm-out, which comes back as ./vm-out. The command starts in the current directory, as
# root, with /tmp, /run and /var/lib/can as tmpfs, loopback up and nothing else on the network. Its exit code is this
# script's; 124 means that the time ran out, 125 that the machine could not be made. The processor is emulated: 10 to 15 s
# to boot, then ten to thirty times slower than outside. CAN_VM_ACCELERATOR=kvm is faster where it works; inside another
# virtual machine it may be there and hang, so it is not tried unasked.
#
# Needs root, x86-64, and Debian's packages qemu-system-x86, busybox-static, kmod and cpio, which it installs when they
# are missing. The kernel (Debian's linux-image-amd64, unpacked, never installed) is kept in
# ${XDG_CACHE_HOME:-~/.cache}/can-vm.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/can-vm
memory=4096 cpus=2 limit=1500 accelerator=${CAN_VM_ACCELERATOR:-tcg,thread=multi}

usage() { sed -n '2,18p' "$0" >&2; exit 125; }
fail() { echo "cgroup2: $*" >&2; exit 125; }

install_tools() {
  local need=()
  command -v qemu-system-x86_64 >/dev/null || need+=(qemu-system-x86)
  command -v depmod >/dev/null || need+=(kmod)
  command -v cpio >/dev/null || need+=(cpio)
  command -v busybox >/dev/null || need+=(busybox-static)
  [ ${#need[@]} -gt 0 ] || return 0
  command -v apt-get >/dev/null || fail "missing, and there is no apt-get: ${need[*]}"
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${need[@]}"; } \
    >&2 </dev/null || fail "apt-get could not install ${need[*]}"
}

# Unpacks the kernel into the cache, once. Two runs at the same time: the later one waits for the first.
fetch_kernel() {
  exec 9>"$cache/lock"
  flock 9
  if [ ! -e "$cache/ready" ]; then
    rm -rf "$cache/kernel" "$cache"/*.deb
    local package
    apt-get update -qq >&2 || fail "apt-get update failed"
    package=$(apt-cache depends linux-image-amd64 2>/dev/null | awk '/Depends: linux-image/ { print $2; exit }')
    [ -n "$package" ] || fail "apt knows no linux-image-amd64; the virtual machine needs Debian's kernel"
    (cd "$cache" && apt-get -o APT::Sandbox::User=root download -qq "$package" >&2 && dpkg -x "$package"_*.deb kernel) \
      || fail "could not download $package"
    rm -f "$cache"/*.deb
    local modules=("$cache"/kernel/lib/modules/*)
    depmod -b "$cache/kernel" "$(basename "${modules[0]}")"
    basename "${modules[0]}" >"$cache/ready"
  fi
  exec 9>&-
}

# The modules that the guest needs before it sees this machine's root, in loading order and uncompressed.
copy_modules() {
  local module file name
  for module in virtio_pci 9pnet_virtio 9p overlay; do
    modprobe -d "$cache/kernel" -S "$version" --show-depends --ignore-install "$module" 2>/dev/null | awk '$1 == "insmod" { print $2 }'
  done | awk '!seen[$0]++' | while read -r file; do
    name=$(basename "$file")
    case $name in
      *.xz) name=${name%.xz}; xz -dc "$file" >"$1/$name" ;;
      *.zst) name=${name%.zst}; zstd -dcq "$file" >"$1/$name" ;;
      *) cp "$file" "$1/" ;;
    esac
    echo "$name"
  done >"$1/order"
}

make_initrd() { # WORK COMMAND...
  local root=$1/initrd
  mkdir -p "$root"/{bin,modules,proc,sys,dev,lower,rw,root} "$1/out"
  cp "$(command -v busybox)" "$root/bin/busybox"
  copy_modules "$root/modules"
  install -m 755 "$here/init" "$root/init"
  printf '%q ' "${@:2}" >"$root/command"
  printf '%s' "$PWD" >"$root/directory"
  printf '%s' "$PATH" >"$root/path"
  printf '%s' "$cache/kernel/lib/modules" >"$root/modules-from"
  (cd "$root" && find . -print0 | cpio --null -o -H newc --quiet | gzip -1) >"$1/initrd.gz"
}

boot() { # WORK
  timeout "$limit" qemu-system-x86_64 -nodefaults -no-user-config -no-reboot -display none -serial stdio \
    -M q35 -accel "$accelerator" -cpu max -smp "$cpus" -m "$memory" \
    -kernel "$cache/kernel/boot/vmlinuz-$version" -initrd "$1/initrd.gz" \
    -append "console=ttyS0 quiet panic=-1 loglevel=3 cgroup_no_v1=all" \
    -virtfs "local,path=/,mount_tag=host,security_model=none,readonly=on,multidevs=remap" \
    -virtfs "local,path=$1/out,mount_tag=out,security_model=none" </dev/null 2>"$1/qemu.err" \
    | sed -u -e 's/\r$//' -e '0,/--vm-output--/d' -e '/reboot: Power down/d'
}

while getopts m:c:t: option; do
  case $option in
    m) memory=$OPTARG ;; c) cpus=$OPTARG ;; t) limit=$OPTARG ;;
    *) usage ;;
  esac
done
shift $((OPTIND - 1))
[ $# -gt 0 ] || usage
[ "$(id -u)" = 0 ] || fail "must run as root"
[ "$(uname -m)" = x86_64 ] || fail "only x86-64 has a guest kernel here, this is $(uname -m)"

mkdir -p "$cache"
install_tools
fetch_kernel
version=$(cat "$cache/ready")
work=$(mktemp -d "$cache/run.XXXXXX")
trap 'rm -rf "$work"' EXIT
make_initrd "$work" "$@"
code=0
boot "$work" || code=$?

if [ -n "$(find "$work/out" -mindepth 1 ! -name .exit -print -quit)" ]; then
  mkdir -p vm-out && cp -a "$work/out/." vm-out/ && rm -f vm-out/.exit
fi
[ ! -e "$work/out/.exit" ] || exit "$(cat "$work/out/.exit")"
[ "$code" = 0 ] || cat "$work/qemu.err" >&2
echo "cgroup2: the guest did not finish (time limit $limit s)" >&2
exit 124
