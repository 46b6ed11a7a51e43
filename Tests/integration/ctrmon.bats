#!/usr/bin/env bats
# ctrmon against bundles made by hand: `runc spec` and Debian's busybox.

bats_require_minimum_version 1.5.0
load helper

setup() {
  [ "$(id -u)" = 0 ] || skip 'needs root'
  needs runc python3
  private_roots
  bundle=$BATS_TEST_TMPDIR/web
}

teardown() {
  [ -z "${bundle:-}" ] || [ ! -d "$bundle" ] || ctrmon stop --time 0 "$bundle" 2>/dev/null || true
  ! ls "$TOTE_RUN"/runtime/* 2>/dev/null
}

# bundle COMMAND…: $bundle with this process, and a container.json with the members in $record.
bundle() {
  if [ ! -d "$BATS_FILE_TMPDIR/rootfs" ]; then busybox_rootfs "$BATS_FILE_TMPDIR/rootfs"; fi
  mkdir -p "$bundle"
  (cd "$bundle" && rm -f config.json && runc spec)
  python3 - "$bundle" "$BATS_FILE_TMPDIR/rootfs" "${record:-}" "$@" <<'PY'
import json, sys
bundle, rootfs, record, *arguments = sys.argv[1:]
config = json.load(open(bundle + '/config.json'))
config['process']['args'] = arguments
config['process']['terminal'] = '"tty": true' in record
config['process']['noNewPrivileges'] = True
config['root'] = {'path': rootfs, 'readonly': False}
json.dump(config, open(bundle + '/config.json', 'w'))
if record:
    json.dump({'id': 'web', **json.loads('{' + record + '}')}, open(bundle + '/container.json', 'w'))
PY
}

# eventually COMMAND…: succeeds within five seconds.
eventually() {
  local n
  for n in $(seq 100); do
    if "$@"; then return 0; fi
    sleep 0.05
  done
  echo "never: $*" >&2
  return 1
}

tries() { [ "$(grep -c try "$bundle/log")" -ge "$1" ]; }

@test 'run shows both streams and passes the exit code on' {
  bundle sh -c 'echo out; echo err >&2; exit 3'
  run --separate-stderr ctrmon run "$bundle"
  [ "$status" = 3 ]
  [ "$output" = out ]
  # shellcheck disable=SC2154
  [ "$stderr" = err ]
  [ "$(jq .exitCode "$bundle/exit")" = 3 ]
  [ ! -e "$TOTE_RUN/monitor/web" ]
}

@test 'an end by a signal is 128 and its number' {
  bundle sh -c 'kill -9 $$'
  # Process 1 cannot kill itself so: a child does not outlive it.
  bundle sh -c 'sh -c "kill -TERM \$\$"; exit $?'
  run ctrmon run "$bundle"
  [ "$status" = 143 ]
}

@test 'a command that is missing is 127, one that is not executable 126' {
  bundle no-such-command
  run -127 ctrmon run "$bundle"
  [[ "$output" == *'executable file not found'* ]]
  [ "$(jq .exitCode "$bundle/exit")" = 127 ]
  bundle /etc/passwd
  run ctrmon run "$bundle"
  [ "$status" = 126 ]
  [[ "$output" == *'permission denied'* ]]
}

@test 'a bundle that is none is 125' {
  run ctrmon run "$BATS_TEST_TMPDIR"
  [ "$status" = 125 ]
  [[ "$output" == *config.json* ]]
}

@test 'run --detach prints the id and returns; wait gives the exit code, during and after' {
  bundle sh -c 'sleep 0.5; exit 7'
  run ctrmon run --detach "$bundle"
  [ "$status" = 0 ]
  [ "$output" = web ]
  [ "$(ctrmon wait "$bundle")" = 7 ]
  [ "$(ctrmon wait "$bundle")" = 7 ]
}

@test 'a detached run that cannot start says so' {
  bundle no-such-command
  run -127 ctrmon run -d "$bundle"
  [[ "$output" == *'executable file not found'* ]]
}

@test 'a container cannot be started twice' {
  bundle sleep 100
  ctrmon run -d "$bundle"
  run ctrmon run "$bundle"
  [ "$status" = 125 ]
  [[ "$output" == *'is already running'* ]]
  ctrmon start "$bundle"
  ctrmon kill "$bundle"
  [ "$(ctrmon wait "$bundle")" = 137 ]
}

@test 'the log is docker json-file, and valid' {
  bundle sh -c 'printf "a\tb\"c\\\\ <é> \001\n"; printf "no newline"'
  ctrmon run "$bundle" >/dev/null
  [ "$(wc -l <"$bundle/log")" = 2 ]
  python3 - "$bundle/log" <<'PY'
import json, re, sys
lines = [json.loads(line) for line in open(sys.argv[1])]
assert [l['log'] for l in lines] == ['a\tb"c\\ <é> \x01\n', 'no newline'], lines
for l in lines:
    assert l['stream'] == 'stdout' and re.fullmatch(r'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z', l['time'])
PY
  while read -r line; do
    printf '%s' "$line" >"$BATS_TEST_TMPDIR/line"
    valid log "$BATS_TEST_TMPDIR/line"
  done <"$bundle/log"
  valid exit "$bundle/exit"
}

@test 'long lines become parts of 16 KiB and come out whole' {
  bundle sh -c 'head -c 40000 /dev/zero | tr "\0" x; echo'
  ctrmon run "$bundle" | cmp - <(head -c 40000 /dev/zero | tr '\0' x; echo)
  [ "$(wc -l <"$bundle/log")" = 3 ]
  ctrmon logs "$bundle" | cmp - <(head -c 40000 /dev/zero | tr '\0' x; echo)
}

@test 'a megabyte of output arrives whole through a slow reader' {
  bundle sh -c 'seq 1 150000'
  ctrmon run "$bundle" | (sleep 0.5; cat) | cmp - <(seq 1 150000)
  ctrmon logs "$bundle" | cmp - <(seq 1 150000)
}

@test 'logs: tail, since, timestamps, both streams, follow' {
  bundle sh -c 'for i in 1 2 3 4 5; do echo line $i; done; echo bad >&2; sleep 1; echo late'
  ctrmon run -d "$bundle"
  eventually grep -q bad "$bundle/log"
  run --separate-stderr ctrmon logs --tail 3 "$bundle"
  [ "$output" = $'line 4\nline 5' ]
  [ "$stderr" = bad ]
  [ "$(ctrmon logs --tail 0 "$bundle" 2>&1)" = '' ]
  [[ "$(ctrmon logs -t --tail 1 "$bundle" 2>&1)" =~ ^20[0-9-]+T[0-9:.]+Z\ bad$ ]]
  [ "$(ctrmon logs --since 10m "$bundle" 2>/dev/null | wc -l)" = 5 ]
  [ "$(ctrmon logs --until 10m "$bundle" 2>/dev/null | wc -l)" = 0 ]
  [ "$(ctrmon logs --since 2100-01-01T00:00:00Z "$bundle" 2>/dev/null | wc -l)" = 0 ]
  [ "$(ctrmon logs -f "$bundle" 2>/dev/null | tail -1)" = late ]
  run ctrmon logs --since nonsense "$bundle"
  [ "$status" = 1 ]
}

@test 'stop sends the stop signal and waits' {
  bundle sh -c 'trap "echo stopping; exit 5" TERM; echo ready; while :; do sleep 0.1; done'
  ctrmon run -d "$bundle"
  eventually grep -q ready "$bundle/log"
  run ctrmon stop "$bundle"
  [ "$status" = 0 ]
  [ "$output" = '' ]
  [ "$(jq .exitCode "$bundle/exit")" = 5 ]
  grep -q stopping "$bundle/log"
  run ctrmon stop "$bundle"
  [ "$status" = 0 ]
}

@test 'stop says at once when process 1 cannot take the signal' {
  bundle sleep 100
  ctrmon run -d "$bundle"
  SECONDS=0
  run ctrmon stop "$bundle"
  [ "$status" = 0 ]
  [[ "$output" == *'no handler for SIGTERM'* ]]
  [ "$SECONDS" -lt 5 ]
  [ "$(jq .exitCode "$bundle/exit")" = 137 ]
}

@test 'stop waits for the handler of a process that has only just been started' {
  bundle sh -c 'sleep 0.5; trap "exit 5" TERM; while :; do sleep 0.1; done'
  ctrmon run -d "$bundle"
  run ctrmon stop "$bundle"
  [ "$status" = 0 ]
  [ "$output" = '' ]
  [ "$(jq .exitCode "$bundle/exit")" = 5 ]
}

@test 'stop gives a deaf process the grace period that was asked for' {
  bundle sleep 100
  ctrmon run -d "$bundle"
  SECONDS=0
  run ctrmon stop --time 2 "$bundle"
  [[ "$output" == *'no handler for SIGTERM, so it is killed in 2 s'* ]]
  [ "$SECONDS" -ge 2 ]
  [ "$(jq .exitCode "$bundle/exit")" = 137 ]
}

@test 'start waits for a start that is under way' {
  bundle sleep 100
  for delay in 0.005 0.01 0.02; do
    ctrmon run -d "$bundle" >/dev/null 3>&- &
    sleep "$delay"
    ctrmon start "$bundle"
    [ -e "/proc/$(jq .pid "$TOTE_RUN"/monitor/*/state.json)" ]
    wait $!
    ctrmon kill "$bundle"
    ctrmon wait "$bundle"
  done
}

@test 'stop kills after the grace period' {
  bundle sh -c 'trap "" TERM; trap : USR1; echo ready; while :; do sleep 0.1; done'
  ctrmon run -d "$bundle"
  eventually grep -q ready "$bundle/log"
  SECONDS=0
  ctrmon stop --signal USR1 --time 1 "$bundle"
  [ "$SECONDS" -ge 1 ] && [ "$SECONDS" -lt 6 ]
  [ "$(jq .exitCode "$bundle/exit")" = 137 ]
}

@test 'kill sends any signal' {
  bundle sh -c 'trap "echo got; exit 9" USR2; echo ready; while :; do sleep 0.1; done'
  ctrmon run -d "$bundle"
  eventually grep -q ready "$bundle/log"
  ctrmon kill --signal SIGUSR2 "$bundle"
  [ "$(ctrmon wait "$bundle")" = 9 ]
  run ctrmon kill "$bundle"
  [ "$status" = 1 ]
  [[ "$output" == *'is not running'* ]]
}

@test 'a foreground run hands signals on' {
  bundle sh -c 'trap "echo term; exit 4" TERM; echo ready; while :; do sleep 0.1; done'
  ctrmon run "$bundle" >"$BATS_TEST_TMPDIR/out" &
  client=$!
  eventually grep -q ready "$BATS_TEST_TMPDIR/out"
  kill -TERM "$client"
  code=0
  wait "$client" || code=$?
  [ "$code" = 4 ]
  grep -q term "$BATS_TEST_TMPDIR/out"
}

@test 'standard input goes in with openStdin, and its end too' {
  record='"openStdin": true, "attach": ["stdin", "stdout", "stderr"]' bundle cat
  [ "$(printf 'one\ntwo\n' | ctrmon run "$bundle")" = $'one\ntwo' ]
  seq 1 100000 >"$BATS_TEST_TMPDIR/numbers"
  ctrmon run "$bundle" <"$BATS_TEST_TMPDIR/numbers" | cmp - "$BATS_TEST_TMPDIR/numbers"
}

@test 'without openStdin there is no input' {
  bundle sh -c 'cat; echo end'
  [ "$(echo not this | ctrmon run "$bundle")" = end ]
}

@test 'several clients attach' {
  record='"openStdin": true, "detach": true' bundle sh -c 'while read -r line; do echo "got $line"; [ "$line" != end ] || exit 6; done'
  ctrmon run "$bundle"
  mkfifo "$BATS_TEST_TMPDIR/in"
  ctrmon attach "$bundle" <"$BATS_TEST_TMPDIR/in" >"$BATS_TEST_TMPDIR/one" &
  first=$!
  exec 8>"$BATS_TEST_TMPDIR/in"
  ctrmon attach --no-stdin "$bundle" >"$BATS_TEST_TMPDIR/two" &
  second=$!
  sleep 0.3
  echo hello >&8
  eventually grep -q 'got hello' "$BATS_TEST_TMPDIR/one"
  eventually grep -q 'got hello' "$BATS_TEST_TMPDIR/two"
  echo end >&8
  exec 8>&-
  code=0; wait "$first" || code=$?
  [ "$code" = 6 ]
  code=0; wait "$second" || code=$?
  [ "$code" = 6 ]
  run ctrmon attach "$bundle"
  [ "$status" = 1 ]
}

@test 'a terminal: size, echo, detach keys' {
  record='"tty": true, "openStdin": true, "attach": ["stdin", "stdout", "stderr"]' bundle sh -c 'stty size; read -r x; echo "[$x]"; sleep 100'
  python3 - "$bundle" <<'PY'
import fcntl, os, pty, struct, sys, termios, time, select
pid, fd = pty.fork()
if pid == 0:
    time.sleep(0.2)
    os.execlp('ctrmon', 'ctrmon', 'run', sys.argv[1])
fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack('HHHH', 33, 77, 0, 0))
seen = b''
def until(text):
    global seen
    end = time.time() + 10
    while text not in seen:
        assert time.time() < end, (text, seen)
        if select.select([fd], [], [], 0.2)[0]:
            try: seen += os.read(fd, 4096)
            except OSError: break
until(b'33 77')
os.write(fd, b'hello\r')
until(b'[hello]')
os.write(fd, b'\x10\x11')
until(b'escape sequence')
assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
PY
  # It goes on without the client.
  run ctrmon stop "$bundle"
  [ "$status" = 0 ]
  grep -q '\[hello\]' "$bundle/log"
}

@test 'a terminal wanted and none there is an error that leaves nothing' {
  record='"tty": true, "openStdin": true, "attach": ["stdin", "stdout"]' bundle sh
  run ctrmon run "$bundle" </dev/null
  [ "$status" = 125 ]
  [[ "$output" == *'the input device is not a TTY'* ]]
}

@test 'start runs it again, and the log goes on' {
  bundle sh -c 'echo once'
  ctrmon run "$bundle"
  run ctrmon start --attach "$bundle"
  [ "$status" = 0 ]
  [ "$output" = once ]
  ctrmon start "$bundle"
  ctrmon wait "$bundle"
  [ "$(ctrmon logs "$bundle" | grep -c once)" = 3 ]
}

@test 'the log turns over' {
  record='"log": {"driver": "json-file", "options": {"max-size": "10k", "max-file": "3"}}' bundle sh -c 'seq 1 2000'
  ctrmon run "$bundle" >/dev/null
  [ -e "$bundle/log.1" ] && [ -e "$bundle/log.2" ] && [ ! -e "$bundle/log.3" ]
  for file in "$bundle"/log*; do [ "$(stat -c %s "$file")" -le 11000 ]; done
  [ "$(ctrmon logs "$bundle" | tail -1)" = 2000 ]
}

@test 'no log where none is wanted' {
  record='"log": {"driver": "none", "options": {}}' bundle echo hi
  [ "$(ctrmon run "$bundle")" = hi ]
  [ ! -e "$bundle/log" ]
}

@test 'a policy starts it again until it may not' {
  record='"restartPolicy": {"name": "on-failure", "maximumRetryCount": 2}, "detach": true' bundle sh -c 'echo try; exit 1'
  ctrmon run "$bundle"
  eventually [ ! -e "$TOTE_RUN/monitor/web" ]
  [ "$(grep -c try "$bundle/log")" = 3 ]
  [ "$(jq .restartCount "$bundle/exit")" = 2 ]
}

@test 'stop ends an endless policy' {
  record='"restartPolicy": {"name": "always", "maximumRetryCount": 0}, "detach": true' bundle sh -c 'echo try'
  ctrmon run "$bundle"
  eventually tries 2
  ctrmon stop "$bundle"
  eventually [ ! -e "$TOTE_RUN/monitor/web" ]
}

@test 'health: starting, healthy, unhealthy' {
  record='"detach": true, "healthcheck": {"test": ["CMD-SHELL", "echo checked; test -e /tmp/well"], "interval": 200000000, "retries": 2}' \
    bundle sh -c 'touch /tmp/well; sleep 1.5; rm /tmp/well; sleep 100'
  ctrmon run "$bundle"
  health=$TOTE_RUN/monitor/web/health.json
  eventually [ -e "$health" ]
  valid health "$health"
  eventually grep -q '"Status":"healthy"' "$health"
  eventually grep -q '"Status":"unhealthy"' "$health"
  valid health "$health"
  [ "$(jq '.Log | length' "$health")" -le 5 ]
  [ "$(jq -r '.Log[-1].Output' "$health")" = checked ]
}

@test 'out of memory is recorded' {
  bundle sh -c 'dd if=/dev/zero of=/dev/null bs=100M count=1; exit $?'
  jq '.linux.resources.memory = {limit: 20971520, swap: 20971520}' "$bundle/config.json" >"$bundle/new"
  mv "$bundle/new" "$bundle/config.json"
  run ctrmon run "$bundle"
  [ "$(jq .oomKilled "$bundle/exit")" = true ]
}

@test 'a monitor that was killed loses no line, and stop cleans up after it' {
  bundle sh -c 'echo before; sleep 100'
  ctrmon run -d "$bundle"
  eventually grep -q before "$bundle/log"
  kill -9 "$(jq .monitor "$TOTE_RUN/monitor/web/state.json")"
  [ "$(ctrmon logs "$bundle")" = before ]
  run ctrmon attach "$bundle"
  [ "$status" = 1 ]
  ctrmon stop "$bundle"
  [ "$(jq .exitCode "$bundle/exit")" = 137 ]
  [ "$(ctrmon start "$bundle" && ctrmon kill "$bundle" && ctrmon wait "$bundle")" = 137 ]
}

@test 'help, version and wrong command lines' {
  run ctrmon --version
  [[ "$output" == 'ctrmon '* ]]
  run ctrmon run --help
  [ "$status" = 0 ]
  [[ "$output" == *--detach* ]]
  run ctrmon stop
  [ "$status" = 2 ]
  run ctrmon run --no-such-flag x
  [ "$status" = 2 ]
}
