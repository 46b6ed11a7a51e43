# Past one machine (docs/beyond-one-machine.md): Kubernetes' and Swarm's own node programs, each a private instance in namespaces of its own,
# with runc-swift as their runtime and netctl and portmap as their network.
bats_require_minimum_version 1.5.0
load helper

setup() {
  private_roots
  place=$BATS_TEST_TMPDIR/engine
  mkdir "$place"
}

# A kubelet would keep its pods' parent; here nobody does.
teardown() { find /sys/fs/cgroup -depth -type d -name 'tote-cri-*' -exec rmdir {} + 2>/dev/null || true; }

# alone FUNCTION: calls a function of this file in network and mount namespaces that nothing else is in.
alone() {
  export place top
  unshare -n -m --propagation private bash -c "set -eu
    ip link set lo up
    $(declare -f "$@" soon)
    $1"
}

soon() { for _ in $(seq 300); do "$@" >/dev/null 2>&1 && return; sleep 0.2; done; echo "not so: $*"; return 1; }

containerd_with_tote() {
  "$top/examples/base/make-busybox.sh" >/dev/null
  printf 'FROM busybox\nCMD ["sleep", "100000"]\n' | tote build -q -t pause - >/dev/null
  tote save -o "$place/images.tar" pause busybox
  mkdir "$place/cni" "$place/net.d" "$place/logs"
  ln -s "$TOTE_BIN/netctl" "$TOTE_BIN/portmap" /usr/lib/cni/loopback "$place/cni"
  cat >"$place/net.d/10-tote.conflist" <<JSON
{"cniVersion": "1.0.0", "name": "pods", "plugins": [
  {"type": "netctl", "subnet": "10.88.7.0/24"}, {"type": "portmap", "capabilities": {"portMappings": true}}]}
JSON
  cat >"$place/config.toml" <<TOML
version = 2
root = "$place/root"
state = "$place/state"
[grpc]
  address = "$place/containerd.sock"
[plugins."io.containerd.internal.v1.opt"]
  path = "$place/opt"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "docker.io/library/pause:latest"
  restrict_oom_score_adj = true
  [plugins."io.containerd.grpc.v1.cri".containerd]
    snapshotter = "native"
    default_runtime_name = "runc"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
      runtime_type = "io.containerd.runc.v2"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.tote]
      runtime_type = "io.containerd.runc.v2"
      [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.tote.options]
        BinaryName = "$TOTE_BIN/runc-swift"
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "$place/cni"
    conf_dir = "$place/net.d"
TOML
  containerd -c "$place/config.toml" >"$place/log" 2>&1 3>&- &
  engine=$!
  trap 'kill $engine; wait $engine || true' EXIT
  soon ctr -a "$place/containerd.sock" version
  ctr -a "$place/containerd.sock" -n k8s.io images import "$place/images.tar" >/dev/null
  PYTHONPATH=$place timeout 60 "$place/venv/bin/python" "$top/Tests/integration/cri/kubelet.py" \
    "$place/containerd.sock" tote docker.io/library/busybox:latest 4701 "$place/logs"
  # The pod took its network with it.
  ip -o link | grep -c tote || true
  nft list tables 2>/dev/null | grep -c tote || true
}

@test "containerd's CRI runs a pod by its RuntimeClass: runc-swift, netctl and portmap under Kubernetes' own interface" {
  needs containerd ctr nft
  [ -x /usr/lib/cni/loopback ] || skip "containernetworking-plugins is not installed"
  python3 -m venv "$place/venv"
  timeout 120 "$place/venv/bin/pip" install -q grpcio grpcio-tools >&2 || skip "PyPI is not reachable: no grpcio"
  "$place/venv/bin/python" -m grpc_tools.protoc -I "$top/Tests/integration/cri" --python_out="$place" --grpc_python_out="$place" cri.proto
  run -0 alone containerd_with_tote
  [ "$output" = "pod 10.88.7.2
exec 0 pod 7
limit 67108864
a page from a pod
limit 33554432
memory True
exit 137
left 0
0
0" ]
  [[ $(cat "$place/logs/web.log") == *' stdout F logged' ]]
}

swarm_with_tote() {
  "$top/examples/base/make-busybox.sh" >/dev/null
  tote save -o "$place/busybox.tar" busybox
  export DOCKER_HOST=unix://$place/docker.sock
  dockerd --data-root "$place/data" --exec-root "$place/exec" -p "$place/pid" -H "$DOCKER_HOST" --storage-driver vfs --bridge none --iptables=false \
    --add-runtime "tote=$TOTE_BIN/runc-swift" --default-runtime tote >"$place/log" 2>&1 3>&- &
  engine=$!
  trap 'docker swarm leave --force >/dev/null 2>&1; kill $engine; wait $engine || true' EXIT
  soon docker version
  docker info --format '{{.DefaultRuntime}}'
  docker load -q -i "$place/busybox.tar" >/dev/null
  docker swarm init --advertise-addr 127.0.0.1 --listen-addr 127.0.0.1:2377 >/dev/null
  docker stack deploy --resolve-image never -c "$place/stack.yml" guide >/dev/null 2>&1
  replicas() { [ "$(docker ps -q | wc -l)" = "$1" ]; }
  soon replicas 5
  one=$(docker ps -q | head -n 1)
  docker inspect -f '{{.HostConfig.Runtime}} {{.HostConfig.Memory}} {{.HostConfig.NanoCpus}}' "$one"
  docker exec "$one" sh -c 'cat /sys/fs/cgroup/memory/memory.limit_in_bytes || cat /sys/fs/cgroup/memory.max'
  docker kill "$one" >/dev/null
  another() { replicas 5 && ! docker ps -q | grep -q "$one"; }
  soon another
  docker service scale -d guide_web=2 >/dev/null
  soon replicas 2
  docker service ls --format '{{.Name}} {{.Replicas}}'
  docker stack rm guide >/dev/null
  soon replicas 0
}

@test "a Swarm whose default runtime is runc-swift: five limited replicas, one that is killed comes back, two" {
  needs dockerd docker
  # The guide's service, but on the host's network: Swarm's own needs IPVS and VXLAN.
  cat >"$place/stack.yml" <<'YAML'
version: "3.7"
services:
  web:
    image: busybox:latest
    command: sh -c 'trap "exit 0" TERM; sleep 1000 & wait'
    deploy:
      replicas: 5
      resources:
        limits:
          cpus: "0.1"
          memory: 50M
      restart_policy:
        condition: on-failure
    networks: [webnet]
networks:
  webnet:
    external: true
    name: host
YAML
  run -0 alone swarm_with_tote
  echo "$output"
  [ "$output" = 'tote
tote 52428800 100000000
52428800
guide_web 2/2' ]
}
