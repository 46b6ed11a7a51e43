# tote compose watch: changes of files are carried into containers.
bats_require_minimum_version 1.5.0
load helper

setup() {
  private_roots
  "$top/examples/base/make-busybox.sh" >/dev/null
  mkdir -p "$BATS_TEST_TMPDIR/shop/src/sub" "$BATS_TEST_TMPDIR/shop/conf"
  cd "$BATS_TEST_TMPDIR/shop"
  unset COMPOSE_FILE COMPOSE_PROJECT_NAME COMPOSE_PROFILES
  echo one >src/page
  echo one >conf/app.conf
  printf 'FROM busybox\nCOPY src /srv\nCOPY conf/app.conf /etc/app.conf\nCMD ["sh", "-c", "cp /etc/app.conf /started; exec sleep 1000"]\n' >Dockerfile
  cat >compose.yaml <<'YAML'
services:
  web:
    build: .
    network_mode: none
    init: true
    scale: 2
    develop:
      watch:
        - {action: sync, path: ./src, target: /srv, ignore: ["*.tmp", node_modules/]}
        - {action: sync+restart, path: ./conf/app.conf, target: /etc/app.conf}
        - {action: rebuild, path: Dockerfile}
YAML
}

teardown() {
  [ -z "${watcher:-}" ] || kill "$watcher" 2>/dev/null || true
  ocibundle ls -aq 2>/dev/null | xargs -r tote rm -f >/dev/null 2>&1 || true
}

soon() { for _ in $(seq 150); do "$@" 2>/dev/null && return; sleep 0.2; done; echo "not so: $*"; cat said; false; }
both() { local id; for id in $(tote ps -q); do [ "$(tote exec "$id" "${@:2}" 2>&1)" = "$1" ] || return 1; done; [ "$(tote ps -q | wc -l)" = 2 ]; }

@test "sync, sync+restart and rebuild" {
  tote compose watch --quiet >said 2>&1 3>&- &
  watcher=$!
  soon grep -q 'Watching .*/Dockerfile' said
  both one cat /srv/page
  before=$(tote ps -q | sort)
  echo two >src/page
  mkdir -p 'src/a b/c' src/node_modules
  echo deep >'src/a b/c/d'
  echo no >src/x.tmp
  echo no >src/node_modules/y
  soon both two cat /srv/page
  soon both deep cat '/srv/a b/c/d'
  for id in $before; do run ! tote exec "$id" ls /srv/x.tmp /srv/node_modules; done
  rm src/page
  soon both gone sh -c '[ -e /srv/page ] || echo gone'
  [ "$(tote ps -q | sort)" = "$before" ]
  grep -q 'Syncing "web" after changes were detected:' said
  echo two >conf/app.conf
  soon both two cat /started
  [ "$(tote ps -q | sort)" = "$before" ]
  echo 'ENV REBUILT=yes' >>Dockerfile
  soon both yes sh -c 'echo $REBUILT'
  [ "$(tote ps -q | sort)" != "$before" ]
}

@test "nothing to watch, no such service" {
  run -1 tote compose watch --no-up nosuch
  [[ $output == *'no such service: nosuch' ]]
  sed -i '/develop:/,$d' compose.yaml
  run -1 tote compose watch --no-up
  [[ $output == *"none of the selected services is configured for watch"* ]]
}
