#!/bin/sh
# Packs and unpacks a root file system with layerctl and its peers, in turn, N times on a tmpfs, and prints medians of wall and CPU
# seconds, peak memory, and the ratio to layerctl's. Peers that are not installed are left out.
# usage: bench/layers.sh [-n TIMES] [DIRECTORY]   (default: a bookworm with python3 made by mmdebstrap)
set -eu

times=5
while getopts n: option; do
  case $option in
  n) times=$OPTARG ;;
  *) exit 2 ;;
  esac
done
shift $((OPTIND - 1))

top=$(cd "$(dirname "$0")/.." && pwd)
layerctl=${TOTE_BIN:-$top/.build/release}/layerctl
[ -x "$layerctl" ] || { echo "bench: $layerctl is not built" >&2; exit 1; }
scratch=$(mktemp -d /dev/shm/tote-bench.XXXXXX)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"

if [ $# -gt 0 ]; then
  cp -a "$1" root
else
  mmdebstrap --quiet --variant=minbase --include=python3,perl bookworm root
fi

have() { command -v "$1" >/dev/null; }

# measure NAME COMMAND: one run; a line "seconds CPU-seconds KiB" is added to the measurements of NAME.
measure() {
  rm -rf out
  /usr/bin/time -o time -f '%e %U %S %M' sh -euc "$2" >/dev/null 2>&1 || { echo "bench: $1 failed" >&2; return 0; }
  awk '{ print $1, $2 + $3, $4 }' time >>"measured.$1"
}

median() { cut -d' ' -f"$2" "measured.$1" | sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }

# report TITLE NAME…: the first name is what the others are compared with.
report() {
  printf '%-34s %8s %8s %9s %8s %8s\n' "$1" 'wall s' 'CPU s' 'peak KiB' 'x wall' 'x CPU'
  shift
  first=$1
  for name; do
    [ -s "measured.$name" ] || continue
    awk -v name="$name" -v w="$(median "$name" 1)" -v c="$(median "$name" 2)" -v m="$(median "$name" 3)" \
      -v fw="$(median "$first" 1)" -v fc="$(median "$first" 2)" \
      'BEGIN { printf "%-34s %8.2f %8.2f %9d %8.2f %8.2f\n", name, w, c, m, w / (fw > 0 ? fw : 0.01), c / (fc > 0 ? fc : 0.01) }'
  done
}

"$layerctl" pack root >layer.gz
"$layerctl" pack --compression none root >layer.tar
if have umoci; then
  umoci init --layout image
  umoci new --image image:empty
  umoci raw add-layer --image image:full layer.tar 2>/dev/null || { umoci new --image image:full && umoci raw add-layer --image image:full layer.tar; }
fi

round=0
while [ $round -lt "$times" ]; do
  round=$((round + 1))
  measure pack-layerctl-gzip "$layerctl pack root >out"
  measure pack-layerctl-none "$layerctl pack --compression none root >out"
  measure pack-layerctl-zstd "$layerctl pack --compression zstd root >out"
  measure pack-tar-gzip-1 'tar -cf - -C root . | gzip -1 >out'
  ! have bsdtar || measure pack-bsdtar-plain 'bsdtar -cf out -C root .'
  ! have igzip || measure pack-tar-igzip 'tar -cf - -C root . | igzip -1 -T2 >out'
  ! have umoci || {
    cp -a image out.image
    measure pack-umoci-insert 'umoci insert --image out.image:empty root /'
    rm -rf out.image
  }
  measure apply-layerctl-gzip "$layerctl apply out layer.gz"
  measure apply-layerctl-none "$layerctl apply out layer.tar"
  measure apply-tar 'mkdir out; tar --xattrs --numeric-owner -xpzf layer.gz -C out'
  ! have bsdtar || measure apply-bsdtar 'mkdir out; bsdtar --numeric-owner -xpf layer.gz -C out'
  ! have igzip || measure apply-igzip-tar 'mkdir out; igzip -dc layer.gz | tar --numeric-owner -xpf - -C out'
  ! have umoci || measure apply-umoci-raw 'umoci raw unpack --image image:full out'
  ! have umoci || measure apply-umoci 'umoci unpack --image image:full out'
done

printf '%s entries, %s MB; medians of %s\n\n' "$(find root | wc -l)" "$(du -sm --apparent-size root | cut -f1)" "$times"
report pack pack-layerctl-gzip pack-layerctl-none pack-layerctl-zstd pack-umoci-insert pack-tar-igzip pack-tar-gzip-1 pack-bsdtar-plain
echo
report apply apply-layerctl-gzip apply-layerctl-none apply-umoci apply-umoci-raw apply-igzip-tar apply-tar apply-bsdtar
