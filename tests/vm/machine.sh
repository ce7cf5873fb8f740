# shellcheck shell=bash
# machine.sh - what the scripts beside it share: a throw-away virtual machine with Debian's stock kernel over this machine's own
# root file system. Sourced by scripts of this folder, which have fail(), and find the machine's files in "work".
#
# Needs root, x86-64, and Debian's packages qemu-system-x86, busybox-static, kmod and cpio, which it installs when they
# are missing. The kernel (Debian's linux-image-amd64, unpacked, never installed) is kept in
# ${XDG_CACHE_HOME:-~/.cache}/can-vm.

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/can-vm
accelerator=${CAN_VM_ACCELERATOR:-tcg,thread=multi}

# Makes sure of tools and kernel; sets version (of the kernel) and work (a folder that the caller removes).
prepare_machine() {
  [ "$(id -u)" = 0 ] || fail "must run as root"
  [ "$(uname -m)" = x86_64 ] || fail "only x86-64 has a guest kernel here, this is $(uname -m)"
  mkdir -p "$cache"
  install_tools
  fetch_kernel
  version=$(cat "$cache/ready")
  # shellcheck disable=SC2034 # for the script that sources this one
  work=$(mktemp -d "$cache/run.XXXXXX")
}

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
copy_modules() { # FOLDER MODULE...
  local module file name
  for module in virtio_pci 9pnet_virtio 9p overlay "${@:2}"; do
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

# What is in WORK/initrd already goes along, and the guest's first process finds it in its root.
make_initrd() { # WORK MODULE...
  local root=$1/initrd
  mkdir -p "$root"/{bin,modules,proc,sys,dev,lower,rw,root} "$1/out"
  cp "$(command -v busybox)" "$root/bin/busybox"
  copy_modules "$root/modules" "${@:2}"
  install -m 755 "$here/init" "$root/init"
  printf '%s' "$PATH" >"$root/path"
  printf '%s' "$cache/kernel/lib/modules" >"$root/modules-from"
  (cd "$root" && find . -print0 | cpio --null -o -H newc --quiet | gzip -1) >"$1/initrd.gz"
}

# The guest's console comes out of standard output. Ends with 124 when the time is over. Without a fifth level of page tables and
# without what protects a real processor from itself, an emulated one needs a quarter less time.
run_machine() { # WORK SECONDS MEGABYTES CPUS KERNEL-ARGUMENTS QEMU-ARGUMENT...
  timeout "$2" qemu-system-x86_64 -nodefaults -no-user-config -display none -serial stdio \
    -M q35 -accel "$accelerator" -cpu max,la57=off -smp "$4" -m "$3" \
    -kernel "$cache/kernel/boot/vmlinuz-$version" -initrd "$1/initrd.gz" \
    -append "console=ttyS0 quiet loglevel=3 cgroup_no_v1=all mitigations=off $5" \
    -virtfs "local,path=/,mount_tag=host,security_model=none,readonly=on,multidevs=remap" \
    -virtfs "local,path=$1/out,mount_tag=out,security_model=none" "${@:6}" </dev/null 2>"$1/qemu.err"
}
