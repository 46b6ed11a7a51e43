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
  jq -e '.name == "my-app" and .services.web.image == "friendlyhello:latest" and .services.web.environment.A == "1"' model
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

@test "extends and include: other files, their own directories, errors that name the place" {
  mkdir -p base/sub
  printf 'services:\n  app: {image: a, build: ., volumes: [./data:/data], environment: {A: 1, B: 1}}\n' >base/app.yaml
  printf 'services:\n  db: {image: "db:$TAG"}\n' >base/sub/compose.yaml
  echo TAG=included >base/sub/.env
  cat >c <<'YAML'
include: [base/sub/compose.yaml]
services:
  web:
    extends: {file: base/app.yaml, service: app}
    environment: [B=2]
    depends_on: [db]
YAML
  cfparse -p p c >model
  jq -e --arg here "$PWD" '.services.web | .build.context == $here + "/base" and .volumes[0].source == $here + "/base/data"' model
  jq -e '.services.web.environment == {A: "1", B: "2"} and .services.db.image == "db:included"' model
  jq -e '.services.web.depends_on.db == {condition: "service_started", required: true}' model
  printf 'services:\n  web:\n    extends: {file: gone.yaml, service: app}\n' >c
  run cfparse c
  [ "$status" -eq 14 ]
  [[ $output == "cfparse: c:3:21: services.web.extends: "*"gone.yaml"* ]]
  printf 'services:\n  a: {extends: b}\n  b: {extends: a}\n' >c
  run cfparse c
  [ "$status" -eq 15 ]
  [[ $output == *'circular reference'* ]]
  printf 'include: [c]\nservices: {a: {image: a}}\n' >c
  run cfparse c
  [ "$status" -eq 15 ]
  [[ $output == *'include cycle detected'* ]]
}

@test "env_file and variables without a value" {
  printf 'A=1\nB=1\n' >e
  printf 'services:\n  a: {image: a, env_file: [e, {path: gone, required: false}], environment: {B: 2, HERE: , NOT: }}\n' >c
  [ "$(HERE=x cfparse c | jq -c .services.a.environment)" = '{"A":"1","B":"2","HERE":"x","NOT":null}' ]
  printf 'services:\n  a: {image: a, env_file: gone}\n' >c
  run cfparse c
  [ "$status" -eq 15 ]
  [[ $output == "cfparse: c:2:27: services.a.env_file[0]: env file $PWD/gone not found"* ]]
}

@test "version, help, completions" {
  [[ $(cfparse --version) == "cfparse "* ]]
  cfparse --help | grep -q config
  cfparse --generate-completion-script bash | bash -n
}
