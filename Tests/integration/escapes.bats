#!/usr/bin/env bats
# The attacks of docs/spec-conformance.md's table, tried. What runc-swift.bats has is not repeated here.
load helper
load runtime
bats_require_minimum_version 1.5.0

setup_file() { busybox_rootfs "$BATS_FILE_TMPDIR/rootfs"; }

setup() {
  runtime_up e
  config '.root.readonly = false'
}

teardown() { runtime_down; }

# as_user COMMAND…: runc-swift as an ordinary user who has the bundle.
as_user() {
  needs setpriv
  chmod 755 "$BATS_RUN_TMPDIR" "$BATS_FILE_TMPDIR" "$BATS_TEST_TMPDIR" "$bundle"
  mkdir -p "$BATS_TEST_TMPDIR"/{xdg,bin}
  cp -f "$(command -v "$RUNTIME")" "$BATS_TEST_TMPDIR/bin/"
  chown -R 54321:54321 "$BATS_TEST_TMPDIR"/{xdg,bundle}
  setpriv --reuid 54321 --regid 54321 --clear-groups --inh-caps=-all env XDG_RUNTIME_DIR="$BATS_TEST_TMPDIR/xdg" "$BATS_TEST_TMPDIR/bin/$RUNTIME" "$@"
}

@test "CVE-2016-9962: nobody in the container sees the descriptors of a process that exec brings in" {
  cat >"$bundle/rootfs/bin/attack" <<'SH'
#!/bin/sh
# Everything that can be seen of processes that are not busybox yet.
echo ready >/ready
while :; do
  for p in /proc/[0-9]*; do
    [ "$p" = "/proc/$$" ] && continue
    case $(cat $p/comm 2>/dev/null) in
    runc*) ls -l $p/fd 2>/dev/null | grep -- '->' >>/seen; echo $p >>/tried ;;
    esac
  done
done
SH
  chmod 755 "$bundle/rootfs/bin/attack"
  args attack
  rt run -d -b "$bundle" "$name"
  for _ in $(seq 50); do [ -e "$bundle/rootfs/ready" ] && break; sleep 0.1; done
  for _ in $(seq 40); do rt exec "$name" true; done
  # The attack has met such processes; its own three are what the program itself has a moment later.
  [ -s "$bundle/rootfs/tried" ]
  run ! grep -vE ' [012] -> ' "$bundle/rootfs/seen"
}

@test "CVE-2025-31133: an image's /dev/null does not decide what masks" {
  echo secret >"$bundle/rootfs/etc/target"
  echo hidden >"$bundle/rootfs/etc/masked"
  ln -s /etc/target "$bundle/rootfs/dev/null"
  args sh -c 'wc -c </etc/masked; ls -l /etc/masked | cut -c1'
  config '.mounts |= map(select(.destination | startswith("/dev") | not)) | .linux.maskedPaths = ["/etc/masked"]'
  run rt run -b "$bundle" "$name"
  echo "$output"
  # Either refused, since /dev/null is no device, or masked with the real one.
  [ "$status" -ne 0 ] || { [ "${lines[0]}" = 0 ] && [ "${lines[1]}" = c ]; }
  [[ "$output" != *secret* ]]
  [ "$(cat "$bundle/rootfs/etc/target")" = secret ]
}

@test "CVE-2025-52565: an image's /dev/console does not decide where the terminal goes" {
  needs script
  echo victim >"$bundle/rootfs/etc/victim"
  ln -s /etc/victim "$bundle/rootfs/dev/console"
  mkdir -p "$bundle/rootfs/dev/pts"
  args cat /etc/victim
  config '.process.terminal = true | .mounts |= map(select(.destination == "/dev/pts" or (.destination | startswith("/dev") | not)))'
  run script -qec "$(command -v "$RUNTIME") --root $state run -b $bundle $name" /dev/null </dev/null
  echo "$output"
  # Refused, or /etc/victim is what it was.
  [[ "$output" == *"'/dev/console'"* || "$output" == *victim* ]]
  [ "$(cat "$bundle/rootfs/etc/victim")" = victim ]
}

@test "CVE-2014-8989: an ordinary user's container cannot drop groups that deny" {
  (cd "$bundle" && rm config.json && rt spec --rootless)
  args cat /proc/self/setgroups
  config '.process.terminal = false | .linux.uidMappings = [{containerID: 0, hostID: 54321, size: 1}] | .linux.gidMappings = .linux.uidMappings'
  run as_user run -b "$bundle" "$name"
  echo "$output"
  [ "$output" = deny ]
}

@test "CVE-2023-25809: nothing below /sys can be written in an ordinary user's container" {
  [ "$RUNTIME" = runc-swift ] || skip "runc's own configuration has it writable"
  (cd "$bundle" && rm config.json && rt spec --rootless)
  args awk '$2 ~ "^/sys" { n++; if ($4 !~ "^ro") print } END { print n " mounts" }' /proc/mounts
  config '.process.terminal = false | .linux.uidMappings = [{containerID: 0, hostID: 54321, size: 1}] | .linux.gidMappings = .linux.uidMappings
    | .linux.namespaces |= map(select(.type != "cgroup"))'
  run as_user run -b "$bundle" "$name"
  echo "$output"
  [ "$status" -eq 0 ]
  [ "${#lines[@]}" -eq 1 ]
  [ "$output" != "0 mounts" ]
}

@test "CVE-2022-0492: no release_agent, and no cgroup hierarchy can be mounted" {
  sh_ 'find /sys/fs/cgroup -name release_agent; mkdir /c; mount -t cgroup -o memory none /c 2>&1 || echo refused; for d in /sys/fs/cgroup/*/; do
    mkdir "$d/x" 2>/dev/null && echo made "$d"; done; true'
  run rt run -b "$bundle" "$name"
  echo "$output"
  [ "$status" -eq 0 ]
  [[ "$output" == *refused ]]
  [[ "$output" != *release_agent* && "$output" != *made* ]]
}

@test "CVE-2019-16884, 2025-52881: labels and sysctls are never written to what an image puts at /proc" {
  # A volume with a false procfs, over which the real one would be mounted by a link.
  mkdir -p "$bundle/rootfs/fake/self/attr/apparmor" "$bundle/rootfs/fake/sys/net/ipv4"
  touch "$bundle/rootfs/fake/self/attr/exec" "$bundle/rootfs/fake/self/attr/apparmor/exec" "$bundle/rootfs/fake/sys/net/ipv4/ip_forward"
  rmdir "$bundle/rootfs/proc"
  ln -s fake "$bundle/rootfs/proc"
  args true
  config '.process.apparmorProfile = "some" | .linux.sysctl = {"net.ipv4.ip_forward": "1"}'
  run -1 rt run -b "$bundle" "$name"
  [ -z "$(find "$bundle/rootfs/fake" -type f -size +0)" ]
  # The same with no /proc among the mounts at all: the value goes to the kernel, not to the file.
  config 'del(.process.apparmorProfile) | .mounts |= map(select(.destination != "/proc")) | .linux.maskedPaths = [] | .linux.readonlyPaths = []'
  run rt run -b "$bundle" "$name"
  [ -z "$(find "$bundle/rootfs/fake" -type f -size +0)" ]
}

@test "CVE-2021-30465, 2024-45310: a racing container cannot have a mount made outside its root" {
  # Another container with the same volume swaps a directory with a link to the host's all the time.
  mkdir -p "$bundle/rootfs/vol" "$bundle/vol/d" "$BATS_TEST_TMPDIR/outside" "$bundle/src"
  cat >"$BATS_TEST_TMPDIR/swap" <<SH
#!/bin/sh
while :; do
  rm -rf "$bundle/vol/d"; ln -s "$BATS_TEST_TMPDIR/outside" "$bundle/vol/d"
  rm -f "$bundle/vol/d"; mkdir "$bundle/vol/d"
done
SH
  sh "$BATS_TEST_TMPDIR/swap" 2>/dev/null 3>&- &
  swapper=$!
  args true
  config --arg v "$bundle/vol" --arg s "$bundle/src" '.mounts += [{destination: "/vol", type: "bind", source: $v, options: ["bind"]},
    {destination: "/vol/d/x", type: "bind", source: $s, options: ["bind"]}]'
  for _ in $(seq 40); do rt run -b "$bundle" "$name" >/dev/null 2>&1 || true; done
  kill $swapper
  ls -A "$BATS_TEST_TMPDIR/outside"
  [ -z "$(ls -A "$BATS_TEST_TMPDIR/outside")" ]
}
