# tote stack and service: docker's words for a Compose project.
bats_require_minimum_version 1.5.0
load helper

setup() {
  private_roots
  "$top/examples/base/make-busybox.sh" >/dev/null
  port=$((40000 + RANDOM % 9000))
  cd "$BATS_TEST_TMPDIR"
  cat >docker-compose.yml <<YAML
services:
  web:
    image: busybox
    command: sh -c 'mkdir /www; echo "\$\$HELLO" > /www/index.html; exec httpd -f -p 80 -h /www'
    environment: {HELLO: one}
    init: true
    ports: ["$port:80"]
    deploy: {replicas: 2, update_config: {order: start-first}}
YAML
}

teardown() {
  ocibundle ls -aq 2>/dev/null | xargs -r tote rm -f >/dev/null 2>&1 || true
  netctl ls --format '{{.Name}}' | xargs -r -n 1 netctl rm >/dev/null 2>&1 || true
}

ask() { curl -fsS --max-time 3 "http://127.0.0.1:$port/"; }
soon() { for _ in $(seq 100); do "$@" && return; sleep 0.05; done; false; }

@test "deploy, ls, services, ps, scale, update, rollback, rm" {
  tote stack deploy -c docker-compose.yml guide 2>/dev/null
  soon ask
  run -0 tote stack ls
  [[ ${lines[1]} =~ ^guide\ +1$ ]]
  run -0 tote stack services guide
  [[ ${lines[1]} == *'guide_web'*'replicated'*'2/2'*'busybox'*"*:$port->80/tcp" ]]
  run -0 tote stack ps guide
  [ "${#lines[@]}" = 3 ]
  [[ ${lines[1]} == *'guide_web.1'*'Running'* ]]
  run -0 --separate-stderr tote service scale guide_web=3
  [ "$output" = 'guide_web scaled to 3' ]
  [ "$(tote service ls | awk 'NR == 2 { print $4 }')" = 3/3 ]
  tote service update --env-add HELLO=two guide_web 2>/dev/null
  [ "$(for _ in 1 2 3; do ask; done | sort -u)" = two ]
  tote service rollback guide_web 2>/dev/null
  [ "$(for _ in 1 2 3; do ask; done | sort -u)" = one ]
  [ "$(tote service inspect guide_web | jq -r '.[0].Spec.deploy.replicas')" = 3 ]
  # Limits, and how it is updated; what is no value is refused before anything is done.
  tote service update --limit-memory 32M --limit-cpu 0.5 --update-delay 100ms --update-failure-action rollback guide_web 2>/dev/null
  [ "$(tote inspect -f '{{.HostConfig.Memory}} {{.HostConfig.NanoCpus}}' "$(tote ps -ql)")" = '33554432 500000000' ]
  [ "$(tote service inspect guide_web | jq -c '.[0].Spec.deploy | [.update_config.delay, .update_config.order, .update_config.failure_action]')" = '["100ms","start-first","rollback"]' ]
  before=$(tote ps -q | sort)
  run -15 tote service update --limit-memory lots guide_web
  [[ $output == *"services.web.deploy.resources.limits.memory: invalid size: 'lots'" ]]
  [ "$(tote ps -q | sort)" = "$before" ]
  tote service update --rollback guide_web 2>/dev/null
  [ "$(tote inspect -f '{{.HostConfig.Memory}}' "$(tote ps -ql)")" = 0 ]
  # What the file says again is what the next deployment makes.
  tote stack deploy -c docker-compose.yml guide 2>/dev/null
  [ "$(tote service ps guide_web | wc -l)" = 3 ]
  tote stack rm guide 2>/dev/null
  [ -z "$(tote ps -aq)$(netctl ls -q)" ]
}

@test "mistakes name what was typed" {
  run -1 tote stack deploy guide
  [[ $output == *'Please specify a Compose file'* ]]
  run -1 tote service scale nothing_web=3
  [ "$output" = 'tote: no such service: nothing_web' ]
  run -1 tote service scale web
  [[ $output == *"invalid scale specifier 'web'"* ]]
  run -0 tote stack rm nothing
  [ "$output" = 'tote: Nothing found in stack: nothing' ]
  run -1 tote stack ps nothing
  [ "$output" = 'tote: nothing found in stack: nothing' ]
}
