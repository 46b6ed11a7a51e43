#!/usr/bin/env bats
# A port that several containers publish together: portmap attach --service.
bats_require_minimum_version 1.5.0
load helper
load network

setup() {
  needs ip nft busybox jq python3
  private_roots
  network_up
}
teardown() { network_down; }

# member ID [OPTION…]: a container on the network that takes part in the service 'web' on port 4000.
member() {
  local id=$1
  shift
  container "$id"
  attach "$id"
  state "$id" | on_host portmap attach --service web -p 4000:80 "$@" -
}
leave() {
  stopped "$1" | on_host portmap detach -
  detach "$1"
}
ask() { on_host curl -sgf -m 3 "${1:-http://127.0.0.1:4000/}"; }
# answers COUNT [URL]: how many of so many requests each member has answered, sorted: "a=2 b=2".
answers() { for _ in $(seq "$1"); do ask "${@:2}"; done | sort | uniq -c | awk '{ printf "%s=%s ", $2, $1 }'; }
weight_of() { on_host portmap ls --owner "$1" --format '{{.weight}}' | uniq; }
ready() { for _ in $(seq 200); do [ "$(weight_of "$1")" = 1 ] && return; sleep 0.02; done; false; }

@test "members share a port, each with its share of the connections" {
  for id in one two three; do
    member "$id"
    serve "$id" "$id" 80
    ready "$id"
  done
  [ "$(answers 30)" = 'one=10 three=10 two=10 ' ]
  # From the LAN and from a member too.
  [ -n "$(on_lan timeout 3 busybox wget -q -O - http://198.51.100.1:4000/)" ]
  [ -n "$(in_container one timeout 3 busybox wget -q -O - http://198.51.100.1:4000/)" ]
  # On ::1 each that keeps the port deals connections out by itself.
  [ "$(answers 60 'http://[::1]:4000/' | tr -d 0-9)" = 'one= three= two= ' ]
  leave two
  [ "$(answers 20)" = 'one=10 three=10 ' ]
  [ "$(answers 20 'http://[::1]:4000/' | tr -d 0-9)" = 'one= three= ' ]
  leave one
  leave three
  run ! ask
  nothing_left
}

@test "a member gets no connection before it listens" {
  member one
  serve one one 80
  ready one
  member two
  sleep 0.3
  [ "$(weight_of two)" = 0 ]
  [ "$(answers 10)" = 'one=10 ' ]
  serve two two 80
  ready two
  [ "$(answers 10)" = 'one=5 two=5 ' ]
  # The process that waits ends with the container.
  member three
  end_container three
  leave three
  leave one
  leave two
  nothing_left
}

@test "a service's port is no other's, and the other way round" {
  member one
  container other
  attach other
  run -125 --separate-stderr on_host portmap add 4000:80 --owner other
  [ "$stderr" = "portmap: Bind for 0.0.0.0:4000 failed: port is already allocated (by service 'web')" ]
  run -125 --separate-stderr on_host portmap add 4000:80 --owner other --service shop
  [ "$stderr" = "portmap: Bind for 0.0.0.0:4000 failed: port is already allocated (by service 'web')" ]
  on_host portmap add 5000:80 --owner other
  container third
  attach third
  run -125 --separate-stderr on_host portmap add 5000:80 --owner third --service web
  [ "$stderr" = "portmap: Bind for 0.0.0.0:5000 failed: port is already allocated (by container 'other')" ]
  run -2 on_host portmap add 6000:80 --owner third --service web --balance fairly
  run -2 on_host portmap add 6000:80 --owner third --balance random
}

@test "members without a port of the host share a random one" {
  for id in one two; do
    container "$id"
    attach "$id"
  done
  first=$(on_host portmap add 80 --owner one --service web)
  [ "$(on_host portmap add 80 --owner two --service web)" = "$first" ]
  [ "$(on_host portmap ls --format json | jq -s 'map(.hostPort) | unique | length')" = 1 ]
}

@test "weights, and balancing by the peer's address" {
  for id in one two; do
    member "$id" --balance source
    serve "$id" "$id" 80
    ready "$id"
  done
  [ "$(answers 10 | wc -w)" = 1 ]
  # A peer stays where it is when another member comes.
  before=$(ask)
  for id in three four; do
    member "$id" --balance source --weight 0
    serve "$id" "$id" 80
  done
  [ "$(ask)" = "$before" ]
  on_host portmap join --weight 3 one
  for id in one two; do stopped "$id" | on_host portmap detach -; done
  state one | on_host portmap attach --service web -p 4000:80 --balance round-robin --weight 3 -
  state two | on_host portmap attach --service web -p 4000:80 --balance round-robin --weight 1 -
  [ "$(answers 40)" = 'one=30 two=10 ' ]
}

@test "rescaling loses no request" {
  for id in one two; do
    member "$id"
    serve "$id" "$id" 80
    ready "$id"
  done
  cat >"$BATS_TEST_TMPDIR/load.py" <<'PY'
import os, socket, sys
failed = count = 0
while count < 400 or not os.path.exists(sys.argv[1]):
    count += 1
    try:
        with socket.create_connection(("127.0.0.1", 4000), timeout=3) as s:
            s.sendall(b"GET / HTTP/1.0\r\n\r\n")
            answer = b""
            while data := s.recv(4096): answer += data
        if not answer.split(b"\r\n")[0].endswith(b" 200 OK"): failed += 1
    except OSError: failed += 1
print(count, failed)
PY
  on_host python3 "$BATS_TEST_TMPDIR/load.py" "$BATS_TEST_TMPDIR/stop" >"$BATS_TEST_TMPDIR/result" 3>&- &
  load=$!
  for round in 1 2 3; do
    for id in three four five; do
      member "$id$round"
      serve "$id$round" "$id" 80
      ready "$id$round"
    done
    for id in three four five; do
      on_host portmap drain "$id$round"
      end_container "$id$round"
      leave "$id$round"
    done
  done
  touch "$BATS_TEST_TMPDIR/stop"
  wait "$load"
  read -r count failed <"$BATS_TEST_TMPDIR/result"
  echo "$failed of $count requests failed"
  [ "$count" -ge 400 ]
  [ "$failed" = 0 ]
}

@test "drain waits for what is under way, and says what is left" {
  container one
  attach one
  on_host portmap add 4000:80 --owner one --service web
  ip netns exec "$space-one" busybox nc -l -p 80 -e busybox cat 3>&- &
  echo $! >>"$BATS_TEST_TMPDIR/servers"
  sleep 0.2
  mkfifo "$BATS_TEST_TMPDIR/in"
  on_host busybox nc 127.0.0.1 4000 <"$BATS_TEST_TMPDIR/in" >"$BATS_TEST_TMPDIR/out" 3>&- &
  exec 4>"$BATS_TEST_TMPDIR/in"
  echo hello >&4
  for _ in $(seq 100); do grep -q hello "$BATS_TEST_TMPDIR/out" && break; sleep 0.02; done
  run -1 --separate-stderr on_host portmap drain -t 0 one
  [ "$stderr" = "portmap: container 'one' still has 1 connections after 0 s" ]
  echo more >&4
  for _ in $(seq 100); do grep -q more "$BATS_TEST_TMPDIR/out" && break; sleep 0.02; done
  grep -q more "$BATS_TEST_TMPDIR/out"
  exec 4>&-
  on_host portmap drain one
  run -1 --separate-stderr on_host portmap join nobody
  [ "$stderr" = "portmap: container 'nobody' is a member of no service" ]
}

@test "check and repair know services" {
  for id in one two; do
    member "$id"
    serve "$id" "$id" 80
    ready "$id"
  done
  on_host portmap check
  on_host nft flush map ip tote round_robin
  run -1 on_host portmap check
  [ "$output" = "nftables: map 'round_robin' lacks or misleads 256 of 256 slots of services" ]
  on_host portmap repair
  on_host portmap check
  on_host nft flush ruleset
  on_host portmap repair
  [ "$(answers 10)" = 'one=5 two=5 ' ]
  on_host portmap ls --owner one --format json | head -n 1 >"$BATS_TEST_TMPDIR/row"
  valid portmap-list "$BATS_TEST_TMPDIR/row"
  on_host nft list map ip tote round_robin | grep -q 'inet_proto . inet_service . mark : ipv4_addr . inet_service'
}
