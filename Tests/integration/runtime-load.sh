#!/bin/sh
# Makes, runs, kills and deletes N containers, PARALLEL at a time, with SIGKILL for the runtime at random moments of two in three, and says
# what is left after `delete --force`: no process, mount, cgroup or state directory may be; `list` has to answer all the while.
# usage: runtime-load.sh [-r RUNTIME] N PARALLEL BUNDLE STATE
# BUNDLE's program is to run until it is killed.
set -eu

runtime=runc-swift
while getopts r: option; do
  case $option in
  r) runtime=$OPTARG ;;
  *) exit 2 ;;
  esac
done
shift $((OPTIND - 1))
count=$1 parallel=$2 bundle=$3 state=$4
prefix=load$$
export runtime bundle state prefix

cat >"$state.worker" <<'WORKER'
id=$prefix-$1
rt() { "$runtime" --root "$state" "$@"; }
# hasty VERB…: the verb, killed somewhere in its first 40 ms where this container's number says so.
hasty() {
  if [ $(($1 % 3)) -eq 0 ]; then shift; rt "$@"; return; fi
  moment=0.0$(awk -v seed="$1$$" 'BEGIN { srand(seed); printf "%03d", rand() * 400 }')
  shift
  timeout -s KILL "$moment" "$runtime" --root "$state" "$@"
}
exec >/dev/null 2>&1 </dev/null
hasty "$1" create -b "$bundle" "$id"
hasty $(($1 / 3)) start "$id"
hasty $(($1 / 9)) exec "$id" true
hasty $(($1 / 2)) kill "$id" KILL
hasty $(($1 / 5)) delete --force "$id"
# Nobody in a hurry any more.
rt delete --force "$id" || exit 1
rt state "$id" && exit 1
exit 0
WORKER

mounts=$(wc -l </proc/self/mountinfo)
"$runtime" --root "$state" list >/dev/null 2>&1 || true
(
  while [ -e "$state.worker" ]; do
    [ ! -d "$state" ] || "$runtime" --root "$state" list >/dev/null || echo "list failed" >>"$state.failures"
    sleep 0.05
  done
) &
seq "$count" | xargs -P "$parallel" -n 1 sh "$state.worker" || echo "a delete --force failed" >>"$state.failures"
rm "$state.worker"
wait

left() { echo "$1 left: $2" >>"$state.failures"; }
for pid in $(pgrep -f "$prefix-" || true); do
  [ "$pid" = $$ ] || left process "$(tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null)"
done
[ "$(wc -l </proc/self/mountinfo)" -eq "$mounts" ] || left mounts "$(wc -l </proc/self/mountinfo) where there were $mounts"
cgroups=$(find /sys/fs/cgroup -type d -name "$prefix-*" 2>/dev/null | head -3)
[ -z "$cgroups" ] || left cgroups "$cgroups"
states=$(find "$state" -mindepth 1 -maxdepth 1 -name "$prefix-*" | head -3)
[ -z "$states" ] || left states "$states"
[ ! -e "$state.failures" ] || { cat "$state.failures"; exit 1; }
echo "$count containers, $parallel at a time: nothing left"
