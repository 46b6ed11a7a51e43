#!/usr/bin/env bats
# The build cache: why it hits and misses, what is kept, pruned, exported and imported.
bats_require_minimum_version 1.5.0
load helper

setup() {
  private_roots
  cd "$BATS_TEST_TMPDIR"
  mkdir context && echo a >context/a && echo b >context/b
}

teardown() {
  run ! grep "$BATS_TEST_TMPDIR" /proc/self/mountinfo
  [ -z "$(ls -A "$TOTE_ROOT/cache/work" 2>/dev/null)" ]
}

base() {
  busybox_rootfs rootfs
  tar -C rootfs --numeric-owner --owner=0 --group=0 -cf base.tar .
  layerctl import base.tar busybox >/dev/null
}

@test "--explain says why each step runs: the file, the variable, the command, what is above; and runs nothing" {
  base
  cat >context/Dockerfile <<'EOF2'
FROM busybox AS one
ARG V=1
COPY a b /in/
RUN echo "$V" >/v; date +%N >/when
FROM busybox
WORKDIR /w
COPY --from=one /when .
RUN true
EOF2
  tote build --explain context >cold
  [ "$(grep -c '^runs' cold)" = 5 ]
  grep -q 'no step like it has been built here' cold
  [ ! -d "$TOTE_ROOT/cache/steps" ]
  tote build -q -t x context
  tote build --explain context >warm
  [ "$(grep -c '^cached' warm)" = 5 ]
  grep -q '^cached  context/Dockerfile:3: \[one 1/2\] COPY a b /in/$' warm
  echo changed >context/b && chmod 600 context/a && before=$(ls "$TOTE_ROOT/cache/steps" | wc -l)
  tote build --explain context >changed
  diff - changed <<'EOF2'
runs    context/Dockerfile:3: [one 1/2] COPY a b /in/
          'in/a' had mode 644, has 600
          'in/b' has another content
runs    context/Dockerfile:4: [one 2/2] RUN /bin/sh -c echo "$V" >/v; date +%N >/when
          what is below it has changed: a step above, or the base image
cached  context/Dockerfile:6: [stage-1 1/3] WORKDIR /w
runs    context/Dockerfile:7: [stage-1 2/3] COPY --from=one /when .
          stage 'one', which it takes from, has steps that run
runs    context/Dockerfile:8: [stage-1 3/3] RUN true
          a step above it runs, and what comes of that is not known yet
EOF2
  [ "$(ls "$TOTE_ROOT/cache/steps" | wc -l)" = "$before" ]
  echo b >context/b && chmod 644 context/a
  # Touched, but the same: what follows is cached.
  tote build --explain context >touched
  grep -q 'hold the same' touched
  [ "$(grep -c ^runs touched)" = 1 ]
  tote build --explain --build-arg V=2 context | grep -qF "variable 'V' was '1', is '2'"
  sed -i 's/RUN true/RUN false/' context/Dockerfile
  tote build --explain context | grep -qF "the command was '/bin/sh -c true'"
  tote build --explain --progress=json context >lines
  while read -r line; do echo "$line" >line.json && valid build-explanation line.json; done <lines
  tote build --explain --no-cache-filter one context | grep -q -- --no-cache-filter
}

@test "--no-cache-filter runs the steps of a stage again, and of no other" {
  base
  printf 'FROM busybox AS one\nRUN echo 1 >/1\nFROM busybox\nRUN echo 2 >/2\nCOPY --from=one /1 /\n' >context/Dockerfile
  tote build -q context
  tote build --no-cache-filter=ONE context 2>log
  [ "$(grep -c CACHED log)" = 2 ]
  grep -A1 'one 1/1' log | grep -q DONE
}

@test "--squash makes one layer above the base image's, with the same files" {
  needs skopeo umoci
  base
  printf 'FROM busybox\nRUN echo 1 >/1 && rm /bin/vi\nRUN rm /1 && echo 2 >/2 && chown 5:6 /2\nCOPY a /\n' >context/Dockerfile
  tote build -q -t plain context && tote build -q -t squashed --squash context
  skopeo inspect --config "oci:$TOTE_ROOT/images:docker.io/library/squashed:latest" >config.json
  [ "$(jq '.rootfs.diff_ids|length' config.json)" = 2 ]
  [ "$(jq '[.history[]|select(.empty_layer|not)]|length' config.json)" = 2 ]
  for name in plain squashed; do umoci unpack --image "$TOTE_ROOT/images:docker.io/library/$name:latest" $name >/dev/null 2>&1; done
  for name in plain squashed; do (cd $name/rootfs && find . -printf '%p %y %m %U:%G %s %l\n' | sort) >$name.list; done
  diff plain.list squashed.list
}

@test "limits of RUN are its container's; --security=insecure must be allowed" {
  base
  printf 'FROM busybox\nRUN --security=insecure grep CapEff /proc/self/status >/caps\n' >context/Dockerfile
  run tote build context
  [ "$status" = 1 ]
  [[ $output == *"Dockerfile:2: RUN --security=insecure is not allowed"* ]]
  tote build --allow security.insecure -o out context
  [ "$(awk '{print $2}' out/caps)" = "$(awk '/CapBnd/{print $2}' /proc/self/status)" ] || grep -q 'ffffffff$' out/caps
  run tote build --memory lots context --allow security.insecure --no-cache
  [ "$status" = 1 ]
  [[ $output == *lots* ]]
}

# built: how many layers the last build found in the cache.
cached() { grep -c CACHED log || cat log >&2; }

@test "gc and rmi leave what the build cache keeps; builder prune takes it" {
  base
  printf 'FROM busybox\nRUN head -c 1000000 /dev/zero >/z\nCOPY a /\n' >context/Dockerfile
  tote build -q -t x context
  tote rmi x >/dev/null && layerctl gc >/dev/null
  tote build -t x context 2>log
  [ "$(cached)" = 2 ]
  tote builder du >du
  grep -q "RUN /bin/sh -c head" du
  # An image has all of it.
  [ "$(tote builder prune -f)" = 'Total reclaimed space: 0B' ]
  tote rmi x >/dev/null
  tote builder prune -f >pruned
  [ "$(head -n 1 pruned)" = 'Deleted build cache objects:' ]
  grep -q '^Total reclaimed space: 1[.0-9]*MB$' pruned
  tote build -t x context 2>log
  [ "$(cached)" = 0 ]
  # With --all what an image has goes, too, but the image stays whole.
  tote builder prune --all --force >/dev/null
  layerctl builder du --json >left
  [ ! -s left ]
  layerctl fsck
}

@test "builder du and prune: filters, cache mounts, files of the web, --keep-storage" {
  base
  for n in 1 2 3; do
    printf 'FROM busybox\nRUN head -c 1000000 /dev/urandom >/z%s\n' $n | tote build -q -f - context >/dev/null
    sleep 1.1
  done
  printf 'FROM busybox\nRUN --mount=type=cache,target=/c head -c 500000 /dev/zero >/c/f\n' | tote build -q -f - context >/dev/null
  tote image prune -a -f >/dev/null
  layerctl builder du --json >items
  while read -r line; do echo "$line" >line.json && valid build-cache line.json; done <items
  [ "$(jq -s '[.[]|select(.type=="exec.cachemount")|.size]' -c items)" = '[500000]' ]
  [ "$(tote builder prune --filter until=24h)" = 'Total reclaimed space: 0B' ]
  # The oldest two of the megabytes go.
  tote builder prune --keep-storage 1600KB >/dev/null
  layerctl builder du --json | jq -r .description >left
  grep -q z3 left && ! grep -q z1 left && ! grep -q z2 left
  id=$(layerctl builder du --json | jq -r 'select(.type=="exec.cachemount").id')
  tote builder prune --filter "id=${id:0:12}" | grep -q "^$id$"
  [ -z "$(layerctl builder du --json --filter type=exec.cachemount)" ]
  for bad in colour=red until=soon type=nope until; do
    run tote builder prune --filter "$bad"
    [ "$status" = 1 ]
    [[ $output == *"$bad"* || $output == *colour* ]]
  done
  # A build itself keeps to a bound.
  layerctl import base.tar busybox >/dev/null
  printf 'FROM busybox\nRUN head -c 1000000 /dev/urandom >/z4\n' | tote build -q --keep-storage 1MB -f - context >/dev/null
  ! layerctl builder du --json | jq -r .description | grep -q z3
}

# elsewhere COMMAND…: with another, empty store that has the base image.
elsewhere() {
  rm -rf other
  layerctl save busybox | TOTE_ROOT=$PWD/other layerctl load -q
  TOTE_ROOT=$PWD/other "$@"
}

two_stages() {
  cat >context/Dockerfile <<'EOF2'
FROM busybox AS tool
RUN cat /proc/sys/kernel/random/uuid >/tool; mkdir /more
FROM busybox
COPY a /
RUN cat /proc/sys/kernel/random/uuid >/made
COPY --from=tool /tool /
EOF2
}

@test "--cache-to and --cache-from type=local: another store runs nothing that has been run" {
  base
  two_stages
  id=$(tote build -q --cache-to type=local,dest=cache,mode=max context)
  skopeo inspect --raw oci:cache >/dev/null
  cp -a context copied
  elsewhere tote build --iidfile iid --cache-from type=local,src=cache copied 2>log
  [ "$(cat iid)" = "$id" ]
  [ "$(cached)" = 3 ]
  TOTE_ROOT=$PWD/other layerctl fsck
  # Only what the image has itself.
  tote build -q --cache-to type=local,dest=small context >/dev/null
  elsewhere tote build --cache-from type=local,src=small copied 2>log
  [ "$(cached)" = 1 ]
  # A cache that is not there costs time, not the build.
  elsewhere tote build --cache-from type=local,src=absent copied 2>log
  grep -q "warning: the cache of 'absent'" log
  for bad in type=gha type=local type=local,dest= type=inline,mode=most type=local,dest=x,colour=y; do
    run tote build --cache-to "$bad" context
    [ "$status" = 2 ]
    [[ $output == *"--cache-to '$bad'"* ]]
  done
}

@test "--cache-to and --cache-from type=registry and inline" {
  needs docker-registry skopeo
  load registry
  base
  two_stages
  local port=$((20000 + RANDOM % 10000))
  registry "$port"
  id=$(tote build -q --cache-to "type=registry,ref=127.0.0.1:$port/me/cache:1,mode=max" context)
  # No name is left of it.
  [ "$(layerctl images | grep -c cache)" = 0 ]
  elsewhere tote build --iidfile iid --cache-from "127.0.0.1:$port/me/cache:1" context 2>log
  [ "$(cat iid)" = "$id" ]
  [ "$(cached)" = 3 ]
  [ "$(TOTE_ROOT=$PWD/other layerctl images | grep -c cache)" = 0 ]
  TOTE_ROOT=$PWD/other layerctl fsck
  tote build -q -t "127.0.0.1:$port/me/app" --cache-to type=inline --push context >/dev/null
  elsewhere tote build --cache-from "127.0.0.1:$port/me/app" context 2>log
  [ "$(cached)" = 1 ]
  # The image that is built upon it does not carry its cache on.
  printf 'FROM 127.0.0.1:%s/me/app\nENV A=1\n' "$port" | tote build -q -t child -f - context >/dev/null
  ! layerctl inspect child | grep -q buildcache
  skopeo inspect --config "oci:$TOTE_ROOT/images:docker.io/library/child:latest" | grep -vq buildcache
  end_registries
}
