#!/bin/sh
# Pushes to and pulls from a docker-registry on loopback with ociship and its peers, in turn, N times on a tmpfs: an image of one layer and
# one of eight. Prints medians of wall and CPU seconds, peak memory, and the ratio to ociship's. Peers that are not installed are left out.
# usage: bench/registry.sh [-n TIMES] [DIRECTORY]   (default: a bookworm with python3 made by mmdebstrap)
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
bin=${TOTE_BIN:-$top/.build/release}
[ -x "$bin/ociship" ] || { echo "bench: $bin/ociship is not built" >&2; exit 1; }
scratch=$(mktemp -d /dev/shm/tote-bench.XXXXXX)
registry=
trap '[ -z "$registry" ] || kill "$registry"; rm -rf "$scratch"' EXIT
cd "$scratch"
export TOTE_ROOT="$scratch/store" DOCKER_CONFIG="$scratch/docker" CONTAINERS_REGISTRIES_CONF="$scratch/none"
: >none
mkdir docker && echo '{}' >docker/config.json

if [ $# -gt 0 ]; then
  cp -a "$1" root
else
  mmdebstrap --quiet --variant=minbase --include=python3,perl bookworm root
fi

have() { command -v "$1" >/dev/null; }

measure() {
  /usr/bin/time -o time -f '%e %U %S %M' sh -euc "$2" >/dev/null 2>&1 || { echo "bench: $1 failed" >&2; return 0; }
  awk '{ print $1, $2 + $3, $4 }' time >>"measured.$1"
}

median() { cut -d' ' -f"$2" "measured.$1" | sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }

# report TITLE NAME…: the first name is what the others are compared with.
report() {
  printf '\n%-34s %8s %8s %9s %8s %8s\n' "$1" 'wall s' 'CPU s' 'peak KiB' 'x wall' 'x CPU'
  shift
  first=$1
  for name; do
    [ -s "measured.$name" ] || continue
    awk -v name="$name" -v w="$(median "$name" 1)" -v c="$(median "$name" 2)" -v m="$(median "$name" 3)" \
      -v fw="$(median "$first" 1)" -v fc="$(median "$first" 2)" \
      'BEGIN { printf "%-34s %8.2f %8.2f %9d %8.2f %8.2f\n", name, w, c, m, w / (fw > 0 ? fw : 0.01), c / (fc > 0 ? fc : 0.01) }'
  done
}

port=5987
at=127.0.0.1:$port
printf 'version: 0.1\nlog: {level: error, accesslog: {disabled: true}}\nstorage: {filesystem: {rootdirectory: %s/registry}}\nhttp: {addr: "%s"}\n' \
  "$scratch" "$at" >registry.yml
docker-registry serve registry.yml >registry.log 2>&1 &
registry=$!
until curl -so /dev/null "http://$at/v2/"; do sleep 0.1; done

# The same tree in one layer, and in eight of about the same size.
"$bin/layerctl" pack --compression gzip root >one.gz
"$bin/layerctl" import one.gz "$at/one:1" >/dev/null
mkdir parts
i=0
find root -type f -size +0 -printf '%s %P\n' | sort -n >files
: >Dockerfile
printf 'FROM scratch\n' >Dockerfile
while [ $i -lt 8 ]; do
  awk -v i=$i 'NR % 8 == i { sub(/^[0-9]+ /, ""); print }' files >"list.$i"
  mkdir "parts/$i"
  tar -C root -cf - -T "list.$i" | tar -C "parts/$i" -xf -
  printf 'COPY parts/%s /%s\n' $i $i >>Dockerfile
  i=$((i + 1))
done
"$bin/dfparse" Dockerfile | "$bin/layerctl" build -q -t "$at/built:1" --context . - >/dev/null
"$bin/ociship" push -q "$at/built:1" >/dev/null
# What comes back is compressed, as the peers need it.
"$bin/layerctl" rm "$at/built:1" >/dev/null
"$bin/ociship" pull -q "$at/built:1" >/dev/null
"$bin/layerctl" tag "$at/built:1" "$at/eight:1"

podman="podman --root $scratch/podman --runroot $scratch/podman-run --storage-driver vfs"
for image in one eight; do
  i=0
  while [ $i -lt "$times" ]; do
    i=$((i + 1))
    rm -rf registry/*
    measure "push-$image-ociship" "$bin/ociship push -q $at/$image:1"
    rm -rf registry/*
    ! have skopeo || measure "push-$image-skopeo" "skopeo copy -q --dest-tls-verify=false oci:$TOTE_ROOT/images:$at/$image:1 docker://$at/$image:1"
    rm -rf registry/*
    ! have crane || measure "push-$image-crane" "crane push --insecure $TOTE_ROOT/images $at/$image:1"
    [ -d registry/docker ] || "$bin/ociship" push -q "$at/$image:1" >/dev/null

    rm -rf pulled out
    measure "pull-$image-ociship" "TOTE_ROOT=$scratch/pulled $bin/ociship pull -q $at/$image:1"
    rm -rf out
    ! have skopeo || measure "pull-$image-skopeo" "skopeo copy -q --src-tls-verify=false docker://$at/$image:1 oci:out:1"
    rm -rf out
    ! have crane || measure "pull-$image-crane" "crane pull --insecure --format oci $at/$image:1 out"

    rm -rf pulled
    measure "run-$image-ociship" "TOTE_ROOT=$scratch/pulled $bin/ociship pull -q --unpack $at/$image:1"
    rm -rf pulled out unpacked
    ! have umoci || measure "run-$image-skopeo-umoci" "skopeo copy -q --src-tls-verify=false docker://$at/$image:1 oci:out:1
      umoci unpack --image out:1 unpacked"
    rm -rf out unpacked
    ! have podman || measure "run-$image-podman" "$podman pull -q --tls-verify=false $at/$image:1"
    ! have podman || $podman rmi -af >/dev/null 2>&1 || true
    rm -rf podman podman-run
  done
done

printf '%s entries, %s MB; medians of %s\n' "$(find root | wc -l)" "$(du -sm --apparent-size root | cut -f1)" "$times"
for image in one eight; do
  report "push, $image layer(s)" "push-$image-ociship" "push-$image-crane" "push-$image-skopeo"
  report "pull, $image layer(s)" "pull-$image-ociship" "pull-$image-crane" "pull-$image-skopeo"
  report "pull and unpack, $image layer(s)" "run-$image-ociship" "run-$image-skopeo-umoci" "run-$image-podman"
done
