#!/bin/sh
# Times runc-swift, crun and runc in turn, N rounds, on the same bundles with a static program that does nothing: run with the default
# configuration and with a seccomp profile, back to back and with pauses, create+start+delete, exec and state. Prints medians in
# milliseconds, their ratio to runc-swift's, and peak memory. Peers that are not installed are left out.
# usage: bench/runtime.sh [-n ROUNDS] [-p PAUSE-SECONDS]
set -eu

rounds=30
pause=0.06
while getopts n:p: option; do
  case $option in
  n) rounds=$OPTARG ;;
  p) pause=$OPTARG ;;
  *) exit 2 ;;
  esac
done

top=$(cd "$(dirname "$0")/.." && pwd)
TOTE_BIN=${TOTE_BIN:-$top/.build/release}
[ -x "$TOTE_BIN/runc-swift" ] || { echo "bench: $TOTE_BIN/runc-swift is not built" >&2; exit 1; }
[ "$(id -u)" = 0 ] || { echo "bench: needs root" >&2; exit 1; }

# crun takes no hybrid cgroups: the same for all, in a mount namespace of our own with the version 2 part gone.
if [ -z "${TOTE_BENCH_INSIDE:-}" ]; then
  TOTE_BENCH_INSIDE=1 TOTE_BIN=$TOTE_BIN exec unshare --mount --propagation private "$0" -n "$rounds" -p "$pause"
fi
while mountpoint -q /sys/fs/cgroup/unified; do umount /sys/fs/cgroup/unified; done

scratch=$(mktemp -d /dev/shm/tote-bench.XXXXXX)
trap 'rm -rf "$scratch"' EXIT
export TOTE_BIN scratch
cat >"$scratch/true.c" <<'C'
int main(int n, char **arguments) { if (n > 1) for (;;) __builtin_ia32_pause(); return 0; }
C
cat >"$scratch/sleep.c" <<'C'
#include <unistd.h>
int main(void) { for (;;) pause(); }
C
# Times one command from outside: wall milliseconds and peak memory in KiB. Small, since a child inherits its parent's peak.
cat >"$scratch/measure.c" <<'C'
#include <fcntl.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
int main(int n, char **arguments) {
  struct timespec a, b;
  struct rusage usage;
  int status;
  clock_gettime(CLOCK_MONOTONIC, &a);
  pid_t pid = vfork();
  if (pid == 0) {
    int null = open("/dev/null", O_RDWR);
    dup2(null, 0), dup2(null, 1), dup2(null, 2);
    execv(arguments[1], arguments + 1);
    _exit(127);
  }
  wait4(pid, &status, 0, &usage);
  clock_gettime(CLOCK_MONOTONIC, &b);
  printf("%d %f %ld\n", status, (b.tv_sec - a.tv_sec) * 1e3 + (b.tv_nsec - a.tv_nsec) / 1e6, usage.ru_maxrss);
}
C
cc -O2 -static -s -o "$scratch/measure" "$scratch/measure.c"
for program in true sleep; do
  mkdir -p "$scratch/default/rootfs/bin"
  cc -O2 -static -s -o "$scratch/default/rootfs/bin/$program" "$scratch/$program.c"
done
"$TOTE_BIN/runc-swift" spec -b "$scratch/default"
python3 - "$scratch" <<'PY'
import json, os, subprocess, sys
scratch = sys.argv[1]
base = json.load(open(f"{scratch}/default/config.json"))
base["process"]["terminal"] = False
base["process"]["args"] = ["/bin/true"]
base["ociVersion"] = "1.0.2"
def bundle(name, change):
    config = json.loads(json.dumps(base))
    change(config)
    os.makedirs(f"{scratch}/{name}", exist_ok=True)
    if name != "default": subprocess.run(["cp", "-al", f"{scratch}/default/rootfs", f"{scratch}/{name}/rootfs"], check=True)
    json.dump(config, open(f"{scratch}/{name}/config.json", "w"))
def profile(config):
    # As many names as docker's profile has, so that compiling it costs what that costs.
    names = [l.split()[0][5:] for l in open("/usr/include/x86_64-linux-gnu/asm/unistd_64.h").read().replace("#define ", "").splitlines() if l.startswith("__NR_")]
    config["linux"]["seccomp"] = {"defaultAction": "SCMP_ACT_ERRNO", "architectures": ["SCMP_ARCH_X86_64"],
        "syscalls": [{"names": names, "action": "SCMP_ACT_ALLOW"}]}
bundle("default", lambda c: None)
bundle("seccomp", profile)
bundle("sleep", lambda c: c["process"].update(args=["/bin/sleep"]))
PY

python3 - "$scratch" "$rounds" "$pause" <<'PY'
import os, shutil, statistics, subprocess, sys, time
scratch, rounds, pause = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
runtimes = {"runc-swift": os.environ["TOTE_BIN"] + "/runc-swift"}
for peer in ("crun", "runc"):
    if shutil.which(peer): runtimes[peer] = shutil.which(peer)
serial = 0

def call(path, *arguments):
    out = subprocess.run([f"{scratch}/measure", path, *arguments], capture_output=True, text=True)
    status, elapsed, peak = out.stdout.split()
    if status != "0": raise SystemExit(f"bench: {path} {' '.join(arguments)} failed: {out.stderr}")
    return float(elapsed), int(peak)

def measure(title, operation, wait=0):
    samples = {name: [] for name in runtimes}
    memory = {name: 0 for name in runtimes}
    for round in range(rounds + 2):
        for name, path in runtimes.items():
            if wait: time.sleep(wait)
            elapsed, peak = operation(name, path, ["--root", f"{scratch}/state-{name}"])
            if round >= 2: samples[name].append(elapsed)
            memory[name] = max(memory[name], peak)
    ours = statistics.median(samples["runc-swift"])
    for name in runtimes:
        median = statistics.median(samples[name])
        print(f"{title:28} {name:11} median {median:7.2f} ms  min {min(samples[name]):7.2f} ms  {median / ours:5.2f} x  peak {memory[name]:6d} KiB", flush=True)

def identity():
    global serial
    serial += 1
    return f"bench-{os.getpid()}-{serial}"

def run(bundle):
    return lambda name, path, root: call(path, *root, "run", "-b", f"{scratch}/{bundle}", identity())

def life(name, path, root):
    i = identity()
    parts = [call(path, *root, "create", "-b", f"{scratch}/sleep", i), call(path, *root, "start", i), call(path, *root, "delete", "-f", i)]
    return sum(p[0] for p in parts), max(p[1] for p in parts)

measure("run", run("default"))
measure("run, with pauses", run("default"), pause)
measure("run with seccomp", run("seccomp"))
measure("create + start + delete -f", life)
live = {}
for name, path in runtimes.items():
    live[name] = identity()
    call(path, "--root", f"{scratch}/state-{name}", "run", "-d", "-b", f"{scratch}/sleep", live[name])
measure("exec", lambda name, path, root: call(path, *root, "exec", live[name], "/bin/true"))
measure("exec, with pauses", lambda name, path, root: call(path, *root, "exec", live[name], "/bin/true"), pause)
measure("state", lambda name, path, root: call(path, *root, "state", live[name]))
for name, path in runtimes.items(): call(path, "--root", f"{scratch}/state-{name}", "delete", "-f", live[name])
measure("--version", lambda name, path, root: call(path, "--version"))
PY
