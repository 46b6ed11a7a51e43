#!/bin/sh
# Times `run --rm` of a busybox true, without a network and on the default one with a published port, by tote and by podman in turn,
# and `ps` with containers running. Prints medians in milliseconds and podman's ratio to tote's.
# usage: bench/container.sh [-n ROUNDS]
set -eu

rounds=10
while getopts n: option; do
  case $option in
  n) rounds=$OPTARG ;;
  *) exit 2 ;;
  esac
done

top=$(cd "$(dirname "$0")/.." && pwd)
PATH=$top/wrapper:${TOTE_BIN:-$top/.build/release}:$PATH
scratch=$(mktemp -d /dev/shm/tote-bench.XXXXXX)
TOTE_ROOT=$scratch/tote
TOTE_RUN=$scratch/tote-run
export PATH TOTE_ROOT TOTE_RUN
# Debian's crun does not run on hybrid cgroups, and root may not be allowed to raise limits: podman gets what works for it.
cat >"$scratch/containers.conf" <<'EOF'
[containers]
default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]
[engine]
runtime = "runc"
events_logger = "none"
EOF
CONTAINERS_CONF=$scratch/containers.conf
export CONTAINERS_CONF
podman() { command podman --root "$scratch/podman" --runroot "$scratch/podman-run" --cgroup-manager cgroupfs --log-level error "$@"; }

clean_up() {
  for id in $(ocibundle ls -aq 2>/dev/null); do tote rm -f "$id" >/dev/null 2>&1 || true; done
  ! command -v podman >/dev/null || podman rm -af >/dev/null 2>&1 || true
  ! command -v podman >/dev/null || podman unshare true >/dev/null 2>&1 || true
  grep -o "${scratch}[^ ]*" /proc/mounts | sort -r | xargs -r -n 1 umount -l 2>/dev/null || true
  rm -rf "$scratch"
}
trap clean_up EXIT
trap 'exit 130' INT TERM

"$top/examples/base/make-busybox.sh" >/dev/null
peer=
if command -v podman >/dev/null; then
  tote save busybox | podman load -q >/dev/null 2>&1 && peer=podman
fi
[ -n "$peer" ] || echo "podman is not installed: no peer"

# once TOOL ARGUMENT…: milliseconds, with three decimals.
once() {
  before=$(date +%s%N)
  "$@" >/dev/null 2>"$scratch/error" || { cat "$scratch/error" >&2 && exit 1; }
  awk -v ns="$(($(date +%s%N) - before))" 'BEGIN { printf "%.3f\n", ns / 1e6 }'
}
median() { sort -n "$1" | awk '{ a[NR] = $1 } END { print NR % 2 ? a[(NR + 1) / 2] : (a[NR / 2] + a[NR / 2 + 1]) / 2 }'; }

# compare LABEL ARGUMENT…: tote and podman in turn with the same arguments.
compare() {
  label=$1
  shift
  rm -f "$scratch/ours" "$scratch/theirs"
  once tote "$@" >/dev/null
  [ -z "$peer" ] || once podman "$@" >/dev/null
  round=0
  while [ "$round" -lt "$rounds" ]; do
    once tote "$@" >>"$scratch/ours"
    [ -z "$peer" ] || once podman "$@" >>"$scratch/theirs"
    round=$((round + 1))
  done
  ours=$(median "$scratch/ours")
  if [ -n "$peer" ]; then
    theirs=$(median "$scratch/theirs")
    awk -v l="$label" -v a="$ours" -v b="$theirs" 'BEGIN { printf "%-34s tote %8.1f ms   podman %8.1f ms   tote/podman %.3f\n", l, a, b, a / b }'
  else
    printf '%-34s tote %8.1f ms\n' "$label" "$ours"
  fi
}

compare "run --rm, no network" run --rm --network none busybox true
compare "run --rm, default network" run --rm busybox true
compare "run --rm, a published port" run --rm -p 47111:80 busybox true

count=10
number=0
while [ "$number" -lt "$count" ]; do
  tote run -d --network none busybox sleep 1000 >/dev/null
  [ -z "$peer" ] || podman run -d --network none busybox sleep 1000 >/dev/null
  number=$((number + 1))
done
compare "ps, $count containers" ps
