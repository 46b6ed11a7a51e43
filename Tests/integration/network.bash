# For netctl.bats and portmap.bats: a network of namespaces of the test's own, so that nothing touches the host's.
#
#   lan (198.51.100.2) ── host (198.51.100.1) ── tote's bridge ── containers
#
# host, lan and each container are named namespaces, held by a process of the test.

# network_up: makes host and lan; on_host CMD… and on_lan CMD… run there.
network_up() {
  space=t$BATS_SUITE_TEST_NUMBER-$$
  ip netns add "$space-host"
  ip netns add "$space-lan"
  on_host ip link set lo up
  on_host ip link add lan0 type veth peer name eth0 netns "$space-lan"
  on_host ip addr add 198.51.100.1/24 dev lan0
  on_host ip link set lan0 up
  on_lan ip addr add 198.51.100.2/24 dev eth0
  on_lan ip link set eth0 up
  on_lan ip link set lo up
  on_host sysctl -qw net.ipv4.ip_forward=0
}

on_host() { ip netns exec "$space-host" "$@"; }
on_lan() { ip netns exec "$space-lan" "$@"; }

# container ID: a namespace for a container; in_container ID CMD… runs in it, pid_of ID is a process of it.
container() {
  ip netns add "$space-$1"
  ip netns exec "$space-$1" sleep 1000 3>&- &
  echo $! >"$BATS_TEST_TMPDIR/$1.pid"

  for _ in $(seq 100); do
    [ "$(readlink "/proc/$!/ns/net")" != "$(readlink /proc/self/ns/net)" ] && break
    sleep 0.01
  done
}
in_container() {
  local name=$1
  shift
  ip netns exec "$space-$name" "$@"
}
pid_of() { cat "$BATS_TEST_TMPDIR/$1.pid"; }

# state ID: what a runtime hands to a hook; stopped ID: the same after the end.
state() { printf '{"ociVersion":"1.2.0","id":"%s","status":"creating","pid":%s,"bundle":"/b"}' "$1" "$(pid_of "$1")"; }
stopped() { printf '{"ociVersion":"1.2.0","id":"%s","status":"stopped","pid":0,"bundle":"/b"}' "$1"; }

# end_container ID: its processes end and its namespace goes, as when a container dies.
end_container() {
  kill "$(pid_of "$1")"
  # A signal is not yet an end: whoever looks now must not find it alive.
  while [ -e "/proc/$(pid_of "$1")" ] && ! grep -q '^State:.Z' "/proc/$(pid_of "$1")/status" 2>/dev/null; do sleep 0.01; done
  ip netns del "$space-$1"
}

attach() {
  local id=$1
  shift
  state "$id" | on_host netctl attach "$@" -
}
detach() { stopped "$1" | on_host netctl detach -; }

# serve NAME TEXT PORT: a web server in a namespace that answers with TEXT; ends with the test.
serve() {
  local name=$1 text=$2 port=$3
  mkdir -p "$BATS_TEST_TMPDIR/www-$text"
  echo "$text" >"$BATS_TEST_TMPDIR/www-$text/index.html"
  ip netns exec "$space-$name" busybox httpd -f -p "$port" -h "$BATS_TEST_TMPDIR/www-$text" 3>&- &
  echo $! >>"$BATS_TEST_TMPDIR/servers"

  for _ in $(seq 100); do
    ip netns exec "$space-$name" grep -q "$(printf ':%04X 00000000:0000 0A\|:%04X 0*:0000 0A' "$port" "$port")" /proc/net/tcp /proc/net/tcp6 && return
    sleep 0.02
  done
  return 1
}

# fetch URL: what is there, within three seconds.
fetch() { timeout 3 busybox wget -q -O - "$1"; }

# nothing_left: the host namespace is as network_up made it, at once or within a second: the kernel takes its time over interfaces.
nothing_left() {
  local found
  for _ in $(seq 50); do
    found=$(what_is_left)
    [ -z "$found" ] && return
    sleep 0.02
  done
  echo "left: $found"
  return 1
}
what_is_left() {
  on_host nft list ruleset
  on_host ip -o link | sed 's/^[0-9]*: \([^:@]*\).*/\1/' | grep -vx 'lo\|lan0'
  [ "$(on_host cat /proc/sys/net/ipv4/ip_forward)" = 0 ] || echo "ip_forward is on"
  find "$TOTE_ROOT" -path '*/leases/*'
  find "$TOTE_RUN" -name '*.json' -o -name published
}

network_down() {
  local pid name
  [ -f "$BATS_TEST_TMPDIR/servers" ] && while read -r pid; do kill "$pid" 2>/dev/null || true; done <"$BATS_TEST_TMPDIR/servers"
  for pid in "$BATS_TEST_TMPDIR"/*.pid; do
    [ -e "$pid" ] && kill "$(cat "$pid")" 2>/dev/null
  done
  for name in $(ip netns list | sed -n "s/^\($space-[^ ]*\).*/\1/p"); do ip netns del "$name"; done
  true
}
