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
