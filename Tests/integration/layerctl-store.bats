#!/usr/bin/env bats
# layerctl's image store: docker's verbs, other tools as judges, and what happens when things go wrong.

load helper

setup() {
  private_roots
  export SOURCE_DATE_EPOCH=1700000000
  cd "$BATS_TEST_TMPDIR"
}

# image NAME [CONTENT [COMPRESSION]]: an image of one small layer.
image() {
  rm -rf "$BATS_TEST_TMPDIR/tree"
  mkdir -p "$BATS_TEST_TMPDIR/tree/etc"
  printf '%s' "${2:-$1}" >"$BATS_TEST_TMPDIR/tree/etc/name"
  layerctl pack --compression "${3:-gzip}" "$BATS_TEST_TMPDIR/tree" |
    layerctl import -c 'CMD ["sh"]' -c 'ENV A="b c"' -c 'LABEL who=me' - "$1" >/dev/null
}

blob() { printf '%s/images/blobs/sha256/%s' "$TOTE_ROOT" "${1#sha256:}"; }
layer_of() { jq -r '.layers[0].digest' "$(blob "$(layerctl inspect -f '{{.Descriptor.digest}}' "$1")")"; }

@test "images prints docker's table" {
  image bb:1
  image 127.0.0.1:5000/me/get-started:part2
  run layerctl images
  [ "$status" -eq 0 ]
  [[ "${lines[0]}" =~ ^"REPOSITORY                      TAG       IMAGE ID       CREATED       SIZE"$ ]]
  [[ "${output}" =~ "127.0.0.1:5000/me/get-started   part2     "[0-9a-f]{12}"   "[23]" years ago   "[0-9.]+kB ]]
  [[ "${output}" =~ "bb                              1         " ]]
  [ "$(layerctl images -q | wc -l)" -eq 2 ]
  [ "$(layerctl images --format '{{.Repository}}:{{.Tag}}' bb)" = bb:1 ]
  [ "$(layerctl images --no-trunc -q bb)" = "$(layerctl inspect -f '{{.Id}}' bb:1)" ]
  [[ "$(layerctl images --digests bb)" =~ "sha256:"[0-9a-f]{64} ]]
  layerctl images --format json bb >row.json
  valid image-row row.json
}

@test "filters choose as docker's do" {
  image a:1
  SOURCE_DATE_EPOCH=1600000000 image b:1
  image a:1 other
  [ "$(layerctl images -q --filter dangling=true | wc -l)" -eq 1 ]
  [ "$(layerctl images --filter dangling=true --format '{{.Repository}}')" = '<none>' ]
  [ "$(layerctl images --filter 'reference=*:1' --format '{{.Repository}}' | sort | tr '\n' ' ')" = 'a b ' ]
  [ "$(layerctl images --filter before=a:1 --format '{{.Repository}}')" = b ]
  [ "$(layerctl images --filter since=b:1 --filter dangling=false --format '{{.Repository}}')" = a ]
  [ "$(layerctl images --filter label=who=me -q | wc -l)" -eq 3 ]
  [ "$(layerctl images --filter label=who=you -q | wc -l)" -eq 0 ]
  run layerctl images --filter nonsense=1
  [ "$status" -eq 1 ]
  [ "$output" = "layerctl: invalid filter 'nonsense'" ]
}

@test "tag, inspect, history, rm speak docker" {
  image bb:1
  id=$(layerctl inspect -f '{{.Id}}' bb:1)
  layerctl tag bb:1 localhost:5000/me/bb
  layerctl inspect bb:1 >inspect.json
  valid image-inspect inspect.json
  [ "$(jq -c '.[0].RepoTags' inspect.json)" = '["bb:1","localhost:5000/me/bb:latest"]' ]
  [ "$(layerctl inspect -f '{{json .Config.Cmd}} {{index .Config.Labels "who"}}' "${id:7:12}")" = '["sh"] me' ]
  run layerctl history --no-trunc --format '{{.ID}} {{.Comment}}' bb:1
  [ "$output" = "$id Imported from -" ]
  run layerctl rm "${id:7:12}"
  [ "$status" -eq 1 ]
  [ "$output" = "layerctl: conflict: unable to delete ${id:7:12} (must be forced) - image is referenced in multiple repositories" ]
  [ "$(layerctl rm bb:1)" = 'Untagged: bb:1' ]
  run layerctl rmi localhost:5000/me/bb
  [ "${lines[0]}" = 'Untagged: localhost:5000/me/bb:latest' ]
  [ "${lines[1]}" = "Deleted: $id" ]
  [ -z "$(find "$TOTE_ROOT/images/blobs" -type f)" ]
}

@test "what is not there is said in docker's words" {
  for verb in "rm nope" "history nope" "tag nope x" "save nope" "unpack nope" "verify nope"; do
    run layerctl $verb
    [ "$status" -eq 1 ]
    [ "$output" = "layerctl: No such image: nope:latest" ] || [ "${lines[-1]}" = "layerctl: No such image: nope:latest" ]
  done
  run layerctl inspect nope
  [ "$status" -eq 1 ]
  [ "${lines[0]}" = '[]' ]
  run layerctl tag nope 'BAD!'
  [ "$status" -eq 1 ]
  run layerctl images --nonsense
  [ "$status" -eq 2 ]
}

@test "skopeo, umoci and OCI's schemas accept the store" {
  needs skopeo umoci
  image bb:1
  layerctl tag bb:1 other/name:2
  skopeo inspect "oci:$TOTE_ROOT/images:docker.io/library/bb:1" | jq -e '.Env == ["A=b c"]'
  umoci stat --image "$TOTE_ROOT/images:docker.io/other/name:2"
  umoci unpack --image "$TOTE_ROOT/images:docker.io/library/bb:1" bundle
  [ "$(cat bundle/rootfs/etc/name)" = bb:1 ]
  schemas=/usr/share/gocode/src/github.com/opencontainers/image-spec/schema
  [ -d "$schemas" ] || skip "golang-github-opencontainers-image-spec-dev is not installed"
  manifest=$(layerctl inspect -f '{{.Descriptor.digest}}' bb:1)
  config=$(layerctl inspect -f '{{.Id}}' bb:1)
  python3 - "$schemas" "image-index-schema.json=$TOTE_ROOT/images/index.json" "image-manifest-schema.json=$(blob "$manifest")" \
    "config-schema.json=$(blob "$config")" "image-layout-schema.json=$TOTE_ROOT/images/oci-layout" <<'PY'
import json, os, sys, jsonschema
from urllib.parse import urlparse
base = sys.argv[1]
store = {}
for name in os.listdir(base):
    if name.endswith(".json"):
        document = json.load(open(os.path.join(base, name)))
        store["file:///" + name] = document
        if "id" in document: store[document["id"]] = document
for pair in sys.argv[2:]:
    name, path = pair.split("=", 1)
    schema = json.load(open(os.path.join(base, name)))
    handlers = {scheme: (lambda uri: json.load(open(os.path.join(base, os.path.basename(urlparse(uri).path))))) for scheme in ("file", "https")}
    resolver = jsonschema.RefResolver("file:///" + name, schema, store=store, handlers=handlers)
    jsonschema.Draft4Validator(schema, resolver=resolver).validate(json.load(open(path)))
PY
}

@test "what skopeo and umoci write into the store is there" {
  needs skopeo umoci
  image bb:1
  skopeo copy -q "oci:$TOTE_ROOT/images:docker.io/library/bb:1" "oci:$TOTE_ROOT/images:docker.io/library/copied:2"
  [ "$(layerctl images -q copied | wc -l)" -eq 1 ]
  umoci tag --image "$TOTE_ROOT/images:docker.io/library/bb:1" docker.io/library/tagged:3
  [ "$(layerctl inspect -f '{{.Id}}' tagged:3)" = "$(layerctl inspect -f '{{.Id}}' bb:1)" ]
  layerctl fsck
}

@test "save and load: the same images, the same bytes" {
  image bb:1
  image bb:2 two none
  layerctl save -o a.tar bb
  layerctl save bb:1 bb:2 >b.tar
  cmp a.tar b.tar
  [ "$(tar -tf a.tar | head -2 | tr '\n' ' ')" = 'blobs/ blobs/sha256/ ' ]
  [ "$(tar -xOf a.tar manifest.json | jq -c '[.[].RepoTags[]]')" = '["bb:1","bb:2"]' ]
  before=$(layerctl images --no-trunc --digests)
  for pack in cat gzip zstd xz bzip2; do
    command -v "$pack" >/dev/null || continue
    layerctl prune -a >/dev/null
    run sh -c "$pack <a.tar | layerctl load"
    [ "$output" = $'Loaded image: bb:1\nLoaded image: bb:2' ]
    [ "$(layerctl images --no-trunc --digests)" = "$before" ]
  done
  layerctl fsck
  layerctl verify bb:1 bb:2
}

@test "podman loads what we save, and we load what podman and skopeo save" {
  needs podman skopeo
  image bb:1
  id=$(layerctl inspect -f '{{.Id}}' bb:1)
  layerctl save -o ours.tar bb:1
  podman="podman --root $BATS_TEST_TMPDIR/podman --runroot $BATS_TEST_TMPDIR/podman-run --storage-driver vfs"
  $podman load -q -i ours.tar
  [ "sha256:$($podman image inspect -f '{{.Id}}' docker.io/library/bb:1)" = "$id" ]
  $podman save -q --format docker-archive -o docker.tar docker.io/library/bb:1
  $podman save -q --format oci-archive -o oci.tar docker.io/library/bb:1
  skopeo copy -q "oci:$TOTE_ROOT/images:docker.io/library/bb:1" docker-archive:skopeo-docker.tar:bb:1
  skopeo copy -q "oci:$TOTE_ROOT/images:docker.io/library/bb:1" oci-archive:skopeo-oci.tar:docker.io/library/bb:1
  skopeo inspect docker-archive:ours.tar >/dev/null
  for archive in docker.tar oci.tar skopeo-docker.tar skopeo-oci.tar; do
    layerctl rm -f bb:1 >/dev/null
    [ "$(layerctl load -i "$archive")" = 'Loaded image: bb:1' ]
    [ "$(layerctl inspect -f '{{.Id}}' bb:1)" = "$id" ]
    layerctl verify bb:1
  done
  layerctl gc >/dev/null
  layerctl fsck
}

@test "import takes archives of any compression, and all of them make the same rootfs" {
  mkdir -p tree/etc
  echo x >tree/etc/name
  tar -C tree -cf plain.tar .
  for pack in cat gzip zstd xz bzip2; do
    command -v "$pack" >/dev/null || continue
    "$pack" <plain.tar >packed
    layerctl import packed "img:$pack" >/dev/null
    [ "$(layerctl inspect -f '{{json .RootFS}}' "img:$pack")" = "$(layerctl inspect -f '{{json .RootFS}}' img:cat)" ]
    layerctl verify "img:$pack"
  done
  run layerctl import /etc/passwd bad
  [ "$status" -eq 1 ]
  [[ "$output" =~ ^"layerctl: '/etc/passwd': " ]]
  head -c 100 packed >cut
  run layerctl import cut bad
  [ "$status" -eq 1 ]
  [ "${#lines[@]}" -eq 1 ]
  run layerctl import -c 'RUN x' packed bad
  [ "$output" = "layerctl: --change 'RUN x': RUN is not a valid change command" ]
}

@test "an OCI layout in a directory is loaded" {
  image bb:1
  cp -r "$TOTE_ROOT/images" layout
  layerctl prune -a >/dev/null
  [ "$(layerctl load -i layout)" = 'Loaded image: bb:1' ]
  run layerctl load -i tree
  [ "$status" -eq 1 ]
  [ "$output" = "layerctl: 'tree' is not an OCI layout: there is no oci-layout" ]
}

@test "unpack makes lower directories, once, for all who ask at once" {
  image bb:1
  for i in 1 2 3 4 5 6 7 8; do layerctl unpack bb:1 >"out.$i" & done
  wait
  for i in 2 3 4 5 6 7 8; do cmp out.1 "out.$i"; done
  [ "$(cat "$(cat out.1)/etc/name")" = bb:1 ]
  [ "$(ls "$TOTE_ROOT/layers" | wc -l)" -eq 1 ]
  valid unpacked-layer "$TOTE_ROOT/layers"/*/layer.json
  layerctl fsck
  layerctl gc
  jq -e .synced "$TOTE_ROOT/layers"/*/layer.json
}

@test "an unpacked layer of another boot is made again from its blob" {
  image bb:1
  dir=$(layerctl unpack bb:1)
  : >"$dir/etc/name"
  record=${dir%/fs}/layer.json
  jq -c '.bootID = "another"' "$record" >new && mv new "$record"
  layerctl fsck | grep -q 'stopped before it was safely on the disk'
  layerctl unpack -q bb:1
  [ "$(cat "$dir/etc/name")" = bb:1 ]
}

@test "eight taggers at once keep eight of eight tags" {
  image bb:1
  for i in 1 2 3 4 5 6 7 8; do layerctl tag bb:1 "bb:t$i" & done
  wait
  [ "$(layerctl images -q bb | wc -l)" -eq 9 ]
}

@test "eight imports and a collector at once lose nothing" {
  for i in 1 2 3 4 5 6 7 8; do
    (
      mkdir -p "tree$i"
      echo "$i" >"tree$i/file"
      layerctl pack "tree$i" | layerctl import - "img:$i"
    ) >/dev/null &
    layerctl gc >/dev/null &
  done
  wait
  [ "$(layerctl images -q img | wc -l)" -eq 8 ]
  layerctl fsck
}

@test "kill -9 at any moment loses nothing that was reported done" {
  image base:1
  layerctl save -o base.tar base:1
  for i in $(seq 50); do
    (
      for n in 1 2 3 4; do
        layerctl tag base:1 "k:$i-$n" && echo "k:$i-$n" >>reported
        layerctl import base.tar "i:$i-$n" >/dev/null && echo "i:$i-$n" >>reported
      done
    ) &
    victim=$!
    sleep "0.0$((RANDOM % 9))"
    # The loop and whatever it is running, by their ids.
    children=$(ps -o pid= --ppid "$victim" || true)
    kill -9 "$victim" $children 2>/dev/null || true
    wait "$victim" 2>/dev/null || true
  done
  run layerctl fsck -q
  [ "$status" -eq 0 ]
  [ "$(wc -l <reported)" -gt 5 ]
  while read -r name; do layerctl inspect "$name" >/dev/null; done <reported
  layerctl gc >/dev/null
  run layerctl fsck
  [ "$status" -eq 0 ]
  [ -z "$output" ]
}

@test "fsck names truncated, flipped and missing blobs, and repair leaves a sound store" {
  image good:1
  image bad:1
  layer=$(layer_of bad:1)
  truncate -s 100 "$(blob "$layer")"
  run layerctl fsck
  [ "$status" -eq 1 ]
  [[ "$output" =~ "error: blob '$layer' is damaged" ]]
  [[ "$output" =~ "used by bad:1" ]]
  run layerctl unpack bad:1
  [ "$status" -eq 1 ]
  [[ "$output" =~ "it has 100 bytes instead of" ]]
  layerctl fsck --repair >/dev/null || true
  rm -f "$(blob "$layer")"
  run layerctl fsck
  [[ "$output" =~ "blob '$layer' is missing (used by bad:1)" ]]
  image bad:1
  layerctl fsck
  config=$(blob "$(layerctl inspect -f '{{.Id}}' bad:1)")
  printf '\x7f' | dd of="$config" bs=1 seek=20 conv=notrunc status=none
  layerctl fsck --json >findings.json || true
  valid fsck findings.json
  run layerctl images
  [[ "$output" =~ "warning: 'bad:1' cannot be shown" ]]
  [[ "$output" =~ "good" ]]
  run layerctl gc
  [ "$status" -eq 1 ]
  layerctl rm bad:1
  layerctl gc >/dev/null
  layerctl fsck
}

@test "a full disk is one clear line and leaves nothing behind" {
  needs unshare
  [ "$(id -u)" -eq 0 ] || skip "needs root"
  head -c 6000000 /dev/urandom >big
  tar -cf big.tar big
  mkdir small
  run unshare -m sh -c '
    mount --make-rprivate / && mount -t tmpfs -o size=4m none small &&
    export TOTE_ROOT=$PWD/small && layerctl import big.tar big:1; echo "exit $?"
    layerctl images -q; layerctl fsck && find small -type f -name "[0-9a-f]*" -size +0'
  [[ "${lines[0]}" =~ ^"layerctl: ".*"No space left on device"$ ]]
  [ "${lines[1]}" = "exit 1" ]
  [ "${#lines[@]}" -eq 2 ]
}

@test "hostile layouts and docker archives are refused or contained" {
  [ -d "$TOTE_CORPORA/evil" ] || skip "no corpora at $TOTE_CORPORA"
  python3 - "$TOTE_CORPORA/evil/index.json" >cases <<'PY'
import json, sys
for case in json.load(open(sys.argv[1])):
    if case["kind"] in ("layout", "docker-archive"):
        print(case["name"], case["expect"], case.get("layout") or case["archive"])
PY
  mkdir -p /tmp/evil-canary
  find /tmp/evil-canary -printf '%P %y %m %s\n' | sort >canary.before
  while read -r name expect path; do
    rm -rf "$TOTE_ROOT"
    run timeout 20 layerctl load -i "$TOTE_CORPORA/evil/$path"
    echo "$name ($expect): $status: $output"
    case $expect in
    apply) [ "$status" -eq 0 ] ;;
    reject) [ "$status" -eq 1 ] && [ "${#lines[@]}" -eq 1 ] && [ "$(layerctl images -q | wc -l)" -eq 0 ] ;;
    contain) [ "$status" -le 1 ] ;;
    esac
    layerctl gc >/dev/null
    layerctl fsck
    if layerctl images | grep -q "$(printf '\033')"; then return 1; fi
  done <cases
  find /tmp/evil-canary -printf '%P %y %m %s\n' | sort | cmp - canary.before
}

@test "a layout of hostile make is no store" {
  [ -d "$TOTE_CORPORA/evil" ] || skip "no corpora at $TOTE_CORPORA"
  for layout in img-digest-traversal img-size-negative img-layoutversion img-digest-algo; do
    rm -rf "$TOTE_ROOT"
    mkdir -p "$TOTE_ROOT"
    cp -r "$TOTE_CORPORA/evil/layouts/$layout" "$TOTE_ROOT/images"
    run layerctl images
    [ "$status" -eq 1 ] || [[ "$output" =~ "cannot be shown" ]]
    run layerctl fsck
    [ "$status" -eq 1 ]
  done
}

@test "the base image from busybox is the same everywhere" {
  [ -x /bin/busybox ] || skip "busybox-static is not installed"
  "$top/examples/base/make-busybox.sh" a >one
  TOTE_ROOT=$BATS_TEST_TMPDIR/second "$top/examples/base/make-busybox.sh" >two
  cmp one two
  chroot "$(layerctl unpack a)" /bin/sh -c 'test "$(id -u)" = 0'
}
