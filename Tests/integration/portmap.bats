#!/usr/bin/env bats
bats_require_minimum_version 1.5.0
load helper
load network

setup() {
  needs ip nft busybox jq python3
  private_roots
  network_up
}
teardown() { network_down; }

publish() {
  local id=$1
  shift
  state "$id" | on_host portmap attach "$@" -
}
withdraw() { stopped "$1" | on_host portmap detach -; }

@test "a published port answers on 127.0.0.1, the LAN address, from the container itself and from a sibling" {
  for nf in 1 0; do
    on_host sysctl -qw net.bridge.bridge-nf-call-iptables=$nf 2>/dev/null || true
    container "web$nf"
    container "two$nf"
    attach "web$nf"
    attach "two$nf"
    publish "web$nf" -p 4000:80
    serve "web$nf" "page$nf" 80
    [ "$(on_host timeout 3 busybox wget -q -O - http://127.0.0.1:4000/)" = "page$nf" ]
    [ "$(on_host timeout 3 busybox wget -q -O - http://198.51.100.1:4000/)" = "page$nf" ]
    [ "$(on_lan timeout 3 busybox wget -q -O - http://198.51.100.1:4000/)" = "page$nf" ]
    [ "$(in_container "web$nf" timeout 3 busybox wget -q -O - http://198.51.100.1:4000/)" = "page$nf" ]
    [ "$(in_container "two$nf" timeout 3 busybox wget -q -O - http://198.51.100.1:4000/)" = "page$nf" ]
    withdraw "web$nf"
    run ! on_host timeout 2 busybox wget -q -O - http://127.0.0.1:4000/
    detach "web$nf"
    detach "two$nf"
    nothing_left
  done
}

@test "a port published on 127.0.0.1 is the host's alone" {
  container web
  attach web
  publish web -p 127.0.0.1:4000:80
  serve web page 80
  [ "$(on_host timeout 3 busybox wget -q -O - http://127.0.0.1:4000/)" = page ]
  run ! on_lan timeout 1 busybox wget -q -O - http://198.51.100.1:4000/
  # Not even for a neighbour that addresses the host's loopback (moby#45610).
  on_lan ip addr del 127.0.0.1/8 dev lo
  on_lan sysctl -qw net.ipv4.conf.eth0.route_localnet=1
  on_lan ip route add 127.0.0.1 via 198.51.100.1 dev eth0 src 198.51.100.2
  run ! on_lan timeout 1 busybox wget -q -O - http://127.0.0.1:4000/
}

@test "the source address of a caller from outside is kept" {
  container web
  attach web
  publish web -p 4000:80
  mkdir "$BATS_TEST_TMPDIR/log"
  ip netns exec "$space-web" python3 -c '
import socket, sys
s = socket.create_server(("0.0.0.0", 80))
print("ready", flush=True)
c, a = s.accept()
print(a[0], flush=True)' >"$BATS_TEST_TMPDIR/log/peer" 3>&- &
  echo $! >>"$BATS_TEST_TMPDIR/servers"
  for _ in $(seq 100); do grep -q ready "$BATS_TEST_TMPDIR/log/peer" && break; sleep 0.05; done
  on_lan timeout 3 busybox nc 198.51.100.1 4000 </dev/null || true
  for _ in $(seq 50); do grep -q '198' "$BATS_TEST_TMPDIR/log/peer" && break; sleep 0.05; done
  grep -q '^198.51.100.2$' "$BATS_TEST_TMPDIR/log/peer"
}

# ask ADDRESS PORT: what a web server there says, by Python, for busybox wget knows no IPv6 literals.
ask() {
  on_host timeout 3 python3 -c '
import http.client, sys
connection = http.client.HTTPConnection(sys.argv[1], int(sys.argv[2])); connection.request("GET", "/")
print(connection.getresponse().read().decode(), end="")' "$@"
}

@test "a published port answers on ::1 and the host's IPv6 addresses, and ends with the container" {
  on_host ip -6 addr add 2001:db8::1/64 dev lan0 nodad
  container web
  attach web
  publish web -p 4000:80
  serve web page 80
  [ "$(ask ::1 4000)" = page ]
  [ "$(ask 2001:db8::1 4000)" = page ]
  [ "$(ask 127.0.0.1 4000)" = page ]
  # Nothing is lost of what is long and slow, either way.
  head -c 3000000 /dev/urandom >"$BATS_TEST_TMPDIR/www-page/big"
  on_host timeout 20 curl -sg --limit-rate 10M -o "$BATS_TEST_TMPDIR/big" 'http://[::1]:4000/big'
  cmp "$BATS_TEST_TMPDIR/big" "$BATS_TEST_TMPDIR/www-page/big"
  withdraw web
  run ! ask ::1 4000
  detach web
  nothing_left
  [ ! -e "$TOTE_RUN/ports/keepers/web" ]
}

@test "both families can be published alone" {
  container web
  attach web
  publish web -p '[::1]:4000:80' -p 127.0.0.1:4001:80
  serve web page 80
  [ "$(ask ::1 4000)" = page ]
  run ! ask 127.0.0.1 4000
  [ "$(ask 127.0.0.1 4001)" = page ]
  run ! ask ::1 4001
  run -125 on_host portmap add '[2001:db8::7]:4002:80' --owner web
  [ "$output" = "portmap: Bind for [2001:db8::7]:4002 failed: cannot assign requested address" ]
}

@test "an end of writing reaches the other side, and so does a refusal" {
  container web
  attach web
  publish web -p 4000:80
  # Nobody listens: the connection is closed at once.
  run on_host timeout 3 python3 -c 'import socket; s = socket.create_connection(("::1", 4000)); print(s.recv(1))'
  [[ $output == "b''" || $output == *reset* ]]
  ip netns exec "$space-web" python3 -c '
import socket
s = socket.create_server(("0.0.0.0", 80)); c, _ = s.accept()
data = b""
while True:
  part = c.recv(65536)
  if not part: break
  data += part
c.sendall(b"%d bytes" % len(data))' 3>&- &
  echo $! >>"$BATS_TEST_TMPDIR/servers"
  for _ in $(seq 50); do in_container web grep -q ':0050 0*:0000 0A' /proc/net/tcp && break; sleep 0.1; done
  run -0 on_host timeout 5 python3 -c '
import socket
s = socket.create_connection(("::1", 4000)); s.sendall(b"x" * 1000000); s.shutdown(socket.SHUT_WR)
print(s.recv(100).decode())'
  [ "$output" = "1000000 bytes" ]
}

@test "udp answers on ::1, each peer by itself" {
  container web
  attach web
  publish web -p 5300:53/udp
  ip netns exec "$space-web" python3 -c '
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind(("0.0.0.0", 53))
while True:
  data, peer = s.recvfrom(2000); s.sendto(b"answer to " + data, peer)' 3>&- &
  echo $! >>"$BATS_TEST_TMPDIR/servers"
  for _ in $(seq 50); do in_container web grep -q ':0035 ' /proc/net/udp && break; sleep 0.1; done
  run -0 on_host timeout 5 python3 -c '
import socket
a, b = (socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) for _ in "ab")
for s, text in ((a, b"one"), (b, b"two")): s.settimeout(2); s.sendto(text, ("::1", 5300))
print(b.recv(100).decode(), a.recv(100).decode())'
  [ "$output" = "answer to two answer to one" ]
}

@test "a published port is held against other programs, and after a flush of the table it still answers" {
  container web
  attach web
  publish web -p 4000:80
  serve web page 80
  for address in 0.0.0.0 :: 127.0.0.1 ::1; do
    run -1 on_host python3 -c 'import socket, sys; a = sys.argv[1]
socket.socket(socket.AF_INET6 if ":" in a else socket.AF_INET).bind((a, 4000))' "$address"
    [[ $output == *"Address already in use"* ]]
  done
  on_host nft flush ruleset
  [ "$(ask 127.0.0.1 4000)" = page ]
  on_host portmap repair
  [ "$(ask 127.0.0.1 4000)" = page ]
}

@test "with --firewall respect the host's INPUT rules decide" {
  container web
  attach web
  publish web -p 4000:80 --firewall respect
  serve web page 80
  [ "$(on_lan timeout 3 busybox wget -q -O - http://198.51.100.1:4000/)" = page ]
  on_host nft -f - <<<'table inet firewall { chain input { type filter hook input priority 0; iifname "lan0" tcp dport 4000 drop; }; }'
  run ! on_lan timeout 1 busybox wget -q -O - http://198.51.100.1:4000/
  [ "$(ask 127.0.0.1 4000)" = page ]
  [ "$(ask ::1 4000)" = page ]
  on_host portmap ls --format json | head -n 1 >"$BATS_TEST_TMPDIR/row"
  valid portmap-list "$BATS_TEST_TMPDIR/row"
  # Published without it, the rule is not asked.
  withdraw web
  publish web -p 4000:80
  [ "$(on_lan timeout 3 busybox wget -q -O - http://198.51.100.1:4000/)" = page ]
  withdraw web
  run -2 publish web -p 4000:80 --firewall maybe
  [[ $output == *"'maybe'"* ]]
  run -125 publish web -p 4000:80/sctp --firewall respect
}

@test "who keeps a port goes with the container that went without a word" {
  container web
  attach web
  publish web -p 4000:80
  run -0 ask_for_keeper
  end_container web
  for _ in $(seq 100); do ask_for_keeper || break; sleep 0.02; done
  run ! ask_for_keeper
  container two
  attach two
  publish two -p 4000:80
}
# Whether somebody listens on port 4000 of the host's namespace.
ask_for_keeper() { on_host grep -q ':0FA0 0*:0000 0A' /proc/net/tcp6; }

@test "udp follows the port to its new container at once" {
  container one
  container two
  attach one
  attach two
  echo_server='
import socket, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind(("0.0.0.0", 53)); open(sys.argv[2], "w").close()
while True:
    d, a = s.recvfrom(100); s.sendto(sys.argv[1].encode(), a)'
  for name in one two; do
    ip netns exec "$space-$name" python3 -c "$echo_server" "$name" "$BATS_TEST_TMPDIR/ready-$name" 3>&- &
    echo $! >>"$BATS_TEST_TMPDIR/servers"
    for _ in $(seq 100); do [ -e "$BATS_TEST_TMPDIR/ready-$name" ] && break; sleep 0.05; done
  done
  # One socket, one source port: without a flush of the connection table it would go on to where it went.
  ask='
import socket, sys, time
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind(("0.0.0.0", 5555)); s.settimeout(2)
s.sendto(b"?", ("198.51.100.1", 5300)); print(s.recv(100).decode())'
  publish one -p 5300:53/udp
  [ "$(on_lan python3 -c "$ask")" = one ]
  withdraw one
  publish two -p 5300:53/udp
  [ "$(on_lan python3 -c "$ask")" = two ]
}

@test "a port in use is refused with docker's words and whose it is" {
  container web
  container two
  attach web
  attach two
  publish web -p 4000:80
  run -125 publish two -p 4000:80
  [ "$output" = "portmap: Bind for 0.0.0.0:4000 failed: port is already allocated (by container 'web')" ]
  run -125 publish two -p 127.0.0.1:4000:80
  [[ "$output" == *"Bind for 127.0.0.1:4000 failed: port is already allocated (by container 'web')" ]]
  publish two -p 4000:80/udp
  serve host mine 4001
  run -125 publish two -p 4001:80
  [[ "$output" == *"Bind for 0.0.0.0:4001 failed: port is already allocated (by process 'busybox' (pid "*"))" ]]
  run -125 publish two -p 203.0.113.9:4002:80
  [[ "$output" == *"Bind for 203.0.113.9:4002 failed: cannot assign requested address"* ]]
  run -125 publish two -p 5000:80 -p 5001:81 -p 4000:82
  run on_host portmap ls --owner two --format json
  [ -z "$output" ]
}

@test "the port of a container that went without a word is free for the next" {
  container one
  container two
  attach one
  attach two
  publish one -p 4000:80
  run -125 publish two -p 4000:80
  end_container one
  for _ in $(seq 50); do publish two -p 4000:80 && break; sleep 0.02; done
  [ "$(on_host portmap ls --format '{{.owner}} {{.host}}')" = "two 0.0.0.0:4000
two [::]:4000" ]
  on_host portmap check
}

@test "ranges, random ports and EXPOSE" {
  container web
  attach web
  publish web -p 8000-8002:80-82 -p 9000-9002:80 -p 9000-9002:81 -p 85 -P --expose 80 --expose 99/udp
  run on_host portmap ls --format '{{.containerPort}}/{{.protocol}} {{.hostPort}} {{.hostIP}}'
  # Random ones too are the same on both families.
  [ "$(printf '%s\n' "${lines[@]}" | grep -c ' ::$')" = 7 ]
  [ "$(printf '%s\n' "${lines[@]}" | sed 's/ [^ ]*$//' | sort -u | wc -l)" = 7 ]
  mapfile -t lines < <(printf '%s\n' "${lines[@]}" | sed -n 's/ 0.0.0.0$//p')
  [ "${lines[0]}" = "80/tcp 8000" ]
  [ "${lines[2]}" = "82/tcp 8002" ]
  [ "${lines[3]}" = "80/tcp 9000" ]
  [ "${lines[4]}" = "81/tcp 9001" ]
  [[ "${lines[5]}" == "85/tcp "* ]]
  [[ "${lines[6]}" == "99/udp "* ]]
  [ ${#lines[@]} = 7 ]
  read -r low high < <(on_host cat /proc/sys/net/ipv4/ip_local_port_range)
  port=${lines[5]#* }
  [ "$port" -ge "$low" ] && [ "$port" -le "$high" ]
  run -125 on_host portmap add 70000:80 --to 10.0.0.1 --owner two
}

@test "add, ls, del by hand" {
  container web
  attach web
  serve web page 80
  [ "$(on_host portmap add 4000:80 --to "$(on_host netctl address web)" --owner web)" = "80/tcp -> 0.0.0.0:4000
80/tcp -> [::]:4000" ]
  [ "$(on_host portmap add 4001:80 4002:80/udp --owner web | wc -l)" = 4 ]
  [ "$(on_host timeout 3 busybox wget -q -O - http://127.0.0.1:4001/)" = page ]
  on_host portmap ls --format json | while read -r line; do
    printf '%s\n' "$line" >"$BATS_TEST_TMPDIR/line"
    valid portmap-list "$BATS_TEST_TMPDIR/line"
  done
  grep -q '^tcp 0.0.0.0 4000 ' "$TOTE_RUN/ports/published"
  on_host portmap del 4000:80 --owner web
  run -1 on_host portmap del 4000:80 --owner web
  [[ "$output" == *"'4000:80'"*"'web'"* ]]
  [ "$(on_host portmap ls --format '{{.hostPort}}' | uniq | tr '\n' ' ')" = "4001 4002 " ]
  on_host portmap del --owner web
  on_host portmap del --owner web
  run -2 on_host portmap add 4000:80
  run -1 on_host portmap add 4000:80 --owner nobody
  [[ "$output" == *"'nobody'"* ]]
  detach web
  nothing_left
}

@test "a container that is not tote's can have ports, and leaves nothing" {
  container other
  on_host ip link add br0 type bridge
  on_host ip addr add 10.77.0.1/24 dev br0
  on_host ip link set br0 up
  on_host ip link add v0 master br0 type veth peer name eth0 netns "$space-other"
  on_host ip link set v0 up
  in_container other ip addr add 10.77.0.2/24 dev eth0
  in_container other ip link set eth0 up
  in_container other ip route add default via 10.77.0.1
  serve other page 80
  on_host portmap add 4000:80 --to 10.77.0.2 --owner other
  [ "$(on_host timeout 3 busybox wget -q -O - http://127.0.0.1:4000/)" = page ]
  [ "$(on_lan timeout 3 busybox wget -q -O - http://198.51.100.1:4000/)" = page ]
  on_host portmap del --owner other
  on_host ip link del v0
  on_host ip link del br0
  nothing_left
}

@test "check finds and repair mends what a firewall's reload has done" {
  container web
  attach web
  publish web -p 4000:80
  serve web page 80
  on_host portmap check
  on_host nft flush ruleset
  run -1 on_host portmap check
  [[ "$output" == *"the table 'tote' is missing"* ]]
  run ! on_host nft list table ip tote
  on_host portmap repair
  on_host portmap check
  [ "$(on_host timeout 3 busybox wget -q -O - http://127.0.0.1:4000/)" = page ]
  on_host nft delete element ip tote published '{ tcp . 4000 }'
  run -1 on_host portmap check
  [[ "$output" == *"0.0.0.0:4000/tcp of 'web'"* ]]
  on_host nft flush chain ip tote publish
  on_host nft add element ip tote published '{ tcp . 4999 : 10.0.0.9 . 80 }'
  on_host portmap repair
  on_host portmap check
  [ "$(on_host timeout 3 busybox wget -q -O - http://127.0.0.1:4000/)" = page ]
  on_host nft list map ip tote published | grep -q 4999
}

@test "rules are as many with a thousand ports as with one" {
  container web
  attach web
  publish web -p 4000:80
  rules=$(on_host nft -a list table ip tote | grep -c 'handle')
  on_host portmap add 10000-10999:10000-10999 --owner web >/dev/null
  on_host nft list map ip tote published | grep -o 'tcp \. 1[0-9]*' | wc -l
  [ "$(on_host nft -a list table ip tote | grep -c 'handle')" = "$rules" ]
  [ "$(on_host portmap ls --format json | wc -l)" = 2002 ]
  on_host portmap check
  withdraw web
  [ "$(on_host nft list map ip tote published | grep -c elements)" = 0 ]
}

@test "more ports than a process may open files for are published all the same, with a warning" {
  container web
  attach web
  serve web page 80
  run --separate-stderr on_host prlimit --nofile=256:256 portmap add 10000-10200:80-280 --owner web
  [ "$status" = 0 ]
  [ "$stderr" = 'portmap: warning: 201 ports are more than a process may have open files for: none is held, and nobody answers on IPv6' ]
  [ "$(on_host portmap ls --format json | wc -l)" = 201 ]
  [ "$(on_host timeout 3 busybox wget -q -O - http://127.0.0.1:10000/)" = page ]
}

@test "parse answers as docker does" {
  [ "$(portmap parse 8080:80 127.0.0.1::80/udp)" = '{"80/tcp":[{"HostIp":"","HostPort":"8080"}],"80/udp":[{"HostIp":"127.0.0.1","HostPort":""}]}' ]
  run -125 portmap parse 80/icmp
  [ "$output" = "portmap: Invalid proto: icmp" ]
}

@test "two stores in one namespace do not get in each other's way" {
  container one
  container two
  attach one
  publish one -p 4000:80
  serve one page 80
  export TOTE_ROOT=$BATS_TEST_TMPDIR/root2 TOTE_RUN=$BATS_TEST_TMPDIR/run2
  attach two
  run -125 publish two -p 4000:80
  [[ "$output" == *"port is already allocated"* ]]
  publish two -p 4001:80
  serve two other 80
  withdraw two
  detach two
  export TOTE_ROOT=$BATS_TEST_TMPDIR/root TOTE_RUN=$BATS_TEST_TMPDIR/run
  [ "$(on_host timeout 3 busybox wget -q -O - http://127.0.0.1:4000/)" = page ]
  withdraw one
  detach one
  nothing_left
}

@test "--help and --version answer, and the manual page names every verb" {
  portmap --version | grep -q '^portmap '
  for verb in add del ls parse attach detach check repair; do
    portmap --help | grep -q "^ *$verb"
    portmap "$verb" --help >/dev/null
    grep -q "^\.It Cm $verb" "$top/man/portmap.8"
  done
  mandoc -Tlint -Wwarning "$top/man/portmap.8"
}
