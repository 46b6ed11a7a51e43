#!/bin/sh
# Times `tote compose`: up of five replicas behind one port, an up with nothing to do, down; beside five `podman run -d` and their removal,
# since docker compose needs a daemon. Prints medians in milliseconds. Then requests per second through the balanced port and straight to a replica.
# usage: bench/compose.sh [-n ROUNDS]
set -eu

rounds=5
while getopts n: option; do
  case $option in
  n) rounds=$OPTARG ;;
  *) exit 2 ;;
  esac
done

top=$(cd "$(dirname "$0")/.." && pwd)
PATH=$top/wrapper:${TOTE_BIN:-$top/.build/release}:$PATH
scratch=$(mktemp -d /dev/shm/tote-bench.XXXXXX)
TOTE_ROOT=$scratch/tote TOTE_RUN=$scratch/tote-run
export PATH TOTE_ROOT TOTE_RUN
cat >"$scratch/containers.conf" <<'CONF'
[containers]
default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]
[engine]
runtime = "runc"
events_logger = "none"
CONF
CONTAINERS_CONF=$scratch/containers.conf
export CONTAINERS_CONF
podman() { command podman --root "$scratch/podman" --runroot "$scratch/podman-run" --cgroup-manager cgroupfs --log-level error "$@"; }
clean_up() {
  tote compose -p bench down >/dev/null 2>&1 || true
  ! command -v podman >/dev/null || podman rm -af >/dev/null 2>&1 || true
  grep -o "${scratch}[^ ]*" /proc/mounts | sort -r | xargs -r -n 1 umount -l 2>/dev/null || true
  rm -rf "$scratch"
}
trap clean_up EXIT
trap 'exit 130' INT TERM

"$top/examples/base/make-busybox.sh" >/dev/null
mkdir "$scratch/project" && cd "$scratch/project"
cat >compose.yaml <<'YAML'
services:
  web:
    image: busybox
    command: httpd -f -p 80
    init: true
    deploy: {replicas: 5}
    ports: ["47112:80"]
YAML
peer=
if command -v podman >/dev/null; then tote save busybox | podman load -q >/dev/null 2>&1 && peer=podman; fi

timed() {
  name=$1
  shift
  before=$(date +%s%N)
  "$@" >/dev/null 2>&1
  awk -v ns="$(($(date +%s%N) - before))" 'BEGIN { printf "%.1f\n", ns / 1e6 }' >>"$scratch/$name"
}
median() { sort -n "$1" | awk '{ a[NR] = $1 } END { print NR % 2 ? a[(NR + 1) / 2] : (a[NR / 2] + a[NR / 2 + 1]) / 2 }'; }
five() { for n in 1 2 3 4 5; do podman run -d --name "p$n" -p "4712$n:80" busybox httpd -f -p 80; done; }

round=0
while [ "$round" -lt "$rounds" ]; do
  timed up tote compose -p bench up -d
  timed again tote compose -p bench up -d
  timed scale tote compose -p bench up -d --scale web=10
  timed down tote compose -p bench down
  if [ -n "$peer" ]; then
    timed theirs five
    timed removed podman rm -f -t 0 p1 p2 p3 p4 p5
  fi
  round=$((round + 1))
done
printf 'up of five replicas  %8.1f ms\nup, nothing to do    %8.1f ms\nscale from 5 to 10   %8.1f ms\ndown                 %8.1f ms\n' \
  "$(median "$scratch/up")" "$(median "$scratch/again")" "$(median "$scratch/scale")" "$(median "$scratch/down")"
if [ -n "$peer" ]; then
  awk -v a="$(median "$scratch/up")" -v b="$(median "$scratch/theirs")" -v c="$(median "$scratch/down")" -v d="$(median "$scratch/removed")" 'BEGIN {
    printf "five podman run -d   %8.1f ms   tote/podman %.3f\nfive podman rm -f    %8.1f ms   tote/podman %.3f\n", b, a / b, d, c / d }'
fi
