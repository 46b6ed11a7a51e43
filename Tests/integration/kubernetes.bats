# cfparse convert --to kubernetes: what a Compose file becomes, attribute by attribute, and podman kube play of it.
bats_require_minimum_version 1.5.0
load helper

setup() {
  private_roots
  mkdir "$BATS_TEST_TMPDIR/shop"
  cd "$BATS_TEST_TMPDIR/shop"
  unset COMPOSE_FILE COMPOSE_PROJECT_NAME COMPOSE_PROFILES
}

# convert JQ-FILTER: the items as JSON through jq; warnings are left in the file warnings.
convert() { cfparse convert --to kubernetes --format json 2>warnings | jq -rc ".items[] | $1"; }

@test "the guide's file: a Deployment of five with its limits, behind a Service and one for the world" {
  cp "$top/examples/services/docker-compose.yml" .
  [ "$(convert 'select(.kind == "Deployment" and .metadata.name == "web") | [.spec.replicas, .spec.template.spec.containers[0].resources.limits.cpu, .spec.template.spec.containers[0].resources.limits.memory] | @csv')" = '5,"100m","50Mi"' ]
  [ "$(convert 'select(.kind == "Service" and .metadata.name == "web").spec.ports[0] | [.port, .targetPort] | @csv')" = '80,80' ]
  [ "$(convert 'select(.kind == "Service" and .metadata.name == "web-published") | [.spec.type, .spec.ports[0].port, .spec.ports[0].targetPort] | @csv')" = '"LoadBalancer",4000,80' ]
  # The Service finds the pods.
  [ "$(convert 'select(.kind == "Service" and .metadata.name == "web").spec.selector')" = "$(convert 'select(.kind == "Deployment" and .metadata.name == "web").spec.template.metadata.labels')" ]
}

@test "commands and variables: entrypoint is command, command is args, nothing is expanded twice" {
  cat >compose.yaml <<'YAML'
services:
  a:
    image: busybox
    entrypoint: [/init, "$$(HOME)"]
    command: ["$$HOME", "$$$$(x)", plain]
    environment: {ON: "yes", TIME: "1:30", GONE: null, P: "$$(Q)"}
YAML
  [ "$(convert 'select(.kind == "Deployment").spec.template.spec.containers[0] | [.command, .args, .env]')" = '[["/init","$$(HOME)"],["$HOME","$$$$(x)","plain"],[{"name":"ON","value":"yes"},{"name":"TIME","value":"1:30"},{"name":"P","value":"$$(Q)"}]]' ]
  # Readers of YAML 1.1 take yes for true and 1:30 for 90.
  cfparse convert --to kubernetes >out.yaml
  grep -qF 'value: "yes"' out.yaml && grep -qF 'value: "1:30"' out.yaml
}

@test "healthchecks are probes, with the start period before them" {
  cat >compose.yaml <<'YAML'
services:
  a: {image: x, healthcheck: {test: "curl -f localhost || exit 1", interval: 1m30s, timeout: 1500ms, retries: 5, start_period: 40s, start_interval: 2s}}
  b: {image: x, healthcheck: {disable: true}}
  c: {image: x, healthcheck: {interval: 5s}}
YAML
  [ "$(convert 'select(.kind == "Deployment" and .metadata.name == "a").spec.template.spec.containers[0].livenessProbe')" = '{"exec":{"command":["/bin/sh","-c","curl -f localhost || exit 1"]},"periodSeconds":90,"timeoutSeconds":2,"failureThreshold":5}' ]
  [ "$(convert 'select(.kind == "Deployment" and .metadata.name == "a").spec.template.spec.containers[0].startupProbe | [.periodSeconds, .failureThreshold]')" = '[2,25]' ]
  [ "$(convert 'select(.kind == "Deployment" and .metadata.name != "a").spec.template.spec.containers[0] | has("livenessProbe")' | sort -u)" = false ]
  grep -q 'services.c.healthcheck: what the image tests is not known' warnings
}

@test "what is to end is a Job, what is everywhere a DaemonSet, and a Deployment says that it restarts always" {
  cat >compose.yaml <<'YAML'
services:
  web: {image: x, depends_on: {migrate: {condition: service_completed_successfully}}}
  migrate: {image: x, deploy: {restart_policy: {condition: on-failure, max_attempts: 4}}}
  once: {image: x, restart: "no"}
  agent: {image: x, deploy: {mode: global}}
  picky: {image: x, restart: on-failure}
YAML
  [ "$(convert 'select(.kind != "Service") | [.metadata.name, .kind, .spec.template.spec.restartPolicy, .spec.backoffLimit] | map(. // "-") | join(" ")' | sort)" = "agent DaemonSet - -
migrate Job OnFailure 4
once Job Never 0
picky Deployment - -
web Deployment - -" ]
  grep -q '^cfparse: warning: services.picky.restart: ' warnings
  grep -q '^cfparse: warning: services.web.depends_on: ' warnings
  [ "$(wc -l <warnings)" = 2 ]
}

@test "volumes are claims, configs and secrets single files" {
  printf 'a\377b' >binary
  cat >compose.yaml <<'YAML'
name: shop
services:
  a: {image: x, volumes: ["data:/d:ro", "given:/g"], secrets: [pw], configs: [{source: motd, target: /etc/motd, mode: 0440}, bin], scale: 2}
volumes: {data: {driver_opts: {size: 3g}}, given: {external: true}}
secrets: {pw: {environment: PW}}
configs: {motd: {content: "hello\n"}, bin: {file: binary}}
YAML
  export PW='p$w'
  [ "$(convert 'select(.kind == "PersistentVolumeClaim") | [.metadata.name, .spec.accessModes[0], .spec.resources.requests.storage]')" = '["shop-data","ReadWriteMany","3Gi"]' ]
  [ "$(convert 'select(.kind == "Secret").data.pw | @base64d')" = 'p$w' ]
  [ "$(convert 'select(.kind == "ConfigMap" and .metadata.name == "shop-motd").data.motd')" = hello ]
  [ "$(convert 'select(.kind == "ConfigMap" and .metadata.name == "shop-bin").binaryData.bin')" = Yf9i ]
  [ "$(convert 'select(.kind == "Deployment").spec.template.spec.containers[0].volumeMounts | map("\(.mountPath) \(.subPath) \(.readOnly)") | join(",")')" = '/d null true,/g null null,/etc/motd motd true,/bin bin true,/run/secrets/pw pw true' ]
  [ "$(convert 'select(.kind == "Deployment").spec.template.spec.volumes[] | select(.configMap.name == "shop-motd").configMap.items[0].mode')" = 288 ]
  unset PW
  run -15 --separate-stderr cfparse convert --to kubernetes
  [ "$stderr" = 'cfparse: environment variable "PW" required by a secret or config is not set' ]
}

@test "what was for this machine alone is not published, and nothing is dropped in silence" {
  cat >compose.yaml <<'YAML'
services:
  my_db: {image: x, ports: ["127.0.0.1:5432:5432"], ulimits: {nofile: 10}, container_name: db, privileged: false, networks: [a, b]}
networks: {a: , b: {internal: true}}
YAML
  [ "$(convert 'select(.kind == "Service") | .metadata.name')" = my-db ]
  [ "$(cut -d : -f 3- warnings | sed 's/^ //')" = "services.my_db: is named 'my-db' in Kubernetes
networks.b.internal: has no counterpart in Kubernetes
networks: a, b are one in Kubernetes: every pod reaches every other one
services.my_db.ports[0].host_ip: '127.0.0.1' has no counterpart in Kubernetes; the port is not published
services.my_db.ulimits: has no counterpart in Kubernetes
services.my_db.container_name: has no counterpart in Kubernetes" ]
}

@test "two names that would be one, another target, another format: one line, and its exit code" {
  printf 'services: {a_b: {image: x}, a-b: {image: x}}\n' >compose.yaml
  run -15 --separate-stderr cfparse convert --to kubernetes
  [[ $stderr == "cfparse: services.a"*": 'a-b' would be its name in Kubernetes, as it is of services.a"* ]]
  run -2 --separate-stderr cfparse convert --to swarm
  [ "${stderr_lines[0]}" = "cfparse: --to: 'swarm' is not kubernetes" ]
  run -2 --separate-stderr cfparse convert
  [[ ${stderr_lines[0]} == 'cfparse: --to is missing'* ]]
  run -2 --separate-stderr cfparse convert --to kubernetes --format xml
  [ "${stderr_lines[0]}" = "cfparse: --format: 'xml' is neither yaml nor json" ]
  run -14 cfparse convert --to kubernetes nosuch.yaml
}

@test "tote compose convert --to kubernetes; without --to it is config" {
  printf 'name: x\nservices: {a: {image: x}}\n' >compose.yaml
  [ "$(tote compose convert --to kubernetes)" = "$(cfparse convert --to kubernetes)" ]
  [ "$(tote compose convert)" = "$(tote compose config)" ]
}

@test "podman kube play runs it: command, environment, volumes, limits" {
  needs podman conmon catatonit
  cat >compose.yaml <<'YAML'
name: shop
services:
  web:
    image: busybox
    command: ["sh", "-c", "echo \"$$GREETING\" >/data/said; id -u; exec sleep 1000"]
    environment: {GREETING: "hello world"}
    user: "0:7"
    volumes: ["data:/data"]
    tmpfs: [/scratch]
    read_only: true
    cap_drop: [ALL]
    deploy: {resources: {limits: {cpus: "0.5", memory: 64M}}}
    restart: always
volumes: {data: }
YAML
  podman_() {
    podman --log-level error --runtime "$TOTE_BIN/runc-swift" --cgroup-manager cgroupfs --storage-driver vfs \
      --root "$BATS_TEST_TMPDIR/storage" --runroot "$BATS_TEST_TMPDIR/podman" --network-config-dir "$BATS_TEST_TMPDIR/net" "$@"
  }
  "$top/examples/base/make-busybox.sh" >/dev/null
  tote save -o busybox.tar busybox
  podman_ load -q -i busybox.tar
  cfparse convert --to kubernetes >shop.yaml
  podman_ kube play --network none shop.yaml >played || { cat played; false; }
  container=$(podman_ ps -q --filter name=web-pod-0-web --filter name=web-pod-web)
  for _ in $(seq 50); do podman_ exec "$container" cat /data/said && break; sleep 0.1; done
  [ "$(podman_ exec "$container" cat /data/said)" = 'hello world' ]
  [ "$(podman_ exec "$container" id -g)" = 7 ]
  [ "$(podman_ inspect -f '{{.HostConfig.Memory}} {{.HostConfig.ReadonlyRootfs}}' "$container")" = '67108864 true' ]
  podman_ exec "$container" sh -c 'touch /scratch/x && ! touch /x' 2>/dev/null
  # Where others use podman too, it may trip over its own cgroup; what counts is that the pod can be taken down.
  podman_ kube down shop.yaml >/dev/null 2>&1 || podman_ pod rm -af >/dev/null
  podman_ volume rm -af >/dev/null
  [ -z "$(podman_ ps -aq)" ]
}
