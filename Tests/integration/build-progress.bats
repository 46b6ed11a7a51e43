#!/usr/bin/env bats
# What a build tells of itself: traces, reports, stages at the same time, the failed step's shell.
bats_require_minimum_version 1.5.0
load helper

setup() {
  private_roots
  cd "$BATS_TEST_TMPDIR"
  mkdir context && echo a >context/a
  busybox_rootfs rootfs
  tar -C rootfs --numeric-owner --owner=0 --group=0 -cf base.tar .
  layerctl import base.tar busybox >/dev/null
}

teardown() {
  run ! grep "$BATS_TEST_TMPDIR" /proc/self/mountinfo
  [ -z "$(ls -A "$TOTE_ROOT/cache/work" 2>/dev/null)" ]
}

@test "--trace is a Chrome trace of every step, also of a build that fails; report makes a page of it" {
  printf 'FROM busybox\nCOPY a /\nRUN sleep 0.3 # <b>\n' >context/Dockerfile
  tote build -q context >/dev/null
  printf 'RUN exit 3\n' >>context/Dockerfile
  run tote build --trace trace.json context
  [ "$status" = 1 ]
  [ "$(jq -r '[.traceEvents[]|select(.ph=="X")|.args.outcome]|join(" ")' trace.json)" = "done cached cached failed" ]
  jq -e '[.traceEvents[]|select(.ph=="X")|select(.dur < 0 or .ts < 0)]|length == 0' trace.json
  jq -e '.traceEvents[]|select(.args.outcome=="cached")|.args|(.layer|startswith("sha256:")) and .size > 0' trace.json
  layerctl report trace.json >page.html
  layerctl report - <trace.json | cmp - page.html
  python3 - page.html <<'PY'
import html.parser, sys
class Page(html.parser.HTMLParser):
    rects = rows = 0
    def handle_starttag(self, tag, attrs):
        assert tag not in ('script', 'link', 'img', 'iframe', 'b'), tag
        assert not [v for n, v in attrs if n in ('src', 'href')]
        self.rects += tag == 'rect'; self.rows += tag == 'tr'
page = Page(); page.feed(open(sys.argv[1]).read())
assert page.rects == 4 + 2 and page.rows == 1 + 4, (page.rects, page.rows)
PY
  run layerctl report context/a
  [ "$status" = 1 ]
  [[ $output == *"'context/a' is not a build's trace"* ]]
}

@test "a report is shown by a browser" {
  needs chromium
  printf 'FROM busybox\nCOPY a /\nRUN true\n' | tote build -q --trace trace.json -f - context >/dev/null
  layerctl report trace.json >page.html
  timeout 60 chromium --headless --no-sandbox --disable-gpu --dump-dom "file://$PWD/page.html" 2>/dev/null >dom
  grep -q 'A build of 3 steps' dom
}

# Three stages of which each takes a second, and one that needs them all.
slow_stages() {
  cat >context/Dockerfile <<EOF2
FROM busybox AS a
ARG V=1
RUN sleep ${1:-1}; echo a\$V >/a
FROM busybox AS b
COPY a /in
RUN sleep ${1:-1}; echo b >/b
FROM a AS c
ENV C=c
RUN echo \$C >/c
FROM busybox
COPY --from=a /a /
COPY --from=b /b /in /
COPY --from=c /c /
EOF2
}

@test "stages that do not need each other are built at the same time, and come out as one after the other" {
  slow_stages 2
  tote build -q -t one --jobs 1 --no-cache context >one
  for form in plain json; do
    start=$(date +%s%N)
    tote build -t two --no-cache --progress "$form" --trace trace.json --iidfile two context 2>"log.$form"
    took=$((($(date +%s%N) - start) / 1000000))
    cmp <(cat one) <(cat two; echo)
  done
  # a and b overlap.
  jq -e '[.traceEvents[]|select(.name|test("sleep"))]|sort_by(.ts)|.[1].ts < .[0].ts + .[0].dur' trace.json
  [ "$took" -lt 4000 ] || jq . trace.json
  while read -r line; do echo "$line" >line.json && valid build-event line.json; done <log.json
  [ "$(jq -r 'select(.event=="step").step' log.json | sort -n | uniq -d)" = '' ]
  [ "$(grep -c 'DONE' log.plain)" -ge 9 ]
  # All is in the cache now: no process is started.
  tote build -t two --progress json context 2>log.json
  [ "$(jq -r 'select(.event=="cached").step' log.json | wc -l)" = 7 ]
}

@test "a stage that fails ends those beside it; nothing stays behind" {
  slow_stages 30
  sed -i 's/sleep 30; echo b/echo said; exit 7/' context/Dockerfile
  start=$SECONDS
  run tote build context
  [ "$status" = 1 ]
  [ $((SECONDS - start)) -lt 20 ]
  echo "$output"; [[ $output == *said* ]]
  [[ $output == *"layerctl: context/Dockerfile:6: RUN '/bin/sh -c echo said; exit 7 >/b': exit code 7"* ]]
  run tote build -q context
  [ "$status" = 1 ]
  echo "$output"; [[ $output == *said* ]]
  ! pgrep -f "$BATS_TEST_TMPDIR/context" >/dev/null
  [ -z "$(ls "$TOTE_RUN/runtime" 2>/dev/null)" ]
}

@test "Ctrl-C and kill -9 of a build end its stages" {
  slow_stages 60
  dfparse context/Dockerfile >ast
  for signal in INT KILL; do
    layerctl build --context context ast 2>log 3>&- &
    pid=$!
    for _ in $(seq 200); do [ "$(ls "$TOTE_RUN/runtime" 2>/dev/null | wc -l)" = 2 ] && break; sleep 0.05; done
    [ "$(ls "$TOTE_RUN/runtime" | wc -l)" = 2 ]
    # bash has its background jobs ignore SIGINT; SIGTERM is the same to a build.
    kill -"${signal/INT/TERM}" "$pid"
    wait "$pid" || true
    for _ in $(seq 200); do [ -z "$(ls "$TOTE_RUN/runtime" 2>/dev/null)" ] && break; sleep 0.05; done
    [ -z "$(ls "$TOTE_RUN/runtime")" ]
  done
  slow_stages 0
  tote build -q context
  layerctl fsck
}

# typed TEXT COMMAND…: the command on a terminal of its own, where somebody types the text; what is seen is in ./typescript.
typed() {
  needs script
  local text=$1
  shift
  # The shell asks before it reads, and what is typed before that may be thrown away.
  (sleep "${TYPING:-3}" && printf '%b' "$text" && sleep 1) | script -qec "$*" typescript >/dev/null
}

@test "--shell-on-failure gives a shell over what the failed step has written; --break-at one before a step" {
  printf 'FROM busybox\nARG V=vv\nCOPY a /before\nRUN --mount=type=bind,target=/ctx echo half >/half; exit 9\n' >context/Dockerfile
  run typed 'cat /half /before /ctx/a; echo $V-$((20+22))\nexit\n' tote build --shell-on-failure context
  [ "$status" = 1 ]
  tr -d '\r' <typescript >seen
  grep -q '^half$' seen && grep -q '^vv-42$' seen && [ "$(grep -c '^a$' seen)" = 2 ]
  grep -q "Dockerfile:4: RUN '/bin/sh -c echo half >/half; exit 9': exit code 9" seen
  sed -i 's/exit 9/echo whole >>\/half/' context/Dockerfile
  run typed 'ls /half; echo $((20+22)); touch /mine\nexit\n' tote build -t x --break-at Dockerfile:4 context
  [ "$status" = 0 ] || { cat typescript; false; }
  grep -q 'No such file' typescript && grep -q '^42' typescript
  # What was done in the shell is not in the image.
  tote build -q -o out context
  [ "$(cat out/half)" = $'half\nwhole' ] && [ ! -e out/mine ]
  # Without a terminal the build says so and goes on.
  setsid -w tote build --no-cache --break-at 3 -t x context 2>log </dev/null
  grep -q 'warning: there is no terminal' log
  run tote build --break-at soon context
  [ "$status" = 2 ]
}
