#!/usr/bin/env bash
# make-busybox-root.sh DIRECTORY - makes a small root file system of the machine's static busybox: the image of the
# quick start, of the tests and of the benchmarks. Busybox's applets are absolute links, as in the official image.
set -euo pipefail

root=${1:?usage: make-busybox-root.sh DIRECTORY}
busybox=$(command -v busybox) || { echo "make-busybox-root.sh: no busybox here: apt-get install busybox-static" >&2; exit 1; }
if ldd "$busybox" 2>/dev/null | grep -q "=>"; then
  echo "make-busybox-root.sh: $busybox is not static: apt-get install busybox-static" >&2
  exit 1
fi

mkdir -p "$root"/{bin,dev,etc,home,proc,root,run,sys,tmp,usr,var/tmp}
chmod 1777 "$root/tmp" "$root/var/tmp"
chmod 700 "$root/root"
cp "$busybox" "$root/bin/busybox"
for applet in $("$busybox" --list); do
  [ "$applet" = busybox ] || ln -sfn /bin/busybox "$root/bin/$applet"
done
ln -sfn /bin "$root/sbin"
ln -sfn /bin "$root/usr/bin"

cat >"$root/etc/passwd" <<'PASSWD'
root:x:0:0:root:/root:/bin/sh
daemon:x:1:1:daemon:/usr/sbin:/bin/false
nobody:x:65534:65534:nobody:/home:/bin/false
PASSWD
cat >"$root/etc/group" <<'GROUP'
root:x:0:
daemon:x:1:
tty:x:5:
nogroup:x:65534:
GROUP
