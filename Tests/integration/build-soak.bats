#!/usr/bin/env bats
# Builds that are killed at any moment, and disks that become full in any step: the store is whole, and the same build then succeeds.
bats_require_minimum_version 1.5.0
load helper

setup() {
  private_roots
  cd "$BATS_TEST_TMPDIR"
  busybox_rootfs rootfs
  tar -C rootfs --numeric-owner --owner=0 --group=0 -cf base.tar .
  mkdir -p context/many
  head -c 3000000 /dev/urandom >context/big
  for n in $(seq 200); do echo "$n" >"context/many/$n"; done
  cat >context/Dockerfile <<'EOF2'
FROM busybox AS a
COPY many /many
RUN cat /many/* >/all && head -c 2000000 /dev/zero >/zero
FROM busybox AS b
COPY big /
RUN cp /big /big2 && chmod 600 /big2
FROM a
COPY --from=b /big2 /
RUN --mount=type=cache,target=/c cp /big2 /c/ && mkdir -p /deep/er && echo done >/deep/er/file
EOF2
  dfparse context/Dockerfile >ast
}

teardown() {
  mountpoint -q "$BATS_TEST_TMPDIR/small" && umount "$BATS_TEST_TMPDIR/small"
  run ! grep "$BATS_TEST_TMPDIR/r" /proc/self/mountinfo
}

# whole ROOT: the store is as fsck wants it, nothing runs, nothing is mounted.
whole() {
  for _ in $(seq 100); do [ -z "$(ls "$TOTE_RUN/runtime" 2>/dev/null)" ] && break; sleep 0.1; done
  layerctl fsck >/dev/null
}

@test "kill -9 of a build at any moment: the store is whole, and the same build then succeeds" {
  layerctl import base.tar busybox >/dev/null
  start=$(date +%s%N)
  layerctl build -q --context context ast >reference
  layers "$(cat reference)" >layers.reference
  took=$((($(date +%s%N) - start) / 1000000))
  for round in $(seq "${SOAK_ROUNDS:-12}"); do
    tote image prune -a -f >/dev/null && layerctl builder prune -a >/dev/null
    layerctl import base.tar busybox >/dev/null
    layerctl build -q --context context ast >out 2>log 3>&- &
    pid=$!
    sleep "$(awk -v t="$took" -v r="$round" -v n="${SOAK_ROUNDS:-12}" 'BEGIN { print t * r / n / 1000 }')"
    kill -KILL "$pid" 2>/dev/null || true
    wait "$pid" || true
    whole
    layerctl build -q --context context ast >again
    same_layers again
    [ -z "$(ls -A "$TOTE_ROOT/cache/work")" ]
  done
}

# same_layers FILE: the layers of the image whose ID is in FILE are those of the reference. (The base image is imported anew, with
# another time in its history.)
same_layers() {
  layers "$(cat "$1")" | cmp layers.reference -
}

layers() { layerctl inspect "$1" | jq -c '.[0].RootFS.Layers'; }

@test "a disk that becomes full in any step: an error, the store is whole, and with room the same build succeeds" {
  mkdir small
  mount -t tmpfs -o size=64m tmpfs small
  export TOTE_ROOT=$PWD/small/root
  layerctl import base.tar busybox >/dev/null
  layerctl build -q --context context ast >reference
  used=$(du -sk "$TOTE_ROOT" | cut -f 1)
  layers "$(cat reference)" >layers.reference
  failures=0
  for part in 1 2 3 4 5 6 7 8; do
    rm -rf "$TOTE_ROOT"
    layerctl import base.tar busybox >/dev/null
    now=$(du -sk "$TOTE_ROOT" | cut -f 1)
    # Room for a part of what the build needs.
    mount -o "remount,size=$((now + (used - now) * part / 9))k" small
    run layerctl build --context context ast
    if [ "$status" != 0 ]; then
      failures=$((failures + 1))
      [ "$status" = 1 ]
      [[ $output == *"No space left on device"* || $output == *"exit code 1"* ]] || { echo "$output"; false; }
      whole
    fi
    mount -o remount,size=64m small
    layerctl build -q --context context ast >again
    layers "$(cat again)" | cmp layers.reference -
    [ -z "$(ls -A "$TOTE_ROOT/cache/work")" ]
    layerctl fsck >/dev/null
  done
  [ "$failures" -ge 5 ]
}
