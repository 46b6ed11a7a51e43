# tote update: other limits and another restart policy, for what runs and for what will.
bats_require_minimum_version 1.5.0
load helper

setup() {
  private_roots
  "$top/examples/base/make-busybox.sh" >/dev/null
}

teardown() { ocibundle ls -aq 2>/dev/null | xargs -r tote rm -f >/dev/null 2>&1 || true; }

# kernel NAME FILE: what the kernel says of the container's cgroup, seen from inside.
kernel() { tote exec "$1" sh -c "cat /sys/fs/cgroup/$2"; }

@test "a running container gets other limits at once, and keeps them when it is started again" {
  [ -e /sys/fs/cgroup/memory ] || skip "looks into cgroup version 1"
  tote run -d --name web --init --network none -m 64m --cpus 0.5 --cap-add NET_ADMIN busybox sleep 100 >/dev/null
  [ "$(tote update -m 32m --cpus 0.25 --pids-limit 77 web)" = web ]
  for _ in 1 2; do
    [ "$(kernel web memory/memory.limit_in_bytes)" = 33554432 ]
    [ "$(kernel web cpu/cpu.cfs_quota_us)" = 25000 ]
    [ "$(kernel web pids/pids.max)" = 77 ]
    tote restart -t 1 web >/dev/null
  done
  [ "$(tote inspect -f '{{.HostConfig.Memory}} {{.HostConfig.NanoCpus}} {{.HostConfig.PidsLimit}}' web)" = '33554432 250000000 77' ]
  # The devices are what they were.
  tote exec web sh -c 'echo x >/dev/null && ! head -c 1 /dev/kmsg' 2>/dev/null
  # A quota takes the place of a number of CPUs; what was not said stays.
  tote update --cpu-quota 30000 --cpu-period 60000 web >/dev/null
  [ "$(tote inspect -f '{{.HostConfig.NanoCpus}} {{.HostConfig.CpuQuota}} {{.HostConfig.Memory}}' web)" = '0 30000 33554432' ]
}

@test "one that is stopped gets them for its next start; several at once" {
  [ -e /sys/fs/cgroup/memory ] || skip "looks into cgroup version 1"
  tote create --name one --network none busybox sleep 100 >/dev/null
  tote create --name two --network none busybox sleep 100 >/dev/null
  [ "$(tote update --memory 16m one two | xargs)" = 'one two' ]
  tote start one >/dev/null
  [ "$(kernel one memory/memory.limit_in_bytes)" = 16777216 ]
  jq -e '.linux.resources.memory.limit == 16777216 and (.linux.resources.devices | length) > 5' "$TOTE_ROOT"/containers/*/config.json >/dev/null
}

@test "the restart policy that counts is the one at the end" {
  tote run -d --name web --network none busybox sh -c 'sleep 1; exit 1' >/dev/null
  tote update --restart on-failure:2 web >/dev/null
  [ "$(tote inspect -f '{{.HostConfig.RestartPolicy.Name}} {{.HostConfig.RestartPolicy.MaximumRetryCount}}' web)" = 'on-failure 2' ]
  for _ in $(seq 80); do [ "$(tote inspect -f '{{.RestartCount}} {{.State.Status}}' web)" = '2 exited' ] && break; sleep 0.1; done
  [ "$(tote inspect -f '{{.RestartCount}} {{.State.Status}}' web)" = '2 exited' ]
}

@test "docker's refusals, and nothing is changed by them" {
  tote run -d --rm --name web --init --network none -m 64m busybox sleep 100 >/dev/null
  run -1 --separate-stderr tote update web
  [ "$stderr" = 'ocibundle: You must provide one or more flags when using this command.' ]
  run -1 --separate-stderr tote update -m 1m web
  [ "$stderr" = 'ocibundle: Minimum memory limit allowed is 6MB' ]
  run -1 --separate-stderr tote update --restart always web
  [[ $stderr == *'Restart policy cannot be updated because AutoRemove is enabled for the container' ]]
  run -1 --separate-stderr tote update --memory-swap 32m web
  [[ $stderr == *'should be larger than memory limit'* ]]
  run -1 --separate-stderr tote update -m 32m nosuch
  [[ $stderr == *nosuch* ]]
  run -2 tote update --colour red web
  # What the kernel refuses is not written down.
  run -1 tote update --cpuset-cpus 999 web
  [ "$(tote inspect -f '{{.HostConfig.Memory}} {{.HostConfig.CpusetCpus}}' web)" = '67108864 ' ]
}
