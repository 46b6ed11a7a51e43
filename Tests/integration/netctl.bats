#!/usr/bin/env bats
bats_require_minimum_version 1.5.0
load helper
load network

setup() {
  needs ip nft busybox jq
  private_roots
  network_up
}
teardown() { network_down; }

@test "attach gives a container an address, a route out and its name; the last detach leaves nothing" {
  container web
  attach web --hostname web --hosts "$BATS_TEST_TMPDIR/hosts"
  address=$(on_host netctl address web)
  [ "$(in_container web ip -4 -o addr show eth0 | awk '{print $4}')" = "$address/16" ]
  in_container web ip link show lo | grep -q 'LOOPBACK,UP'
  [ "$(in_container web ip route show default | awk '{print $3}')" = "$(jq -r .gateway "$TOTE_ROOT/networks/bridge/network.json")" ]
  grep -q "^$address	web	# tote$" "$BATS_TEST_TMPDIR/hosts"
  grep -q '^127.0.0.1	localhost$' "$BATS_TEST_TMPDIR/hosts"
  [ "$(on_host cat /proc/sys/net/ipv4/ip_forward)" = 1 ]
  valid network "$TOTE_ROOT/networks/bridge/network.json"
  valid attachment "$TOTE_RUN/network/web.json"
  serve lan outside 81
  [ "$(in_container web timeout 3 busybox wget -q -O - http://198.51.100.2:81/)" = outside ]
  end_container web
  detach web
  nothing_left
}

@test "detach may come twice, for a container nobody knows, and while the namespace lives" {
  container web
  attach web
  detach web
  run ! in_container web ip link show eth0
  detach web
  on_host netctl detach nobody
  nothing_left
}

@test "containers reach each other; nobody from outside reaches what is not published" {
  container one
  container two
  attach one
  attach two
  serve one inside 80
  address=$(on_host netctl address one)
  [ "$(in_container two timeout 3 busybox wget -q -O - "http://$address/")" = inside ]
  [ "$(on_host timeout 3 busybox wget -q -O - "http://$address/")" = inside ]
  on_lan ip route add default via 198.51.100.1
  run ! on_lan timeout 1 busybox wget -q -O - "http://$address/"
}

@test "a container cannot reach the host's own loopback services through its bridge" {
  container web
  attach web
  serve host secret 82
  gateway=$(jq -r .gateway "$TOTE_ROOT/networks/bridge/network.json")
  [ "$(in_container web timeout 3 busybox wget -q -O - "http://$gateway:82/")" = secret ]
  in_container web sysctl -qw net.ipv4.conf.eth0.route_localnet=1
  in_container web ip addr del 127.0.0.1/8 dev lo
  in_container web ip route add 127.0.0.1 via "$gateway" dev eth0 src "$(on_host netctl address web)"
  run ! in_container web timeout 1 busybox wget -q -O - http://127.0.0.1:82/
}

@test "an address that is asked for is given once" {
  container one
  container two
  on_host netctl create --subnet 10.99.0.0/24 front
  attach one --network front --ip 10.99.0.9 --mac-address 02:00:00:00:00:09
  [ "$(on_host netctl address one)" = 10.99.0.9 ]
  in_container one ip link show eth0 | grep -q 02:00:00:00:00:09
  run -1 attach two --network front --ip 10.99.0.9
  [[ "$output" == *"address 10.99.0.9 is already in use by container 'one'"* ]]
  run -1 attach two --network front --ip 10.98.0.9
  [[ "$output" == *"10.98.0.9"*"10.99.0.0/24"* ]]
  run -1 attach two --network front --ip 10.99.0.1
  [[ "$output" == *gateway* ]]
  [ ! -e "$TOTE_RUN/network/two.json" ]
}

@test "two hundred containers at once get two hundred addresses" {
  for i in $(seq 200); do ip netns add "$space-c$i"; done
  for i in $(seq 200); do
    on_host netctl attach "c$i" --netns "/run/netns/$space-c$i" >"$BATS_TEST_TMPDIR/out$i" 3>&- &
    pids="$pids $!"
  done
  for pid in $pids; do wait "$pid"; done
  [ "$(cat "$BATS_TEST_TMPDIR"/out* | jq -r '.networks[0].address' | sort -u | wc -l)" = 200 ]
  for i in $(seq 200); do on_host netctl detach "c$i"; done
  nothing_left
}

@test "a container that went without a word leaves nothing taken" {
  container one
  container two
  attach one
  on_host portmap add 4000:80 --owner one
  first=$(on_host netctl address one)
  end_container one
  attach two
  [ "$(on_host netctl gc)" = one ]
  run on_host portmap ls --format json
  [ -z "$output" ]
  detach two
  nothing_left
  # And when all have gone, and the records with a reboot.
  container three
  attach three
  end_container three
  rm -r "$TOTE_RUN/network"
  # Without its record a container counts as gone when its link is, and the kernel takes its time over links.
  for _ in $(seq 100); do
    on_host netctl gc
    [ -n "$(what_is_left)" ] || break
    sleep 0.02
  done
  nothing_left
}

@test "on a network of one's own, names resolve both ways and go with their container" {
  container one
  container two
  on_host netctl create front
  attach one --network front --network-alias db --network-alias data --hosts "$BATS_TEST_TMPDIR/one"
  attach two --network front --network-alias web --hostname web --hosts "$BATS_TEST_TMPDIR/two"
  grep -q "^$(on_host netctl address two)	web	# tote$" "$BATS_TEST_TMPDIR/one"
  grep -q "^$(on_host netctl address one)	db data	# tote$" "$BATS_TEST_TMPDIR/two"
  end_container one
  detach one
  run ! grep db "$BATS_TEST_TMPDIR/two"
  grep -q web "$BATS_TEST_TMPDIR/two"
}

@test "networks are apart from each other, and connect joins them" {
  container one
  container two
  on_host netctl create front
  on_host netctl create back
  attach one --network front
  attach two --network back
  serve one answer 80
  run ! in_container two timeout 1 busybox wget -q -O - "http://$(on_host netctl address one)/"
  on_host netctl connect front two
  [ "$(in_container two timeout 3 busybox wget -q -O - "http://$(on_host netctl address one)/")" = answer ]
  on_host netctl inspect front | jq -e '.[0].Containers | keys == ["one", "two"]'
  on_host netctl disconnect front two
  run ! in_container two ip link show eth1
  in_container two ip link show eth0
  run -1 on_host netctl disconnect front two
  [[ "$output" == *"not attached to network 'front'"* ]]
}

@test "an internal network has no way out" {
  container web
  on_host netctl create --internal closed
  attach web --network closed
  [ -z "$(in_container web ip route show default)" ]
  serve lan outside 81
  in_container web ip route add default via "$(jq -r .gateway "$TOTE_ROOT/networks/closed/network.json")"
  run ! in_container web timeout 1 busybox wget -q -O - http://198.51.100.2:81/
}

@test "several networks give several interfaces and one default route" {
  container web
  on_host netctl create --internal a
  on_host netctl create b
  attach web --network a --network-alias x --network b --ip "$(jq -r .subnet "$TOTE_ROOT/networks/b/network.json" | sed 's/0\/.*/77/')"
  [ "$(in_container web ip -o link | grep -c eth)" = 2 ]
  in_container web ip route show default | grep -q 'dev eth1'
  [[ "$(on_host netctl address --network b web)" == *.77 ]]
  detach web
  nothing_left
}

@test "create, ls, inspect, rm and prune" {
  id=$(on_host netctl create --subnet 10.99.0.0/24 --gateway 10.99.0.254 --label a=b -o mtu=1400 front)
  [ ${#id} = 64 ]
  on_host netctl create back
  [ "$(on_host netctl ls --format '{{.Name}} {{.Driver}} {{.Scope}}')" = "back bridge local
front bridge local" ]
  [[ "$(on_host netctl ls)" == "NETWORK ID     NAME      DRIVER    SCOPE"* ]]
  [ "$(on_host netctl ls -q --no-trunc --filter label=a=b)" = "$id" ]
  [ "$(on_host netctl inspect "${id:0:12}" --format '{{.Name}} {{(index .IPAM.Config 0).Gateway}}')" = "front 10.99.0.254" ]
  valid network "$TOTE_ROOT/networks/front/network.json"
  container web
  attach web --network front
  [ "$(in_container web cat /sys/class/net/eth0/mtu)" = 1400 ]
  run -1 on_host netctl rm front
  [[ "$output" == *"has active endpoints"* ]]
  [[ "$(on_host netctl prune -f)" == *back* ]]
  detach web
  on_host netctl rm front
  run -1 on_host netctl inspect front
  [[ "$output" == *"network front not found"* ]]
  nothing_left
}

@test "a range of the subnet, and addresses that nobody gets" {
  on_host netctl create --subnet 10.9.0.0/16 --ip-range 10.9.5.0/30 --aux-address router=10.9.5.1 --aux-address printer=10.9.5.2 front
  valid network "$TOTE_ROOT/networks/front/network.json"
  for id in one two three; do container "$id"; done
  attach one --network front
  attach two --network front
  [ "$(on_host netctl address one) $(on_host netctl address two)" = '10.9.5.0 10.9.5.3' ]
  run -1 attach three --network front
  [[ $output == *"no address of 10.9.5.0/30 is free"* ]]
  run -1 attach three --network front --ip 10.9.5.1
  [[ $output == *"10.9.5.1"*"reserved for 'router'"* ]]
  attach three --network front --ip 10.9.7.7
  [ "$(on_host netctl inspect front | jq -c '.[0].IPAM.Config[0] | [.IPRange, .AuxiliaryAddresses.router]')" = '["10.9.5.0/30","10.9.5.1"]' ]
  run -1 on_host netctl create --subnet 10.8.0.0/16 --ip-range 10.9.0.0/24 wrong
  [[ $output == *"range 10.9.0.0/24 is not within subnet 10.8.0.0/16"* ]]
  run -2 on_host netctl create --ip-range 10.9.0.0/24 wrong
  run -2 on_host netctl create --subnet 10.8.0.0/16 --aux-address x wrong
}

@test "what cannot be is refused in one line that names it" {
  container web
  run -1 attach web --network nowhere
  [ "$output" = "netctl: network 'nowhere' not found" ]
  on_host netctl create --subnet 10.99.0.0/24 a
  run -1 on_host netctl create --subnet 10.99.0.128/25 b
  [[ "$output" == *"10.99.0.128/25 overlaps with 10.99.0.0/24 of network 'a'"* ]]
  run -2 on_host netctl create --subnet 10.99.0.1/24 b
  run -2 on_host netctl create --subnet fd00::/64 b
  run -2 on_host netctl create --driver overlay b
  [[ "$output" == *overlay* ]]
  run -1 on_host netctl create ../x
  [[ "$output" == *"'../x'"* ]]
  run -1 on_host netctl rm bridge
  run -1 on_host netctl attach web --netns /proc/self/ns/net
  [[ "$output" == *"/proc/self/ns/net"* ]]
  run -1 on_host netctl attach web --netns /etc/passwd
  run -2 on_host netctl attach --ip 1.2.3 web --netns "/run/netns/$space-web"
  run -1 bash -c 'echo "{}" | ip netns exec '"$space-host"' netctl attach -'
  [[ "$output" == *"'id'"* ]]
  attach web
  run -1 attach web
  [[ "$output" == *"container 'web' is already attached to network 'bridge'"* ]]
}

@test "the subnet steps aside for a route of the host's" {
  container web
  attach web
  subnet=$(jq -r .subnet "$TOTE_ROOT/networks/bridge/network.json")
  detach web
  on_host ip route add "$subnet" via 198.51.100.2
  attach web
  [ "$(jq -r .subnet "$TOTE_ROOT/networks/bridge/network.json")" != "$subnet" ]
}

@test "ip_forward stays on where it was on" {
  on_host sysctl -qw net.ipv4.ip_forward=1
  container web
  attach web
  detach web
  [ "$(on_host cat /proc/sys/net/ipv4/ip_forward)" = 1 ]
}

@test "--help and --version answer, and the manual page names every verb and option" {
  netctl --version | grep -q '^netctl '
  for verb in attach detach create ls inspect rm prune connect disconnect address gc; do
    netctl --help | grep -q "^ *$verb"
    netctl "$verb" --help >/dev/null
    grep -q "^\.It Cm $verb\|^\.It Cm .* $verb" "$top/man/netctl.8"
  done
  mandoc -Tlint -Wwarning "$top/man/netctl.8"
}

@test "runc runs the hooks: a bundle gives a networked container, and takes all with it" {
  needs runc
  bundle=$BATS_TEST_TMPDIR/bundle
  mkdir -p "$bundle/rootfs" "$BATS_TEST_TMPDIR/runc"
  busybox_rootfs "$bundle/rootfs"
  mkdir -p "$bundle/rootfs/www"
  echo served >"$bundle/rootfs/www/index.html"
  (cd "$bundle" && runc spec)
  jq --arg bin "$TOTE_BIN" --arg root "$TOTE_ROOT" --arg run "$TOTE_RUN" --arg hosts "$bundle/hosts" '
    .process.terminal = false | .process.args = ["/bin/busybox", "httpd", "-f", "-p", "80", "-h", "/www"]
    | .process.capabilities |= with_entries(.value += ["CAP_NET_BIND_SERVICE"])
    | .hooks.createRuntime = [
        {path: "\($bin)/netctl", args: ["netctl", "attach", "--root", $root, "--run-root", $run, "--hostname", "web", "--hosts", $hosts, "-"]},
        {path: "\($bin)/portmap", args: ["portmap", "attach", "--run-root", $run, "-p", "4000:80", "-"]}]
    | .hooks.poststop = [
        {path: "\($bin)/portmap", args: ["portmap", "detach", "--run-root", $run, "-"]},
        {path: "\($bin)/netctl", args: ["netctl", "detach", "--root", $root, "--run-root", $run, "-"]}]
    ' "$bundle/config.json" >"$bundle/new" && mv "$bundle/new" "$bundle/config.json"
  # nsenter, not ip netns exec: that mounts another /sys, without the control groups.
  host_runc() { nsenter --net="/run/netns/$space-host" runc --root "$BATS_TEST_TMPDIR/runc" "$@"; }
  host_runc run --detach --bundle "$bundle" "$space-web" </dev/null >"$BATS_TEST_TMPDIR/log" 2>&1 3>&-
  for _ in $(seq 50); do
    page=$(on_lan timeout 3 busybox wget -q -O - http://198.51.100.1:4000/) && break
    sleep 0.1
  done
  [ "$page" = served ]
  grep -q "web	# tote$" "$bundle/hosts"
  # A second one with the same port does not come up, and leaves no more than the first.
  run -1 host_runc run --detach --bundle "$bundle" "$space-two" </dev/null
  [[ "$output" == *"port is already allocated (by container '$space-web')"* ]]
  on_host netctl detach "$space-two"
  host_runc delete --force "$space-web"
  nothing_left
}

@test "a service's name leads to one address, balanced over those that listen, and never changes" {
  on_host netctl create shop >/dev/null
  on_host netctl create other >/dev/null
  container client
  attach client --network shop --hosts "$BATS_TEST_TMPDIR/hosts"
  for id in one two; do
    container "$id"
    attach "$id" --network shop --service-alias web --network-alias "$id"
  done
  line=$(grep -w web "$BATS_TEST_TMPDIR/hosts")
  [ "$(grep -cw web "$BATS_TEST_TMPDIR/hosts")" = 1 ]
  address=${line%%	*}
  # One listens, the other does not yet: no connection goes there.
  serve one page-one 8080
  soon_member one
  for _ in 1 2 3 4; do [ "$(in_container client timeout 3 busybox wget -q -O - "http://$address:8080/")" = page-one ]; done
  serve two page-two 8080
  soon_member two
  for from in client one; do
    answers=$(for _ in $(seq 10); do in_container "$from" timeout 3 busybox wget -q -O - "http://$address:8080/"; done | sort | uniq -c | xargs)
    [ "$answers" = '5 page-one 5 page-two' ]
  done
  [[ "$(on_host timeout 3 busybox wget -q -O - "http://$address:8080/")" == page-* ]]
  in_container client busybox ping -c 1 -W 2 "$address" >/dev/null
  # It is the host's and its own network's: nobody else reaches it.
  container stranger
  attach stranger --network other
  run ! in_container stranger timeout 1 busybox wget -q -O - "http://$address:8080/"
  on_lan ip route add "$address" via 198.51.100.1
  run ! on_lan timeout 1 busybox wget -q -O - "http://$address:8080/"
  on_host portmap check
  on_host nft flush ruleset
  run -1 on_host portmap check
  on_host portmap repair
  on_host portmap check
  [[ "$(in_container client timeout 3 busybox wget -q -O - "http://$address:8080/")" == page-* ]]
  run ! in_container stranger timeout 1 busybox wget -q -O - "http://$address:8080/"
  # Members come and go, the line stays.
  detach one
  for _ in 1 2 3; do [ "$(in_container client timeout 3 busybox wget -q -O - "http://$address:8080/")" = page-two ]; done
  detach two
  [ "$(grep -w web "$BATS_TEST_TMPDIR/hosts")" = "$line" ]
  run ! in_container client timeout 1 busybox wget -q -O - "http://$address:8080/"
  container three
  attach three --network shop --service-alias web
  serve three page-three 8080
  soon_member three
  [ "$(grep -w web "$BATS_TEST_TMPDIR/hosts")" = "$line" ]
  [ "$(in_container client timeout 3 busybox wget -q -O - "http://$address:8080/")" = page-three ]
  for id in three client stranger; do detach "$id"; done
  on_host netctl rm shop other >/dev/null
  # That it was off was forgotten with the flush.
  on_host sysctl -qw net.ipv4.ip_forward=0
  nothing_left
}
soon_member() { for _ in $(seq 100); do grep -q " $1 .* 1$" "$TOTE_RUN/ports/addresses" && return; sleep 0.02; done; false; }
