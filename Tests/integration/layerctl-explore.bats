# layerctl explore, du and squash, and tote system df: what layers and the store are made of.
bats_require_minimum_version 1.5.0
load helper

setup() {
  private_roots
  work=$BATS_TEST_TMPDIR/work
  mkdir -p "$work"
}

teardown() { ocibundle ls -aq 2>/dev/null | xargs -r tote rm -f >/dev/null 2>&1 || true; }

# layers_image NAME TAR…: an image of these layers, uncompressed, made by skopeo's reader's rules and loaded.
layers_image() {
  local name=$1 layout=$BATS_TEST_TMPDIR/layout.$RANDOM
  shift
  python3 - "$layout" "$name" "$@" <<'PY'
import hashlib, json, os, sys
layout, name, *tars = sys.argv[1:]
os.makedirs(layout + "/blobs/sha256")
def blob(data, kind):
    digest = hashlib.sha256(data).hexdigest()
    open(f"{layout}/blobs/sha256/{digest}", "wb").write(data)
    return {"mediaType": f"application/vnd.oci.image.{kind}", "digest": "sha256:" + digest, "size": len(data)}
layers = [blob(open(t, "rb").read(), "layer.v1.tar") for t in tars]
config = {"architecture": "amd64", "os": "linux", "config": {"Cmd": ["true"], "Labels": {"kept": "yes"}},
          "rootfs": {"type": "layers", "diff_ids": [l["digest"] for l in layers]},
          "history": [{"created_by": "step %d" % (i + 1)} for i in range(len(tars))]}
manifest = {"schemaVersion": 2, "config": blob(json.dumps(config).encode(), "config.v1+json"), "layers": layers}
entry = blob(json.dumps(manifest).encode(), "manifest.v1+json")
entry["annotations"] = {"org.opencontainers.image.ref.name": name}
json.dump({"schemaVersion": 2, "manifests": [entry]}, open(layout + "/index.json", "w"))
open(layout + "/oci-layout", "w").write('{"imageLayoutVersion":"1.0.0"}')
PY
  layerctl load -q -i "$layout"
}

# Three layers: files; a replaced and a new one, a hard link; a removed directory and an opaque one.
make_layers() {
  mkdir -p "$work"/{1,2,3}/{a,b} "$work/1/c"
  head -c 1000 /dev/zero >"$work/1/a/thousand"
  head -c 200 /dev/zero >"$work/1/a/twohundred"
  head -c 30 /dev/zero >"$work/1/b/thirty"
  head -c 4 /dev/zero >"$work/1/c/four"
  head -c 500 /dev/zero >"$work/2/a/thousand"
  ln "$work/2/a/thousand" "$work/2/b/link"
  rmdir "$work/3/a"
  touch "$work/3/.wh.a" "$work/3/b/.wh..wh..opq"
  echo new >"$work/3/b/new"
  chmod 700 "$work/3/b"
  for n in 1 2 3; do tar -C "$work/$n" --sort=name -cf "$work/$n.tar" $(cd "$work/$n" && ls -A); done
}

@test "explore counts what each layer adds, changes, removes and wastes" {
  make_layers
  layers_image example.org/x:1 "$work"/{1,2,3}.tar
  run -0 layerctl explore --paths --format json example.org/x:1
  echo "$output" >"$work/explore.json"
  valid explore "$work/explore.json"
  jq -e '.layers | map(.added) == [{entries: 7, bytes: 1234}, {entries: 1, bytes: 0}, {entries: 1, bytes: 4}]' "$work/explore.json"
  jq -e '.layers | map(.changed) == [{entries: 0, bytes: 0}, {entries: 1, bytes: 500}, {entries: 1, bytes: 0}]' "$work/explore.json"
  # a with its two files; thirty and the link, with which the last name of the 500 goes.
  jq -e '.layers[2].removed == {entries: 5, bytes: 730}' "$work/explore.json"
  jq -e '.layers | map(.wasted) == [1230, 500, 0]' "$work/explore.json"
  jq -e '.bytes == 8 and .wasted == 1730 and .wastedPaths[0] == {path: "/a/thousand", times: 1, bytes: 1000}' "$work/explore.json"
  jq -e '[.layers[2].paths[] | select(.change == "D").path] | sort == ["/a", "/a/thousand", "/a/twohundred", "/b/link", "/b/thirty"]' "$work/explore.json"
  run -0 layerctl explore example.org/x:1
  [ "$(tr -s ' ' <<<"${lines[0]}")" = 'LAYER SIZE ADDED CHANGED REMOVED WASTED CREATED BY' ]
  [[ $(tr -s ' ' <<<"${lines[2]}") == '2 '*' 1 (0B) 1 (500B) - 500B step 2' ]]
  [[ $output == *'Files: 8B, wasted: 1.73kB, efficiency: 0 %'* ]]
  [ "$(layerctl explore --format '{{.Layer}} {{.CreatedBy}}' example.org/x:1 | tail -n 1)" = '3 step 3' ]
}

@test "explore follows links and takes a file in a directory's place for all that was in it" {
  mkdir -p "$work"/{1/usr/bin,2/bin}
  head -c 10 /dev/zero >"$work/1/usr/bin/ten"
  ln -s usr/bin "$work/1/bin"
  head -c 20 /dev/zero >"$work/2/bin/ten"
  head -c 5 /dev/zero >"$work/usr"
  tar -C "$work/1" -cf "$work/1.tar" usr bin
  tar -C "$work/2" -cf "$work/2.tar" bin/ten
  tar -C "$work" -cf "$work/3.tar" usr
  layers_image example.org/x:1 "$work"/{1,2,3}.tar
  layerctl explore --format json example.org/x:1 >"$work/explore.json"
  jq -e '.layers | map(.wasted) == [10, 20, 0]' "$work/explore.json"
  jq -e '.layers[1].changed == {entries: 1, bytes: 20} and .layers[2].removed.entries == 2 and .bytes == 5' "$work/explore.json"
  run -1 layerctl explore nothing
  [ "$output" = 'layerctl: No such image: nothing:latest' ]
}

@test "squash: one layer, the same tree, by our reader and by umoci's" {
  needs umoci
  make_layers
  layers_image example.org/x:1 "$work"/{1,2,3}.tar
  id=$(layerctl squash --image example.org/x:1 example.org/flat:1)
  [ "$(layerctl images -q --no-trunc example.org/flat)" = "$id" ]
  layerctl inspect example.org/flat:1 | jq -e '.[0] | (.RootFS.Layers | length) == 1 and .Config.Labels.kept == "yes"'
  layerctl verify example.org/flat:1
  umoci unpack --image "$TOTE_ROOT/images:example.org/x:1" "$work/layered" >/dev/null
  umoci unpack --image "$TOTE_ROOT/images:example.org/flat:1" "$work/flat" >/dev/null
  find() { command find "$1" -mindepth 1 -printf '%P %y %m %U:%G %s %Ts %n\n' | sort; }
  diff <(find "$work/layered/rootfs") <(find "$work/flat/rootfs")
  diff -r "$work/layered/rootfs" "$work/flat/rootfs"
  # Nothing that it was made in stays.
  [ -z "$(command find "$TOTE_ROOT/layers" -name '*.tmp')" ]
  # The same from files, as a stream.
  layerctl squash --compression none "$work/1.tar" - "$work/3.tar" <"$work/2.tar" | layerctl apply "$work/stream"
  diff <(find "$work/layered/rootfs") <(find "$work/stream")
}

@test "squash onto a base leaves the base's layers" {
  make_layers
  layers_image example.org/base:1 "$work/1.tar"
  layers_image example.org/x:1 "$work"/{1,2,3}.tar
  layers_image example.org/other:1 "$work/2.tar"
  layerctl squash --image example.org/x:1 --onto example.org/base:1 example.org/flat:1
  layerctl inspect example.org/flat:1 | jq -e '.[0].RootFS.Layers | length == 2'
  [ "$(layerctl inspect -f '{{index .RootFS.Layers 0}}' example.org/flat:1)" = "$(layerctl inspect -f '{{index .RootFS.Layers 0}}' example.org/base:1)" ]
  layerctl unpack -q example.org/x:1
  for name in x flat; do
    mkdir -p "$work/mounted.$name"
    mount -t overlay overlay -o "lowerdir=$(layerctl unpack "example.org/$name:1" | paste -sd :)" "$work/mounted.$name"
  done
  run diff <(cd "$work/mounted.x" && find . -printf '%P %y %m %s %Ts\n' | sort) <(cd "$work/mounted.flat" && find . -printf '%P %y %m %s %Ts\n' | sort)
  umount "$work/mounted.x" "$work/mounted.flat"
  [ "$status" -eq 0 ]
  run -1 layerctl squash --image example.org/x:1 --onto example.org/other:1
  [[ $output == "layerctl: the layers of '"*"' are not the lowest of '"*"'" ]]
  run -2 layerctl squash --onto example.org/base:1 "$work/1.tar"
}

@test "squash says which layer is bad and leaves nothing" {
  make_layers
  head -c 700 "$work/2.tar" >"$work/cut.tar"
  export TMPDIR=$BATS_TEST_TMPDIR/tmp
  mkdir "$TMPDIR"
  run -1 --separate-stderr layerctl squash -o "$work/out" "$work/1.tar" "$work/cut.tar"
  [[ $stderr == "layerctl: $work/cut.tar: "* ]]
  [ -z "$(ls "$TMPDIR")" ]
  [ ! -e "$work/out" ]
}

@test "du and system df count each byte once" {
  make_layers
  layers_image example.org/base:1 "$work/1.tar"
  layers_image example.org/x:1 "$work"/{1,2,3}.tar
  layerctl tag example.org/x:1 example.org/x:2
  layerctl du --format json >"$work/du.json"
  valid store-usage "$work/du.json"
  size() { stat -c %s "$work/$1.tar"; }
  jq -e --argjson one "$(size 1)" --argjson all "$(($(size 1) + $(size 2) + $(size 3)))" \
    '(.images | map(select(.names[0] == "example.org/x:1"))[0]) as $x | $x.bytes == $all and $x.shared == $one and $x.containers == 0' "$work/du.json"
  [ "$(jq .blobs.bytes "$work/du.json")" -eq "$(find "$TOTE_ROOT/images/blobs" -type f -printf '%s\n' | paste -sd + | bc)" ]
  [ "$(jq .blobs.reclaimable "$work/du.json")" -eq 0 ]
  layerctl rm example.org/x:1 example.org/x:2 >/dev/null
  layerctl du -v | grep -qE '^example.org/base:1 '
  mkdir "$work/rootfs"
  busybox_rootfs "$work/rootfs"
  layerctl pack "$work/rootfs" | layerctl import - busybox >/dev/null
  tote run --name one --network none -v named:/v busybox sh -c 'head -c 1000 /dev/zero >/kilo; head -c 77 /dev/zero >/v/seventyseven'
  run -0 tote system df
  [ "${lines[0]}" = 'TYPE            TOTAL     ACTIVE    SIZE      RECLAIMABLE' ]
  [[ ${lines[1]} =~ ^Images\ +2\ +1\  ]]
  [ "${lines[2]}" = 'Containers      1         0         1kB       1kB (100%)' ]
  [ "${lines[3]}" = 'Local Volumes   1         1         77B       0B (0%)' ]
  [[ ${lines[4]} =~ ^Build\ Cache\ +0\ +0\ +0B\ +0B$ ]]
  printf 'FROM scratch\nCOPY 1.tar /\n' >"$work/Dockerfile"
  dfparse "$work/Dockerfile" | layerctl build -q -t cached --context "$work" - >/dev/null
  [[ $(tote system df | tail -n 1) =~ ^Build\ Cache\ +1\ +1\ +[0-9.]+kB\ +0B$ ]]
  layerctl rm cached >/dev/null
  [[ $(tote system df | tail -n 1) =~ ^Build\ Cache\ +1\ +0\ +([0-9.]+kB)\ +([0-9.]+kB)$ ]]
  [ "$(tote system df --format '{{.Type}} {{.TotalCount}}' | head -n 1)" = 'Images 2' ]
  tote system df -v | grep -qE '^named +1 +77B$'
  run -2 ocibundle df -v --format json
}
