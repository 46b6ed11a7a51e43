#!/usr/bin/env bats
# Other people's container engines with runc-swift as their runtime. Every daemon is private: its files lie below $BATS_TEST_TMPDIR.
load helper
bats_require_minimum_version 1.5.0

setup_file() {
  busybox_rootfs "$BATS_FILE_TMPDIR/rootfs"
  mkdir -p "$BATS_FILE_TMPDIR/rootfs/mnt"
}

setup() {
  private_roots
  [ "$(id -u)" = 0 ] || skip "needs root"
  needs jq
  rootfs=$BATS_FILE_TMPDIR/rootfs
  runtime=$TOTE_BIN/runc-swift
  name=cl$$-$BATS_TEST_NUMBER
}

teardown() {
  [ -z "${daemon:-}" ] || { kill "$daemon" && wait "$daemon"; } || true
  # What a daemon's shims have left when it was killed.
  find /sys/fs/cgroup -depth -type d \( -path "*/libpod_parent*" -o -path "*/docker" -o -path "*/cgroup/*/default" -o -path "*/tote-clients*" -o -path "*/buildah-*" \) \
    -exec rmdir {} + 2>/dev/null || true
}

until_() { for _ in $(seq 150); do "$@" >/dev/null 2>&1 && return; sleep 0.1; done; echo "never: $*"; return 1; }

# docker: with the private daemon.
docker_() { timeout 60 docker -H "unix://$BATS_TEST_TMPDIR/d.sock" "$@"; }

start_dockerd() {
  needs dockerd docker containerd
  dockerd --data-root "$BATS_TEST_TMPDIR/data" --exec-root "$BATS_TEST_TMPDIR/exec" -p "$BATS_TEST_TMPDIR/d.pid" -H "unix://$BATS_TEST_TMPDIR/d.sock" \
    --bridge=none --iptables=false --storage-driver vfs --add-runtime "swift=$runtime" --default-runtime swift >"$BATS_TEST_TMPDIR/d.log" 2>&1 3>&- &
  daemon=$!
  until_ docker_ info || { tail -5 "$BATS_TEST_TMPDIR/d.log"; return 1; }
  tar -C "$rootfs" -c . | docker_ import - bb >/dev/null
}

@test "docker: run, exit codes, exec, top, pause, update, stats, logs, stop, privileged" {
  start_dockerd
  [ "$(docker_ info --format '{{.DefaultRuntime}}')" = swift ]
  run docker_ run --rm --network none bb sh -c 'echo by docker; exit 7'
  [ "$status" -eq 7 ]
  [ "$output" = "by docker" ]
  run -127 docker_ run --rm --network none bb nosuch
  run docker_ run --rm --network none bb /etc/passwd
  [ "$status" -eq 126 ]
  docker_ run -d --name "$name" --network none --memory 64m --pids-limit 55 --init=false bb \
    sh -c 'echo out; trap "exit 3" TERM; while :; do sleep 0.1; done'
  [ "$(docker_ exec -e A=b -w /tmp "$name" sh -c 'echo $A$PWD')" = b/tmp ]
  run docker_ exec "$name" sh -c 'exit 9'
  [ "$status" -eq 9 ]
  docker_ top "$name" | grep -q 'trap "exit 3" TERM'
  docker_ pause "$name"
  [ "$(docker_ inspect -f '{{.State.Status}}' "$name")" = paused ]
  docker_ unpause "$name"
  docker_ update --memory 128m --memory-swap 128m "$name"
  docker_ stats --no-stream --format '{{.MemUsage}}' "$name" | grep -q '128MiB'
  docker_ logs "$name" | grep -qx out
  docker_ stop -t 5 "$name"
  [ "$(docker_ inspect -f '{{.State.ExitCode}}' "$name")" = 3 ]
  docker_ start "$name"
  docker_ kill "$name"
  [ "$(docker_ inspect -f '{{.State.ExitCode}}' "$name")" = 137 ]
  docker_ rm "$name"
  [ "$(docker_ run --rm --privileged --network none bb sh -c 'mount -t tmpfs x /mnt && echo mounted')" = mounted ]
}

@test "docker: a terminal, a health check, a bind mount, capabilities and seccomp" {
  needs script
  start_dockerd
  run script -qec "docker -H unix://$BATS_TEST_TMPDIR/d.sock run --rm -it --network none bb sh -c 'tty; test -t 1 && echo terminal'" /dev/null </dev/null
  [[ "$output" == *"/dev/pts/0"*terminal* ]]
  docker_ run -d --name "$name" --network none --health-cmd 'test -e /tmp/well' --health-interval 0.3s --health-retries 1 bb sh -c 'sleep 1; touch /tmp/well; sleep 60'
  until_ sh -c "docker -H unix://$BATS_TEST_TMPDIR/d.sock inspect -f '{{.State.Health.Status}}' $name | grep -qx healthy"
  docker_ rm -f "$name"
  echo of the host >"$BATS_TEST_TMPDIR/file"
  [ "$(docker_ run --rm --network none -v "$BATS_TEST_TMPDIR/file:/file:ro" bb cat /file)" = "of the host" ]
  run docker_ run --rm --network none --cap-drop ALL --cap-add CHOWN --user 1000 bb grep CapBnd /proc/self/status
  [[ "$output" == *0000000000000001 ]]
  run docker_ run --rm --network none bb grep Seccomp: /proc/self/status
  [[ "$output" == *2 ]]
  run docker_ run --rm --network none bb unshare -m true
  [ "$status" -ne 0 ]
}

@test "containerd: ctr runs, executes, lists, pauses and kills by --runc-binary" {
  needs containerd ctr
  cat >"$BATS_TEST_TMPDIR/config.toml" <<TOML
version = 2
root = "$BATS_TEST_TMPDIR/root"
state = "$BATS_TEST_TMPDIR/state"
disabled_plugins = ["io.containerd.grpc.v1.cri", "io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.zfs"]
[grpc]
  address = "$BATS_TEST_TMPDIR/c.sock"
[ttrpc]
  address = "$BATS_TEST_TMPDIR/c.sock.ttrpc"
TOML
  containerd --config "$BATS_TEST_TMPDIR/config.toml" >"$BATS_TEST_TMPDIR/c.log" 2>&1 3>&- &
  daemon=$!
  ctr_() { timeout 60 ctr -a "$BATS_TEST_TMPDIR/c.sock" "$@"; }
  until_ ctr_ version
  # containerd changes the root file system's owner and more: a copy.
  cp -a "$rootfs" "$BATS_TEST_TMPDIR/copy"
  with="--runtime io.containerd.runc.v2 --runc-binary $runtime --rootfs"
  # shellcheck disable=SC2086 # words
  run ctr_ run --rm $with "$BATS_TEST_TMPDIR/copy" "$name" /bin/sh -c 'echo by containerd; exit 6'
  [ "$status" -eq 6 ]
  [ "$output" = "by containerd" ]
  # shellcheck disable=SC2086
  run ctr_ run --rm $with "$BATS_TEST_TMPDIR/copy" "$name" nosuch
  [[ "$output" == *'exec: \"nosuch\": executable file not found in $PATH'* ]] || [[ "$output" == *'exec: "nosuch": executable file not found in $PATH'* ]]
  # shellcheck disable=SC2086
  ctr_ run -d $with "$BATS_TEST_TMPDIR/copy" "$name" /bin/sleep 100
  [ "$(ctr_ task exec --exec-id e "$name" /bin/echo executed)" = executed ]
  ctr_ task pause "$name"
  ctr_ task ls | grep -q "$name.*PAUSED"
  ctr_ task resume "$name"
  ctr_ task ps "$name" | grep -q '[0-9]'
  ctr_ task metrics "$name" | grep -q memory
  ctr_ task kill -s KILL "$name"
  until_ sh -c "ctr -a $BATS_TEST_TMPDIR/c.sock task ls | grep -q '$name.*STOPPED'"
  ctr_ task delete "$name" || true
  ctr_ container delete "$name"
}

@test "buildah: the RUN steps of a build" {
  needs buildah
  tar -C "$rootfs" -cf "$BATS_TEST_TMPDIR/rootfs.tar" .
  printf 'FROM scratch\nADD rootfs.tar /\nRUN echo built >/made && id -u >>/made\nRUN cat /made; exit 0\n' >"$BATS_TEST_TMPDIR/Dockerfile"
  run timeout 120 buildah --root "$BATS_TEST_TMPDIR/storage" --runroot "$BATS_TEST_TMPDIR/buildah" --storage-driver vfs bud --isolation oci \
    --network none --runtime "$runtime" -t built "$BATS_TEST_TMPDIR"
  echo "$output"
  [ "$status" -eq 0 ]
  [[ "$output" == *built*0* ]]
  printf 'FROM scratch\nADD rootfs.tar /\nRUN exit 5\n' >"$BATS_TEST_TMPDIR/Dockerfile"
  run timeout 120 buildah --root "$BATS_TEST_TMPDIR/storage" --runroot "$BATS_TEST_TMPDIR/buildah" --storage-driver vfs bud --isolation oci \
    --network none --runtime "$runtime" "$BATS_TEST_TMPDIR"
  [ "$status" -ne 0 ]
  [[ "$output" == *"exit status 5"* ]]
}

@test "conmon: holds a container's output and status" {
  needs conmon
  mkdir -p "$BATS_TEST_TMPDIR/b/exits" "$BATS_TEST_TMPDIR/b/persist"
  (cd "$BATS_TEST_TMPDIR/b" && "$runtime" spec && jq --arg r "$rootfs" '.process.terminal = false | .root.path = $r
    | .process.args = ["sh", "-c", "echo kept by conmon; exit 8"]' config.json >new && mv new config.json)
  conmon --api-version 1 -c "$name" -u "$name" -n "$name" -r "$runtime" -b "$BATS_TEST_TMPDIR/b" -p "$BATS_TEST_TMPDIR/pid" -l "$BATS_TEST_TMPDIR/log" \
    --exit-dir "$BATS_TEST_TMPDIR/b/exits" --persist-dir "$BATS_TEST_TMPDIR/b/persist" --socket-dir-path "$BATS_TEST_TMPDIR/b" 3>&-
  until_ test -s "$BATS_TEST_TMPDIR/pid"
  "$runtime" start "$name"
  until_ test -s "$BATS_TEST_TMPDIR/b/exits/$name"
  [ "$(cat "$BATS_TEST_TMPDIR/b/exits/$name")" = 8 ]
  grep -q 'stdout F kept by conmon' "$BATS_TEST_TMPDIR/log"
  "$runtime" delete -f "$name"
}

podman_() {
  timeout 100 podman --log-level error --runtime "$runtime" --cgroup-manager cgroupfs --storage-driver vfs \
    --root "$BATS_TEST_TMPDIR/storage" --runroot "$BATS_TEST_TMPDIR/podman" "$@" 2> >(grep -v -i cni >&2)
}

@test "podman: logs, top, exec with a terminal, a health check, update of a paused container, kill" {
  needs podman conmon script
  podman_ run -d --name "$name" --network none --health-cmd 'test -e /tmp/well' --rootfs "$rootfs:O" \
    sh -c 'echo one; echo two >&2; touch /tmp/well; sleep 100' || skip "this podman has no overlay over a --rootfs"
  until_ sh -c "[ \$(podman --root $BATS_TEST_TMPDIR/storage --runroot $BATS_TEST_TMPDIR/podman --storage-driver vfs logs $name 2>&1 | wc -l) = 2 ]"
  podman_ top "$name" pid args | grep -q 'sleep 100'
  podman_ healthcheck run "$name"
  run script -qec "podman --runtime $runtime --cgroup-manager cgroupfs --storage-driver vfs --root $BATS_TEST_TMPDIR/storage --runroot $BATS_TEST_TMPDIR/podman exec -it $name tty" /dev/null </dev/null
  [[ "$output" == */dev/pts/0* ]]
  podman_ pause "$name"
  [ "$(podman_ inspect --format '{{.State.Status}}' "$name")" = paused ]
  run podman_ exec "$name" true
  [ "$status" -ne 0 ]
  podman_ unpause "$name"
  podman_ kill "$name"
  podman_ wait "$name"
  [ "$(podman_ inspect --format '{{.State.ExitCode}}' "$name")" = 137 ]
  podman_ rm "$name"
}

@test "podman: a container in a user namespace" {
  needs podman conmon
  cp -a "$rootfs" "$BATS_TEST_TMPDIR/r"
  chown -R 200000:200000 "$BATS_TEST_TMPDIR/r"
  chmod 755 "$BATS_RUN_TMPDIR" "$BATS_TEST_TMPDIR"
  run podman_ run --rm --network none --uidmap 0:200000:1000 --gidmap 0:200000:1000 --rootfs "$BATS_TEST_TMPDIR/r" sh -c 'id -u; cat /proc/self/uid_map'
  echo "$output"
  [ "$status" -eq 0 ]
  [ "${lines[0]}" = 0 ]
  [[ "${lines[1]}" =~ 200000 ]]
}

@test "podman: an ordinary user's containers, with ids of newuidmap" {
  needs podman conmon newuidmap setpriv
  chmod 755 "$BATS_RUN_TMPDIR" "$BATS_FILE_TMPDIR" "$BATS_TEST_TMPDIR"
  cp -a "$rootfs" "$BATS_TEST_TMPDIR/r"
  mkdir -p "$BATS_TEST_TMPDIR"/{home,xdg,bin}
  cp "$runtime" "$BATS_TEST_TMPDIR/bin/runc-swift"
  cp /etc/passwd "$BATS_TEST_TMPDIR/passwd"
  echo 'toteuser:x:54321:54321::'"$BATS_TEST_TMPDIR"'/home:/bin/sh' >>"$BATS_TEST_TMPDIR/passwd"
  echo toteuser:300000:65536 >"$BATS_TEST_TMPDIR/sub"
  chown -R 54321:54321 "$BATS_TEST_TMPDIR"/{r,home,xdg}
  chmod 700 "$BATS_TEST_TMPDIR/xdg"
  cat >"$BATS_TEST_TMPDIR/rootless" <<'SH'
cd "$1/home"
mount --bind "$1/passwd" /etc/passwd && touch /etc/subuid /etc/subgid && mount --bind "$1/sub" /etc/subuid && mount --bind "$1/sub" /etc/subgid || exit 99
exec setpriv --reuid 54321 --regid 54321 --clear-groups --inh-caps=-all env -i PATH="$PATH" HOME="$1/home" USER=toteuser XDG_RUNTIME_DIR="$1/xdg" \
  podman --log-level error --runtime "$1/bin/runc-swift" --cgroup-manager cgroupfs --storage-driver vfs run --rm --network none --rootfs "$1/r" \
  sh -c 'id -u; cat /proc/self/uid_map; chown 33:33 /tmp && echo chowned; exit 4'
SH
  run timeout 100 unshare -m sh "$BATS_TEST_TMPDIR/rootless" "$BATS_TEST_TMPDIR"
  echo "$output"
  [ "$status" -eq 4 ]
  [[ "$output" == *0*54321*chowned* ]]
}
