# Faults: tools that are killed half-way, monitors that die, two that want the same, many at once. `tote system check` proves that nothing is
# left of it.
bats_require_minimum_version 1.5.0
load helper

setup() {
  private_roots
  "$top/examples/base/make-busybox.sh" >/dev/null
  port=$((40000 + RANDOM % 9000))
  mkdir "$BATS_TEST_TMPDIR/shop"
  cd "$BATS_TEST_TMPDIR/shop"
  unset COMPOSE_FILE COMPOSE_PROJECT_NAME COMPOSE_PROFILES
}

teardown() {
  ocibundle ls -aq 2>/dev/null | xargs -r tote rm -f >/dev/null 2>&1 || true
  ocibundle prune -f >/dev/null 2>&1 || true
  netctl ls --format '{{.Name}}' | xargs -r -n 1 netctl rm >/dev/null 2>&1 || true
}

file() {
  cat >compose.yaml <<YAML
services:
  web:
    image: busybox
    command: sh -c 'mkdir /www; hostname >/www/index.html; exec httpd -f -p 80 -h /www'
    init: true
    scale: 5
    ports: ["$port:80"]
YAML
}

@test "system check says what is there of containers that are not" {
  tote system check
  tote run -d --name web --init -p "$port:80" busybox sleep 100 >/dev/null
  tote system check
  id=$(tote ps -q --no-trunc)
  # Everything that a container has, of one that is not there.
  lost=$(printf '%064d' 7)
  mkdir -p "$TOTE_RUN/monitor/$lost" "$TOTE_RUN/runtime/$lost" "$TOTE_ROOT/containers/$lost"
  echo "$lost" >"$TOTE_ROOT/containers/.names/ghost"
  echo "tcp 0.0.0.0 1 172.17.0.9 80 $lost" >>"$TOTE_RUN/ports/published"
  printf '{"owner":"%s"}' "$lost" >"$TOTE_ROOT/networks/bridge/leases/172.30.0.99"
  run -1 ocibundle check
  for word in "container '000000000000': left half made" "runtime '000000000000'" "monitor '000000000000'" 'port 0.0.0.0:1/tcp' "lease 172.30.0.99 of network 'bridge'"; do
    [[ $output == *"$word"* ]]
  done
  [[ $output != *"${id:0:12}"* ]]
}

@test "a create that is killed anywhere leaves nothing that prune does not take" {
  for step in $(seq 0 2 40); do
    ocibundle create --container --name "victim$step" -p "$port:80" busybox true >/dev/null 2>&1 3>&- &
    sleep "0.0$(printf %02d "$step")"
    kill -9 $! 2>/dev/null || true
    wait $! 2>/dev/null || true
  done
  ocibundle prune -f >/dev/null
  ocibundle check
  [ -z "$(ocibundle ls -aq)" ]
  ! grep -q "$TOTE_ROOT/containers" /proc/mounts
}

@test "a monitor that is killed: ps knows, check tells, rm takes everything" {
  tote run -d --name web --init -p "$port:80" busybox sleep 100 >/dev/null
  monitor=$(jq .monitor "$TOTE_RUN"/monitor/*/state.json)
  kill -9 "$monitor"
  for _ in $(seq 50); do [ "$(tote ps -a --format '{{.State}}')" != restarting ] && break; sleep 0.1; done
  # The container itself may live on without its monitor: that is seen, and it can be removed.
  tote rm -f web >/dev/null
  tote system check
}

@test "all replicas killed at once, and their monitors: up mends it, down leaves nothing" {
  file
  tote compose up -d 2>/dev/null
  for state in "$TOTE_RUN"/monitor/*/state.json; do kill -9 "$(jq .monitor "$state")" "$(jq .pid "$state")"; done
  # A process that was killed takes a moment to go.
  sleep 0.5
  run -1 ocibundle check
  [[ $output == *'port 0.0.0.0:'*'the container'*'does not run'* ]]
  tote compose up -d 2>/dev/null
  [ "$(tote ps -q | wc -l)" = 5 ]
  ocibundle check
  tote compose down -t 1 2>/dev/null
  tote system check
  [ -z "$(tote ps -aq)$(netctl ls -q)" ]
}

@test "two compose up at once: one after the other, five replicas" {
  file
  tote compose up -d >first 2>&1 3>&- &
  tote compose up -d >second 2>&1 3>&- &
  wait
  [ "$(cat first second | grep -c Started)" = 5 ]
  [ "$(cat first second | grep -c Running)" = 5 ]
  [ "$(tote ps -q | wc -l)" = 5 ]
  ocibundle check
  tote compose down -t 1 2>/dev/null
  tote system check
}

@test "compose up killed half-way, with all its children: the next one mends it" {
  file
  for moment in 0.1 0.3 0.5 0.8; do
    setsid tote compose up -d >/dev/null 2>&1 3>&- &
    sleep "$moment"
    kill -9 -- "-$!" 2>/dev/null || true
    wait $! 2>/dev/null || true
  done
  tote compose up -d 2>/dev/null
  [ "$(tote ps -q | wc -l)" = 5 ]
  tote compose down -t 1 2>/dev/null
  ocibundle prune -f >/dev/null
  tote system check
  [ -z "$(tote ps -aq)$(netctl ls -q)" ]
}

@test "200 containers at once, each with an address, half with a port: all there, all gone" {
  seq 200 | xargs -P 16 -I N sh -c 'if [ $((N % 2)) = 0 ]; then set -- -p '"$((port / 1000))"'$(printf %03d N):80; else set --; fi
    tote run -d --name cN "$@" busybox sleep 1000 >/dev/null || exit 255'
  [ "$(tote ps -q | wc -l)" = 200 ]
  [ "$(ocibundle ls --format '{{.Names}}' | sort -u | wc -l)" = 200 ]
  [ "$(cat "$TOTE_RUN"/network/*.json | jq -r '.. | .address? // empty' | sort -u | wc -l)" = 200 ]
  [ "$(portmap ls --format '{{.Owner}}' | sort -u | wc -l)" = 100 ]
  tote system check
  tote ps -q | xargs -P 8 -n 25 tote rm -f >/dev/null
  [ -z "$(tote ps -aq)" ]
  tote system check
}
