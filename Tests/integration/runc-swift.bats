#!/usr/bin/env bats
# runc-swift by itself. Every bundle here is one that runc takes too (RUNTIME=runc runs the file on runc).
load helper
load runtime
bats_require_minimum_version 1.5.0

setup_file() { busybox_rootfs "$BATS_FILE_TMPDIR/rootfs"; }

setup() {
  runtime_up c
  config '.root.readonly = true'
}

teardown() { runtime_down; }

@test "--version names the program and the specification" {
  [ "$RUNTIME" = runc-swift ] || skip "of runc-swift only"
  run rt --version
  [ "$status" -eq 0 ]
  [[ "$output" == *"runc-swift version "*"spec: 1."* ]]
}

@test "run gives the program's output and exit status, and leaves nothing" {
  sh_ 'echo in the container; exit 7'
  run rt run -b "$bundle" "$name"
  [ "$status" -eq 7 ]
  [ "$output" = "in the container" ]
  [ ! -e "$state/$name" ]
  [ -z "$(find /sys/fs/cgroup -maxdepth 3 -name "$name" 2>/dev/null)" ]
}

@test "a program that a signal ends gives 128 and the signal" {
  sh_ 'kill -9 $$'
  config '.linux.namespaces |= map(select(.type != "pid"))'
  run rt run -b "$bundle" "$name"
  [ "$status" -eq 137 ]
}

@test "the life of a container: create, start, state, kill, delete" {
  args sleep 100
  rt create -b "$bundle" --pid-file "$BATS_TEST_TMPDIR/pid" "$name"
  [ "$(rt state "$name" | jq -r .status)" = created ]
  [ "$(rt state "$name" | jq .pid)" = "$(cat "$BATS_TEST_TMPDIR/pid")" ]
  [ "$(tr '\0' ' ' </proc/"$(cat "$BATS_TEST_TMPDIR/pid")"/cmdline)" != "sleep 100 " ]
  rt start "$name"
  [ "$(rt state "$name" | jq -r .status)" = running ]
  [ "$(tr '\0' ' ' </proc/"$(cat "$BATS_TEST_TMPDIR/pid")"/cmdline)" = "sleep 100 " ]
  run rt delete "$name"
  [ "$status" -eq 1 ]
  [[ "$output" == *"cannot delete container $name that is not stopped: running"* ]]
  rt kill "$name" KILL
  for _ in $(seq 50); do [ "$(rt state "$name" | jq -r .status)" = stopped ] && break; sleep 0.1; done
  [ "$(rt state "$name" | jq -r .status)" = stopped ]
  rt delete "$name"
  run rt state "$name"
  [ "$status" -eq 1 ]
  [[ "$output" == *"container does not exist"* ]]
}

@test "a second delete --force does nothing and succeeds" {
  args sleep 100
  rt run -d -b "$bundle" "$name"
  rt delete --force "$name"
  rt delete --force "$name"
}

@test "options may follow the id and have their value behind =" {
  args sleep 100
  rt create "$name" -b="$bundle"
  rt delete "$name" --force
}

@test "kill knows numbers, names and names with SIG" {
  sh_ 'trap "echo got USR1" USR1; trap "echo got USR2; exit 3" USR2; touch /tmp/ready; while :; do sleep 0.05; done'
  config '.root.readonly = false'
  rt run -b "$bundle" "$name" >"$BATS_TEST_TMPDIR/out" &
  for _ in $(seq 100); do [ -e "$bundle/rootfs/tmp/ready" ] && break; sleep 0.05; done
  rt kill "$name" 10
  sleep 0.2
  rt kill "$name" USR1
  sleep 0.2
  rt kill "$name" SIGUSR2
  wait $! || true
  [ "$(grep -c 'got USR1' "$BATS_TEST_TMPDIR/out")" -eq 2 ]
  [ "$(grep -c 'got USR2' "$BATS_TEST_TMPDIR/out")" -eq 1 ]
  run rt kill "$name" NOPE
  [ "$status" -eq 1 ]
}

@test "an id that could be a path is refused" {
  for id in ../x a/b . .. '' 'a b'; do
    run rt create -b "$bundle" "$id"
    [ "$status" -ne 0 ]
  done
}

@test "the same id twice is refused and the first container goes on" {
  args sleep 100
  rt run -d -b "$bundle" "$name"
  run rt create -b "$bundle" "$name"
  [ "$status" -eq 1 ]
  [[ "$output" == *"container with given ID already exists"* ]]
  [ "$(rt state "$name" | jq -r .status)" = running ]
}

@test "what cannot be executed is told in runc's words, at create" {
  args /nope
  run rt create -b "$bundle" "$name"
  [ "$status" -eq 1 ]
  [[ "$output" == *'exec: \"/nope\": stat /nope: no such file or directory'* ]]
  args nope
  run rt create -b "$bundle" "$name"
  [[ "$output" == *'exec: \"nope\": executable file not found in $PATH'* ]]
  args /etc/passwd
  run rt create -b "$bundle" "$name"
  [[ "$output" == *'exec: \"/etc/passwd\": permission denied'* ]]
  [ ! -e "$state/$name" ]
}

@test "a script without its interpreter says which one" {
  [ "$RUNTIME" = runc-swift ] || skip "of runc-swift only"
  printf '#!/bin/nosuchsh\n' >"$bundle/rootfs/script"
  chmod +x "$bundle/rootfs/script"
  args /script
  run rt run -b "$bundle" "$name"
  [ "$status" -eq 1 ]
  [[ "$output" == *"its interpreter '/bin/nosuchsh' does not exist"* ]]
}

@test "--log-format json writes the error as one line of JSON" {
  args /nope
  run rt --log "$BATS_TEST_TMPDIR/log" --log-format json create -b "$bundle" "$name"
  [ "$status" -eq 1 ]
  tail -1 "$BATS_TEST_TMPDIR/log" | jq -e '.level == "error" and (.msg | contains("no such file or directory"))'
}

@test "namespaces are new, and host name, cwd, user, groups and umask are set" {
  sh_ 'hostname; pwd; id -u; id -g; id -G; umask; readlink /proc/self/ns/net; echo $$'
  config '.hostname = "box" | .process.cwd = "/tmp" | .process.user = {uid: 65534, gid: 65534, additionalGids: [7, 8], umask: 63}'
  run rt run -b "$bundle" "$name"
  [ "$status" -eq 0 ]
  [ "${lines[0]}" = box ]
  [ "${lines[1]}" = /tmp ]
  [ "${lines[2]}" = 65534 ]
  [ "${lines[3]}" = 65534 ]
  [ "${lines[4]}" = "65534 7 8" ]
  [ "${lines[5]}" = 0077 ]
  [ "${lines[6]}" != "$(readlink /proc/self/ns/net)" ]
  [ "${lines[7]}" = 1 ]
}

@test "a namespace by path is entered, one of another type is refused" {
  unshare -n sleep 100 &
  holder=$!
  sleep 0.2
  args readlink /proc/self/ns/net
  config --arg path "/proc/$holder/ns/net" '(.linux.namespaces[] | select(.type == "network")).path = $path'
  run rt run -b "$bundle" "$name"
  net=$(readlink /proc/$holder/ns/net)
  config --arg path "/proc/$holder/ns/uts" '(.linux.namespaces[] | select(.type == "network")).path = $path'
  kill $holder
  [ "$status" -eq 0 ]
  [ "$output" = "$net" ]
  run rt run -b "$bundle" "$name"
  [ "$status" -ne 0 ]
}

@test "a user namespace maps the ids" {
  sh_ 'id -u; cat /proc/self/uid_map; ls -ln /dev/null | cut -c1'
  chmod 755 "$BATS_TEST_TMPDIR" "$bundle"
  config '.linux.namespaces += [{type: "user"}] | .linux.uidMappings = [{containerID: 0, hostID: 100000, size: 65536}]
    | .linux.gidMappings = .linux.uidMappings'
  run rt run -b "$bundle" "$name"
  echo "$output"
  [ "$status" -eq 0 ]
  [ "${lines[0]}" = 0 ]
  [[ "${lines[1]}" =~ ^\ *0\ +100000\ +65536$ ]]
  [ "${lines[2]}" = c ]
}

@test "capabilities are exactly those of the configuration" {
  sh_ 'grep -E "Cap(Inh|Prm|Eff|Bnd|Amb)" /proc/self/status | cut -f2'
  config '.process.capabilities = {bounding: ["CAP_CHOWN", "CAP_KILL"], effective: ["CAP_KILL"], permitted: ["CAP_KILL"],
    inheritable: ["CAP_KILL"], ambient: ["CAP_KILL"]} | .process.user = {uid: 1000, gid: 1000}'
  run rt run -b "$bundle" "$name"
  [ "$status" -eq 0 ]
  [ "${lines[0]}" = 0000000000000020 ]
  [ "${lines[1]}" = 0000000000000020 ]
  [ "${lines[2]}" = 0000000000000020 ]
  [ "${lines[3]}" = 0000000000000021 ]
  [ "${lines[4]}" = 0000000000000020 ]
}

@test "capabilities that nobody can grant are a warning" {
  [ "$RUNTIME" = runc-swift ] || skip "runc fails here"
  args true
  config '.process.capabilities.bounding += ["CAP_NOSUCH"]'
  run rt run -b "$bundle" "$name"
  [ "$status" -eq 0 ]
  [[ "$output" == *"CAP_NOSUCH"* ]]
}

@test "rlimits, no_new_privs, oom score and scheduling are set" {
  sh_ 'ulimit -n; grep NoNewPrivs /proc/self/status | cut -f2; cat /proc/self/oom_score_adj'
  config '.process.rlimits = [{type: "RLIMIT_NOFILE", soft: 333, hard: 444}] | .process.oomScoreAdj = 321 | .process.noNewPrivileges = true'
  run rt run -b "$bundle" "$name"
  [ "$status" -eq 0 ]
  [ "${lines[0]}" = 333 ]
  [ "${lines[1]}" = 1 ]
  [ "${lines[2]}" = 321 ]
}

@test "mounts: binds, tmpfs, their options, read-only root, masked and read-only paths" {
  mkdir -p "$BATS_TEST_TMPDIR/host"
  echo from the host >"$BATS_TEST_TMPDIR/host/file"
  sh_ 'cat /data/file; cat /one; touch /data/x 2>/dev/null || echo data is read-only; touch /x 2>/dev/null || echo root is read-only
    grep " /t " /proc/mounts | cut -d" " -f4; cat /proc/keys | wc -c; ls /sys/firmware | wc -l; echo 1 2>/dev/null >/proc/sys/kernel/panic || echo sys is read-only'
  config --arg host "$BATS_TEST_TMPDIR/host" '.mounts += [
    {destination: "/data", type: "bind", source: $host, options: ["rbind", "ro"]},
    {destination: "/one", type: "bind", source: ($host + "/file"), options: ["bind"]},
    {destination: "/t", type: "tmpfs", source: "tmpfs", options: ["nosuid", "nodev", "noexec", "size=1m", "mode=700"]}]
    | .root.readonly = false'
  rt create -b "$bundle" "$name"-prepare
  rt delete -f "$name"-prepare
  config '.root.readonly = true'
  run rt run -b "$bundle" "$name"
  echo "$output"
  [ "$status" -eq 0 ]
  [ "${lines[0]}" = "from the host" ]
  [ "${lines[1]}" = "from the host" ]
  [ "${lines[2]}" = "data is read-only" ]
  [ "${lines[3]}" = "root is read-only" ]
  [[ "${lines[4]}" == rw,nosuid,nodev,noexec,*size=1024k,mode=700* ]]
  [ "${lines[5]}" = 0 ]
  [ "${lines[6]}" = 0 ]
  [ "${lines[7]}" = "sys is read-only" ]
}

@test "a symbolic link in the image cannot lead a mount out of it" {
  mkdir "$BATS_TEST_TMPDIR/outside" "$BATS_TEST_TMPDIR/src"
  echo src >"$BATS_TEST_TMPDIR/src/file"
  ln -s "$BATS_TEST_TMPDIR/outside" "$bundle/rootfs/link"
  ln -s ../../../../../../.."$BATS_TEST_TMPDIR/outside" "$bundle/rootfs/up"
  args true
  config --arg src "$BATS_TEST_TMPDIR/src" '.root.readonly = false | .mounts += [
    {destination: "/link/a", type: "bind", source: $src, options: ["bind"]}, {destination: "/up/b", type: "bind", source: $src, options: ["bind"]}]'
  run rt run -b "$bundle" "$name"
  [ -z "$(ls "$BATS_TEST_TMPDIR/outside")" ]
}

@test "nothing may be mounted inside /proc, and /proc may not be a symbolic link" {
  args true
  config '.mounts += [{destination: "/proc/self/attr", type: "tmpfs", source: "tmpfs"}]'
  run rt run -b "$bundle" "$name"
  [ "$status" -eq 1 ]
  [[ "$output" == *"cannot be mounted because it is inside /proc"* ]]
  config 'del(.mounts[-1])'
  rmdir "$bundle/rootfs/proc"
  ln -s tmp "$bundle/rootfs/proc"
  run rt run -b "$bundle" "$name"
  [ "$status" -eq 1 ]
  [[ "$output" == *"must be mounted on ordinary directory"* ]]
}

@test "the runtime's own executable cannot be written from a container" {
  [ "$RUNTIME" = runc-swift ] || skip "of runc-swift only"
  before=$(sha256sum "$TOTE_BIN/runc-swift")
  config '.process.args = ["/proc/self/exe", "--version"] | .root.readonly = false'
  rt run -b "$bundle" "$name" || true
  sh_ 'while :; do for exe in /proc/[0-9]*/exe; do (echo overwritten >"$exe") 2>/dev/null; done; done'
  rt run -d -b "$bundle" "$name"
  for _ in 1 2 3 4 5; do rt exec "$name" /bin/true; rt exec "$name" /proc/self/exe --version || true; done
  [ "$(sha256sum "$TOTE_BIN/runc-swift")" = "$before" ]
}

@test "a working directory by descriptor does not lead out of the root (CVE-2024-21626)" {
  echo canary >"$BATS_TEST_TMPDIR/canary"
  for fd in 3 4 5 6 7 8 9 10 11 12; do
    sh_ "cat ../../../../../../..$BATS_TEST_TMPDIR/canary ./..$BATS_TEST_TMPDIR/canary; ls -di . /"
    config --arg cwd "/proc/self/fd/$fd" '.process.cwd = $cwd'
    run rt run -b "$bundle" "$name" 9<"$BATS_TEST_TMPDIR"
    if grep -qx canary <<<"$output"; then false; fi
  done
}

@test "no descriptor of the runtime reaches the program" {
  sh_ 'ls /proc/self/fd | wc -l'
  run rt run -b "$bundle" "$name" </dev/null
  [ "$output" = 4 ]
}

@test "--preserve-fds hands descriptors over" {
  sh_ 'cat <&3; cat <&4'
  echo three >"$BATS_TEST_TMPDIR/3"
  echo four >"$BATS_TEST_TMPDIR/4"
  run rt run --preserve-fds 2 -b "$bundle" "$name" 3<"$BATS_TEST_TMPDIR/3" 4<"$BATS_TEST_TMPDIR/4"
  [ "${lines[0]}" = three ]
  [ "${lines[1]}" = four ]
}

@test "a createRuntime hook that fails ends the creation, and the poststop hooks clean up after the others" {
  echo '#!/bin/sh' >"$BATS_TEST_TMPDIR/hook"
  echo 'echo "$1" >>'"$BATS_TEST_TMPDIR/hooks"'; [ "$1" != bad ]' >>"$BATS_TEST_TMPDIR/hook"
  chmod +x "$BATS_TEST_TMPDIR/hook"
  config --arg hook "$BATS_TEST_TMPDIR/hook" --arg path "PATH=$PATH" '
    def h($n): {path: $hook, args: ["hook", $n], env: [$path]};
    .hooks = {createRuntime: [h("good"), h("bad"), h("never")], poststop: [h("poststop")]}'
  run -1 rt run -b "$bundle" "$name"
  [[ $output == *"createRuntime hook #1"* ]]
  [ "$(tr '\n' ' ' <"$BATS_TEST_TMPDIR/hooks")" = "good bad poststop " ]
  [ -z "$(rt list -q)" ]
}

@test "hooks run at their times with the state on standard input" {
  cat >"$BATS_TEST_TMPDIR/hook" <<EOF
#!/bin/sh
{ echo "\$1 \$(jq -r '.status + " " + .id' 2>/dev/null)"; } >>$BATS_TEST_TMPDIR/hooks
EOF
  chmod +x "$BATS_TEST_TMPDIR/hook"
  sh_ "echo program"
  config --arg hook "$BATS_TEST_TMPDIR/hook" --arg path "PATH=$PATH" '
    def h($n): [{path: $hook, args: ["hook", $n], env: [$path]}];
    .hooks = {prestart: h("prestart"), createRuntime: h("createRuntime"), createContainer: h("createContainer"), poststart: h("poststart"), poststop: h("poststop")}'
  run rt run -b "$bundle" "$name"
  [ "$status" -eq 0 ]
  cat "$BATS_TEST_TMPDIR/hooks"
  [ "$(cut -d' ' -f1 "$BATS_TEST_TMPDIR/hooks" | tr '\n' ' ')" = "prestart createRuntime createContainer poststart poststop " ]
  grep -q "createRuntime creating $name" "$BATS_TEST_TMPDIR/hooks"
  grep -q "poststop stopped $name" "$BATS_TEST_TMPDIR/hooks"
}

@test "a hook that fails or takes too long fails the creation" {
  args true
  config '.hooks.createRuntime = [{path: "/bin/false"}]'
  run rt create -b "$bundle" "$name"
  [ "$status" -eq 1 ]
  [[ "$output" == *"error running createRuntime hook #0: exit status 1"* ]]
  config '.hooks.createRuntime = [{path: "/bin/sleep", args: ["sleep", "20"], timeout: 1}]'
  run rt create -b "$bundle" "$name"
  [ "$status" -eq 1 ]
  [[ "$output" == *"hook ran past specified timeout of 1"* ]]
  [ ! -e "$state/$name" ]
}

@test "exec: output, status, user, environment, cwd, process.json" {
  args sleep 100
  rt run -d -b "$bundle" "$name"
  run rt exec -u 1000:1001 --cwd /tmp -e A=b "$name" sh -c 'id -u; id -g; pwd; echo $A; exit 5'
  [ "$status" -eq 5 ]
  [ "${lines[0]}" = 1000 ]
  [ "${lines[1]}" = 1001 ]
  [ "${lines[2]}" = /tmp ]
  [ "${lines[3]}" = b ]
  echo '{"args": ["sh", "-c", "echo from a file"], "cwd": "/", "env": ["PATH=/bin"], "user": {"uid": 0, "gid": 0}}' >"$BATS_TEST_TMPDIR/process.json"
  run rt exec --process "$BATS_TEST_TMPDIR/process.json" "$name"
  [ "$output" = "from a file" ]
  run rt exec "$name" nope
  [ "$status" -eq 255 ]
  [[ "$output" == *'exec: \"nope\": executable file not found in $PATH'* ]]
  rt exec -d --pid-file "$BATS_TEST_TMPDIR/pid" "$name" sleep 50
  [ -d /proc/"$(cat "$BATS_TEST_TMPDIR/pid")" ]
  rt ps --format json "$name" | jq -e --argjson pid "$(cat "$BATS_TEST_TMPDIR/pid")" 'index($pid) != null'
}

@test "exec --cap adds no inheritable capability" {
  args sleep 100
  rt run -d -b "$bundle" "$name"
  run rt exec --cap CAP_CHOWN "$name" grep CapInh /proc/self/status
  [[ "$output" == *0000000000000000 ]]
}

@test "run -t gives the program a terminal and run without leaves the streams alone" {
  needs script
  config '.process.terminal = true'
  sh_ 'tty; test -t 1 && echo terminal; ls -l /dev/console | cut -c1'
  run script -qec "$(command -v "$RUNTIME") --root $state run -b $bundle $name" /dev/null </dev/null
  [[ "$output" == *"/dev/pts/0"*terminal*c* ]]
}

@test "create -t hands the terminal to a console socket" {
  config '.process.terminal = true'
  sh_ 'echo over the socket'
  python3 - "$BATS_TEST_TMPDIR/console" >"$BATS_TEST_TMPDIR/out" <<'PY' &
import socket, sys, os, array
s = socket.socket(socket.AF_UNIX); s.bind(sys.argv[1]); s.listen(1)
c, _ = s.accept()
data, anc, _, _ = c.recvmsg(4096, socket.CMSG_LEN(4))
fd = array.array('i', anc[0][2])[0]
print("name", data.decode(), flush=True)
try:
    while True:
        b = os.read(fd, 1000)
        if not b: break
        print(b, flush=True)
except OSError: pass
PY
  for _ in $(seq 50); do [ -S "$BATS_TEST_TMPDIR/console" ] && break; sleep 0.1; done
  rt create --console-socket "$BATS_TEST_TMPDIR/console" -b "$bundle" "$name"
  rt start "$name"
  wait $!
  cat "$BATS_TEST_TMPDIR/out"
  grep -q 'over the socket\\r\\n' "$BATS_TEST_TMPDIR/out"
}

@test "pause stops the processes, resume lets them go on, update changes a limit" {
  args sleep 100
  rt run -d -b "$bundle" "$name"
  rt pause "$name"
  [ "$(rt state "$name" | jq -r .status)" = paused ]
  run rt exec "$name" true
  [ "$status" -eq 255 ]
  rt resume "$name"
  [ "$(rt state "$name" | jq -r .status)" = running ]
  echo '{"pids": {"limit": 77}}' | rt update --resources - "$name"
  [ "$(rt exec "$name" sh -c 'cat /sys/fs/cgroup/pids/pids.max || cat /sys/fs/cgroup/pids.max')" = 77 ]
  rt update "$name" --pids-limit 66
  rt events --stats "$name" | jq -e '.type == "stats" and .data.pids.limit == 66'
}

@test "a paused container can be deleted by force" {
  args sleep 100
  rt run -d -b "$bundle" "$name"
  rt pause "$name"
  rt delete -f "$name"
  [ ! -e "$state/$name" ]
}

@test "sysctls of the container's namespaces are set, others refused" {
  args cat /proc/sys/net/ipv4/ip_forward /proc/sys/kernel/shm_rmid_forced
  config '.linux.sysctl = {"net.ipv4.ip_forward": "1", "kernel.shm_rmid_forced": "1"}'
  run rt run -b "$bundle" "$name"
  [ "${lines[0]}" = 1 ]
  [ "${lines[1]}" = 1 ]
  config '.linux.sysctl = {"kernel.panic": "1"}'
  run rt run -b "$bundle" "$name"
  [ "$status" -eq 1 ]
  [[ "$output" == *'is not in a separate kernel namespace'* ]]
}

@test "seccomp: a call that the profile refuses fails with its errno" {
  sh_ 'mkdir /tmp/x || echo refused'
  config '.root.readonly = false | .linux.seccomp = {defaultAction: "SCMP_ACT_ALLOW", syscalls: [{names: ["mkdir", "mkdirat"], action: "SCMP_ACT_ERRNO", errnoRet: 28}]}'
  for nnp in true false; do
    config --argjson nnp $nnp '.process.noNewPrivileges = $nnp'
    run rt run -b "$bundle" "$name"
    [[ "$output" == *"No space left"* ]]
    [[ "$output" == *refused* ]]
  done
}

@test "an error in config.json names the property" {
  [ "$RUNTIME" = runc-swift ] || skip "of runc-swift only"
  config '.linux.namespaces[0].type = "galaxy"'
  run rt create -b "$bundle" "$name"
  [ "$status" -eq 1 ]
  [[ "$output" == *"linux.namespaces[0].type"* ]]
}

@test "features is a document of the specification" {
  rt features | jq -e '.ociVersionMin == "1.0.0" and (.hooks | length) == 6 and (.linux.namespaces | index("time") != null)'
}

@test "spec writes a configuration that runc takes as well" {
  needs runc
  config '.process.args = ["echo", "by runc"] | del(.process.terminal)'
  run runc --root "$BATS_TEST_TMPDIR/runc" run -b "$bundle" "$name"
  [ "$status" -eq 0 ]
  [ "$output" = "by runc" ]
  run rt spec -b "$bundle"
  [ "$status" -eq 1 ]
  [[ "$output" == *"config.json exists"* ]]
}

@test "a creation that is killed leaves nothing that delete --force does not remove" {
  [ "$RUNTIME" = runc-swift ] || skip "of runc-swift only"
  args sleep 100
  config '.hooks.createRuntime = [{path: "/bin/sleep", args: ["sleep", "2"]}]'
  "$RUNTIME" --root "$state" create -b "$bundle" "$name" &
  creator=$!
  for _ in $(seq 100); do [ -n "$(find /sys/fs/cgroup -maxdepth 3 -name "$name")" ] && break; sleep 0.05; done
  sleep 0.5
  kill -9 $creator
  rt delete -f "$name"
  [ ! -e "$state/$name" ]
  [ -z "$(find /sys/fs/cgroup -maxdepth 3 -name "$name" 2>/dev/null)" ]
}

@test "a container's agent gets the seccomp notify descriptor" {
  sh_ 'mkdir /tmp/x'
  config --arg socket "$BATS_TEST_TMPDIR/agent" '.linux.seccomp = {defaultAction: "SCMP_ACT_ALLOW", listenerPath: $socket, listenerMetadata: "meta",
    syscalls: [{names: ["mkdir", "mkdirat"], action: "SCMP_ACT_NOTIFY"}]} | .process.noNewPrivileges = true'
  python3 - "$BATS_TEST_TMPDIR/agent" >"$BATS_TEST_TMPDIR/out" <<'PY' &
import array, json, socket, sys, os
s = socket.socket(socket.AF_UNIX); s.bind(sys.argv[1]); s.listen(1); s.settimeout(20)
c, _ = s.accept()
data, anc, _, _ = c.recvmsg(65536, socket.CMSG_LEN(4))
message = json.loads(data)
print(message["fds"], message["metadata"], message["state"]["id"], len(array.array('i', anc[0][2])), flush=True)
PY
  for _ in $(seq 50); do [ -S "$BATS_TEST_TMPDIR/agent" ] && break; sleep 0.1; done
  run rt run -b "$bundle" "$name"
  wait
  # The agent went away with the descriptor: the call that waits for it fails with ENOSYS.
  [[ "$output" == *"Function not implemented"* ]]
  [ "$(cat "$BATS_TEST_TMPDIR/out")" = "['seccompFd'] meta $name 1" ]
}

@test "exec --user takes numbers and nothing else (CVE-2026-30892)" {
  args sleep 100
  rt run -d -b "$bundle" "$name"
  for user in 0junk 1000:x :0 1:2:3 -1 4294967296 ''; do
    [ "$RUNTIME" = runc-swift ] || skip "of runc-swift only"
    run rt exec --user "$user" "$name" id
    [ "$status" -ne 0 ]
  done
}

@test "an image whose /dev is a symbolic link gets no device outside (CVE-2026-41579)" {
  mkdir "$BATS_TEST_TMPDIR/outside"
  rm -r "$bundle/rootfs/dev"
  ln -s "../../../../../../..$BATS_TEST_TMPDIR/outside" "$bundle/rootfs/dev"
  args true
  config '.mounts |= map(select(.destination | startswith("/dev") | not)) | .root.readonly = false'
  run rt run -b "$bundle" "$name"
  [ -z "$(ls -A "$BATS_TEST_TMPDIR/outside")" ]
}

@test "an error leaves no process, mount or cgroup behind" {
  before=$(wc -l </proc/self/mountinfo)
  args /nope
  for i in 1 2 3; do
    run rt create -b "$bundle" "$name-$i"
    [ "$status" -eq 1 ]
  done
  [ "$(wc -l </proc/self/mountinfo)" -eq "$before" ]
  [ -z "$(find /sys/fs/cgroup -maxdepth 3 -name "$name-*" 2>/dev/null)" ]
  [ -z "$(ls "$state" | grep -v '^\.')" ]
}

@test "podman runs, executes in, pauses, stops and removes containers through it" {
  needs podman conmon
  [ "$RUNTIME" = runc-swift ] || skip "of runc-swift only"
  podman_() {
    podman --log-level error --runtime "$TOTE_BIN/runc-swift" --cgroup-manager cgroupfs --storage-driver vfs \
      --root "$BATS_TEST_TMPDIR/storage" --runroot "$BATS_TEST_TMPDIR/podman" "$@" 2> >(grep -v -i cni >&2)
  }
  run podman_ run --rm --network none --rootfs "$bundle/rootfs" sh -c 'echo by podman; exit 9'
  [ "$status" -eq 9 ]
  [ "${lines[0]}" = "by podman" ]
  run -127 podman_ run --rm --network none --rootfs "$bundle/rootfs" nosuchprogram
  [ "$status" -eq 127 ]
  podman_ run -d --name "$name" --network none --pids-limit 44 --rootfs "$bundle/rootfs" sh -c 'echo started; trap "exit 4" TERM; while :; do sleep 0.1; done'
  [ "$(podman_ exec "$name" cat /sys/fs/cgroup/pids/pids.max)" = 44 ] || [ "$(podman_ exec "$name" cat /sys/fs/cgroup/pids.max)" = 44 ]
  podman_ pause "$name"
  podman_ unpause "$name"
  podman_ stop -t 5 "$name"
  [ "$(podman_ inspect --format '{{.State.ExitCode}}' "$name")" = 4 ]
  [ "$(podman_ logs "$name")" = started ]
  podman_ rm "$name"
  find /sys/fs/cgroup -depth -name libpod_parent -exec rmdir {} + 2>/dev/null || true
}

@test "--pidfd-socket gets a pidfd of the container's process" {
  [ "$RUNTIME" = runc-swift ] || skip "runc 1.1 does not have it"
  args sleep 100
  python3 - "$BATS_TEST_TMPDIR/pidfd" >"$BATS_TEST_TMPDIR/out" <<'PY' &
import array, os, socket, sys
s = socket.socket(socket.AF_UNIX); s.bind(sys.argv[1]); s.listen(1); s.settimeout(20)
c, _ = s.accept()
_, anc, _, _ = c.recvmsg(4096, socket.CMSG_LEN(4))
fd = array.array('i', anc[0][2])[0]
print([l.split()[1] for l in open(f"/proc/self/fdinfo/{fd}") if l.startswith("Pid:")][0])
PY
  listener=$!
  for _ in $(seq 50); do [ -S "$BATS_TEST_TMPDIR/pidfd" ] && break; sleep 0.1; done
  rt create --pidfd-socket "$BATS_TEST_TMPDIR/pidfd" --pid-file "$BATS_TEST_TMPDIR/pid" -b "$bundle" "$name"
  wait $listener
  [ "$(cat "$BATS_TEST_TMPDIR/out")" = "$(cat "$BATS_TEST_TMPDIR/pid")" ]
}
