#!/usr/bin/env bats
# layerctl build: Dockerfiles to images, judged by skopeo, umoci and the files that come out.
bats_require_minimum_version 1.5.0
load helper

setup() {
  private_roots
  cd "$BATS_TEST_TMPDIR"
  mkdir context
}

teardown() {
  # Nothing of a build stays mounted or running.
  run ! grep "$BATS_TEST_TMPDIR" /proc/self/mountinfo
}

# base [NAME]: puts a busybox image into the store.
base() {
  needs skopeo umoci
  if [ ! -d rootfs ]; then busybox_rootfs rootfs; fi
  tar -C rootfs --numeric-owner --owner=0 --group=0 -cf base.tar .
  layerctl import base.tar "${1:-busybox}" >/dev/null
}

# build [FLAG…] <Dockerfile: dfparse and layerctl build over ./context.
build() {
  cat >Dockerfile
  dfparse Dockerfile >ast.json && layerctl build --context context --dockerfile Dockerfile "$@" ast.json
}

# unpacked NAME DIR: what umoci makes of the image.
unpacked() { umoci unpack --image "$TOTE_ROOT/images:$1" "$2" >/dev/null 2>&1; }

full() { echo "docker.io/library/$1:latest"; }

@test "an image from scratch is one that skopeo and umoci read" {
  needs skopeo umoci
  mkdir context/dir && echo a >context/a.txt && echo b >context/dir/b
  build -q -t one <<'EOF'
FROM scratch
COPY a.txt /x/
COPY --chown=5:6 --chmod=640 dir /y
ENV A=1 B="two words"
LABEL l=v
EXPOSE 80
CMD ["/x"]
EOF
  skopeo inspect --config "oci:$TOTE_ROOT/images:$(full one)" >config.json
  [ "$(jq -r '.config.Env[1:]|join(",")' config.json)" = "A=1,B=two words" ]
  [ "$(jq -c .config.ExposedPorts config.json)" = '{"80/tcp":{}}' ]
  [ "$(jq -r '.history[-1].created_by' config.json)" = 'CMD ["/x"]' ]
  unpacked "$(full one)" out
  [ "$(cat out/rootfs/x/a.txt)" = a ]
  [ "$(stat -c '%u:%g %a' out/rootfs/y/b)" = "5:6 640" ]
}

@test "the ID is printed with -q and written with --iidfile, and it is the same in another store at another time" {
  echo a >context/a
  printf 'FROM scratch\nCOPY a /\n' >df
  first=$(build -q --iidfile iid -t r <df)
  [ "$first" = "$(cat iid)" ]
  [[ $first =~ ^sha256:[0-9a-f]{64}$ ]]
  touch -d 2001-01-01 context/a
  TOTE_ROOT=$BATS_TEST_TMPDIR/other
  second=$(umask 077; TZ=Asia/Tokyo LC_ALL=C build -q -t r <df)
  [ "$first" = "$second" ]
}

@test "RUN makes the same layer in another store, whatever the time" {
  base
  printf 'FROM busybox\nRUN echo x >/made && mkdir -p /d/e && date >/dev/null\nRUN ls -l --full-time /made >/seen\n' >df
  first=$(build -q -t r <df)
  cp -r "$TOTE_ROOT" other-root
  rm -rf other-root/cache other-root/layers
  TOTE_ROOT=$PWD/other-root
  sleep 1.1
  second=$(build -q --no-cache -t r <df)
  [ "$first" = "$second" ]
}

@test "SOURCE_DATE_EPOCH is the time of everything" {
  echo a >context/a
  printf 'FROM scratch\nCOPY a /d/\n' | build -q --build-arg SOURCE_DATE_EPOCH=1600000000 -t e >/dev/null
  skopeo inspect --config "oci:$TOTE_ROOT/images:$(full e)" >config.json
  [ "$(jq -r .created config.json)" = 2020-09-13T12:26:40Z ]
  unpacked "$(full e)" out
  [ "$(stat -c %Y out/rootfs/d/a)" = 1600000000 ]
}

@test "what has not changed comes from the cache; a changed file, even of the same size and time, does not" {
  base
  echo 1 >context/a && touch -d 2020-01-01 context/a
  printf 'FROM busybox\nCOPY a /a\nRUN cat /a >/b\n' >df
  sleep 1.2
  build -t c <df
  run build -t c <df
  [ "$(grep -c CACHED <<<"$output")" = 2 ]
  touch context/a
  sleep 1.2
  run build -t c <df
  # Read again, found the same: the layer and with it RUN are as they were.
  [ "$(grep -c CACHED <<<"$output")" = 1 ]
  echo 2 >context/a && touch -d 2020-01-01 context/a
  run build -t c <df
  [ "$(grep -c CACHED <<<"$output")" = 0 ]
  unpacked "$(full c)" out
  [ "$(cat out/rootfs/b)" = 2 ]
}

@test "--no-cache runs everything again" {
  base
  printf 'FROM busybox\nRUN true\n' >df
  build -t n <df
  run build --no-cache=true -t n <df
  [[ $output != *CACHED* ]]
  run build --no-cache=false -t n <df
  [[ $output == *CACHED* ]]
}

@test "a configuration instruction in between does not undo the cache of COPY" {
  echo 1 >context/a
  sleep 1.2
  printf 'FROM scratch\nLABEL a=1\nCOPY a /\n' | build -t l
  run build -t l <<<$'FROM scratch\nLABEL a=2\nENV x=y\nCOPY a /'
  [[ $output == *CACHED* ]]
}

@test "stages: what is not needed is not built, COPY --from takes by name, number and image" {
  base
  build -q -t s <<'EOF'
FROM busybox AS unneeded
RUN false
FROM busybox AS maker
RUN mkdir /out && echo made >/out/file && ln /out/file /out/link
FROM scratch
COPY --from=maker /out /by-name
COPY --from=1 /out/file /by-number
COPY --from=busybox /etc/passwd /by-image
EOF
  unpacked "$(full s)" out
  [ "$(cat out/rootfs/by-name/link out/rootfs/by-number)" = $'made\nmade' ]
  grep -q root out/rootfs/by-image
  [ "$(stat -c %h out/rootfs/by-name/file)" = 2 ]
}

@test "--target and --build-arg" {
  build -q -t t --target one --build-arg v=given <<'EOF'
FROM scratch AS one
ARG v=default
ENV e=$v
FROM scratch AS two
ENV e=two
EOF
  skopeo inspect --config "oci:$TOTE_ROOT/images:$(full t)" | jq -e '.config.Env|index("e=given")'
  run build --target onee <<<$'FROM scratch AS one'
  [ "$status" = 1 ]
  [[ $output == *"target stage 'onee'"*"did you mean 'one'"* ]]
}

@test "COPY follows links of the image and keeps the modes of its directories" {
  base
  mkdir -p rootfs/usr/lib && ln -s usr/lib rootfs/lib && chmod 1777 rootfs/tmp
  base linked
  echo a >context/a
  printf 'FROM linked\nCOPY a /lib/\nCOPY a /tmp/\nRUN stat -c %%a /tmp >/mode && cat /usr/lib/a >/seen\n' | build -q -t k
  unpacked "$(full k)" out
  [ -L out/rootfs/lib ]
  [ "$(cat out/rootfs/mode out/rootfs/seen)" = $'1777\na' ]
}

@test "names with spaces, newlines, bytes that are no UTF-8, and of 255 bytes" {
  needs umoci
  mkdir context/d
  long=$(printf 'n%.0s' {1..255})
  : >"context/d/a b" && : >$'context/d/new\nline' && : >$'context/d/\xff\xfe' && : >"context/d/$long"
  printf 'FROM scratch\nCOPY d /d\n' | build -q -t names
  unpacked "$(full names)" out
  diff <(cd context/d && find . | LC_ALL=C sort) <(cd out/rootfs/d && find . | LC_ALL=C sort)
}

@test "a Dockerfile with a byte order mark and CRLF" {
  echo a >context/a
  printf '\xef\xbb\xbfFROM scratch\r\nCOPY a \\\r\n  /b\r\nENV A=b\r\n' | build -q -t crlf
  skopeo inspect --config "oci:$TOTE_ROOT/images:$(full crlf)" | jq -e '.config.Env|index("A=b")'
}

@test "127 layers" {
  base
  { echo FROM busybox; for i in $(seq 125); do echo "WORKDIR /d$i"; done; echo 'RUN ls -d /d[0-9]* | wc -l >/count'; } | build -q -t many
  skopeo inspect "oci:$TOTE_ROOT/images:$(full many)" | jq -e '.Layers|length == 127'
  unpacked "$(full many)" out
  [ "$(cat out/rootfs/count)" = 125 ]
}

@test "the seeds' Dockerfile: FROM WORKDIR ADD RUN EXPOSE ENV CMD" {
  base python:2.7-slim
  echo 'print("hi")' >context/app.py && echo Flask >context/requirements.txt
  build -q -t friendlyhello <<'EOF'
FROM python:2.7-slim
WORKDIR /app
ADD . /app
RUN cp requirements.txt installed.txt
EXPOSE 80
ENV NAME World
CMD ["python", "app.py"]
EOF
  skopeo inspect --config "oci:$TOTE_ROOT/images:$(full friendlyhello)" >config.json
  [ "$(jq -r .config.WorkingDir config.json)" = /app ]
  [ "$(jq -c .config.Cmd config.json)" = '["python","app.py"]' ]
  unpacked "$(full friendlyhello)" out
  cmp context/requirements.txt out/rootfs/app/installed.txt
}

@test "ADD unpacks archives by their content, COPY does not" {
  mkdir tree && echo x >tree/f && chmod 600 tree/f
  tar -C tree --owner=7 --group=8 --numeric-owner -cJf context/blob f
  printf 'FROM scratch\nADD blob /added/\nCOPY blob /copied/\n' | build -q -t add
  unpacked "$(full add)" out
  [ "$(stat -c '%u:%g %a' out/rootfs/added/f)" = "7:8 600" ]
  cmp context/blob out/rootfs/copied/blob
}

@test "mounts of RUN: bind without what .dockerignore leaves out, cache, tmpfs, secret" {
  base
  echo keep >context/keep && echo drop >context/drop && echo drop >context/.dockerignore
  printf open-7391 >secret.txt
  build -q -t m --secret id=token,src=secret.txt <<'EOF'
FROM busybox
RUN --mount=target=/src ls -A /src >/seen && ! touch /src/keep
RUN --mount=target=/src,rw touch /src/new && test -e /src/new
RUN --mount=type=cache,target=/c echo 1 >>/c/n
RUN --mount=type=cache,target=/c cat /c/n >/cached
RUN --mount=type=tmpfs,target=/t touch /t/x
RUN --mount=type=secret,id=token grep -q 'open-7[3]91' /run/secrets/token && stat -c %a /run/secrets/token >/secret-mode
RUN --mount=type=secret,id=token,env=TOKEN echo "$TOKEN" | grep -q 'open-7[3]91' 
EOF
  [ ! -e context/new ]
  unpacked "$(full m)" out
  [ "$(cat out/rootfs/seen)" = $'.dockerignore\nkeep' ]
  [ "$(cat out/rootfs/cached)" = 1 ]
  [ "$(cat out/rootfs/secret-mode)" = 400 ]
  [ ! -e out/rootfs/c ] && [ ! -e out/rootfs/run/secrets ]
  run ! grep -r open-7391 "$TOTE_ROOT" out/rootfs
}

@test "RUN --network=none has the loopback alone" {
  base
  printf 'FROM busybox\nRUN --network=none ls /sys/class/net >/n\n' | build -q -t none
  unpacked "$(full none)" out
  [ "$(cat out/rootfs/n)" = lo ]
}

@test "ONBUILD runs in the stage built from it" {
  base
  echo a >context/a
  printf 'FROM busybox\nONBUILD COPY a /from-trigger\n' | build -q -t parent
  printf 'FROM parent\nRUN cat /from-trigger >/seen\n' | build -q --pull=never -t child
  unpacked "$(full child)" out
  [ "$(cat out/rootfs/seen)" = a ]
}

@test "--build-context gives COPY --from another directory" {
  mkdir extra && echo e >extra/e
  printf 'FROM scratch\nCOPY --from=more e /e\n' | build -q -t bc --build-context more=extra
  unpacked "$(full bc)" out
  [ "$(cat out/rootfs/e)" = e ]
}

@test "--metadata-file is what its schema says, and so are --progress=json's events" {
  echo a >context/a
  printf 'FROM scratch\nCOPY a /\n' | build --progress=json --metadata-file meta.json -t m 2>events
  valid build-metadata meta.json
  while read -r line; do
    echo "$line" >event.json
    valid build-event event.json
  done <events
  [ "$(jq -r .event events | tr '\n' ' ')" = "step done " ]
}

@test "a RUN that fails: its line, its exit code, its last lines, nothing left behind" {
  base
  printf 'FROM busybox\n\nRUN echo about to fail; exit 42\n' >df
  before=$(layerctl images -q)
  run build -q -t f <df
  [ "$status" = 1 ]
  [[ $output == *"Dockerfile:3: RUN "*"exit code 42"*"about to fail"* ]]
  [ "$before" = "$(layerctl images -q)" ]
  [ -z "$(ls "$TOTE_ROOT/cache/work")" ]
  [ -z "$(ls "$TOTE_RUN/runtime" 2>/dev/null)" ]
}

@test "COPY of what is not there names the nearest name, or the rule that leaves it out" {
  echo a >context/readme.md
  run build <<<$'FROM scratch\nCOPY readmee.md /'
  [ "$status" = 1 ]
  [[ $output == *"Dockerfile:2: COPY 'readmee.md': not found in the build context; did you mean 'readme.md'?"* ]]
  printf '# docs\n*.md\n' >context/.dockerignore
  run build <<<$'FROM scratch\nCOPY readme.md /'
  [ "$status" = 1 ]
  [[ $output == *"left out by .dockerignore:2 '*.md'"* ]]
}

@test "a missing base image is named, with its line" {
  run build --pull=never <<<$'# c\nFROM nowhere/at-all:1'
  [ "$status" = 1 ]
  [[ $output == *"Dockerfile:2: base image 'nowhere/at-all:1' is not in the store"* ]]
}

@test "--platform and FROM --platform make images of other machines; RUN needs a machine that runs their programs" {
  needs skopeo
  base
  echo a >context/a
  build -q -t other --platform linux/s390x <<<$'FROM scratch\nARG TARGETARCH\nLABEL a=$TARGETARCH\nCOPY a /'
  skopeo inspect --config --override-arch s390x "oci:$TOTE_ROOT/images:$(full other)" >config.json
  [ "$(jq -r '.architecture+.os+.config.Labels.a' config.json)" = s390xlinuxs390x ]
  # The image of another machine is no base of one for this machine, but is for its own.
  run build --pull=never <<<$'FROM other\nCOPY a /b'
  [ "$status" = 1 ]
  build -q -t child --pull=never <<<$'FROM --platform=linux/s390x other\nCOPY a /b'
  skopeo inspect --config --override-arch s390x "oci:$TOTE_ROOT/images:$(full child)" | jq -e '.architecture == "s390x"'
  # A stage for this machine makes what one for another takes.
  build -q -t cross --platform linux/s390x <<<$'FROM --platform=$BUILDPLATFORM busybox AS tool\nRUN echo made >/made\nFROM other\nCOPY --from=tool /made /'
  if [ ! -e /proc/sys/fs/binfmt_misc/qemu-s390x ]; then
    run build --platform linux/s390x <<<$'FROM other\nRUN true'
    [ "$status" = 1 ]
    [[ $output == *"Dockerfile:2: RUN programs for linux/s390x cannot be run on "*"qemu-s390x"* ]]
  fi
  run build --platform linux/nonsense/9/9 <<<$'FROM scratch'
  [ "$status" = 2 ]
  run build <<<$'FROM --platform=a/b/c/d scratch'
  [ "$status" = 1 ]
  [[ $output == *"Dockerfile:1: FROM --platform=a/b/c/d: invalid platform"* ]]
}

@test "a build that is killed leaves the store whole, and the next one cleans up after it" {
  base
  printf 'FROM busybox\nRUN sleep 30\n' >Dockerfile
  dfparse Dockerfile >ast.json
  layerctl build --context context -t k ast.json 2>log &
  pid=$!
  for _ in $(seq 100); do
    [ -n "$(ls "$TOTE_RUN/runtime" 2>/dev/null)" ] && break
    sleep 0.1
  done
  kill -9 "$pid"
  wait "$pid" || true
  run ! grep "$BATS_TEST_TMPDIR" /proc/self/mountinfo
  printf 'FROM busybox\nRUN true\n' | build -q -t k
  [ -z "$(ls "$TOTE_ROOT/cache/work")" ]
  [ -z "$(ls "$TOTE_RUN/runtime")" ]
  layerctl fsck
}

@test "Ctrl-C ends the step's container and the build" {
  base
  printf 'FROM busybox\nRUN sleep 30\n' >Dockerfile
  dfparse Dockerfile >ast.json
  layerctl build --context context ast.json 2>log &
  pid=$!
  for _ in $(seq 100); do
    [ -n "$(ls "$TOTE_RUN/runtime" 2>/dev/null)" ] && break
    sleep 0.1
  done
  sleep 0.3
  kill -TERM "$pid"
  status=0
  wait "$pid" || status=$?
  [ "$status" = 1 ]
  grep -q 'interrupted by signal 15' log
  [ -z "$(ls "$TOTE_RUN/runtime")" ]
  [ -z "$(ls "$TOTE_ROOT/cache/work")" ]
}

@test "two builds at once share the cache" {
  base
  printf 'FROM busybox\nRUN echo 1 >/a\nRUN echo 2 >/b\n' >Dockerfile
  dfparse Dockerfile >ast.json
  layerctl build -q --context context -t p1 ast.json >id1 &
  layerctl build -q --context context -t p2 ast.json >id2
  wait $!
  cmp id1 id2
  layerctl fsck
}

@test "a symbolic link in the context that leads out of it is not followed" {
  echo secret >outside
  ln -s "$PWD/outside" context/l
  ln -s / context/root
  run build <<<$'FROM scratch\nCOPY l /l'
  [ "$status" = 1 ]
  run build <<<"FROM scratch
COPY root$PWD/outside /l"
  [ "$status" = 1 ]
}

@test "on a terminal the step under way is drawn over and over, and what it prints cannot steer the terminal" {
  needs script
  base
  mkdir -p "$BATS_TEST_TMPDIR/live"
  cd "$BATS_TEST_TMPDIR/live"
  printf 'FROM busybox\nRUN printf "\\033[31mred\\n"; sleep 0.5; echo last\n' >Dockerfile
  dfparse Dockerfile >ast
  script -qefc "stty cols 60; layerctl build -t live --context . ast" typescript >/dev/null
  # Drawn at least twice while the step slept, and taken back each time.
  [ "$(grep -c 'RUN /bin/sh' <(tr '\r' '\n' <typescript))" -ge 3 ]
  grep -q $'\033\[[0-9]*A\033\[0J' typescript
  ! grep -q $'\033\[31m' typescript
  # The last of the step is its line with its time.
  grep -Eq ' => \[2/2\] RUN .* [0-9]+\.[0-9]s' typescript || grep -Eq ' => \[1/1\] RUN .* [0-9]+\.[0-9]s' typescript
}
