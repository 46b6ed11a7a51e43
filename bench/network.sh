#!/bin/sh
# Times the network of one container with one published port: netctl and portmap, netavark where it is installed; then what publishing
# ports costs, and connecting to one of 1 and of 20,000. Medians of N rounds, in turn, in a network namespace of the bench's own.
# usage: bench/network.sh [-n TIMES]
set -eu

times=20
while getopts n: option; do
  case $option in
  n) times=$OPTARG ;;
  *) exit 2 ;;
  esac
done

top=$(cd "$(dirname "$0")/.." && pwd)
if [ "${TOTE_BENCH_INSIDE:-}" != 1 ]; then
  export TOTE_BENCH_INSIDE=1
  exec unshare -n -m "$0" "$@"
fi
export BENCH_BIN="${TOTE_BIN:-$top/.build/release}" BENCH_TIMES="$times"
[ -x "$BENCH_BIN/netctl" ] || { echo "bench: $BENCH_BIN/netctl is not built" >&2; exit 1; }
scratch=$(mktemp -d /dev/shm/tote-bench.XXXXXX)
trap 'rm -rf "$scratch"' EXIT
export TOTE_ROOT="$scratch/root" TOTE_RUN="$scratch/run"
mkdir -p "$TOTE_ROOT" "$TOTE_RUN" /run/netns
mount -t tmpfs none /run/netns
ip link set lo up
cd "$scratch"
exec python3 - <<'PYTHON'
import atexit, collections, json, os, shutil, socket, statistics, subprocess, time

tools, times = os.environ["BENCH_BIN"], int(os.environ["BENCH_TIMES"])
measured = collections.defaultdict(list)

def timed(name, *commands):
    begin = time.perf_counter()
    for command, text in commands:
        subprocess.run(command, input=text, text=True, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    measured[name].append((time.perf_counter() - begin) * 1000)

def namespace(name):
    subprocess.run(["ip", "netns", "add", name], check=True)
    process = subprocess.Popen(["nsenter", f"--net=/run/netns/{name}", "sleep", "1000"], stdin=subprocess.DEVNULL)
    atexit.register(process.kill)
    return process

def tote(tool, *arguments): return [f"{tools}/{tool}", *arguments]

def state(name, process): return json.dumps({"ociVersion": "1.2.0", "id": name, "pid": process.pid, "status": "creating", "bundle": "/"})

def round_of_tote(number):
    process = namespace(f"t{number}")
    time.sleep(0.05)
    text = state("web", process)
    timed("tote set up", (tote("netctl", "attach", "-"), text), (tote("portmap", "attach", "-p", "4000:80", "-"), text))
    process.kill()
    process.wait()
    subprocess.run(["ip", "netns", "del", f"t{number}"], check=True)
    timed("tote take down", (tote("portmap", "detach", "-"), text), (tote("netctl", "detach", "-"), text))

def round_of_netavark(number):
    network = {"name": "podman", "id": "2f259bab93aaaaa2542ba43ef33eb990d0999ee1b9924b557b7be53c0b7a1bb9", "driver": "bridge",
               "network_interface": "podman0", "subnets": [{"subnet": "10.222.0.0/16", "gateway": "10.222.0.1"}], "ipv6_enabled": False,
               "internal": False, "dns_enabled": False, "ipam_options": {"driver": "host-local"}}
    text = json.dumps({"container_id": "c", "container_name": "c", "networks": {"podman": {"static_ips": ["10.222.0.2"], "interface_name": "eth0"}},
                       "port_mappings": [{"container_port": 80, "host_ip": "", "host_port": 4100, "protocol": "tcp", "range": 1}],
                       "network_info": {"podman": network}})
    process = namespace(f"n{number}")
    time.sleep(0.05)
    path = f"/run/netns/n{number}"
    timed("netavark set up", ([netavark, "setup", path], text))
    timed("netavark take down", ([netavark, "teardown", path], text))
    process.kill()
    process.wait()
    subprocess.run(["ip", "netns", "del", f"n{number}"], check=True)

def connect_latency(port, count=2000):
    samples = []
    for _ in range(count):
        with socket.socket() as client:
            begin = time.perf_counter()
            client.connect(("127.0.0.1", port))
            samples.append((time.perf_counter() - begin) * 1e6)
    return statistics.median(samples)

# netavark 1.4 needs iptables.
netavark = shutil.which("iptables") and next((path for path in ("/usr/lib/podman/netavark", "/usr/libexec/podman/netavark") if os.access(path, os.X_OK)), None)
for number in range(times):
    round_of_tote(number)
    if netavark: round_of_netavark(number)

keep = namespace("keep")
time.sleep(0.05)
subprocess.run(tote("netctl", "attach", "-"), input=state("keep", keep), text=True, check=True)
server = subprocess.Popen(["nsenter", "--net=/run/netns/keep", "python3", "-c", """
import socket
s = socket.create_server(("0.0.0.0", 80), backlog=4096)
while True: s.accept()[0].close()"""])
atexit.register(server.kill)
time.sleep(0.3)
subprocess.run(tote("portmap", "add", "4000:80", "--owner", "keep"), check=True, stdout=subprocess.DEVNULL)
one = connect_latency(4000)
timed("1,000 ports", (tote("portmap", "add", "10000-10999:10000-10999", "--owner", "keep"), ""))
timed("19,000 ports more", (tote("portmap", "add", "11000-29999:11000-29999", "--owner", "keep"), ""))
many = connect_latency(4000)
server.kill()
keep.kill()
subprocess.run(tote("portmap", "del", "--owner", "keep"), check=True)
subprocess.run(tote("netctl", "detach", "keep"), check=True)
if not netavark: print("netavark: left out, it or iptables is not installed")

for name, values in measured.items(): print(f"{name:22} {statistics.median(values):8.2f} ms   (least {min(values):.2f})")
for step in ("set up", "take down"):
    if netavark: print(f"netavark to tote, {step:10} {statistics.median(measured['netavark ' + step]) / statistics.median(measured['tote ' + step]):6.1f}")
print(f"connect, 1 port        {one:8.1f} µs\nconnect, 20,000 ports  {many:8.1f} µs   ratio {many / one:.2f}")
PYTHON
