#!/usr/bin/env bash
# remove-root.sh DIRECTORY - gives up a temporary CAN_ROOT: removes the folder and the engine's own, by then empty,
# cgroups, bridges and nftables table of that root. Fails, and removes nothing, when a container still runs there.
set -euo pipefail

root=${1:?usage: remove-root.sh DIRECTORY}
name=can-$(printf '%s' "$root" | sha256sum | cut -c1-8)
while read -r directory; do
  find "$directory" -depth -type d -exec rmdir {} + || { echo "remove-root.sh: something still runs in $directory" >&2; exit 1; }
done < <(awk '{ for (i = 7; i <= NF; i++) if ($i == "-") { if ($(i + 1) ~ /^cgroup2?$/) print $5; break } }' /proc/self/mountinfo \
  | while read -r mount; do [ ! -d "$mount/$name" ] || echo "$mount/$name"; done)
# Bridges and the table of its networks; none of the engine's cmdlets has removed them, and nothing is on them any more.
for marker in "$root"/run/networks/*/bridge; do
  [ ! -s "$marker" ] || ip link delete "$(cut -d' ' -f2 "$marker")" type bridge 2>/dev/null || true
done
[ ! -d "$root/run/networks" ] || nft delete table inet "$name" 2>/dev/null || true
rm -rf --one-file-system "$root"
