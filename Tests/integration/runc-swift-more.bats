#!/usr/bin/env bats
# What other runtimes' own suites look for beyond runc-swift.bats. RUNTIME=runc runs the file on runc; what Debian's lacks is skipped.
load helper
load runtime
bats_require_minimum_version 1.5.0

setup_file() { busybox_rootfs "$BATS_FILE_TMPDIR/rootfs"; }

setup() {
  runtime_up m
}

teardown() {
  runtime_down
  ip link del totetest0 2>/dev/null || true
}

ours() { [ "$RUNTIME" = runc-swift ] || skip "not in Debian's runc"; }
user_namespace() {
  chmod 755 "$BATS_TEST_TMPDIR" "$bundle"
  config '.linux.namespaces += [{type: "user"}] | .linux.uidMappings = [{containerID: 0, hostID: 100000, size: 65536}]
    | .linux.gidMappings = .linux.uidMappings'
}

@test "a container that waits for start holds nothing of the host open, not even what its creator had" {
  ours
  args true
  rt create -b "$bundle" --pid-file "$BATS_TEST_TMPDIR/pid" "$name" 7</etc/passwd >"$BATS_TEST_TMPDIR/out" 2>&1
  open=$(find /proc/"$(cat "$BATS_TEST_TMPDIR/pid")"/fd -type l -printf '%f %l\n' | awk '$1 > 2' | grep -v ' socket:' || true)
  echo "$open"
  [ -z "$open" ]
}

@test "a container that waits for start ends on TERM" {
  args true
  rt create -b "$bundle" "$name"
  rt kill "$name" TERM
  for _ in $(seq 50); do [ "$(rt state "$name" | jq -r .status)" = stopped ] && break; sleep 0.1; done
  [ "$(rt state "$name" | jq -r .status)" = stopped ]
}

@test "kill 0 asks whether there is a process" {
  args sleep 100
  rt run -d -b "$bundle" "$name"
  rt kill "$name" 0
  rt kill "$name" KILL
  for _ in $(seq 50); do [ "$(rt state "$name" | jq -r .status)" = stopped ] && break; sleep 0.1; done
  run -1 rt kill "$name" 0
  [[ "$output" == *"container not running"* ]]
}

@test "list with a --root that is not there fails" {
  ours
  run -1 "$RUNTIME" --root "$BATS_TEST_TMPDIR/nowhere" list
  [[ "$output" == *nowhere* ]]
}

@test "what follows the id of ps is for ps" {
  args sleep 100
  rt run -d -b "$bundle" "$name"
  run rt ps "$name" -e -o pid,args
  [ "$status" -eq 0 ]
  [[ "$output" == *"sleep 100"* ]]
}

@test "without a pid namespace of its own delete ends all of a container" {
  ours
  sh_ 'sleep 1000 & sleep 1001 & wait'
  config '.linux.namespaces |= map(select(.type != "pid"))'
  rt run -d -b "$bundle" --pid-file "$BATS_TEST_TMPDIR/pid" "$name"
  for _ in $(seq 50); do [ "$(rt ps -f json "$name" | jq length)" = 3 ] && break; sleep 0.1; done
  pids=$(rt ps -f json "$name" | jq -r '.[]')
  kill -9 "$(cat "$BATS_TEST_TMPDIR/pid")"
  for _ in $(seq 50); do [ "$(rt state "$name" | jq -r .status)" = stopped ] && break; sleep 0.1; done
  rt delete "$name"
  sleep 0.2
  for pid in $pids; do ! grep -q '^State:.[RSD]' /proc/"$pid"/status 2>/dev/null; done
}

@test "the processors are those of the cpuset, not those of the caller" {
  ours
  [ "$(nproc)" -gt 1 ] || skip "one processor"
  args grep Cpus_allowed_list /proc/self/status
  run taskset -c 0 "$RUNTIME" --root "$state" run -b "$bundle" "$name"
  [ "$status" -eq 0 ]
  [[ "$output" != *$'\t0' ]]
  args sleep 100
  config '.process.execCPUAffinity = {initial: "0", final: "1"}'
  rt run -d -b "$bundle" "$name"
  run rt --debug exec "$name" grep Cpus_allowed_list /proc/self/status
  [[ "$output" == *"affinity: 0x1"*$'Cpus_allowed_list:\t1' ]]
}

@test "--debug says what init does, to the log where there is one" {
  args echo the program
  run rt --debug run -b "$bundle" "$name"
  [[ "$output" == *"level=debug"*"child process in init()"*"the program"* ]]
  run rt --debug --log "$BATS_TEST_TMPDIR/log" --log-format json run -b "$bundle" "$name"
  [ "$output" = "the program" ]
  jq -es 'any(.level == "debug" and (.msg | contains("child process in init()")))' "$BATS_TEST_TMPDIR/log"
}

@test "exec --cgroup goes below the container's cgroup and nowhere else" {
  ours
  args sleep 100
  config '.linux.resources.pids.limit = 50 | (.mounts[] | select(.type == "cgroup")).options -= ["ro"]'
  rt run -d -b "$bundle" "$name"
  run rt exec --cgroup .. "$name" true
  [ "$status" -ne 0 ]
  [[ "$output" == *"bad sub cgroup path: .."* ]]
  run rt exec --cgroup whaaat:/ "$name" true
  [[ "$output" == *"unknown controller whaaat"* ]]
  run rt exec --cgroup nosuch "$name" true
  [[ "$output" == *"adding pid "*"No such file or directory"* ]]
  run rt exec --cgroup a:b --cgroup a:c "$name" true
  [[ "$output" == *"controller a specified multiple times"* ]]
  if [ -d /sys/fs/cgroup/pids ]; then
    rt exec "$name" mkdir /sys/fs/cgroup/pids/sub
    run rt exec --cgroup pids:sub "$name" cat /proc/self/cgroup
    [[ "$output" == *":pids:"*"/$name/sub"* ]]
    [[ "$output" != *":memory:"*"/sub"* ]]
  else
    rt exec "$name" mkdir /sys/fs/cgroup/sub
    run rt exec --cgroup sub "$name" cat /proc/self/cgroup
    [[ "$output" == *"/sub"* ]]
  fi
}

@test "exec --cap is ambient where the capability was inheritable" {
  ours
  args sleep 100
  config '.process.capabilities = {bounding: ["CAP_KILL"], effective: ["CAP_KILL"], permitted: ["CAP_KILL"], inheritable: ["CAP_CHOWN"]}'
  rt run -d -b "$bundle" "$name"
  run rt exec --cap CAP_CHOWN --cap CAP_SYSLOG "$name" sh -c 'grep -E "Cap(Inh|Amb)" /proc/self/status | cut -f2'
  [ "${lines[0]}" = 0000000000000001 ]
  [ "${lines[1]}" = 0000000000000001 ]
}

@test "an ambient capability that is not inheritable is a warning" {
  ours
  args grep CapAmb /proc/self/status
  config '.process.capabilities.inheritable = ["CAP_KILL"] | .process.capabilities.ambient = ["CAP_KILL", "CAP_CHOWN"]'
  run rt run -b "$bundle" "$name"
  [ "$status" -eq 0 ]
  [[ "$output" == *"can't raise ambient capability CAP_CHOWN: "*0000000000000020 ]]
  # Told once: what exec runs has its standard error to itself.
  args sleep 100
  rt run -d -b "$bundle" "$name"
  [ "$(rt exec "$name" echo only this 2>&1)" = "only this" ]
}

@test "a time namespace has its offsets, in a user namespace too" {
  ours
  [ -e /proc/self/ns/time ] || skip "no time namespaces"
  args cat /proc/self/timens_offsets
  config '.linux.namespaces += [{type: "time"}] | .linux.timeOffsets = {monotonic: {secs: 7881, nanosecs: 2718281}, boottime: {secs: 1337}}'
  run rt run -b "$bundle" "$name"
  [[ "$output" == *"monotonic"*"7881"*"2718281"*"boottime"*"1337"* ]]
  user_namespace
  run rt run -b "$bundle" "$name"
  [ "$status" -eq 0 ]
  [[ "$output" == *"monotonic"*"7881"*"2718281"*"boottime"*"1337"* ]]
}

@test "a startContainer hook has the process's environment and its seccomp filter" {
  printf '#!/bin/sh\necho "$ONE" >/tmp/one; mkdir /tmp/made\nexit 0\n' >"$bundle/rootfs/bin/hook"
  chmod 755 "$bundle/rootfs/bin/hook"
  args sh -c 'cat /tmp/one; ls -d /tmp/made'
  config '.root.readonly = false | .process.env += ["ONE=two"] | .hooks.startContainer = [{path: "/bin/hook"}]'
  run rt run -b "$bundle" "$name"
  [ "${lines[0]}" = two ]
  [ "${lines[1]}" = /tmp/made ]
  rm -r "$bundle/rootfs/tmp/made"
  config '.linux.seccomp = {defaultAction: "SCMP_ACT_ALLOW", syscalls: [{names: ["mkdir", "mkdirat"], action: "SCMP_ACT_ERRNO"}]}'
  run rt run -b "$bundle" "$name"
  [ ! -e "$bundle/rootfs/tmp/made" ]
}

@test "hooks run without a mount namespace too" {
  ours
  args echo the program
  config --arg file "$BATS_TEST_TMPDIR/hooked" '.linux.namespaces |= map(select(.type != "mount")) | .mounts = [] | .linux.maskedPaths = []
    | .linux.readonlyPaths = [] | .root.readonly = false | .hooks.createRuntime = [{path: "/bin/touch", args: ["touch", $file]}]'
  run rt run -b "$bundle" "$name"
  [ "$output" = "the program" ]
  [ -e "$BATS_TEST_TMPDIR/hooked" ]
}

@test "without a mount namespace mounts are made in the runtime's and go with the container" {
  ours
  before=$(wc -l </proc/self/mountinfo)
  args sh -c 'ls -d /proc/self/fd /dev/null; cat /proc/self/comm'
  config '.linux.namespaces |= map(select(.type != "mount")) | .linux.maskedPaths = [] | .linux.readonlyPaths = [] | .root.readonly = false'
  rt create -b "$bundle" "$name" >"$BATS_TEST_TMPDIR/out"
  [ "$(wc -l </proc/self/mountinfo)" -gt "$before" ]
  rt start "$name"
  for _ in $(seq 50); do [ "$(wc -l <"$BATS_TEST_TMPDIR/out")" = 3 ] && break; sleep 0.1; done
  [ "$(tail -1 "$BATS_TEST_TMPDIR/out")" = cat ]
  rt delete -f "$name"
  [ "$(wc -l </proc/self/mountinfo)" -eq "$before" ]
  args /nope
  run -1 rt run -b "$bundle" "$name"
  [ "$(wc -l </proc/self/mountinfo)" -eq "$before" ]
}

@test "a memory policy is the kernel's" {
  ours
  [ -e /proc/self/numa_maps ] || skip "a kernel without NUMA"
  args sh -c 'head -n 1 /proc/self/numa_maps | cut -d" " -f2'
  config '.linux.memoryPolicy = {mode: "MPOL_INTERLEAVE", nodes: "0"}'
  run rt run -b "$bundle" "$name"
  [ "$output" = interleave:0 ]
  config '.linux.memoryPolicy = {mode: "MPOL_BIND", nodes: "0", flags: ["MPOL_F_STATIC_NODES"]}'
  run rt run -b "$bundle" "$name"
  [[ "$output" == bind*static*0 ]]
  config '.linux.memoryPolicy = {mode: "MPOL_DEFAULT", nodes: "0-7"}'
  run -1 rt run -b "$bundle" "$name"
  [[ "$output" == *"linux.memoryPolicy.nodes: MPOL_DEFAULT: mode requires 0 nodes but got 8"* ]]
  config '.linux.memoryPolicy = {mode: "NEARBY"}'
  run -1 rt run -b "$bundle" "$name"
  [[ "$output" == *"linux.memoryPolicy.mode: invalid memory policy mode 'NEARBY'"* ]]
}

@test "a network device moves into the container, with its name, addresses, MTU and hardware address" {
  ours
  ip link add totetest0 address 00:11:22:33:44:55 mtu 1400 type veth peer name totetest1 || skip "no veth devices"
  ip address add 10.99.98.97/24 dev totetest0
  args ip address show dev inside0
  config '.linux.netDevices = {totetest0: {name: "inside0"}}'
  run rt run -b "$bundle" "$name"
  echo "$output"
  [ "$status" -eq 0 ]
  [[ "$output" == *"mtu 1400"*"00:11:22:33:44:55"*"10.99.98.97/24"* ]]
}

@test "a network device that cannot move is named and stays as it was" {
  ours
  args true
  config '.linux.netDevices = {nosuch0: {}}'
  run -1 rt run -b "$bundle" "$name"
  [[ "$output" == *"linux.netDevices['nosuch0']: get link 'nosuch0': No such device"* ]]
  config '.linux.netDevices = {nosuch0: {name: "../x"}}'
  run -1 rt run -b "$bundle" "$name"
  [[ "$output" == *"invalid network device name '../x'"* ]]
  config '.linux.netDevices = {nosuch0: {}} | .linux.namespaces |= map(select(.type != "network"))'
  run -1 rt run -b "$bundle" "$name"
  [[ "$output" == *"unable to move network devices without a private NET namespace"* ]]
}

@test "a mount's target may be a symbolic link to what is not there yet, inside the root" {
  echo content >"$bundle/file"
  ln -s /run/made/later "$bundle/rootfs/etc/link"
  ln -s ../../../../../made/directory "$bundle/rootfs/var/dir"
  args cat /run/made/later /made/directory/x/y
  config --arg b "$bundle" '.root.readonly = false | .mounts += [{destination: "/etc/link", type: "bind", source: ($b + "/file"), options: ["bind"]},
    {destination: "/var/dir/x/y", type: "bind", source: ($b + "/file"), options: ["bind"]}]'
  run rt run -b "$bundle" "$name"
  echo "$output"
  [ "$status" -eq 0 ]
  [ "${lines[0]}" = content ]
  [ "${lines[1]}" = content ]
  [ ! -e /run/made ] && [ ! -e /made ]
  ln -s loop "$bundle/rootfs/etc/loop"
  config '.mounts[-1].destination = "/etc/loop"'
  run -1 rt run -b "$bundle" "$name"
  [[ "$output" == *"symbolic links"* ]]
}

@test "a bind mount's source below the root is what the container has there" {
  ours
  mkdir -p "$bundle/rootfs/"{a,b,copy} "$bundle/outer"
  echo inner >"$bundle/outer/file"
  args cat /copy/file
  config --arg b "$bundle" '.root.readonly = false | .mounts += [{destination: "/a", type: "bind", source: ($b + "/outer"), options: ["bind"]},
    {destination: "/copy", type: "bind", source: ($b + "/rootfs/a"), options: ["rbind"]}]'
  run rt run -b "$bundle" "$name"
  [ "$output" = inner ]
  # And no link of the image's leads to the host's.
  ln -s "$bundle/outer" "$bundle/rootfs/evil"
  config --arg b "$bundle" '.mounts[-1].source = ($b + "/rootfs/evil")'
  run -1 rt run -b "$bundle" "$name"
  [[ "$output" == *".source: open"*"No such file or directory"* ]]
}

@test "with --no-pivot no whole procfs of the host lets a user namespace inside mount another" {
  ours
  args unshare -mrpf sh -c 'mount -t proc none /proc && echo mounted'
  config '.process.capabilities.bounding += ["CAP_SETFCAP"] | .process.capabilities.permitted += ["CAP_SETFCAP"] | .process.noNewPrivileges = false'
  run rt run --no-pivot -b "$bundle" "$name"
  [ "$status" -ne 0 ]
  [[ "$output" != *mounted* ]]
  [[ "$output" == *"mount: permission denied"* ]]
}

@test "update to no memory limit takes the limit of memory and swap with it; idle takes no shares" {
  args sleep 100
  config '.linux.resources.memory = {limit: 33554432, swap: 33554432} | .linux.resources.cpu.shares = 200'
  rt run -d -b "$bundle" "$name"
  rt update "$name" --memory -1
  [ -e /sys/fs/cgroup/cpu/cpu.shares ] || return 0
  ours
  idle=$(find /sys/fs/cgroup/cpu -path "*/$name/cpu.idle")
  [ -n "$idle" ] || skip "a kernel without cpu.idle"
  for value in 1 0 1; do
    rt update --cpu-idle $value "$name"
    [ "$(cat "$idle")" = $value ]
  done
}

@test "a hook that enters the mount namespace finds the root file system at its path, and createContainer hooks are in it" {
  needs nsenter
  mkdir "$bundle/rootfs/given"
  echo by a hook >"$bundle/gift"
  cat >"$BATS_TEST_TMPDIR/hook" <<HOOK
#!/bin/sh
exec nsenter -t "\$(sed 's/.*"pid": *\([0-9]*\).*/\1/')" -m mount --bind "$bundle" "$bundle/rootfs/given"
HOOK
  chmod 755 "$BATS_TEST_TMPDIR/hook"
  args cat /given/gift /touched
  config --arg hook "$BATS_TEST_TMPDIR/hook" '.root.readonly = false | .hooks = {createRuntime: [{path: $hook, env: ["PATH=/usr/bin:/bin"]}],
    createContainer: [{path: "/bin/sh", args: ["sh", "-c", "echo in it >touched"]}]}'
  run rt run -b "$bundle" "$name"
  echo "$output"
  [ "${lines[0]}" = "by a hook" ]
  [ "${lines[1]}" = "in it" ]
}

# manager SOCKET: what a service manager hears there, a message a line with blanks for its newlines.
manager() {
  python3 - "$1" >"$BATS_TEST_TMPDIR/heard" <<'PY' 3>&- &
import os, socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind("\0" + sys.argv[1][1:] if sys.argv[1][0] == "@" else sys.argv[1])
s.settimeout(20)
open(os.environ["BATS_TEST_TMPDIR"] + "/listening", "w").close()
while True: print(s.recv(4096).decode().replace("\n", " "), flush=True)
PY
  manager=$!
  for _ in $(seq 50); do [ -e "$BATS_TEST_TMPDIR/listening" ] && break; sleep 0.1; done
}

# The container says something by a static program of its own: busybox cannot.
notifier() {
  needs cc
  cat >"$BATS_TEST_TMPDIR/notify.c" <<'C'
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
int main(int argc, char **argv) {
  struct sockaddr_un a = {.sun_family = AF_UNIX};
  strcpy(a.sun_path, getenv("NOTIFY_SOCKET"));
  int s = socket(AF_UNIX, SOCK_DGRAM, 0);
  for (int i = 1; i < argc; i++) if (sendto(s, argv[i], strlen(argv[i]), 0, (void *)&a, sizeof a) < 0) return 1;
  return 0;
}
C
  cc -static -o "$bundle/rootfs/bin/notify" "$BATS_TEST_TMPDIR/notify.c"
}

@test "a service's readiness goes through the runtime, with its process; the manager's own socket stays outside" {
  ours
  notifier
  manager "$BATS_TEST_TMPDIR/manager"
  config '.root.readonly = false'
  sh_ 'sleep 0.5; notify STATUS=starting READY=1; touch /said; sleep 100'
  NOTIFY_SOCKET=$BATS_TEST_TMPDIR/manager rt create -b "$bundle" --pid-file "$BATS_TEST_TMPDIR/pid" "$name"
  NOTIFY_SOCKET=$BATS_TEST_TMPDIR/manager rt start "$name"
  # The manager gets it before start returns, and may still be about to write it down.
  for _ in $(seq 50); do [ -s "$BATS_TEST_TMPDIR/heard" ] && break; sleep 0.1; done
  kill $manager
  [ "$(cat "$BATS_TEST_TMPDIR/heard")" = "READY=1 MAINPID=$(cat "$BATS_TEST_TMPDIR/pid") " ]
  run rt exec "$name" sh -c 'tr "\0" "\n" </proc/1/environ | grep NOTIFY'
  [ "$output" = NOTIFY_SOCKET=/run/notify/notify.sock ]
}

@test "run in the foreground passes on what a container may say of itself and no more" {
  ours
  notifier
  manager @tote-manager-$$
  config '.root.readonly = false'
  sh_ 'notify "READY=1
MAINPID=1" FDSTORE=1 STATUS=busy; sleep 0.3'
  NOTIFY_SOCKET=@tote-manager-$$ rt run -b "$bundle" "$name"
  kill $manager
  [ "$(tr '\n' ';' <"$BATS_TEST_TMPDIR/heard")" = "READY=1 ;STATUS=busy ;" ]
  [ ! -e "$state/$name" ]
}

@test "an ordinary user maps more than the own id by newuidmap, and is told where that may not be" {
  ours
  needs newuidmap setpriv
  chmod 755 "$BATS_RUN_TMPDIR" "$BATS_FILE_TMPDIR" "$BATS_TEST_TMPDIR" "$bundle"
  mkdir "$BATS_TEST_TMPDIR"/{xdg,bin}
  cp "$TOTE_BIN/runc-swift" "$BATS_TEST_TMPDIR/bin/"
  cp /etc/passwd "$BATS_TEST_TMPDIR/passwd"
  echo 'toteuser:x:54321:54321::/:/bin/sh' >>"$BATS_TEST_TMPDIR/passwd"
  echo toteuser:300000:65536 >"$BATS_TEST_TMPDIR/sub"
  (cd "$bundle" && rm config.json && rt spec --rootless)
  sh_ 'cat /proc/self/uid_map; chown 33:33 /tmp && echo chowned'
  config '.process.capabilities = {bounding: ["CAP_CHOWN"], effective: ["CAP_CHOWN"], permitted: ["CAP_CHOWN"]}'
  config '.process.terminal = false | .root.readonly = false | .linux.uidMappings = [{containerID: 0, hostID: 54321, size: 1}, {containerID: 1, hostID: 300000, size: 65536}]
    | .linux.gidMappings = .linux.uidMappings'
  chown -R 54321:54321 "$BATS_TEST_TMPDIR"/{xdg,bundle}
  as_user() {
    unshare -m sh -c 'mount --bind "$0/passwd" /etc/passwd && touch /etc/subuid /etc/subgid && mount --bind "$0/sub" /etc/subuid &&
      mount --bind "$0/sub" /etc/subgid && exec setpriv --reuid 54321 --regid 54321 --clear-groups --inh-caps=-all env XDG_RUNTIME_DIR="$0/xdg" \
      "$0/bin/runc-swift" "$@"' "$BATS_TEST_TMPDIR" "$@"
  }
  run as_user run -b "$bundle" "$name"
  echo "$output"
  [ "$status" -eq 0 ]
  [[ "$output" == *54321*300000*65536*chowned* ]]
  [ -d "$BATS_TEST_TMPDIR/xdg/runc-swift" ]
  config '.linux.uidMappings[1].hostID = 900000'
  run -1 as_user run -b "$bundle" "$name"
  [[ "$output" == *"linux.uidMappings: newuidmap 0 54321 1 1 900000 65536: newuidmap: uid range"*"not allowed"* ]]
}

@test "an id-mapped mount shows other owners" {
  ours
  mkdir "$bundle/data"
  touch "$bundle/data/file"
  args stat -c %u /data/file
  config --arg s "$bundle/data" '.mounts += [{destination: "/data", type: "bind", source: $s, options: ["bind"],
    uidMappings: [{containerID: 0, hostID: 4321, size: 10}], gidMappings: [{containerID: 0, hostID: 4321, size: 10}]}]'
  run rt run -b "$bundle" "$name"
  [[ "$output" == *"Invalid argument"* ]] && skip "a file system without id-mapped mounts"
  [ "$output" = 4321 ]
}

@test "annotations are in the state, a personality is the program's" {
  args uname -m
  config '.annotations = {"org.example.a": "b"} | .linux.personality = {domain: "LINUX32"}'
  rt create -b "$bundle" "$name" >"$BATS_TEST_TMPDIR/out"
  [ "$(rt state "$name" | jq -r '.annotations["org.example.a"]')" = b ]
  rt start "$name"
  ours
  for _ in $(seq 50); do [ -s "$BATS_TEST_TMPDIR/out" ] && break; sleep 0.1; done
  [[ "$(cat "$BATS_TEST_TMPDIR/out")" == i?86 ]]
}

@test "intelRdt and mountLabel say what the kernel lacks" {
  ours
  args true
  if ! [ -e /sys/fs/resctrl/schemata ]; then
    config '.linux.intelRdt = {closID: "gold"}'
    run -1 rt run -b "$bundle" "$name"
    [[ "$output" == *"linux.intelRdt: no resctrl file system is mounted on '/sys/fs/resctrl'"* ]]
    config 'del(.linux.intelRdt)'
  fi
  if ! [ -e /sys/fs/selinux/enforce ]; then
    config '.linux.mountLabel = "system_u:object_r:container_file_t:s0"'
    run -1 rt run -b "$bundle" "$name"
    [[ "$output" == *"option 'context=system_u:object_r:container_file_t:s0'"* ]]
  fi
  [ -z "$(ls "$state" | grep -v '^\.')" ]
}

@test "under load and SIGKILL at random moments nothing is left after delete --force, and list answers" {
  ours
  args sleep 100000
  run timeout 200 "$top/Tests/integration/runtime-load.sh" 45 8 "$bundle" "$state"
  echo "$output"
  [ "$status" -eq 0 ]
  [ "${lines[-1]}" = "45 containers, 8 at a time: nothing left" ]
}

@test "a bind mount whose options name an attribute has no other of its source's; one without keeps them" {
  ours
  mkdir "$bundle/source"
  mount -t tmpfs -o ro,noexec,nodev,noatime tmpfs "$bundle/source"
  args awk '$2 == "/m" { print $4 }' /proc/mounts
  config --arg s "$bundle/source" '.mounts += [{destination: "/m", type: "bind", source: $s, options: ["bind"]}]'
  run rt run -b "$bundle" "$name"
  [[ "$output" == ro,nodev,noexec,noatime* ]]
  config '.mounts[-1].options = ["bind", "nosuid", "atime"]'
  run rt run -b "$bundle" "$name"
  umount "$bundle/source"
  # tmpfs itself is read-only here, which no mount of it changes.
  [[ "$output" == r?,nosuid,noatime* ]]
}
