#!/bin/sh
# Builds a ten-step Dockerfile cold, warm and with one file changed, and COPY of many small files, with layerctl and buildah in turn,
# N times; prints medians of wall seconds and the ratio to layerctl's, and layerctl's peak memory for the many files. Needs root.
# Both run their steps in the host's network, buildah with runc.
# usage: bench/build.sh [-n TIMES] [-f FILES]   (default: 5 times, 100000 files)
set -eu

times=5 files=100000
while getopts n:f: option; do
  case $option in
  n) times=$OPTARG ;;
  f) files=$OPTARG ;;
  *) exit 2 ;;
  esac
done

top=$(cd "$(dirname "$0")/.." && pwd)
PATH=${TOTE_BIN:-$top/.build/release}:$PATH
command -v layerctl >/dev/null || { echo "bench: layerctl is not built" >&2; exit 1; }
scratch=$(mktemp -d "${TMPDIR:-/var/tmp}/tote-bench.XXXXXX")
# buildah leaves its storage mounted.
clean() {
  cd /
  awk '{ print $5 }' /proc/self/mountinfo | grep "^$scratch/" | sort -r | while read -r mounted; do umount "$mounted"; done
  rm -rf "$scratch"
}
trap clean EXIT
cd "$scratch"
export TOTE_ROOT="$scratch/root" TOTE_RUN="$scratch/run"
have() { command -v "$1" >/dev/null; }
buildah_() { buildah --root "$scratch/buildah" --runroot "$scratch/buildah-run" --storage-driver overlay "$@"; }

# The base image: Debian's static busybox.
mkdir -p rootfs/bin rootfs/etc rootfs/tmp rootfs/proc rootfs/dev rootfs/sys
cp /bin/busybox rootfs/bin/
for applet in $(/bin/busybox --list); do [ "$applet" = busybox ] || ln -sf busybox "rootfs/bin/$applet"; done
echo root:x:0:0:root:/root:/bin/sh >rootfs/etc/passwd
tar -C rootfs --owner=0 --group=0 -cf base.tar .
layerctl import base.tar bench/base >/dev/null
if have buildah; then
  printf 'FROM scratch\nADD base.tar /\n' >Base
  buildah_ build -q -t bench/base -f Base . >/dev/null
fi

mkdir -p ctx/a ctx/b ctx/c
for directory in a b c; do
  for number in $(seq 14); do head -c 2000 /dev/urandom | base64 >"ctx/$directory/$number"; done
done
cat >ctx/Dockerfile <<'EOF'
FROM bench/base
WORKDIR /app
COPY a /app/a
RUN cat a/* >a.txt
COPY b /app/b
RUN cat b/* >b.txt
ENV MODE=bench
COPY c /app/c
RUN cat a.txt b.txt c/* >all.txt
EXPOSE 80
CMD ["/bin/sh"]
EOF
mkdir many && (cd many && seq "$files" | awk '{ d = int($1 / 1000); if (!(d in s)) { s[d]; system("mkdir -p d" d) } f = "d" d "/f" $1; for (i = 0; i < 25; i++) printf "%s line %d of a small text file\n", $1, i >f; close(f) }')
printf 'FROM scratch\nCOPY . /\n' >Many
sleep 1.1

# tote_build DOCKERFILE CONTEXT [FLAG…]
tote_build() {
  dockerfile=$1 context=$2
  shift 2
  dfparse "$dockerfile" | layerctl build -q --pull=never --network host --context "$context" "$@" - >/dev/null
}
peer_build() {
  dockerfile=$1 context=$2
  shift 2
  buildah_ build -q --layers --pull=never --isolation oci --runtime runc --network host "$@" -t peer -f "$dockerfile" "$context" >/dev/null
}

# measure NAME COMMAND…: adds the wall seconds to NAME's.
measure() {
  name=$1
  shift
  start=$(date +%s.%N)
  "$@" || { echo "bench: $name failed" >&2; return 0; }
  echo "$start $(date +%s.%N)" | awk '{ printf "%.3f\n", $2 - $1 }' >>"measured.$name"
}
median() { sort -n "measured.$1" 2>/dev/null | awk '{ v[NR] = $1 } END { if (NR) print v[int((NR + 1) / 2)]; else print "-" }'; }
report() {
  tote=$(median "tote.$1") peer=$(median "buildah.$1")
  echo "$2 $tote $peer" | awk '{ printf "%-24s layerctl %8s s   buildah %8s s", $1, $2, $3; if ($3 != "-" && $2 > 0) printf "   1/%.1f", $3 / $2; print "" }'
}

change() { head -c 2000 /dev/urandom | base64 >ctx/b/1; sleep 1.1; }

tote_build ctx/Dockerfile ctx
if have buildah; then peer_build ctx/Dockerfile ctx; fi
for _ in $(seq "$times"); do
  measure tote.cold tote_build ctx/Dockerfile ctx --no-cache
  if have buildah; then measure buildah.cold peer_build ctx/Dockerfile ctx --no-cache; fi
  measure tote.warm tote_build ctx/Dockerfile ctx
  if have buildah; then measure buildah.warm peer_build ctx/Dockerfile ctx; fi
  change
  measure tote.changed tote_build ctx/Dockerfile ctx
  if have buildah; then measure buildah.changed peer_build ctx/Dockerfile ctx; fi
done
report cold 'ten-steps-cold'
report warm 'ten-steps-warm'
report changed 'ten-steps-one-changed'

for _ in $(seq "$times"); do
  measure tote.many tote_build Many many --no-cache
  measure tote.manywarm tote_build Many many
done
if have buildah; then
  measure buildah.many peer_build Many many --no-cache
  measure buildah.manywarm peer_build Many many
fi
report many "copy-$files-cold"
report manywarm "copy-$files-warm"
start=$(date +%s.%N)
tar -C many -cf - . | sha256sum >/dev/null
echo "$start $(date +%s.%N)" | awk '{ printf "%-24s %17.3f s\n", "tar|sha256sum", $2 - $1 }'
dfparse Many >many.json
if [ -x /usr/bin/time ]; then
  /usr/bin/time -f '%M' -o memory layerctl build -q --no-cache --context many many.json >/dev/null
  awk '{ printf "%-24s %13.1f MB\n", "peak-memory", $1 / 1024 }' memory
fi
