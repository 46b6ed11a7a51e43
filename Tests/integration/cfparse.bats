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

@test "config as YAML is docker compose's, byte for byte" {
  cat >compose.yaml <<'YAML'
name: t
services:
  web10: {image: busybox}
  web2:
    image: ${IMG:-busybox}
    profiles: [a]
    command: sh -c 'echo $$HOME'
    environment: {A: "yes", B: "1:30", C: "0x10", D: "two\nlines\n", E: " lead", F: "a: b", H: "", I: null, L: "tab\there", N: "-", T: "~"}
    ports: ["4000:80"]
    healthcheck: {test: [CMD, x], interval: 90s}
    deploy: {resources: {limits: {cpus: "0.1", memory: 50M}}}
    volumes: [data:/d]
volumes: {data: {}}
YAML
  # What docker compose 2.26.1 prints.
  [ "$(cfparse config --format yaml --profile a)" = "name: t
services:
  web2:
    profiles:
      - a
    command:
      - sh
      - -c
      - echo \$\$HOME
    deploy:
      resources:
        limits:
          cpus: 0.1
          memory: \"52428800\"
    environment:
      A: \"yes\"
      B: \"1:30\"
      C: \"0x10\"
      D: |
        two
        lines
      E: ' lead'
      F: 'a: b'
      H: \"\"
      I: null
      L: \"tab\\there\"
      \"N\": '-'
      T: \"~\"
    healthcheck:
      test:
        - CMD
        - x
      interval: 1m30s
    image: busybox
    networks:
      default: null
    ports:
      - mode: ingress
        target: 80
        published: \"4000\"
        protocol: tcp
    volumes:
      - type: volume
        source: data
        target: /d
        volume: {}
  web10:
    image: busybox
    networks:
      default: null
networks:
  default:
    name: t_default
volumes:
  data:
    name: t_data" ]
  # It is the file again.
  [ "$(cfparse config --format yaml --profile a | cfparse --profile a - | jq -S .)" = "$(cfparse --profile a | jq -S .)" ]
}

@test "config: names, images, profiles, hashes, variables, the environment" {
  cat >compose.yaml <<'YAML'
services:
  web: {image: "${IMG:-busybox}", volumes: [data:/d], networks: [front], environment: {X: "${X?must be}", Y: "${Y:+alt}"}}
  db: {image: "db:$TAG", profiles: [b, a]}
volumes: {data: , spare: }
networks: {front: }
YAML
  export X=1
  [ "$(cfparse config --services)" = web ]
  [ "$(cfparse config --services --profile a | xargs)" = 'db web' ]
  [ "$(TAG=3 cfparse config --images --profile '*' | sort | xargs)" = 'busybox db:3' ]
  [ "$(cfparse config --volumes)" = data ]
  [ "$(cfparse config --networks)" = front ]
  [ "$(cfparse config --profiles | xargs)" = 'a b' ]
  [ "$(cfparse config --hash web)" = "$(cfparse | cfparse hash)" ]
  [ "$(cfparse config --hash '*' --profile a 2>/dev/null | wc -l)" = 2 ]
  run -15 --separate-stderr cfparse config --hash nosuch
  [[ $stderr == *'cfparse: no such service: nosuch' ]]
  unset X
  [ "$(cfparse config --variables --profile '*')" = 'NAME                REQUIRED            DEFAULT VALUE       ALTERNATE VALUE
IMG                 false               busybox             
TAG                 false                                   
X                   true                                    
Y                   false                                   alt' ]
  printf 'IMG=from-file\nZZ=1\n' >.env
  [ "$(ZZ=2 cfparse config --environment | grep -E '^(IMG|ZZ)=' | xargs)" = 'IMG=from-file ZZ=2' ]
  run -15 --separate-stderr cfparse config --quiet
  [[ $stderr == *'required variable X is missing a value: must be' ]]
  X=1 run -0 --separate-stderr cfparse config -q
  [ -z "$output" ]
}

@test "config --no-interpolate: variables stay, whatever the attribute is to be" {
  cat >compose.yaml <<'YAML'
name: t
services:
  a:
    image: "x:${TAG?}"
    command: echo $$HOME $W
    ports: ["${PORT}:80", "81:81"]
    environment: ["P=$P", Q]
    env_file: [absent.env]
    mem_limit: $MEM
    init: ${INIT:-true}
    volumes: ["${DIR}:/d", "./here:/h"]
YAML
  [ "$(Q=1 cfparse config --no-interpolate | jq -c '.services.a | [.image, .command, .ports[0], .ports[1].published, .environment, .mem_limit, .init, .volumes[0], .volumes[1].source, .env_file[0].path]')" = \
    '["x:${TAG?}","echo $$HOME $W","${PORT}:80","81",{"P":"$P","Q":null},"$MEM","${INIT:-true}","${DIR}:/d","'"$PWD"'/here","'"$PWD"'/absent.env"]' ]
}

@test "tote compose config: YAML, and every option of it" {
  printf 'name: x\nservices: {a: {image: "b:${T:-1}"}}\n' >compose.yaml
  [ "$(tote compose config)" = "$(cfparse config --format yaml)" ]
  [ "$(tote compose config --format json)" = "$(cfparse)" ]
  [ "$(tote compose config --no-interpolate | grep image)" = '    image: b:${T:-1}' ]
  tote compose config -o out.yaml
  [ "$(cat out.yaml)" = "$(cfparse config --format yaml)" ]
  [ "$(tote compose config --images)" = b:1 ]
  run -2 tote compose config --format xml
}
