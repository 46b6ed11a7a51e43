#!/usr/bin/env bats
# netctl and portmap as CNI plugins, called as libcni calls them (spec 1.1).
bats_require_minimum_version 1.5.0
load helper
load network

setup() {
  needs ip nft busybox jq
  private_roots
  network_up
}
teardown() { network_down; }

# cni PLUGIN COMMAND CONTAINER CONFIG: one call.
cni() {
  ip netns exec "$space-host" env CNI_COMMAND="$2" CNI_CONTAINERID="$3" CNI_NETNS="/run/netns/$space-$3" CNI_IFNAME=eth0 CNI_PATH="$TOTE_BIN" "$1" <<<"$4"
}
net='{"cniVersion":"1.1.0","name":"pod","type":"netctl","subnet":"10.88.7.0/24"}'
# ports PREVRESULT MAPPINGS: portmap's configuration.
ports() { jq -nc --argjson p "$1" --argjson m "$2" '{cniVersion: "1.1.0", name: "pod", type: "portmap", prevResult: $p, runtimeConfig: {portMappings: $m}}'; }

@test "ADD, CHECK and DEL, chained" {
  container one
  cni netctl ADD one "$net" >"$BATS_TEST_TMPDIR/result"
  valid cni-result "$BATS_TEST_TMPDIR/result"
  result=$(cat "$BATS_TEST_TMPDIR/result")
  [ "$(jq -r '.ips[0].address' <<<"$result")" = 10.88.7.2/24 ]
  [ "$(jq -r '.interfaces[.ips[0].interface].sandbox' <<<"$result")" = "/run/netns/$space-one" ]
  in_container one ip -4 addr show eth0 | grep -q '10.88.7.2/24'
  conf=$(ports "$result" '[{"hostPort":4000,"containerPort":80,"protocol":"tcp"}]')
  [ "$(cni portmap ADD one "$conf" | jq -cS .)" = "$(jq -cS . <<<"$result")" ]
  serve one page 80
  [ "$(on_lan timeout 3 busybox wget -q -O - http://198.51.100.1:4000/)" = page ]
  cni netctl CHECK one "$(jq -c --argjson p "$result" '.prevResult = $p' <<<"$net")"
  cni portmap CHECK one "$conf"
  on_host nft delete element ip tote published '{ tcp . 4000 }'
  run -1 cni portmap CHECK one "$conf"
  [ "$(jq .code <<<"$output")" = 101 ]
  in_container one ip addr flush dev eth0
  run -1 cni netctl CHECK one "$net"
  [ "$(jq .code <<<"$output")" = 101 ]
  for _ in 1 2; do
    cni portmap DEL one "$conf"
    cni netctl DEL one "$net"
  done
  nothing_left
}

@test "DEL works with no namespace and no prevResult" {
  container one
  result=$(cni netctl ADD one "$net")
  cni portmap ADD one "$(ports "$result" '[{"hostPort":4000,"containerPort":80}]')" >/dev/null
  end_container one
  on_host env -u CNI_NETNS CNI_COMMAND=DEL CNI_CONTAINERID=one CNI_IFNAME=eth0 portmap <<<'{"cniVersion":"1.1.0","name":"pod","type":"portmap"}'
  on_host env -u CNI_NETNS CNI_COMMAND=DEL CNI_CONTAINERID=one CNI_IFNAME=eth0 netctl <<<"$net"
  nothing_left
}

@test "GC takes what is no longer valid and leaves the rest" {
  for name in one two; do
    container $name
    result=$(cni netctl ADD $name "$net")
    cni portmap ADD $name "$(ports "$result" "[{\"hostPort\":400${#name},\"containerPort\":80,\"protocol\":\"$([ $name = one ] && echo tcp || echo udp)\"}]")" >/dev/null
  done
  other=$(jq -c '.name = "other" | .subnet = "10.88.8.0/24"' <<<"$net")
  container three
  cni netctl ADD three "$other" >/dev/null
  gc='{"cniVersion":"1.1.0","name":"pod","cni.dev/valid-attachments":[{"containerID":"two","ifname":"eth0"}]}'
  on_host env CNI_COMMAND=GC CNI_PATH=/ portmap <<<"$gc"
  on_host env CNI_COMMAND=GC CNI_PATH=/ netctl <<<"$gc"
  [ "$(on_host portmap ls --format '{{.owner}}')" = pod+two+eth0 ]
  [ "$(ls "$TOTE_RUN/network" | grep json | tr '\n' ' ')" = "other+three+eth0.json pod+two+eth0.json " ]
}

@test "STATUS and VERSION" {
  for plugin in netctl portmap; do
    on_host env CNI_COMMAND=STATUS $plugin <<<"{\"cniVersion\":\"1.1.0\",\"name\":\"pod\",\"type\":\"$plugin\"}"
    on_host env CNI_COMMAND=VERSION $plugin <<<'{"cniVersion":"1.0.0"}' |
      jq -e '.cniVersion == "1.0.0" and .supportedVersions == ["0.1.0","0.2.0","0.3.0","0.3.1","0.4.0","1.0.0","1.1.0"]'
    run -1 on_host env CNI_COMMAND=STATUS $plugin <<<"{\"cniVersion\":\"0.4.0\",\"name\":\"pod\",\"type\":\"$plugin\"}"
    [ "$(jq .code <<<"$output")" = 1 ]
  done
}

@test "the result has the form of each version" {
  for version in 0.1.0 0.2.0 0.3.0 0.3.1 0.4.0 1.0.0 1.1.0; do
    container one
    result=$(cni netctl ADD one "$(jq -c --arg v $version '.cniVersion = $v' <<<"$net")")
    [ "$(jq -r .cniVersion <<<"$result")" = $version ]
    case $version in
      0.1.0 | 0.2.0) [ "$(jq -r .ip4.ip <<<"$result")" = 10.88.7.2/24 ] ;;
      0.*) [ "$(jq -r '.ips[0].version' <<<"$result")" = 4 ] ;;
      *) [ "$(jq -r '.ips[0] | has("version")' <<<"$result")" = false ] ;;
    esac
    conf=$(ports "$result" '[{"hostPort":4000,"containerPort":80}]' | jq -c --arg v $version '.cniVersion = $v')
    cni portmap ADD one "$conf" | jq -e --arg v $version '.cniVersion == $v'
    grep -q '10.88.7.2 80' "$TOTE_RUN/ports/published"
    cni portmap DEL one "$conf"
    cni netctl DEL one "$net"
    end_container one
  done
}

@test "errors are answered as the specification numbers them" {
  container one
  code() { # code CODE PLUGIN COMMAND CONFIG [VARIABLE=VALUE…]
    local wanted=$1 plugin=$2 command=$3 conf=$4
    shift 4
    run -1 ip netns exec "$space-host" env CNI_COMMAND="$command" CNI_CONTAINERID=one CNI_NETNS="/run/netns/$space-one" CNI_IFNAME=eth0 "$@" "$plugin" <<<"$conf"
    printf '%s\n' "$output" >"$BATS_TEST_TMPDIR/error"
    valid cni-result "$BATS_TEST_TMPDIR/error"
    [ "$(jq .code <<<"$output")" = "$wanted" ]
  }
  code 1 netctl ADD '{"cniVersion":"9.9.9","name":"pod"}'
  code 4 netctl ADD "$net" CNI_NETNS=
  [[ "$output" == *CNI_NETNS* ]]
  code 4 netctl ADD "$net" CNI_CONTAINERID=
  code 4 netctl ADD "$net" CNI_IFNAME=a/b
  code 4 netctl ADD "$net" CNI_CONTAINERID=../x
  code 4 netctl NONSENSE "$net"
  code 6 netctl ADD '{"cniVersion":'
  code 6 netctl ADD '[]'
  code 7 netctl ADD '{"cniVersion":"1.1.0"}'
  code 7 portmap ADD '{"cniVersion":"1.1.0","name":"pod"}'
  code 7 portmap ADD "$(ports '{"ips":[{"address":"10.0.0.2/24"}]}' '[{"hostPort":0,"containerPort":80}]')"
  code 7 portmap ADD "$(ports '{"ips":[]}' '[{"hostPort":1,"containerPort":80}]')"
  cni portmap ADD one "$(ports '{"ips":[{"address":"10.0.0.2/24"}]}' '[{"hostPort":4000,"containerPort":80}]')" >/dev/null
  code 100 portmap ADD "$(ports '{"ips":[{"address":"10.0.0.3/24"}]}' '[{"hostPort":4000,"containerPort":80}]')" CNI_CONTAINERID=two
  [[ "$output" == *"port is already allocated"* ]]
}
