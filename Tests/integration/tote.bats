# The wrapper: docker's verbs, docker's answers.
bats_require_minimum_version 1.5.0
load helper

setup() {
  private_roots
  port=$((20000 + RANDOM % 9000)) # below those that the kernel gives to clients
}

teardown() {
  ocibundle ls -aq 2>/dev/null | xargs -r tote rm -f >/dev/null 2>&1 || true
}

busybox() { "$top/examples/base/make-busybox.sh" >/dev/null; }

# Nothing of a container may be left: no process, mount, rule, link or cgroup.
nothing_left() {
  ! grep -q "$TOTE_ROOT" /proc/mounts
  [ -z "$(portmap ls --format '{{.Owner}}' 2>/dev/null)" ]
  ! pgrep -f "ctrmon .*$TOTE_ROOT"
}

@test "run gives the command's output and exit code, and --rm leaves nothing" {
  busybox
  run -0 tote run --rm busybox echo hello
  [ "$output" = hello ]
  run -3 tote run --rm busybox sh -c 'exit 3'
  run -0 tote ps -aq
  [ -z "$output" ]
  nothing_left
}

@test "stop right behind run is heard by the process that --init adds" {
  busybox
  tote run -d --init --name early busybox sleep 100
  run -0 --separate-stderr tote stop early
  [ "$stderr" = '' ]
  run -0 tote wait early
  [ "$output" = 143 ]
}

@test "containers of a network that somebody made find each other by name, while they are there" {
  busybox
  tote network create mine >/dev/null
  tote run -d --init --network mine --name server busybox sleep 100 >/dev/null
  tote run -d --init --network mine --name client busybox sleep 100 >/dev/null
  address=$(tote inspect -f '{{.NetworkSettings.Networks.mine.IPAddress}}' server)
  [ "$(tote exec client awk '$2 == "server" { print $1 }' /etc/hosts)" = "$address" ]
  tote rm -f server >/dev/null
  run -0 tote exec client cat /etc/hosts
  [[ $output != *server* ]]
  tote rm -f client >/dev/null
  tote network rm mine
}

@test "nobody sees a container as ended before its exit code is known; one between two lives is restarting" {
  busybox
  for _ in 1 2 3 4 5 6; do
    id=$(tote run -d --network none busybox sh -c 'sleep 0.2; exit 3')
    while :; do
      found=$(tote inspect -f '{{.State.Status}} {{.State.ExitCode}}' "$id")
      [[ $found == exited* ]] && break
    done
    [ "$found" = 'exited 3' ]
  done
  tote run -d --network none --restart always --name again busybox false >/dev/null
  for _ in $(seq 100); do
    status=$(tote ps -a --filter name=again --format '{{.Status}}')
    [[ $status == 'Restarting (1) '* ]] && break
    sleep 0.02
  done
  [[ $status == 'Restarting (1) '* ]]
  tote stop again >/dev/null
}

@test "stats: what a container uses" {
  busybox
  tote run -d --network none --memory 50m --name busy busybox sh -c 'while :; do :; done' >/dev/null
  tote run -d --network none --name idle busybox sleep 100 >/dev/null
  run -0 tote stats --no-stream
  [[ ${lines[0]} == 'CONTAINER ID   NAME'*'CPU %'*'MEM USAGE / LIMIT'*'MEM %'*'NET I/O'*'BLOCK I/O'*'PIDS' ]]
  [ "${#lines[@]}" = 3 ]
  run -0 tote stats --no-stream --format '{{.Name}} {{.CPUPerc}} {{.MemUsage}} {{.PIDs}}' busy
  [[ $output =~ ^busy\ ([0-9]+)\.[0-9]{2}%\ .*\ /\ 50MiB\ 1$ ]]
  [ "${BASH_REMATCH[1]}" -ge 10 ]
  run -1 tote stats --no-stream nobody
  [[ $output == *'No such container: nobody'* ]]
}

@test "standard input reaches the container with -i" {
  busybox
  [ "$(echo from outside | tote run --rm -i busybox cat)" = "from outside" ]
}

@test "exit codes are docker's: 125, 126, 127, 128+n" {
  busybox
  run -125 --separate-stderr tote run --no-such-flag busybox
  [[ $stderr == *"unknown flag: --no-such-flag"* ]]
  run -127 --separate-stderr tote run --rm busybox no-such-command
  [[ $stderr == *'exec: "no-such-command": executable file not found in $PATH'* ]]
  run -126 --separate-stderr tote run --rm busybox /etc/passwd
  [[ $stderr == *"permission denied"* ]]
  # PID 1 of a namespace cannot kill itself (pid_namespaces(7)): another process does it.
  id=$(tote run -d busybox sleep 100)
  tote kill "$id" >/dev/null
  [ "$(tote wait "$id")" = 137 ]
  tote rm "$id" >/dev/null
  nothing_left
}

@test "a detached container: ps, logs, exec, inspect, wait, stop, start, rm" {
  busybox
  id=$(tote run -d --name web -e WHO=me busybox sh -c 'trap "exit 7" TERM; echo started $WHO; while :; do sleep 0.1; done')
  [[ $id =~ ^[0-9a-f]{64}$ ]]
  [ "$(tote ps --format '{{.Names}} {{.Image}}')" = "web busybox" ]
  for _ in $(seq 50); do [ "$(tote logs web)" = "started me" ] && break; sleep 0.1; done
  [ "$(tote logs web)" = "started me" ]
  [ "$(tote exec web sh -c 'echo $WHO')" = me ]
  run -5 tote exec web sh -c 'exit 5'
  [ "$(tote inspect -f '{{.State.Status}} {{.Name}}' web)" = "running /web" ]
  tote inspect web | jq -e --arg id "$id" '.[0].Id == $id and .[0].State.Running'
  run -125 --separate-stderr tote run -d --name web busybox true
  [[ $stderr == *'The container name "/web" is already in use by container "'"$id"'"'* ]]
  run -0 tote stop web
  [ "$output" = web ]
  [[ $(tote ps -a --format '{{.Status}}') == "Exited (7) "* ]]
  [ "$(tote wait web)" = 7 ]
  run -0 tote start web
  [ "$(tote ps -q)" = "${id:0:12}" ]
  run -1 --separate-stderr tote rm web
  [[ $stderr == *"$id"* || $stderr == *web* ]]
  run -0 tote rm -f web
  [ "$output" = web ]
  nothing_left
}

@test "a published port serves, and a second container is refused it by name" {
  busybox
  id=$(tote run -d -p "$port:80" busybox sh -c 'mkdir /w; echo page >/w/index.html; exec httpd -f -p 80 -h /w')
  [ "$(curl -sS --retry 40 --retry-delay 0 --retry-connrefused --max-time 5 "http://127.0.0.1:$port/")" = page ]
  run -125 --separate-stderr tote run -d -p "$port:80" busybox true
  [[ $stderr == *"Bind for 0.0.0.0:$port failed: port is already allocated"* ]]
  # It never ran: it is as it was made, and says why.
  [ "$(tote ps -a --filter status=created --format '{{.Status}}')" = Created ]
  [[ $(tote inspect -f '{{.State.Status}} {{.State.ExitCode}} {{.State.StartedAt}} {{.State.Error}}' "$(tote ps -aql)") == "created 125 0001-01-01T00:00:00Z "*'already allocated'* ]]
  [ "$(tote port "$id")" = "80/tcp -> 0.0.0.0:$port
80/tcp -> [::]:$port" ]
  [ "$(curl -sg "http://[::1]:$port/")" = "$(curl -s "http://127.0.0.1:$port/")" ]
  tote rm -f "$id" >/dev/null
  tote ps -aq | xargs -r tote rm -f >/dev/null
  nothing_left
}

@test "volumes, users, directories, read-only root, memory" {
  busybox
  mkdir "$BATS_TEST_TMPDIR/data"
  tote run --rm -v "$BATS_TEST_TMPDIR/data:/data" busybox sh -c 'echo kept >/data/file'
  [ "$(cat "$BATS_TEST_TMPDIR/data/file")" = kept ]
  [ "$(tote run --rm -u 1000:1001 -w /tmp busybox sh -c 'id -u; id -g; pwd' | tr '\n' ' ')" = "1000 1001 /tmp " ]
  run -1 tote run --rm --read-only busybox touch /file
  [[ $output == *"Read-only file system"* ]]
  [ "$(tote run --rm -m 64m busybox cat /sys/fs/cgroup/memory/memory.limit_in_bytes)" = 67108864 ] ||
    [ "$(tote run --rm -m 64m busybox cat /sys/fs/cgroup/memory.max)" = 67108864 ]
}

@test "unknown containers, images and verbs are named" {
  busybox
  for verb in stop kill start logs wait inspect rm; do
    run -1 --separate-stderr tote "$verb" nobody
    [[ $stderr == *"nobody"* ]]
  done
  run -125 --separate-stderr tote run --pull never no/such:image
  [[ $stderr == *"no/such:image"* ]]
  run -125 --separate-stderr tote nothing
  [[ $stderr == *"unknown command: tote nothing"* ]]
}

@test "--dry-run prints a pipeline that a shell runs; --trace times each step" {
  busybox
  run -0 tote --dry-run run --rm busybox echo 'two words'
  [ "${lines[0]}" = "id=\$(ocibundle create --container --rm busybox echo 'two words')" ]
  [ "$(tote --dry-run run --rm busybox echo 'two words' | sh)" = "two words" ]
  run -0 --separate-stderr tote --trace run --rm busybox echo hi
  [ "$output" = hi ]
  [[ $stderr == *" ms  ocibundle create --container --rm busybox echo hi"* ]]
  [[ $stderr == *" ms  ctrmon run "* ]]
}

@test "a build that fails says where, and what the command said last" {
  busybox
  mkdir "$BATS_TEST_TMPDIR/context"
  cd "$BATS_TEST_TMPDIR/context"
  printf 'FROM busybox\nRUN echo before; echo the reason >&2; exit 9\n' >Dockerfile
  run -1 --separate-stderr tote build -t x .
  [[ $stderr == *"Dockerfile:2"* ]]
  [[ $stderr == *"the reason"* ]]
  [[ $stderr == *9* ]]
  printf 'FROM busybox\nFRON x\n' >Dockerfile
  run -1 --separate-stderr tote build -t x .
  [[ $stderr == *"Dockerfile:2:1"*FRON* ]]
  printf 'FROM busybox\nCOPY nowhere /x\n' >Dockerfile
  run -1 --separate-stderr tote build -t x .
  [[ $stderr == *"Dockerfile:2"*nowhere* ]]
  printf 'FROM no/such:base\n' >Dockerfile
  run -1 --separate-stderr tote build --pull=never -t x .
  [[ $stderr == *"Dockerfile:1"*"no/such:base"* ]]
  run -0 tote images -q x
  [ -z "$output" ]
  nothing_left
}

@test "one Dockerfile, one context, one base: one image, whatever the store" {
  mkdir "$BATS_TEST_TMPDIR/context"
  cd "$BATS_TEST_TMPDIR/context"
  printf 'FROM busybox\nCOPY file /file\nRUN date >/when-size && wc -c </when-size >/size && rm /when-size; mkdir /made; echo x >/made/y\n' >Dockerfile
  echo content >file
  for store in one two; do
    TOTE_ROOT=$BATS_TEST_TMPDIR/$store
    export TOTE_ROOT
    busybox
    touch file
    (umask 077 && tote build -q -t same .) >"$BATS_TEST_TMPDIR/$store.id"
    sleep 1.1
  done
  diff "$BATS_TEST_TMPDIR/one.id" "$BATS_TEST_TMPDIR/two.id"
  grep -q '^sha256:' "$BATS_TEST_TMPDIR/one.id"
}

@test "without root rights: one line that names what is not permitted, and nothing left" {
  busybox
  chmod 755 "$BATS_TEST_TMPDIR" "$TOTE_ROOT" "$TOTE_RUN"
  for command in "run --rm busybox true" "build -t x $top/examples/hello"; do
    # shellcheck disable=SC2086 # words
    run --separate-stderr setpriv --reuid 65534 --regid 65534 --clear-groups env HOME=/nonexistent "$top/wrapper/tote" $command
    [ "$status" -eq 125 ] || [ "$status" -eq 1 ]
    [[ $stderr == *"$TOTE_ROOT"*"Permission denied"* ]]
    [ "${#stderr_lines[@]}" -eq 1 ]
  done
  [ -z "$(tote ps -aq)" ]
}

@test "a Dockerfile with CRLF and a byte order mark, and names that are hard on shells" {
  busybox
  mkdir "$BATS_TEST_TMPDIR/context"
  cd "$BATS_TEST_TMPDIR/context"
  printf '\xef\xbb\xbfFROM busybox\r\nCOPY names /names/\r\nRUN for name in /names/*; do echo x; done | wc -l > /count\r\nCMD ["cat", "/count"]\r\n' >Dockerfile
  mkdir names
  touch "names/two words" $'names/new\nline' $'names/not\xffutf8' "names/$(printf 'x%.0s' $(seq 255))" names/\$HOME 'names/*'
  tote build -t hard .
  [ "$(tote run --rm hard)" = 6 ]
}

@test "a layer of a gibibyte goes in and comes out" {
  busybox
  mkdir "$BATS_TEST_TMPDIR/context"
  cd "$BATS_TEST_TMPDIR/context"
  printf 'FROM busybox\nCOPY big /big\n' >Dockerfile
  head -c 1073741824 /dev/urandom >big
  want=$(sha256sum <big)
  tote build -t big .
  rm big
  [ "$(tote run --rm big cat /big | sha256sum)" = "$want" ]
}

@test "the example Makefile builds what changed, serves it and cleans up" {
  busybox
  cp -r "$top/examples/make" "$BATS_TEST_TMPDIR/make"
  cd "$BATS_TEST_TMPDIR/make"
  sed -i "s/4001/$port/" Makefile
  make -s
  run -0 make
  [[ $output == *"Nothing to be done"* ]]
  make -s run
  [[ $(curl -sS --retry 40 --retry-delay 0 --retry-connrefused --max-time 5 "http://127.0.0.1:$port/") == *"Good morning"* ]]
  make -s clean 2>/dev/null
  [ ! -e out ]
  nothing_left
}

@test "network connect and disconnect: a container that runs, one that does not, and the next start" {
  busybox
  tote network create one >/dev/null
  tote network create two >/dev/null
  tote run -d --name web --network one busybox sleep 1000 >/dev/null
  tote run -d --name other --network two busybox sleep 1000 >/dev/null
  run -1 --separate-stderr tote exec other ping -c 1 -W 1 web
  tote network connect --alias shop two web
  tote exec other ping -c 1 -W 2 web >/dev/null
  tote exec other ping -c 1 -W 2 shop >/dev/null
  run -1 --separate-stderr tote network connect two web
  [[ $stderr == *"endpoint with name web already exists in network two"* ]]
  run -1 --separate-stderr tote network connect nowhere web
  [[ $stderr == *"network nowhere not found"* ]]
  # It stays so over a restart, and what is said of a stopped container holds when it starts.
  tote stop -t 0 web >/dev/null
  tote network disconnect one web
  tote start web >/dev/null
  tote exec other ping -c 1 -W 2 shop >/dev/null
  [ "$(tote inspect -f '{{range $name, $network := .NetworkSettings.Networks}}{{$name}} {{end}}' web)" = 'two ' ]
  [ "$(tote exec web ls /sys/class/net | xargs)" = 'eth0 lo' ]
  # With none left there is lo alone.
  tote network disconnect two web
  [ "$(tote exec web ls /sys/class/net)" = lo ]
  tote restart -t 0 web >/dev/null
  [ "$(tote exec web ls /sys/class/net)" = lo ]
  run -1 --separate-stderr tote network disconnect two web
  [[ $stderr == *"is not connected to the network two"* ]]
  # An address that is another's: nothing is changed.
  address=$(tote inspect -f '{{.NetworkSettings.Networks.two.IPAddress}}' other)
  run -1 --separate-stderr tote network connect --ip "$address" two web
  [[ $stderr == *"$address"* ]]
  tote restart -t 0 web >/dev/null
  tote network connect bridge web
  tote exec web ping -c 1 -W 2 "$(tote network inspect -f '{{(index .IPAM.Config 0).Gateway}}' bridge)" >/dev/null
  tote rm -f web other >/dev/null
  tote network rm one two >/dev/null
  nothing_left
}
