#!/usr/bin/env bats
# cfparse on whole projects: what it writes is valid and can be read again, what it refuses is named.

bats_require_minimum_version 1.5.0
load helper

setup() {
  private_roots
  mkdir -p "$BATS_TEST_TMPDIR/My-App"
  cd "$BATS_TEST_TMPDIR/My-App" || return
  unset COMPOSE_FILE COMPOSE_PROJECT_NAME COMPOSE_PROFILES
}

web() {
  cat >"$1" <<'YAML'
services:
  web:
    image: "friendlyhello:${TAG:-latest}"
    command: ["sh", "-c", "echo $$HOME"]
    ports: ["4000:80"]
    deploy: {replicas: 5, resources: {limits: {cpus: "0.1", memory: 50M}}}
    networks: [webnet]
networks:
  webnet:
YAML
}

@test "the file of the directory is read, its override too, and the directory names the project" {
  web compose.yaml
  printf 'services: {web: {environment: {A: 1}}}\n' >compose.override.yaml
  cfparse >model
  valid compose-model model
  jq -e '.name == "my-app" and .services.web.image == "friendlyhello:latest" and .services.web.environment.A == 1' model
  jq -e '.services.web.deploy.replicas == 5' model
}

@test "standard input, -f and an operand give the same, and what is written can be read again" {
  web c
  cfparse -p a -f c >1 && cfparse -p a c >2 && cfparse -p a - <c >3 && cfparse config -p a --compact c | jq . >4
  cmp 1 2 && cmp 1 3
  diff <(jq . 1) 4
  cfparse 1 >5
  cmp 1 5
}

@test "the project's name: -p, COMPOSE_PROJECT_NAME, name:, directory" {
  web c
  echo 'name: three' >>c
  [ "$(cfparse c | jq -r .name)" = three ]
  [ "$(COMPOSE_PROJECT_NAME=two cfparse c | jq -r .name)" = two ]
  [ "$(COMPOSE_PROJECT_NAME=two cfparse -p one c | jq -r .name)" = one ]
}

@test "variables: the process, then --env-file or .env; an unset one is a warning" {
  web c
  echo TAG=dot >.env
  echo TAG=file >e
  image() { jq -r .services.web.image; }
  [ "$(cfparse c | image)" = friendlyhello:dot ]
  [ "$(cfparse --env-file e c | image)" = friendlyhello:file ]
  [ "$(TAG=own cfparse --env-file e c | image)" = friendlyhello:own ]
  run cfparse - <<<'services: {a: {image: "x$NONE"}}'
  [ "$status" -eq 0 ]
  [[ $output == *"the variable 'NONE' is not set"* ]]
}

@test "exit 14 for a file that is not there, 2 for a wrong command line" {
  run cfparse nowhere.yaml
  [ "$status" -eq 14 ]
  [[ $output == *"nowhere.yaml"* ]]
  run cfparse
  [ "$status" -eq 14 ]
  run cfparse --nope
  [ "$status" -eq 2 ]
  web c
  run cfparse --env-file nowhere.env c
  [ "$status" -eq 14 ]
}

@test "exit 15 for a wrong project, with file, line, column and path" {
  printf 'services:\n  web:\n    image: a\n    ports: [[80]]\n' >c
  run cfparse c
  [ "$status" -eq 15 ]
  [ "$output" = "cfparse: c:4:13: services.web.ports[0]: must be a string or a number or a mapping, not a list" ]
}

@test "an alias bomb ends at once" {
  {
    echo 'a0: &a0 [x, x, x, x, x, x, x, x, x, x]'
    for i in {1..40}; do
      a="*a$((i - 1))"
      echo "a$i: &a$i [$a, $a, $a, $a, $a, $a, $a, $a, $a, $a]"
    done
  } >c
  ulimit -v 1000000
  run timeout 10 cfparse c
  [ "$status" -eq 15 ]
  [[ $output == *"once aliases are expanded"* ]]
}

@test "every file of the corpus that docker compose accepts is accepted, but for extends and include" {
  [ -d "$TOTE_CORPORA/compose" ] || skip "the test data is not beside the project (TOTE_CORPORA)"
  cd "$TOTE_CORPORA/compose"
  local path rc count=0
  while IFS=$'\t' read -r path _ _ _ rc _; do
    [ "$rc" = 0 ] || continue
    if ! cfparse -p p -f "$path" >"$BATS_TEST_TMPDIR/model" 2>"$BATS_TEST_TMPDIR/faults"; then
      grep -q 'not supported yet' "$BATS_TEST_TMPDIR/faults" || { cat "$BATS_TEST_TMPDIR/faults"; false; }
      continue
    fi
    count=$((count + 1))
    jq -e '.name == "p"' "$BATS_TEST_TMPDIR/model" >/dev/null
  done <INDEX.tsv
  [ "$count" -ge 320 ]
}

@test "version, help, completions" {
  [[ $(cfparse --version) == "cfparse "* ]]
  cfparse --help | grep -q config
  cfparse --generate-completion-script bash | bash -n
}
