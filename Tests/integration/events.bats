# tote events and tote compose events: what happens to containers, as it happens and afterwards.
bats_require_minimum_version 1.5.0
load helper

setup() {
  private_roots
  "$top/examples/base/make-busybox.sh" >/dev/null
  mkdir "$BATS_TEST_TMPDIR/shop"
  cd "$BATS_TEST_TMPDIR/shop"
  unset COMPOSE_FILE COMPOSE_PROJECT_NAME COMPOSE_PROFILES
}

teardown() {
  ocibundle ls -aq 2>/dev/null | xargs -r tote rm -f >/dev/null 2>&1 || true
  netctl ls --format '{{.Name}}' | xargs -r -n 1 netctl rm >/dev/null 2>&1 || true
}

actions() { tote events --until 0s "$@" --format '{{.Action}}' | xargs; }

@test "a container's life, in docker's words" {
  id=$(tote create --name web --network none --label a=b busybox sh -c 'exit 3')
  [ "$(actions)" = create ]
  tote start -a web || true
  tote rename web www
  tote rm www >/dev/null
  [ "$(actions)" = 'create start die rename destroy' ]
  [ "$(tote events --until 0s --filter event=die --format '{{.Actor.Attributes.exitCode}} {{.Actor.Attributes.a}} {{.ID}} {{.Type}} {{.From}}')" = "3 b $id container busybox" ]
  [[ $(tote events --until 0s --filter event=die) =~ ^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z\ container\ die\ $id\ \(a=b,\ exitCode=3,\ image=busybox,\ name=web\)$ ]]
  [ "$(tote events --until 0s --format json | jq -r .status | xargs)" = 'create start die rename destroy' ]
  while read -r line; do printf "%s" "$line" >event; valid event event; done <"$TOTE_RUN/events"
}

@test "one that removes itself, one that is killed, one that is stopped, one that did not start" {
  tote run --rm --network none busybox true
  [ "$(actions)" = 'create start die destroy' ]
  mark=$(date +%s.%N)
  tote run -d --name kk --network none busybox sleep 100 >/dev/null
  tote kill kk >/dev/null
  [ "$(actions --since "$mark" --filter container=kk)" = 'create start kill die' ]
  tote run -d --rm --init --name ss --network none busybox sleep 100 >/dev/null
  tote stop -t 5 ss >/dev/null
  [ "$(actions --filter container=ss | tr ' ' '\n' | sort | xargs)" = 'create destroy die kill start stop' ]
  run -127 tote run --name nn --network none busybox nosuchprogram
  [ "$(actions --filter container=nn)" = create ]
}

@test "restarts and health are told as they happen" {
  tote events --filter container=hh --format '{{.Action}}' >seen 3>&- &
  reader=$!
  tote run -d --name hh --network none --health-cmd 'test -e /ok' --health-interval 100ms --health-retries 1 busybox sh -c 'sleep 0.6; touch /ok; sleep 100' >/dev/null
  for _ in $(seq 100); do grep -q 'status: healthy' seen && break; sleep 0.1; done
  tote rm -f hh >/dev/null
  for _ in $(seq 50); do grep -q destroy seen && break; sleep 0.1; done
  kill "$reader"
  [[ $(xargs <seen) == 'create start health_status: unhealthy health_status: healthy kill '*' destroy' ]]
  tote run -d --name rr --network none --restart on-failure:1 busybox false >/dev/null
  for _ in $(seq 50); do [ "$(actions --filter container=rr)" = 'create start die start die' ] && break; sleep 0.1; done
  [ "$(actions --filter container=rr)" = 'create start die start die' ]
}

@test "the journal of many is whole, is put aside when it is large, and is read over that" {
  for i in $(seq 8); do
    for _ in 1 2 3 4 5; do tote create --network none --label "long=$(head -c 9000 /dev/zero | tr '\0' x)" busybox true; done &
  done >/dev/null
  wait
  [ "$(tote events --until 0s --filter event=create --format '{{.ID}}' | sort -u | wc -l)" = 40 ]
  head -c 1048576 /dev/zero | tr '\0' '\n' >>"$TOTE_RUN/events"
  tote events --format '{{.Action}}' >seen 3>&- &
  reader=$!
  sleep 0.5
  for _ in 1 2 3; do tote create --network none busybox true >/dev/null; done
  for _ in $(seq 50); do [ "$(wc -l <seen)" = 3 ] && break; sleep 0.1; done
  kill "$reader"
  [ "$(xargs <seen)" = 'create create create' ]
  [ -s "$TOTE_RUN/events.1" ] && [ "$(stat -c %s "$TOTE_RUN/events")" -lt 10000 ]
  [ "$(stat -c %a "$TOTE_RUN/events")" = 600 ]
  [ "$(tote events --until 0s --filter event=create --format '{{.ID}}' | sort -u | wc -l)" = 43 ]
}

@test "wrong filters, times and templates: one line" {
  run -1 --separate-stderr tote events --filter colour=red
  [ "$stderr" = "ctrmon: invalid filter 'colour'" ]
  run -1 --separate-stderr tote events --filter x
  [ "$stderr" = 'ctrmon: bad format of filter (expected name=value)' ]
  run -1 --separate-stderr tote events --since yesterday
  [[ $stderr == *"'yesterday' is not RFC 3339, seconds or a duration" ]]
  run -1 tote events --format '{{.X'
}

@test "compose events: the project's alone, by service, as text and as JSON" {
  cat >compose.yaml <<'YAML'
services:
  a: {image: busybox, network_mode: none, command: sleep 100, labels: {own: x}}
  b: {image: busybox, network_mode: none, command: sleep 100}
YAML
  tote run --rm --network none busybox true
  tote compose up -d 2>/dev/null
  [ "$(tote compose events --until 0s | wc -l)" = 4 ]
  [ "$(tote compose events --until 0s a | cut -d ' ' -f 3,4 | xargs)" = 'container create container start' ]
  [[ $(tote compose events --until 0s a | head -n 1) =~ ^[-0-9]{10}\ [0-9:]{8}\.[0-9]{6}\ container\ create\ [0-9a-f]{64}\ \(image=busybox,\ name=shop-a-1,\ own=x\)$ ]]
  [ "$(tote compose events --until 0s --json b | jq -r '"\(.action) \(.service) \(.type) \(.attributes.name)"' | tail -n 1)" = 'start b container shop-b-1' ]
}
