# tote compose: a Compose file's services, made, scaled, replaced and taken down with the small tools.
bats_require_minimum_version 1.5.0
load helper

setup() {
  private_roots
  "$top/examples/base/make-busybox.sh" >/dev/null
  port=$((20000 + RANDOM % 9000)) # below those that the kernel gives to clients
  mkdir "$BATS_TEST_TMPDIR/shop"
  cd "$BATS_TEST_TMPDIR/shop"
  unset COMPOSE_FILE COMPOSE_PROJECT_NAME COMPOSE_PROFILES
}

teardown() {
  ocibundle ls -aq 2>/dev/null | xargs -r tote rm -f >/dev/null 2>&1 || true
  netctl ls --format '{{.Name}}' | xargs -r -n 1 netctl rm >/dev/null 2>&1 || true
}

# The file of the get-started guide, with a server that says which replica it is.
guide() {
  cat >docker-compose.yml <<YAML
version: "3"
services:
  web:
    image: busybox
    command: sh -c 'mkdir /www; hostname > /www/index.html; exec httpd -f -p 80 -h /www'
    init: true
    deploy:
      replicas: ${1:-5}
      resources:
        limits:
          cpus: "0.1"
          memory: 50M
      restart_policy:
        condition: on-failure
    ports:
      - "$port:80"
    networks:
      - webnet
networks:
  webnet:
YAML
}

ask() { curl -fsS --max-time 3 "http://127.0.0.1:$port/"; }
names() { tote compose ps --format '{{.Names}}' 2>/dev/null | xargs; }
quiet() { "$@" >/dev/null; }
balanced() { [ "$(portmap ls --format '{{.weight}} {{.hostIP}}' | grep -c '^1 0')" = "$1" ]; }
soon() { for _ in $(seq 200); do "$@" && return; sleep 0.05; done; false; }

# load: asks again and again in the background; end_load leaves how often in $count and how many of these failed in $failed.
load() {
  python3 - "$port" "$BATS_TEST_TMPDIR/stop" >"$BATS_TEST_TMPDIR/result" 3>&- <<'PY' &
import os, sys, urllib.request
count = failed = 0
while count < 200 or not os.path.exists(sys.argv[2]):
    count += 1
    try: urllib.request.urlopen(f"http://127.0.0.1:{sys.argv[1]}/", timeout=5).read()
    except OSError: failed += 1
print(count, failed)
PY
  load=$!
}
end_load() {
  touch "$BATS_TEST_TMPDIR/stop"
  wait "$load"
  read -r count failed <"$BATS_TEST_TMPDIR/result"
  echo "$failed of $count failed"
}

@test "the guide's file: five replicas behind one port, limited, restarted, scaled, gone" {
  guide
  run -0 --separate-stderr tote compose up -d
  [[ $stderr == *' Network shop_webnet  Created'* && $stderr == *' Container shop-web-5  Started'* ]]
  [ "$(names)" = 'shop-web-1 shop-web-2 shop-web-3 shop-web-4 shop-web-5' ]
  soon balanced 5
  [ "$(for _ in 1 2 3 4 5; do ask; done | sort -u | wc -l)" = 5 ]
  [ "$(tote inspect -f '{{.HostConfig.Memory}} {{.HostConfig.NanoCpus}} {{.HostConfig.RestartPolicy.Name}}' shop-web-3)" = '52428800 100000000 on-failure' ]
  # A replica that is killed comes back.
  pid=$(tote inspect -f '{{.State.Pid}}' shop-web-2)
  kill -9 "$pid"
  back() { now=$(tote inspect -f '{{.State.Pid}}' shop-web-2) && [ "$now" != 0 ] && [ "$now" != "$pid" ]; }
  soon back
  soon balanced 5
  quiet tote compose up -d --scale web=7
  soon balanced 7
  quiet tote compose up -d --scale web=2
  [ "$(names)" = 'shop-web-1 shop-web-2' ]
  ask
  # What is as it should be is left alone.
  before=$(tote ps -q | sort)
  run -0 --separate-stderr tote compose up -d --scale web=2
  [[ $stderr == *' Container shop-web-1  Running'* ]]
  [ "$(tote ps -q | sort)" = "$before" ]
  run -0 --separate-stderr tote compose down
  [[ $stderr == *' Network shop_webnet  Removed'* ]]
  [ -z "$(tote ps -aq)$(netctl ls -q)$(portmap ls --format x)" ]
  [ ! -e "$TOTE_ROOT/compose/shop" ]
}

@test "scaling under load fails no request" {
  guide 2
  sed -i '/cpus/d' docker-compose.yml
  quiet tote compose up -d
  soon balanced 2
  load
  quiet tote compose up -d --scale web=6
  soon balanced 6
  quiet tote compose up -d --scale web=2
  end_load
  [ "$count" -ge 200 ]
  [ "$failed" = 0 ]
}

@test "a rolling update starts the new replica first and fails no request; a bad one leaves the old ones" {
  guide 2
  sed -i '/cpus/d; s/      replicas: 2/&\n      update_config: {order: start-first, parallelism: 1}/' docker-compose.yml
  quiet tote compose up -d
  soon balanced 2
  load
  sed -i 's/    init: true/&\n    environment: [VERSION=2]/' docker-compose.yml
  quiet tote compose up -d
  end_load
  [ "$failed" = 0 ]
  for id in $(tote ps -q); do [ "$(tote exec "$id" sh -c 'echo $VERSION')" = 2 ]; done
  [ "$(tote ps -q | wc -l)" = 2 ]
  sed -i "s/    command: .*/    command: sh -c 'exit 1'/; s/on-failure/none/" docker-compose.yml
  run ! tote compose up -d
  [[ $output == *'update paused: container shop-web-'* ]]
  [ "$(tote ps -q | wc -l)" = 2 ]
  for id in $(tote ps -q); do [ "$(tote exec "$id" sh -c 'echo $VERSION')" = 2 ]; done
  ask
}

@test "failure_action: rollback restores what was, in all replicas; continue and max_failure_ratio go on" {
  cat >compose.yaml <<'YAML'
services:
  web:
    image: busybox
    # The third replica of version 2 finds its number taken and ends.
    command: sh -c 'if [ "$$VERSION" != 1 ]; then mkdir /shared/$$VERSION.a || mkdir /shared/$$VERSION.b || exit 1; fi; exec sleep 100'
    init: true
    environment: [VERSION=1]
    volumes: ["data:/shared"]
    deploy:
      replicas: 3
      update_config: {order: start-first, parallelism: 1, failure_action: rollback, monitor: 500ms}
      rollback_config: {parallelism: 0, order: stop-first}
      restart_policy: {condition: none}
volumes: {data: }
YAML
  versions() { for id in $(tote ps -q); do tote exec "$id" sh -c 'echo $VERSION'; done | sort | xargs; }
  quiet tote compose up -d
  [ "$(versions)" = '1 1 1' ]
  sed -i 's/VERSION=1/VERSION=2/' compose.yaml
  run -1 tote compose up -d
  [[ $output == *'update paused: container shop-web-'*'update failed: rolling back web'* ]]
  [ "$(versions)" = '1 1 1' ]
  [ "$(jq -r '.services.web.environment.VERSION' "$TOTE_ROOT/compose/shop/model.json")" = 1 ]
  [ "$(jq -r '.services.web.deploy.update_config.order' "$TOTE_ROOT/compose/shop/model.json")" = start-first ]
  [ "$(tote ps -aq | wc -l)" = 3 ]
  # What is in force is what the file of version 1 says.
  sed -i 's/VERSION=2/VERSION=1/' compose.yaml
  before=$(tote ps -q | sort)
  quiet tote compose up -d
  [ "$(tote ps -q | sort)" = "$before" ]
  # One of three may fail; its predecessor stays.
  sed -i 's/VERSION=1/VERSION=3/; s/failure_action: rollback/max_failure_ratio: 0.4/' compose.yaml
  run -0 tote compose up -d
  [[ $output == *'update continued: container shop-web-'* ]]
  [ "$(versions)" = '1 3 3' ]
}

@test "depends_on: health, completion, order; a dependency that fails says so" {
  cat >compose.yaml <<'YAML'
services:
  app:
    image: busybox
    command: sleep 100
    init: true
    depends_on:
      db: {condition: service_healthy}
      migrate: {condition: service_completed_successfully}
  migrate: {image: busybox, command: sh -c 'sleep 0.3; touch /shared/done', volumes: ["data:/shared"]}
  db:
    image: busybox
    command: sh -c 'sleep 0.5; touch /tmp/up; exec sleep 100'
    init: true
    healthcheck: {test: [CMD, test, -e, /tmp/up], interval: 200ms, retries: 30}
volumes:
  data:
YAML
  run tote compose up -d
  echo "$output"
  [ "$status" = 0 ]
  [ "$(grep -n 'shop-db-1  Healthy\|shop-migrate-1  Exited\|shop-app-1  Started' <<<"$output" | tail -n 1)" = "$(grep -n 'shop-app-1  Started' <<<"$output")" ]
  [ -e "$TOTE_ROOT/volumes/shop_data/_data/done" ]
  quiet tote compose down -v
  [ -z "$(tote volume ls -q)" ]
  sed -i 's/touch \/shared\/done/exit 3/' compose.yaml
  run -1 tote compose up -d
  [[ $output == *"service \"shop-migrate-1\" didn't complete successfully: exit 3"* ]]
  [ -z "$(tote ps -q --filter name=shop-app-1)" ]
}

@test "secrets and configs are files, from files, variables and the model" {
  echo from-file >secret.txt
  cat >compose.yaml <<'YAML'
services:
  app:
    image: busybox
    command: sh -c 'cat /run/secrets/one /run/secrets/two /etc/app.conf; touch /run/secrets/one'
    secrets: [one, two]
    configs: [{source: conf, target: /etc/app.conf}]
secrets:
  one: {file: ./secret.txt}
  two: {environment: TOKEN}
configs:
  conf: {content: "key=${KEY}\n"}
YAML
  TOKEN=hush-4711 KEY=value run -0 tote compose up
  [[ $output == *'shop-app-1 | from-file'* && $output == *'| hush-4711key=value'* && $output == *'Read-only file system'* ]]
  # The container has printed it, and so it is in its log, but nowhere else.
  run ! grep -rqa --exclude=log hush-4711 "$TOTE_ROOT"
  run -1 tote compose up -d --force-recreate
  [[ $output == *'"TOKEN" required'* ]]
}

@test "build, run, exec, cp, logs, port, stop, start, kill, rm" {
  printf 'FROM busybox\nCOPY page /www/index.html\nCMD ["httpd", "-f", "-p", "80", "-h", "/www"]\n' >Dockerfile
  echo hello >page
  cat >compose.yaml <<YAML
services:
  web: {build: ., init: true, ports: ["$port:80"]}
  tool: {image: busybox, entrypoint: [echo, said], profiles: [tools], environment: {A: "it's \$\$5"}}
YAML
  run tote compose up -d
  echo "$output"
  [ "$status" = 0 ]
  soon ask
  [ "$(ask)" = hello ]
  [ "$(tote compose port web 80)" = "0.0.0.0:$port" ]
  [ "$(tote compose exec -T web cat /www/index.html)" = hello ]
  echo changed >page
  tote compose cp page web:/www/index.html
  [ "$(ask)" = changed ]
  # Another content is another image, and another container.
  tote compose up -d --build 2>"$BATS_TEST_TMPDIR/err"
  grep -q 'shop-web-1  Removed' "$BATS_TEST_TMPDIR/err"
  [ "$(tote compose --profile tools run --rm -T tool a b)" = 'said a b' ]
  [ "$(tote compose --profile tools run --rm -T --entrypoint sh tool -c 'echo "$A"')" = "it's \$5" ]
  [ -z "$(tote ps -aq --filter name=run)" ]
  tote compose stop
  [ "$(tote compose ps -a --format '{{.State}}')" = exited ]
  tote compose start
  soon ask
  tote compose kill
  soon test -z "$(tote compose ps -q)"
  tote compose rm -f
  [ -z "$(tote compose ps -aq)" ]
}

@test "mistakes: an unknown service, a name for two, an attribute that cannot be, a wrong file, an interrupted up" {
  guide 2
  run -1 tote compose up -d wbe
  [[ $output == *'no such service: wbe'* ]]
  sed -i 's/    init: true/    container_name: only/' docker-compose.yml
  run -15 tote compose up -d
  [[ $output == *"services.web.container_name: 'only' is one name"* ]]
  printf 'services: {a: {image: busybox, gpus: all}}\n' >compose.yaml
  run -15 tote compose up -d
  [[ $output == *'services.a.gpus: there is no such thing here'* ]]
  printf 'services:\n  a: {image: busybox, prots: []}\n' >compose.yaml
  run -15 tote compose up -d
  [[ $output == *"compose.yaml:2:23: services.a: additional property 'prots' is not allowed"* ]]
  run -1 tote compose nope
  [ -z "$(tote ps -aq)" ]
}

@test "two at once, and one that is killed half-way: the next up converges" {
  guide 3
  tote compose up -d >/dev/null 2>&1 3>&- &
  first=$!
  quiet tote compose up -d
  wait "$first"
  [ "$(names)" = 'shop-web-1 shop-web-2 shop-web-3' ]
  quiet tote compose down
  setsid tote compose up -d >/dev/null 2>&1 3>&- &
  group=$!
  sleep 0.4
  kill -9 -- "-$group" 2>/dev/null || true
  tote compose up -d
  [ "$(names)" = 'shop-web-1 shop-web-2 shop-web-3' ]
  soon balanced 3
  tote compose down
  [ -z "$(tote ps -aq)" ]
}

@test "cfparse plan is a pure function: json is valid, dry-run can be pasted" {
  guide 2
  cfparse docker-compose.yml 2>/dev/null >model
  cfparse plan model >plan
  jq -s . plan >all
  valid compose-plan all
  [ "$(jq -r .action plan | xargs)" = 'network run run' ]
  tote compose --dry-run up 2>/dev/null >script
  sh script >/dev/null
  [ "$(names)" = 'shop-web-1 shop-web-2' ]
  run -0 --separate-stderr tote compose up -d
  [[ $stderr == *'shop-web-2  Running'* ]]
}

@test "a service's name leads to one address for all its replicas, unless they are to be told apart" {
  cat >docker-compose.yml <<'YAML'
services:
  web:
    image: busybox
    init: true
    command: sh -c 'mkdir /w; hostname >/w/index.html; exec httpd -f -p 80 -h /w'
    deploy: {replicas: 3}
    networks: {default: {aliases: [shop]}}
  apart:
    image: busybox
    init: true
    command: sleep 1000
    deploy: {replicas: 2, endpoint_mode: dnsrr}
  client:
    image: busybox
    init: true
    command: sleep 1000
YAML
  tote compose up -d 2>/dev/null
  spread() { tote compose exec -T client sh -c "for i in $(seq -s' ' "$1"); do wget -qO- http://$2/; done" | sort | uniq -c | awk '{ print $1 }' | xargs; }
  soon eval '[ "$(spread 9 web)" = "3 3 3" ]'
  [ "$(spread 3 shop)" = '1 1 1' ]
  addresses() { tote compose exec -T client cat /etc/hosts | awk -v name="$1" '{ for (i = 2; i <= NF; i++) if ($i == name) print $1 }'; }
  before=$(addresses web)
  [ "$(wc -w <<<"$before")" = 1 ]
  tote compose up -d --scale web=1 2>/dev/null
  [ "$(spread 4 web)" = 4 ]
  [ "$(addresses web)" = "$before" ]
  [ "$(addresses apart | wc -w)" = 2 ]
  tote compose down 2>/dev/null
  soon eval '! nft list table ip tote >/dev/null 2>&1'
}
