#!/usr/bin/env bash
# reboot.sh ARCHIVE - unpacks the command's archive (output/package/can-*.tar.gz) into a virtual machine that systemd runs, enables
# can.service there, starts containers, reboots the machine, looks at what is there again, cuts its power, and looks once more.
#
# What is done in the guest is in reboot-guest.sh. Prints a line for each check that begins with "ok" or "FAIL", and a summary; ends
# with 125 when the machine could not be made. About three minutes with an emulated processor.
#
# machine.sh says what it needs; besides, systemd on this machine, whose root the guest's is.
set -euo pipefail

fail() { echo "reboot: $*" >&2; exit 125; }
# shellcheck source=tests/vm/machine.sh
. "$(dirname "$0")/machine.sh"

archive=${1:?usage: reboot.sh ARCHIVE}
[ -s "$archive" ] || fail "there is no $archive; dotnet build packaging makes it"
[ -x /lib/systemd/systemd ] || fail "this machine's root has no systemd to run the guest"

make_tree() { # TREE: what lies over the guest's root
  local tree=$1
  mkdir -p "$tree"/usr/local/libexec "$tree"/etc/systemd/system
  tar -C "$tree/usr/local" --strip-components=1 -xzf "$archive"
  systemctl --root="$tree" enable can.service 2>/dev/null || fail "can.service cannot be enabled"
  install -m 755 "$here/reboot-guest.sh" "$tree/usr/local/libexec/reboot-guest"
  "$here/../make-busybox-root.sh" "$work/busybox"
  tar -C "$work/busybox" -cf "$tree/busybox.tar" .
  cat >"$tree/etc/systemd/system/reboot-guest.service" <<'UNIT'
[Unit]
After=can.service
[Service]
Type=oneshot
ExecStart=/usr/local/libexec/reboot-guest
StandardOutput=tty
StandardError=tty
TTYPath=/dev/ttyS0
TimeoutStartSec=infinity
[Install]
WantedBy=multi-user.target
UNIT
  systemctl --root="$tree" enable reboot-guest.service 2>/dev/null
  # What a guest without devices, users and old temporary files does not need takes half of its time.
  systemctl --root="$tree" mask modprobe@.service kmod-static-nodes.service systemd-modules-load.service systemd-sysusers.service \
    systemd-tmpfiles-setup.service systemd-tmpfiles-setup-dev.service systemd-update-utmp.service systemd-journal-flush.service \
    dbus.service dbus.socket systemd-logind.service systemd-user-sessions.service console-getty.service timers.target 2>/dev/null
}

prepare_machine
trap 'rm -rf "$work"' EXIT
make_tree "$work/disk.d/tree"
truncate -s 512M "$work/disk"
mkfs.ext4 -q -F -d "$work/disk.d" "$work/disk"
mkdir "$work/initrd"
touch "$work/initrd/systemd"
make_initrd "$work" virtio_blk ext4
# The guest's own guard against rebooting for ever is its count of boots.
run_machine "$work" 600 2048 2 "panic=-1 systemd.unit=multi-user.target systemd.getty_auto=no systemd.firstboot=no fstab=no rd.systemd.show_status=no" \
  -drive "file=$work/disk,format=raw,if=virtio,cache=unsafe" >"$work/console" || true

# One that did not come to its end has not passed, whatever it has checked by then.
[ -e "$work/out/complete" ] || echo "FAIL the guest did not come to an end" >>"$work/out/result"
cat "$work/out/result"
bad=$(grep -c '^FAIL' "$work/out/result" || true)
[ "$bad" = 0 ] || cat "$work/console" "$work/qemu.err" "$work"/out/log.* >&2
echo "reboot: $(grep -c '^ok' "$work/out/result" || true) passed, $bad failed"
[ "$bad" = 0 ]
