#!/usr/bin/env bats
# ocibundle: bundles from images and docker run's flags, run by runc and judged by the specification's own schema.

bats_require_minimum_version 1.5.0
load helper

schemas=/usr/share/gocode/src/github.com/opencontainers/runtime-spec/schema

# Each test file has a mount namespace of its own, so that nothing that a test mounts can be left behind on the machine.
setup_file() {
  needs runc jq umoci skopeo python3 unshare
  [ "$(id -u)" = 0 ] || skip 'needs root'
  export IMAGES=$BATS_FILE_TMPDIR/images
  busybox_rootfs "$BATS_FILE_TMPDIR/rootfs"
  printf 'web:x:1000:1001::/home/web:/bin/sh\n' >>"$BATS_FILE_TMPDIR/rootfs/etc/passwd"
  printf 'web:x:1001:\nadm:x:4:web\n' >>"$BATS_FILE_TMPDIR/rootfs/etc/group"
  mkdir -p "$BATS_FILE_TMPDIR/rootfs/data/sub" "$BATS_FILE_TMPDIR/rootfs/home/web"
  echo content >"$BATS_FILE_TMPDIR/rootfs/data/sub/file"
  ln -s sub/file "$BATS_FILE_TMPDIR/rootfs/data/link"
  chown -R 1000:1001 "$BATS_FILE_TMPDIR/rootfs/data"
  chmod 0750 "$BATS_FILE_TMPDIR/rootfs/data"
  umoci init --layout "$BATS_FILE_TMPDIR/layout"
  umoci new --image "$BATS_FILE_TMPDIR/layout:bb"
  umoci insert --image "$BATS_FILE_TMPDIR/layout:bb" "$BATS_FILE_TMPDIR/rootfs" /
  umoci config --image "$BATS_FILE_TMPDIR/layout:bb" --config.env PATH=/bin:/usr/bin --config.env A=image --config.cmd /bin/sh \
    --config.workingdir /srv/new --config.exposedports 80/tcp --config.volume /data --config.label of=image --config.stopsignal SIGQUIT
}

setup() {
  private_roots
  bundle=$BATS_TEST_TMPDIR/bundle
  mkdir -p "$TOTE_ROOT/images"
  skopeo copy -q "oci:$BATS_FILE_TMPDIR/layout:bb" "oci:$TOTE_ROOT/images:docker.io/library/bb:latest"
  # The layer unpacked, as layerctl unpack would have it.
  local diff
  diff=$(skopeo inspect --config "oci:$TOTE_ROOT/images:docker.io/library/bb:latest" | jq -r '.rootfs.diff_ids[0]')
  mkdir -p "$TOTE_ROOT/layers/${diff#sha256:}"
  cp -a "$BATS_FILE_TMPDIR/rootfs" "$TOTE_ROOT/layers/${diff#sha256:}/fs"
  jq -n --arg d "$diff" '{diffID: $d, chainID: $d, digest: $d, size: 4096, opaqueRoot: false, bootID: "", synced: true}' \
    >"$TOTE_ROOT/layers/${diff#sha256:}/layer.json"
}

teardown() {
  local id
  for id in $(runc --root "$BATS_TEST_TMPDIR/runc" list -q 2>/dev/null); do
    runc --root "$BATS_TEST_TMPDIR/runc" delete --force "$id"
  done
  ocibundle unmount "$bundle" 2>/dev/null || true
  for id in $(ocibundle ls -aq --no-trunc 2>/dev/null); do
    ocibundle delete -fv "$id" || true
  done
}

create() { ocibundle create "$@"; }

# start BUNDLE: runs it by runc in the foreground.
start() { runc --root "$BATS_TEST_TMPDIR/runc" run -b "$1" "t$$-$BATS_TEST_NUMBER"; }

# sh COMMAND [OPTION…]: what the command prints in a container made with these options, without network.
sh_in() {
  local command=$1
  shift
  create --network none "$@" bb "$bundle" sh -c "$command" && start "$bundle"
}

@test "config.json is what the runtime specification's schema wants" {
  [ -d "$schemas" ] || skip 'golang-github-opencontainers-specs-dev is not installed'
  create --network none -v /tmp:/host:ro --tmpfs /run --memory 64m --cpus 1.5 --pids-limit 50 --ulimit nofile=100:200 --device /dev/null:/dev/zilch \
    --init=false --annotation a=b --cap-add NET_ADMIN --read-only -p 8080:80 -t bb "$bundle"
  python3 - "$schemas" "$bundle/config.json" <<'PY'
import json, os, sys, jsonschema
base, config = sys.argv[1:]
schema = json.load(open(base + '/config-schema.json'))
resolver = jsonschema.RefResolver('file://' + base + '/config-schema.json', schema)
jsonschema.Draft4Validator(schema, resolver=resolver).validate(json.load(open(config)))
PY
  valid container "$bundle/container.json"
}

@test "runc runs the bundle with the image's settings and the flags'" {
  run -0 sh_in 'echo $A $B $HOSTNAME $HOME $PATH; pwd; hostname; cat /etc/hostname' -e B=flag --hostname here
  [ "${lines[0]}" = 'image flag here /root /bin:/usr/bin' ]
  [ "${lines[1]}" = /srv/new ]
  [ "${lines[2]}" = here ]
  [ "${lines[3]}" = here ]
}

@test "crun takes it too" {
  needs crun
  create --network none bb "$bundle" echo hello
  # crun refuses hybrid hierarchies: give it a machine without the second one.
  run -0 unshare -m sh -c 'umount /sys/fs/cgroup/unified 2>/dev/null; crun --root "$1" run -b "$2" "$3"' sh "$BATS_TEST_TMPDIR/crun" "$bundle" "c$$"
  [ "$output" = hello ]
}

@test "users come from the image's own files" {
  run -0 sh_in 'id' -u web
  [[ $output = 'uid=1000(web) gid=1001(web) groups=4(adm),1001(web)' || $output = 'uid=1000(web) gid=1001(web) groups=1001(web),4(adm)' ]]
  ocibundle delete "$bundle"
  run -0 sh_in 'id -u; id -g; grep CapEff /proc/self/status' -u 1234:5
  [ "${lines[0]}" = 1234 ]
  [ "${lines[1]}" = 5 ]
  [[ ${lines[2]} = *0000000000000000 ]]
  ocibundle delete "$bundle"
  run -125 create --network none -u nobodyhere bb "$bundle"
  [[ $output = *'unable to find user nobodyhere: no matching entries in passwd file'* ]]
  [ ! -e "$bundle/config.json" ]
}

@test "a hostile passwd, group or working directory in the image reaches nothing on the host" {
  mkdir -p "$BATS_TEST_TMPDIR/evil/etc" "$BATS_TEST_TMPDIR/evil/bin" "$BATS_TEST_TMPDIR/canary"
  cp /bin/busybox "$BATS_TEST_TMPDIR/evil/bin/sh"
  ln -s /etc/passwd "$BATS_TEST_TMPDIR/evil/etc/group"
  ln -s "$BATS_TEST_TMPDIR/canary" "$BATS_TEST_TMPDIR/evil/w"
  mkfifo "$BATS_TEST_TMPDIR/evil/etc/passwd"
  echo '{"architecture":"amd64","os":"linux","config":{"Cmd":["sh"]},"rootfs":{"type":"layers","diff_ids":[]}}' >"$BATS_TEST_TMPDIR/c.json"
  # A FIFO in the place of passwd is refused, not waited for.
  run -125 timeout 10 ocibundle create --network none --image-config "$BATS_TEST_TMPDIR/c.json" --lower "$BATS_TEST_TMPDIR/evil" "$bundle"
  rm "$BATS_TEST_TMPDIR/evil/etc/passwd"
  ln -s "$BATS_TEST_TMPDIR/canary/passwd" "$BATS_TEST_TMPDIR/evil/etc/passwd"
  echo 'toor:x:0:0::/:' >"$BATS_TEST_TMPDIR/canary/passwd"
  run -125 create --network none -u toor --image-config "$BATS_TEST_TMPDIR/c.json" --lower "$BATS_TEST_TMPDIR/evil" "$bundle"
  [[ $output = *'unable to find user toor'* ]]
  # The link's target does not exist inside, and is not made outside.
  run create --network none -w /w/made --image-config "$BATS_TEST_TMPDIR/c.json" --lower "$BATS_TEST_TMPDIR/evil" "$bundle"
  [ ! -e "$BATS_TEST_TMPDIR/canary/made" ]
}

@test "read-only root, tmpfs, volumes and binds" {
  mkdir "$BATS_TEST_TMPDIR/host"
  echo host >"$BATS_TEST_TMPDIR/host/f"
  run -0 sh_in 'touch /x 2>/dev/null || echo refused; touch /t/y && echo tmp; cat /h/f; touch /h/g 2>/dev/null || echo ro; cat /data/link; echo w >/data/new; stat -c "%u:%g %a" /data' \
    --read-only --tmpfs /t -v "$BATS_TEST_TMPDIR/host:/h:ro" -v vol1:/data
  [ "${lines[0]}" = refused ]
  [ "${lines[1]}" = tmp ]
  [ "${lines[2]}" = host ]
  [ "${lines[3]}" = ro ]
  [ "${lines[4]}" = content ]
  [ "${lines[5]}" = 1000:1001\ 750 ]
  # The volume keeps what was written, with the image's content and owners.
  [ "$(cat "$TOTE_ROOT/volumes/vol1/_data/new")" = w ]
  [ "$(stat -c %u "$TOTE_ROOT/volumes/vol1/_data/sub/file")" = 1000 ]
  ocibundle delete -v "$bundle"
  [ -e "$TOTE_ROOT/volumes/vol1/_data/new" ]
}

@test "a volume that nobody named goes with the container, when asked" {
  create --network none bb "$bundle"
  volume=$(jq -r '.mounts[0].name' "$bundle/container.json")
  [ "$(cat "$TOTE_ROOT/volumes/$volume/_data/sub/file")" = content ]
  ocibundle delete -v "$bundle"
  [ ! -e "$TOTE_ROOT/volumes/$volume" ]
}

@test "-v makes a missing host directory, --mount does not" {
  create --network none -v "$BATS_TEST_TMPDIR/made:/x" bb "$bundle"
  [ -d "$BATS_TEST_TMPDIR/made" ]
  ocibundle delete -v "$bundle"
  run -125 create --network none --mount "type=bind,source=$BATS_TEST_TMPDIR/absent,target=/x" bb "$bundle"
  [[ $output = *"bind source path does not exist: $BATS_TEST_TMPDIR/absent"* ]]
  # Nothing is left: no bundle, no volume made for it, no mount.
  [ ! -e "$bundle/rootfs" ]
  [ -z "$(ls "$TOTE_ROOT/volumes")" ]
  ! grep -q "$bundle" /proc/self/mountinfo
}

@test "docker's default capabilities, masked paths and seccomp profile are in force" {
  run -0 sh_in 'grep CapBnd /proc/self/status; grep Seccomp: /proc/self/status; cat /proc/keys | wc -c; (echo 1 >/proc/sys/kernel/panic) 2>&1; unshare -m true 2>&1; mknod /dev/k c 1 3 && echo mknod'
  [[ ${lines[0]} = *00000000a80425fb ]]
  [[ ${lines[1]} = *2 ]]
  [ "${lines[2]}" = 0 ]
  [[ ${lines[3]} = *'file system'* ]]
  [[ ${lines[4]} = *'Operation not permitted'* ]]
  [ "${lines[5]}" = mknod ]
  ocibundle delete "$bundle"
  run -0 sh_in 'grep CapBnd /proc/self/status; grep Seccomp: /proc/self/status; grep NoNewPrivs /proc/self/status' --cap-drop ALL --cap-add chown --security-opt seccomp=unconfined --security-opt no-new-privileges
  [[ ${lines[0]} = *0000000000000001 ]]
  [[ ${lines[1]} = *0 ]]
  [[ ${lines[2]} = *1 ]]
}

@test "a seccomp profile of the user's decides" {
  echo '{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["mkdir","mkdirat"],"action":"SCMP_ACT_ERRNO","errnoRet":28}]}' >"$BATS_TEST_TMPDIR/p.json"
  run sh_in 'mkdir /tmp/x' --security-opt "seccomp=$BATS_TEST_TMPDIR/p.json"
  [[ $output = *'No space left on device'* ]]
  echo '{"defaultAction":"SCMP_ACT_MAYBE"}' >"$BATS_TEST_TMPDIR/p.json"
  run -125 create --security-opt "seccomp=$BATS_TEST_TMPDIR/p.json" bb "$bundle-2"
  [[ $output = *"decoding seccomp profile ($BATS_TEST_TMPDIR/p.json) failed"* ]]
}

@test "limits arrive in the control group" {
  run -0 sh_in 'cat /sys/fs/cgroup/memory/memory.limit_in_bytes /sys/fs/cgroup/cpu/cpu.cfs_quota_us /sys/fs/cgroup/pids/pids.max; ulimit -n' \
    --memory 64m --cpus 0.5 --pids-limit 77 --ulimit nofile=100
  [ "${lines[0]}" = 67108864 ]
  [ "${lines[1]}" = 50000 ]
  [ "${lines[2]}" = 77 ]
  [ "${lines[3]}" = 100 ]
}

@test "entry point and command follow docker's rules" {
  create --network none --entrypoint /bin/echo bb "$bundle" a b
  [ "$(start "$bundle")" = 'a b' ]
  ocibundle delete "$bundle"
  run -125 create --network none --entrypoint '' bb "$bundle"
  [[ $output = *'no command specified'* ]]
}

@test "names for the network: hosts, resolv.conf, --add-host, --dns" {
  run -0 sh_in 'cat /etc/hosts /etc/resolv.conf' --add-host db:10.1.2.3 --dns 9.9.9.9 --dns-search example.org --dns-option ndots:2
  [[ $output = *$'127.0.0.1\tlocalhost'* ]]
  [[ $output = *$'10.1.2.3\tdb'* ]]
  [[ $output = *$'nameserver 9.9.9.9\nsearch example.org\noptions ndots:2'* ]]
}

@test "the network is in the bundle, as hooks" {
  # Its name is another one of its names in the network.
  create --name web -p 4000:80 -P --expose 9000/udp --network front --network-alias w --ip 10.9.8.7 bb "$bundle"
  run -0 jq -r '.hooks.createRuntime[] | .args | join(" ")' "$bundle/config.json"
  [ "${lines[0]}" = "netctl attach --root $TOTE_ROOT --run-root $TOTE_RUN --network front --ip 10.9.8.7 --network-alias web --network-alias w --hostname $(jq -r .hostname "$bundle/config.json") --hosts $bundle/hosts -" ]
  [ "${lines[1]}" = "portmap attach --run-root $TOTE_RUN -p 4000:80 -P --expose 80/tcp --expose 9000/udp -" ]
  run -0 jq -r '.hooks.poststop[] | .args | join(" ")' "$bundle/config.json"
  [ "${lines[0]}" = "portmap detach --run-root $TOTE_RUN -" ]
  [ "${lines[1]}" = "netctl detach --root $TOTE_ROOT --run-root $TOTE_RUN -" ]
  run -0 jq -r '.hooks.createRuntime[0].path' "$bundle/config.json"
  [ -x "$output" ]
  ocibundle delete -v "$bundle"
  create --network host bb "$bundle"
  [ "$(jq -c '[.hooks, (.linux.namespaces | map(.type) | contains(["network"]))]' "$bundle/config.json")" = '[null,false]' ]
}

@test "an image that is not in the store is exit 3 and its name on standard output" {
  run -3 --separate-stderr create --container nosuch
  [ "$output" = nosuch:latest ]
  [[ $stderr = *"Unable to find image 'nosuch:latest' locally"* ]]
  run -125 --separate-stderr create --container --pulled nosuch
  [ -z "$output" ]
  run -125 create --container --pull never nosuch
  run -3 create --container --pull always bb
}

@test "a wrong flag is exit 125 in docker's words" {
  run -125 create --memory x bb "$bundle"
  [ "$output" = 'ocibundle: invalid argument "x" for "-m, --memory" flag: invalid size: '"'x'" ]
  run -125 create --nosuch bb "$bundle"
  [[ $output = *'unknown flag: --nosuch'* ]]
  run -125 create -p 80:80:80:80 bb "$bundle"
  [[ $output = *'Invalid ip address 80:80: address 80:80:: too many colons in address'* ]]
  run -125 create --gpus all bb "$bundle"
  [[ $output = *'--gpus is not supported'* ]]
  run -125 create --restart always --rm bb "$bundle"
  [[ $output = *'conflicting options: cannot specify both --restart and --rm'* ]]
  run -125 create
  [ ! -e "$bundle" ]
}

@test "a container of the store: names, ids, listing, renaming, removing" {
  id=$(create --container --name web --network none -l k=v bb sleep 'a b')
  [[ $id =~ ^[0-9a-f]{64}$ ]]
  valid container "$TOTE_ROOT/containers/$id/container.json"
  [ "$(ocibundle resolve web)" = "$id" ]
  [ "$(ocibundle resolve "${id:0:5}")" = "$id" ]
  run -125 create --container --name web --network none bb
  [[ $output = *"Conflict. The container name \"/web\" is already in use by container \"$id\""* ]]
  # A create that failed leaves nothing.
  [ "$(ls "$TOTE_ROOT/containers")" = "$id" ]
  run -0 ocibundle ls -a
  [ "$(tr -s ' ' <<<"${lines[0]}")" = 'CONTAINER ID IMAGE COMMAND CREATED STATUS PORTS NAMES' ]
  [[ "$(tr -s ' ' <<<"${lines[1]}")" =~ ^${id:0:12}\ bb\ \"sleep\ \'a\ b\'\"\ .*\ ago\ Created\ web$ ]]
  [ "$(ocibundle ls -aq)" = "${id:0:12}" ]
  [ -z "$(ocibundle ls -q)" ]
  [ "$(ocibundle ls -a --format '{{.Names}} {{.Label "k"}} {{.State}}')" = 'web v created' ]
  [ "$(ocibundle ls -a --format json | jq -r '.Names + .Networks')" = webnone ]
  ocibundle rename web www
  [ "$(ocibundle resolve www)" = "$id" ]
  run -1 ocibundle resolve web
  [ "$output" = 'ocibundle: No such container: web' ]
  [ "$(ocibundle inspect -f '{{.Name}} {{.State.Status}} {{.Config.Labels.of}} {{.Config.StopSignal}}' www)" = '/www created image SIGQUIT' ]
  [ "$(ocibundle inspect www | jq -r '.[0].Id')" = "$id" ]
  ocibundle delete www
  [ ! -e "$TOTE_ROOT/containers/$id" ]
  create --container --name www --network none bb
}

@test "filters" {
  first=$(create --container --name one --network none -l a=1 -v vol:/v bb)
  second=$(create --container --name two --network none -l a=2 bb)
  filter() { ocibundle ls -a --format '{{.Names}}' "$@" | sort | tr '\n' ' '; }
  [ "$(filter -f name=on)" = 'one ' ]
  [ "$(filter -f name=^t)" = 'two ' ]
  [ "$(filter -f label=a)" = 'one two ' ]
  [ "$(filter -f label=a=2)" = 'two ' ]
  [ "$(filter -f label=a=1 -f label=a=2)" = '' ]
  [ "$(filter -f name=one -f name=two)" = 'one two ' ]
  [ "$(filter -f "id=${first:0:10}")" = 'one ' ]
  [ "$(filter -f volume=vol)" = 'one ' ]
  [ "$(filter -f status=running)" = '' ]
  [ "$(filter -f status=created)" = 'one two ' ]
  [ "$(filter -f ancestor=bb)" = 'one two ' ]
  [ "$(filter -f ancestor=other)" = '' ]
  [ "$(filter -f network=none)" = 'one two ' ]
  [ "$(filter -f before=two)" = 'one ' ]
  [ "$(filter -f since=one)" = 'two ' ]
  [ "$(filter -n 1)" = 'two ' ]
  [ "$(filter -f health=none)" = 'one two ' ]
  run -1 ocibundle ls -f status=odd
  [[ $output = *"invalid filter 'status=odd'"* ]]
  run -1 ocibundle ls -f odd=1
  [[ $output = *"invalid filter 'odd'"* ]]
}

@test "of many creates with one name at once one wins" {
  for n in 1 2 3 4 5 6 7 8; do
    (create --container --name same --network none bb >"$BATS_TEST_TMPDIR/out.$n" 2>"$BATS_TEST_TMPDIR/err.$n") &
  done
  wait
  [ "$(cat "$BATS_TEST_TMPDIR"/out.* | wc -l)" = 1 ]
  [ "$(cat "$BATS_TEST_TMPDIR"/err.* | grep -c 'Conflict. The container name "/same"')" = 7 ]
  [ "$(ls "$TOTE_ROOT/containers" | wc -l)" = 1 ]
}

@test "a create that was killed is nobody's container, and prune removes it" {
  # It waits for its seccomp profile, a FIFO, when directory, name and mount are there.
  mkfifo "$BATS_TEST_TMPDIR/profile"
  ocibundle create --container --name gone --network none --security-opt "seccomp=$BATS_TEST_TMPDIR/profile" bb &
  local pid=$! n
  for n in $(seq 100); do
    grep -q "$TOTE_ROOT/containers" /proc/self/mountinfo && break
    sleep 0.05
  done
  id=$(ls "$TOTE_ROOT/containers")
  # As long as it lives the name is taken and nothing is collected.
  run -125 create --container --name gone --network none bb
  [[ $output = *Conflict* ]]
  [ -z "$(ocibundle prune --abandoned)" ]
  kill -9 "$pid"
  wait "$pid" || true
  [ -z "$(ocibundle ls -aq)" ]
  run -1 ocibundle resolve gone
  # Its name is free for the next one.
  other=$(create --container --name gone --network none bb)
  [ "$(ocibundle prune --abandoned)" = "$id" ]
  [ "$(ls "$TOTE_ROOT/containers")" = "$other" ]
  ! grep -q "$id" /proc/self/mountinfo
}

@test "prune says what docker says" {
  create --container --name one --network none bb >/dev/null
  id=$(ocibundle resolve one)
  run -0 ocibundle prune
  [ "${lines[0]}" = 'Deleted Containers:' ]
  [ "${lines[1]}" = "$id" ]
  [ "${lines[2]}" = 'Total reclaimed space: 0B' ]
  [ "$(ocibundle prune)" = 'Total reclaimed space: 0B' ]
}

@test "a volume keeps set-user-ID bits, file capabilities, links and devices of the image" {
  needs setcap getcap
  mkdir -p "$BATS_TEST_TMPDIR/lower/v/d"
  cp /bin/true "$BATS_TEST_TMPDIR/lower/v/capable"
  setcap cap_net_raw+ep "$BATS_TEST_TMPDIR/lower/v/capable" || skip 'no file capabilities here'
  cp /bin/true "$BATS_TEST_TMPDIR/lower/v/suid"
  chmod 4711 "$BATS_TEST_TMPDIR/lower/v/suid"
  mknod "$BATS_TEST_TMPDIR/lower/v/null" c 1 3
  mkfifo "$BATS_TEST_TMPDIR/lower/v/fifo"
  ln -s /etc/shadow "$BATS_TEST_TMPDIR/lower/v/shadow"
  touch -d @1000 "$BATS_TEST_TMPDIR/lower/v/d"
  echo '{"architecture":"amd64","os":"linux","config":{"Cmd":["sh"]},"rootfs":{"type":"layers","diff_ids":[]}}' >"$BATS_TEST_TMPDIR/c.json"
  create --network none -v kept:/v --image-config "$BATS_TEST_TMPDIR/c.json" --lower "$BATS_TEST_TMPDIR/lower" "$bundle"
  data=$TOTE_ROOT/volumes/kept/_data
  [[ $(getcap "$data/capable") = *cap_net_raw* ]]
  [ "$(stat -c %a "$data/suid")" = 4711 ]
  [ "$(stat -c '%F %t:%T' "$data/null")" = 'character special file 1:3' ]
  [ -p "$data/fifo" ]
  [ "$(readlink "$data/shadow")" = /etc/shadow ]
  [ "$(stat -c %Y "$data/d")" = 1000 ]
}

@test "a full disk is one clear line and leaves nothing" {
  mkdir "$BATS_TEST_TMPDIR/small"
  mount -t tmpfs -o size=64k tmpfs "$BATS_TEST_TMPDIR/small"
  mkdir "$BATS_TEST_TMPDIR/small/b"
  dd if=/dev/zero of="$BATS_TEST_TMPDIR/small/fill" bs=1k count=60 2>/dev/null || true
  run create --network none bb "$BATS_TEST_TMPDIR/small/b"
  umount -l "$BATS_TEST_TMPDIR/small"
  [ "$status" = 125 ]
  [[ $output = *'No space left on device'* ]]
  [ "${#lines[@]}" = 1 ]
}

@test "unmounted and mounted again, what was written is there" {
  sh_in 'echo kept >/kept'
  ocibundle unmount "$bundle"
  [ ! -e "$bundle/rootfs/kept" ]
  ocibundle mount "$bundle"
  ocibundle mount "$bundle"
  [ "$(cat "$bundle/rootfs/kept")" = kept ]
  [ "$(grep -c " $bundle/rootfs " /proc/self/mountinfo)" = 1 ]
}

@test "a layer that is not unpacked is unpacked on the way" {
  layerctl --help | grep -q '  unpack ' || skip 'layerctl has no unpack'
  rm -r "$TOTE_ROOT/layers"
  run -0 sh_in 'cat /data/link'
  [ "$output" = content ]
}

@test "127 layers" {
  local lowers=() n
  echo '{"architecture":"amd64","os":"linux","config":{"Cmd":["/bin/sh"]},"rootfs":{"type":"layers","diff_ids":[]}}' >"$BATS_TEST_TMPDIR/c.json"
  for n in $(seq 1 126); do
    d=$BATS_TEST_TMPDIR/layers/$(printf '%064d' "$n")/fs
    mkdir -p "$d"
    echo "$n" >"$d/f$n"
    echo "$n" >"$d/same"
    lowers+=(--lower "$d")
  done
  lowers+=(--lower "$BATS_FILE_TMPDIR/rootfs")
  create --network none --image-config "$BATS_TEST_TMPDIR/c.json" "${lowers[@]}" "$bundle" sh -c 'ls / | grep -c ^f; cat /same'
  run -0 start "$bundle"
  [ "${lines[0]}" = 126 ]
  [ "${lines[1]}" = 1 ]
  # A kernel before 6.5 knows no lowerdir+: the second fsconfig(2) is the first of them.
  needs strace
  ocibundle delete "$bundle"
  strace -qq -o /dev/null -e trace=fsconfig -e inject=fsconfig:error=EINVAL:when=2 ocibundle create --network none \
    --image-config "$BATS_TEST_TMPDIR/c.json" "${lowers[@]}" "$bundle" sh -c 'ls / | grep -c ^f; cat /same'
  run -0 start "$bundle"
  [ "${lines[0]}" = 126 ]
  [ "${lines[1]}" = 1 ]
  [ "$(grep -c " $bundle/rootfs " /proc/self/mountinfo)" = 1 ]
}

@test "every option in the help is in the manual" {
  local verb option
  for verb in create delete process ls inspect prune; do
    for option in $(ocibundle "$verb" --help | grep -oE '^ +(-[a-zA-Z], )?--[a-z0-9-]+' | grep -oE '[-]-[a-z0-9-]+'); do
      grep -qF -- "Fl \\-$(sed 's/^--//; s/-/\\-/g' <<<"$option")" "$top/man/ocibundle.1" || {
        echo "$verb $option"
        false
      }
    done
  done
}

# In a network namespace of its own: bridges, rules and ports of the machine stay as they are.
isolated() {
  unshare -n bash -c 'ip link set lo up; eval "$1"' bash "$1"
}

@test "the bundle alone gives a network and a published port, under runc and runc-swift" {
  needs ip busybox
  [ -x "$TOTE_BIN/netctl" ] && [ -x "$TOTE_BIN/portmap" ] || skip 'netctl and portmap are not built'
  for runtime in runc runc-swift; do
    command -v "$runtime" >/dev/null || continue
    export runtime state=$BATS_TEST_TMPDIR/$runtime
    [ "$runtime" = runc ] || state=$TOTE_RUN/runtime
    run -0 isolated '
      id=$(ocibundle create --container --name web -p 4000:80 bb sh -c "echo served >/index.html; exec httpd -f -p 80 -h /")
      $runtime --root "$state" run -d -b "$TOTE_ROOT/containers/$id" "$id" </dev/null >/dev/null 2>&1 || exit 1
      sleep 0.5
      busybox wget -qO- http://127.0.0.1:4000/index.html
      grep -c "$id\|${id:0:12}" "$TOTE_ROOT/containers/$id/hosts"
      if [ "$runtime" = runc-swift ]; then
        ocibundle ls --format "{{.Names}} {{.State}} {{.Ports}}"
        ocibundle port web 80
        ocibundle inspect -f "{{.State.Running}} {{.NetworkSettings.IPAddress}}" web
        ocibundle delete web 2>/dev/null && exit 1
        ocibundle delete --force -v web
      else
        $runtime --root "$state" delete --force "$id"
        ocibundle delete -v web
      fi
      ls "$TOTE_ROOT/containers"
      ip -o link | grep -c veth
      exit 0'
    [ "${lines[0]}" = served ]
    [ "${lines[1]}" = 1 ]
    if [ "$runtime" = runc-swift ]; then
      [ "${lines[2]}" = 'web running 0.0.0.0:4000->80/tcp, [::]:4000->80/tcp' ]
      [ "${lines[3]}" = 0.0.0.0:4000 ]
      [ "${lines[4]}" = '[::]:4000' ]
      [[ ${lines[5]} =~ ^true\ [0-9.]+$ ]]
    fi
    # Nothing of it is left.
    [ "${lines[-1]}" = 0 ]
    [ "${#lines[@]}" = "$([ "$runtime" = runc-swift ] && echo 7 || echo 3)" ]
  done
}

@test "process.json for a command in a running container" {
  needs ip
  [ -x "$TOTE_BIN/runc-swift" ] || skip 'runc-swift is not built'
  id=$(create --container --name web --network none bb sleep 100)
  run -1 ocibundle process web id
  [[ $output = *"container $id is not running"* ]]
  runc-swift --root "$TOTE_RUN/runtime" run -d -b "$TOTE_ROOT/containers/$id" "$id" </dev/null >/dev/null 2>&1
  ocibundle process -u web -e X=1 -w /tmp web sh -c 'id -un; echo $X' >"$BATS_TEST_TMPDIR/p.json"
  [ "$(jq -c '[.cwd, .user.uid, .user.additionalGids, .args[0], (.env | index("X=1") != null), (.env | index("HOME=/home/web") != null)]' "$BATS_TEST_TMPDIR/p.json")" = '["/tmp",1000,[1001,4],"sh",true,true]' ]
  run -1 ocibundle process -u nosuch web id
  [[ $output = *'unable to find user nosuch'* ]]
  run -125 ocibundle process --nosuch web id
  [ -d "$(ls -d /sys/fs/cgroup/*/tote/"$id" | head -1)" ]
  ocibundle delete -fv web
  # The common cgroup goes with the last container; others may be making theirs at this moment.
  local n d lonely
  for n in $(seq 50); do
    lonely=
    for d in /sys/fs/cgroup/tote /sys/fs/cgroup/*/tote; do
      [ ! -d "$d" ] || find "$d" -mindepth 1 -type d | grep -q . || lonely=$d
    done
    [ -n "$lonely" ] || break
    sleep 0.1
  done
  [ -z "$lonely" ]
}

@test "containers that share namespaces with another" {
  [ -x "$TOTE_BIN/runc-swift" ] || skip 'runc-swift is not built'
  run -125 create --container --network container:nosuch bb
  [[ $output = *'No such container: nosuch'* ]]
  first=$(create --container --name first --network none --hostname shared --ipc shareable bb sleep 100)
  run -125 create --container --pid container:first --network none bb
  [[ $output = *"cannot join PID namespace of a non running container: $first"* ]]
  runc-swift --root "$TOTE_RUN/runtime" run -d -b "$TOTE_ROOT/containers/$first" "$first" </dev/null >/dev/null 2>&1
  echo memory >"$TOTE_ROOT/containers/$first/shm/file"
  second=$(create --container --network container:first --pid container:first --ipc container:first bb sh -c 'hostname; cat /dev/shm/file; ps | grep -c "[s]leep 100"')
  run -0 runc-swift --root "$TOTE_RUN/runtime" run -b "$TOTE_ROOT/containers/$second" "$second" </dev/null
  [ "$output" = $'shared\nmemory\n1' ]
  third=$(create --container --name third --network none bb sleep 100)
  runc-swift --root "$TOTE_RUN/runtime" run -d -b "$TOTE_ROOT/containers/$third" "$third" </dev/null >/dev/null 2>&1
  run -125 create --container --ipc container:third --network none bb
  [[ $output = *"can't join IPC of container $third: non-shareable IPC"* ]]
}
