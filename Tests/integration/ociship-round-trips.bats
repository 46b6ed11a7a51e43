# Images, indexes and artifacts through registries and back, with other people's tools on the other end: the digests stay.
bats_require_minimum_version 1.5.0
load helper
load registry

setup() {
  needs docker-registry skopeo curl python3
  private_roots
  export DOCKER_CONFIG=$BATS_TEST_TMPDIR/docker
  port=$((20000 + RANDOM % 12000))
  at=127.0.0.1:$port
  registry "$port"
}

teardown() { end_registries; }

# put_blob REPOSITORY FILE, put_manifest REPOSITORY TAG TYPE FILE: by curl, what no tool here would make. They print the digest.
put_blob() {
  local digest place
  digest=sha256:$(sha256sum <"$2" | cut -d ' ' -f 1)
  place=$(curl -sD - -o /dev/null -X POST "http://$at/v2/$1/blobs/uploads/" | tr -d '\r' | awk 'tolower($1) == "location:" { print $2 }')
  curl -sf -X PUT -H 'Content-Type: application/octet-stream' --data-binary "@$2" "$place&digest=$digest" >/dev/null
  printf '%s\n' "$digest"
}

put_manifest() {
  curl -sf -X PUT -H "Content-Type: $3" --data-binary "@$4" "http://$at/v2/$1/manifests/$2" >/dev/null
  printf 'sha256:%s\n' "$(sha256sum <"$4" | cut -d ' ' -f 1)"
}

# index NAME TYPE: an index of two images, amd64 and arm64, under NAME:1 of the registry; $index is its digest.
index() {
  local arch entries=
  for arch in amd64 arm64; do
    make_image "local/$arch:1" "$arch"
    skopeo copy -q --dest-tls-verify=false ${3:-} "oci:$TOTE_ROOT/images:docker.io/local/$arch:1" "docker://$at/$1:$arch"
    skopeo inspect --raw --tls-verify=false "docker://$at/$1:$arch" >"$BATS_TEST_TMPDIR/$arch.json"
    entries="$entries${entries:+,}$(printf '{"mediaType":"%s","digest":"sha256:%s","size":%s,"platform":{"os":"linux","architecture":"%s"}}' \
      "$(jq -r .mediaType "$BATS_TEST_TMPDIR/$arch.json")" "$(sha256sum <"$BATS_TEST_TMPDIR/$arch.json" | cut -d ' ' -f 1)" \
      "$(stat -c %s "$BATS_TEST_TMPDIR/$arch.json")" "$arch")"
  done
  # Spaces that no encoder of ours would write.
  printf '{ "schemaVersion": 2,\n  "mediaType": "%s",\n  "manifests": [%s] }' "$2" "$entries" >"$BATS_TEST_TMPDIR/index.json"
  index=$(put_manifest "$1" 1 "$2" "$BATS_TEST_TMPDIR/index.json")
  rm -rf "$TOTE_ROOT"
}

oci_index=application/vnd.oci.image.index.v1+json
docker_list=application/vnd.docker.distribution.manifest.list.v2+json

# artifact REPOSITORY SUBJECT-DIGEST SUBJECT-SIZE TYPE: an artifact that refers to a manifest; prints its digest.
artifact() {
  printf '{}' >"$BATS_TEST_TMPDIR/empty"
  printf 'an SBOM of %s' "$4" >"$BATS_TEST_TMPDIR/sbom"
  empty=$(put_blob "$1" "$BATS_TEST_TMPDIR/empty")
  sbom=$(put_blob "$1" "$BATS_TEST_TMPDIR/sbom")
  jq -cn --arg t "$4" --arg e "$empty" --arg s "$sbom" --argjson n "$(stat -c %s "$BATS_TEST_TMPDIR/sbom")" --arg d "$2" --argjson m "$3" \
    '{schemaVersion: 2, mediaType: "application/vnd.oci.image.manifest.v1+json", artifactType: $t,
      config: {mediaType: "application/vnd.oci.empty.v1+json", digest: $e, size: 2}, layers: [{mediaType: "text/plain", digest: $s, size: $n}],
      subject: {mediaType: "application/vnd.oci.image.manifest.v1+json", digest: $d, size: $m}, annotations: {made: "here"}}' \
    >"$BATS_TEST_TMPDIR/artifact.json"
  put_manifest "$1" "sha256:$(sha256sum <"$BATS_TEST_TMPDIR/artifact.json" | cut -d ' ' -f 1)" \
    application/vnd.oci.image.manifest.v1+json "$BATS_TEST_TMPDIR/artifact.json"
}

@test "an index: pulled whole, pushed and pulled again it has the same digest" {
  for type in "$oci_index" "$docker_list"; do
    [ "$type" = "$oci_index" ] && index multi "$type" || index multi "$type" --format=v2s2
    ociship pull -q --all-platforms "$at/multi:1"
    layerctl fsck
    layerctl tag "$at/multi:1" "$at/again:1"
    run -0 --separate-stderr ociship push "$at/again:1"
    [[ $output == *"1: digest: $index size: "* ]]
    [ "$(skopeo inspect --raw --tls-verify=false "docker://$at/again:1" | sha256sum)" = "$(sha256sum <"$BATS_TEST_TMPDIR/index.json")" ]
    skopeo copy -q --all --src-tls-verify=false "docker://$at/again:1" "dir:$BATS_TEST_TMPDIR/all-${type##*.}"
    rm -rf "$TOTE_ROOT"
    ociship pull -q --all-platforms "$at/again:1"
    [ "$(jq -r '.manifests[0].digest' "$TOTE_ROOT/images/index.json")" = "$index" ]
    rm -rf "$TOTE_ROOT"
  done
}

@test "of an index one image is pulled, for this machine or for --platform, and answers to the index's digest" {
  index multi "$oci_index"
  ociship pull -q "$at/multi:1"
  layerctl fsck
  layerctl gc
  [ "$(layerctl inspect -f '{{.Os}}/{{.Architecture}}' "$at/multi:1")" = linux/amd64 ]
  run -0 --separate-stderr ociship pull "$at/multi@$index"
  [ "${lines[1]}" = "Digest: $index" ]
  layerctl inspect "$at/multi@$index" >/dev/null
  rm -rf "$TOTE_ROOT"
  ociship pull -q --platform linux/arm64 "$at/multi:1"
  [ "$(find "$TOTE_ROOT/images/blobs/sha256" -type f | wc -l)" = 4 ]
  run -1 --separate-stderr ociship pull --platform linux/s390x "$at/multi:1"
  [ "$stderr" = "ociship: no matching manifest for linux/s390x in the manifest list entries: $at/multi:1" ]
  # A part of an index cannot go out as the index.
  rm -rf "$TOTE_ROOT"
  ociship pull -q "$at/multi:1"
  layerctl tag "$at/multi:1" "$at/part:1"
  run -0 --separate-stderr ociship push "$at/part:1"
  [[ $stderr == *"several platforms"* ]]
  [[ $output == *"digest: sha256:$(sha256sum <"$BATS_TEST_TMPDIR/amd64.json" | cut -d ' ' -f 1)"* ]]
}

@test "podman and ociship hand images to each other" {
  needs podman
  mkdir -p "$DOCKER_CONFIG"
  echo '{}' >"$DOCKER_CONFIG/config.json"
  make_image "$at/p:1"
  ociship push -q "$at/p:1"
  podman="podman --root $BATS_TEST_TMPDIR/podman --runroot $BATS_TEST_TMPDIR/podman-run --storage-driver vfs --cgroup-manager cgroupfs"
  $podman pull -q --tls-verify=false "$at/p:1"
  [ "$($podman image inspect --format '{{.Id}}' "$at/p:1")" = "$(layerctl inspect -f '{{.Id}}' "$at/p:1" | cut -d : -f 2)" ]
  [ "$($podman image inspect --format '{{.Digest}}' "$at/p:1")" = "$(ociship inspect --digest "$at/p:1")" ]
  $podman tag "$at/p:1" "$at/q:1"
  $podman push -q --tls-verify=false "$at/q:1"
  ociship pull -q "$at/q:1"
  [ "$(layerctl inspect -f '{{.Id}}' "$at/q:1")" = "$(layerctl inspect -f '{{.Id}}' "$at/p:1")" ]
  $podman rmi -af >/dev/null
}

@test "containerd pulls what ociship pushed, and ociship what containerd pushed" {
  needs containerd ctr
  make_image "$at/c:1"
  ociship push -q "$at/c:1"
  printf 'version = 2\nroot = "%s"\nstate = "%s"\ndisabled_plugins = ["io.containerd.grpc.v1.cri", "io.containerd.snapshotter.v1.zfs", "io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.devmapper", "io.containerd.snapshotter.v1.aufs"]\n[grpc]\naddress = "%s"\n' \
    "$BATS_TEST_TMPDIR/containerd" "$BATS_TEST_TMPDIR/containerd-state" "$BATS_TEST_TMPDIR/containerd.sock" >"$BATS_TEST_TMPDIR/containerd.toml"
  containerd -c "$BATS_TEST_TMPDIR/containerd.toml" >"$BATS_TEST_TMPDIR/containerd.log" 2>&1 3>&- &
  echo $! >>"$BATS_TEST_TMPDIR/pids"
  ctr="ctr --address $BATS_TEST_TMPDIR/containerd.sock"
  for _ in $(seq 100); do $ctr version >/dev/null 2>&1 && break; sleep 0.1; done
  $ctr images pull --plain-http --snapshotter native "$at/c:1" >/dev/null
  [ "$($ctr images ls | awk -v name="$at/c:1" '$1 == name { print $3 }')" = "$(ociship inspect --digest "$at/c:1")" ]
  $ctr images tag "$at/c:1" "$at/d:1" >/dev/null
  $ctr images push --plain-http "$at/d:1" >/dev/null
  ociship pull -q "$at/d:1"
  [ "$(ociship inspect --digest "$at/d:1")" = "$(ociship inspect --digest "$at/c:1")" ]
}

@test "copy: whole indexes between registries without a store, by mount within one" {
  index multi "$oci_index"
  registry "$((port + 1))"
  other=127.0.0.1:$((port + 1))
  run -0 --separate-stderr ociship copy "$at/multi:1" "$other/there:2"
  [[ $output == "$other/there:2: digest: $index size: "* ]]
  [ "$(ociship inspect --digest "$other/there:2")" = "$index" ]
  skopeo copy -q --all --src-tls-verify=false "docker://$other/there:2" "dir:$BATS_TEST_TMPDIR/there"
  [ ! -e "$TOTE_ROOT/images" ]
  run -0 ociship copy "$at/multi:1" "$other/there"
  [[ $output == *"Already exists"*"$other/there:1: digest: $index"* ]]
  run -0 ociship copy --dry-run "$at/multi:1" "$at/here"
  [[ $output == *"would be copied"* ]]
  run -1 ociship inspect "$at/here:1"
  run -0 ociship copy "$at/multi:1" "$at/here"
  [[ $output == *"Mounted from multi"* ]]
  run -0 ociship copy -q --platform linux/arm64 "$at/multi:1" "$other/arm"
  [ "$output" = "$other/arm:1" ]
  [ "$(ociship inspect --digest "$other/arm:1")" = "sha256:$(sha256sum <"$BATS_TEST_TMPDIR/arm64.json" | cut -d ' ' -f 1)" ]
}

@test "copy goes on where either end broke off, and copies nothing wrong" {
  make_large_image "$at/a:1"
  ociship push -q "$at/a:1"
  layer=$(ociship inspect "$at/a:1" | jq -r '.layers[0].digest | ltrimstr("sha256:")')
  faulty "$((port + 1))" uploads "GET $layer 1 cut=700000" "PATCH uploads 1 upcut=500000"
  proxy=127.0.0.1:$((port + 1))
  run -0 ociship copy -q --retry-delay 10ms "$proxy/a:1" "$proxy/b:1"
  grep -q '"Range": "bytes=700000-"' "$faults"
  grep -q '"Content-Range": "500000-' "$faults"
  skopeo copy -q --src-tls-verify=false "docker://$at/b:1" "dir:$BATS_TEST_TMPDIR/b"
  faulty "$((port + 2))" "GET $layer * flip=700000"
  run -1 --separate-stderr ociship copy -q "127.0.0.1:$((port + 2))/a:1" "$at/c:1"
  [[ $stderr == "ociship: 127.0.0.1:$((port + 2))/a: blob sha256:$layer: content has the digest"* ]]
  run -1 ociship inspect "$at/c:1"
  # What the other end refuses is its error.
  faulty "$((port + 3))" 'PATCH uploads * status=403'
  run -1 --separate-stderr ociship copy -q "$at/a:1" "127.0.0.1:$((port + 3))/d:1"
  [[ $stderr == "ociship: 127.0.0.1:$((port + 3))/d: blob sha256:$layer: TOOMANYREQUESTS: injected 403" ]]
}

@test "artifacts and what refers to an image: listed, pulled, pushed and copied" {
  make_image "$at/app:1"
  ociship push -q "$at/app:1"
  subject=$(ociship inspect --digest "$at/app:1")
  size=$(ociship inspect "$at/app:1" | wc -c)
  [ "$(ociship referrers "$at/app:1" | jq '.manifests | length')" = 0 ]
  first=$(artifact app "$subject" "$size" application/x.sbom)
  # docker-registry has no referrers: what refers to what is under the tag.
  jq -n --arg d "$first" --argjson n "$(stat -c %s "$BATS_TEST_TMPDIR/artifact.json")" --arg t "$oci_index" \
    '{schemaVersion: 2, mediaType: $t, manifests: [{mediaType: "application/vnd.oci.image.manifest.v1+json", digest: $d, size: $n, artifactType: "application/x.sbom"}]}' \
    >"$BATS_TEST_TMPDIR/tag.json"
  put_manifest app "${subject/:/-}" "$oci_index" "$BATS_TEST_TMPDIR/tag.json"
  [ "$(ociship referrers "$at/app:1" | jq -r '.manifests[].digest')" = "$first" ]
  [ "$(ociship referrers --artifact-type application/x.other "$at/app:1" | jq '.manifests | length')" = 0 ]

  rm -rf "$TOTE_ROOT"
  ociship pull -q --referrers "$at/app:1"
  layerctl gc
  layerctl fsck
  [ "$(layerctl images -q | wc -l)" = 1 ]
  layerctl tag "$at/app:1" "$at/new:1"
  ociship push -q --referrers "$at/new:1"
  [ "$(ociship referrers "$at/new:1" | jq -c '.manifests[] | [.digest, .artifactType, .annotations.made]')" = "[\"$first\",\"application/x.sbom\",\"here\"]" ]
  run -0 ociship push -q --referrers "$at/new:1"
  [ "$(ociship referrers "$at/new:1" | jq '.manifests | length')" = 1 ]
  run -0 ociship copy -q --referrers "$at/new:1" "$at/newer:1"
  [ "$(ociship referrers "$at/newer:1" | jq -r '.manifests[].digest')" = "$first" ]
  # The artifact itself, under a name of its own.
  ociship pull -q "$at/app@$first"
  [ "$(ociship inspect -f '{{.ArtifactType}}' "$at/app@$first")" = application/x.sbom ]
}

@test "the referrers API: its pages are followed, and a registry that has noted the subject gets no tag" {
  cat >"$BATS_TEST_TMPDIR/api.py" <<'PY'
import http.server, json, sys

class Registry(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def reply(self, status, body=b"", headers=()):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def do_GET(self):
        if "/referrers/" not in self.path:
            return self.reply(200)
        page = int(self.path.rpartition("page=")[2]) if "page=" in self.path else 1
        entry = {"mediaType": "application/vnd.oci.image.manifest.v1+json", "digest": "sha256:%064x" % page, "size": 7, "artifactType": "a/%d" % page}
        body = json.dumps({"schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json", "manifests": [entry]}).encode()
        link = [("Link", '<%s?page=%d>; rel="next"' % (self.path.split("?")[0], page + 1))] if page < 3 else []
        self.reply(200, body, link)
    def log_message(self, *arguments):
        pass

http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Registry).serve_forever()
PY
  python3 "$BATS_TEST_TMPDIR/api.py" $((port + 1)) 3>&- &
  echo $! >>"$BATS_TEST_TMPDIR/pids"
  wait_for_port $((port + 1))
  name=127.0.0.1:$((port + 1))/x@sha256:$(printf '%064d' 9)
  [ "$(ociship referrers "$name" | jq -c '[.manifests[].artifactType]')" = '["a/1","a/2","a/3"]' ]
  [ "$(ociship referrers --artifact-type a/2 "$name" | jq -c '[.manifests[].artifactType]')" = '["a/2"]' ]
}

@test "delete: a tag alone is not its manifest" {
  make_image "$at/d:1"
  ociship push -q "$at/d:1"
  ociship copy -q "$at/d:1" "$at/d:2"
  digest=$(ociship inspect --digest "$at/d:1")
  run -0 ociship delete --dry-run "$at/d:1"
  [ "$output" = "would untag $at/d:1 ($digest)" ]
  # docker-registry 2.8 cannot; nothing is removed unless asked for.
  run -1 --separate-stderr ociship delete "$at/d:1"
  [ "$stderr" = "ociship: $at/d:1: the registry cannot remove a tag alone; --force removes the manifest $digest with every tag that it has" ]
  [ "$(ociship tags "$at/d" | sort | xargs)" = "1 2" ]
  run -0 ociship delete --force "$at/d:1"
  [ "$output" = "Deleted: $at/d@$digest" ]
  run -1 --separate-stderr ociship inspect "$at/d:2"
  run -1 --separate-stderr ociship delete "$at/d:1"
  [[ $stderr == "ociship: $at/d:1: "* ]]
  run -1 --separate-stderr ociship delete "$at/d"
  [[ $stderr == *"'$at/d'"*"a tag or a digest"* ]]
  # A registry that can.
  ociship push -q "$at/d:1"
  faulty "$((port + 1))" 'DELETE manifests/1 1 status=202'
  run -0 ociship delete "127.0.0.1:$((port + 1))/d:1"
  [ "$output" = "Untagged: 127.0.0.1:$((port + 1))/d:1" ]
}

@test "search: by docker's first protocol, and by name where the registry has only the second" {
  make_image "$at/team/webserver:1"
  ociship push -q "$at/team/webserver:1"
  run -0 ociship search "$at/web"
  [[ ${lines[0]} == NAME*DESCRIPTION*STARS*OFFICIAL ]]
  [[ ${lines[1]} == "$at/team/webserver "* ]]
  run -0 ociship search --format '{{.Name}}' "$at/nothing"
  [ -z "$output" ]
  faulty "$((port + 1))" 'GET v1/search * body={"results":[{"name":"web","description":"serves\nthings that are longer than what fits in a column","star_count":7,"is_official":true},{"name":"me/web","description":"","star_count":1}]}'
  run -0 ociship search --format '{{.Name}} {{.StarCount}} {{.IsOfficial}}' "127.0.0.1:$((port + 1))/web"
  [ "$output" = $'web 7 [OK]\nme/web 1 ' ]
  run -0 ociship search --filter stars=5 "127.0.0.1:$((port + 1))/web"
  [[ ${#lines[@]} = 2 && ${lines[1]} =~ ^web\ +"serves things that are longer than what fits…"\ +7\ +"[OK]"$ ]]
  run -2 --separate-stderr ociship search --filter color=red web
  [[ $stderr == *"color=red"* ]]
}

@test "inspect, tags and --dry-run touch no store" {
  index multi "$oci_index"
  [ "$(ociship inspect "$at/multi:1" | sha256sum)" = "$(sha256sum <"$BATS_TEST_TMPDIR/index.json")" ]
  [ "$(ociship inspect --digest "$at/multi:1")" = "$index" ]
  [ "$(ociship inspect --platform linux/arm64 "$at/multi:1" | sha256sum)" = "$(sha256sum <"$BATS_TEST_TMPDIR/arm64.json")" ]
  [ "$(ociship inspect --config "$at/multi:1" | jq -r .rootfs.type)" = layers ]
  [ "$(ociship inspect -f '{{.Digest}} {{range .Platforms}}{{.}} {{end}}' "$at/multi:1")" = "$index linux/amd64 linux/arm64 " ]
  ociship inspect -f json "$at/multi:1" | jq -e '.Layers | length == 1'
  run -0 ociship pull --dry-run "$at/multi:1"
  [ "$(grep -c missing <<<"$output")" = 4 ]
  [[ $output == *" would be fetched" ]]
  [ ! -e "$TOTE_ROOT/images" ]
  make_image "$at/new:1"
  run -0 ociship push --dry-run "$at/new:1"
  [[ $output == *" would be sent" ]]
  run -1 ociship inspect "$at/new:1"
}

@test "every tag of a repository, there and back; pages of tags are followed, but not in a circle" {
  for tag in 1 2 3; do make_image "$at/many:$tag" "$tag"; done
  run -0 ociship push -q -a "$at/many"
  [ "$(ociship tags "$at/many" | sort | xargs)" = "1 2 3" ]
  rm -rf "$TOTE_ROOT"
  run -0 ociship pull -q -a "$at/many"
  [ "$(sort <<<"$output" | xargs)" = "$at/many:1 $at/many:2 $at/many:3" ]
  run -1 --separate-stderr ociship pull -a "$at/many:1"
  [ "$stderr" = "ociship: tag can't be used with --all-tags/-a" ]
  run -1 --separate-stderr ociship push -a "$at/none"
  [ "$stderr" = "ociship: An image does not exist locally with the tag: $at/none" ]
  faulty "$((port + 1))" 'GET tags/list$ 1 header=Link:</v2/many/tags/list?n=9&last=3>; rel="next"' 'GET last=circle * header=Link:</v2/many/tags/list?last=circle>; rel="next"' \
    'GET tags/list$ 1 header=Link:</v2/many/tags/list?last=circle>; rel="next"'
  ociship tags "127.0.0.1:$((port + 1))/many" >/dev/null
  grep -q 'n=9&last=3' "$faults"
  run -1 --separate-stderr ociship tags "127.0.0.1:$((port + 1))/many"
  [[ $stderr == *"pages lead in a circle" ]]
}

@test "a pull of what has not changed asks by HEAD alone" {
  index multi "$oci_index"
  ociship pull -q "$at/multi:1"
  faulty "$((port + 1))"
  layerctl tag "$at/multi:1" "127.0.0.1:$((port + 1))/multi:1"
  run -0 --separate-stderr ociship pull "127.0.0.1:$((port + 1))/multi:1"
  [[ $output == *"Image is up to date"* ]]
  [ "$(jq -r '.method + " " + .path' "$faults" | xargs)" = "GET /v2/ HEAD /v2/multi/manifests/1" ]
  # What is missing is fetched all the same.
  find "$TOTE_ROOT/images/blobs/sha256" -type f ! -size +2k -delete
  run -0 --separate-stderr ociship pull "127.0.0.1:$((port + 1))/multi:1"
  [[ $output == *"Downloaded newer image"* ]]
  layerctl fsck
}

@test "pull --unpack: what is unpacked on the way is what is unpacked afterwards" {
  make_large_image "$at/u:1" 8
  ociship push -q "$at/u:1"
  TOTE_ROOT=$BATS_TEST_TMPDIR/one ociship pull -q --unpack "$at/u:1"
  TOTE_ROOT=$BATS_TEST_TMPDIR/two ociship pull -q "$at/u:1"
  [ "$(TOTE_ROOT=$BATS_TEST_TMPDIR/one layerctl unpack "$at/u:1" | xargs -n 1 dirname)" != "" ]
  TOTE_ROOT=$BATS_TEST_TMPDIR/two layerctl unpack "$at/u:1" >/dev/null
  diff -r "$BATS_TEST_TMPDIR/one/layers" "$BATS_TEST_TMPDIR/two/layers"
  TOTE_ROOT=$BATS_TEST_TMPDIR/one layerctl fsck
  # A download that breaks off under the unpacking.
  layer=$(ociship inspect "$at/u:1" | jq -r '.layers[0].digest | ltrimstr("sha256:")')
  faulty "$((port + 1))" "GET $layer 2 cut=3000000"
  TOTE_ROOT=$BATS_TEST_TMPDIR/three ociship pull -q --unpack --retry-delay 10ms "127.0.0.1:$((port + 1))/u:1"
  diff -r "$BATS_TEST_TMPDIR/three/layers" "$BATS_TEST_TMPDIR/two/layers"
}

@test "layers that were built here leave as gzip, zstd or as they are" {
  make_image "$at/z:1"
  [ "$(jq -r '.layers[0].mediaType' "$TOTE_ROOT/images/blobs/sha256/$(jq -r '.manifests[0].digest[7:]' "$TOTE_ROOT/images/index.json")")" = \
    application/vnd.oci.image.layer.v1.tar ]
  for compression in gzip zstd none; do
    layerctl tag "$at/z:1" "$at/z-$compression:1"
    ociship push -q --compression "$compression" "$at/z-$compression:1"
    want=application/vnd.oci.image.layer.v1.tar
    [ "$compression" = none ] || want=$want+$compression
    [ "$(ociship inspect "$at/z-$compression:1" | jq -r '.layers[0].mediaType')" = "$want" ]
    TOTE_ROOT=$BATS_TEST_TMPDIR/$compression ociship pull -q --unpack "$at/z-$compression:1"
    skopeo copy -q --src-tls-verify=false "docker://$at/z-$compression:1" "oci:$BATS_TEST_TMPDIR/$compression-oci:1"
  done
  run -2 --separate-stderr ociship push --compression lzma "$at/z:1"
  [[ $stderr == *"'lzma' is not a compression"* ]]
}

@test "a layer that is the configuration as well ends in an error, not in waiting" {
  make_image "$at/odd:1"
  ociship push -q "$at/odd:1"
  ociship inspect "$at/odd:1" | jq -c '.layers[0].digest = .config.digest | .layers[0].size = .config.size' >"$BATS_TEST_TMPDIR/odd.json"
  put_manifest odd 2 application/vnd.oci.image.manifest.v1+json "$BATS_TEST_TMPDIR/odd.json"
  rm -rf "$TOTE_ROOT"
  run -1 --separate-stderr timeout 20 ociship pull -q --unpack "$at/odd:2"
  [[ $stderr == "ociship: layer 'sha256:"* ]]
  [ -z "$(layerctl images -q)" ]
}

@test "the bars of a terminal" {
  needs script
  make_large_image "$at/bar:1"
  ociship push -q "$at/bar:1"
  rm -rf "$TOTE_ROOT"
  layer=$(ociship inspect "$at/bar:1" | jq -r '.layers[0].digest[7:19]')
  faulty "$((port + 1))" "GET $layer 1 stall=900000"
  script -qec "stty cols 100 rows 30; ociship pull --timeout 1s 127.0.0.1:$((port + 1))/bar:1" /dev/null </dev/null >"$BATS_TEST_TMPDIR/screen"
  grep -q "$layer: Pulling fs layer" "$BATS_TEST_TMPDIR/screen"
  grep -q "$layer: Downloading \[=*>* *\]" "$BATS_TEST_TMPDIR/screen"
  grep -q "$layer: Download complete" "$BATS_TEST_TMPDIR/screen"
}
