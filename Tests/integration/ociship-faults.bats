# ociship against a registry that breaks off, stalls, lies and is busy: a proxy that does so before Debian's docker-registry.
bats_require_minimum_version 1.5.0
load helper
load registry

setup() {
  needs docker-registry skopeo curl python3
  private_roots
  export DOCKER_CONFIG=$BATS_TEST_TMPDIR/docker
  port=$((20000 + RANDOM % 12000))
  proxy=$((port + 1))
  registry "$port"
}

teardown() { end_registries; }

# pushed NAME: makes an image of 2 MB, pushes it past the proxy and takes it out of the store. $digest is its ID, $layer its layer.
pushed() {
  make_large_image "127.0.0.1:$port/$1"
  ociship push -q "127.0.0.1:$port/$1" >/dev/null
  digest=$(layerctl inspect -f '{{.Id}}' "127.0.0.1:$port/$1")
  layer=$(ociship inspect "127.0.0.1:$port/$1" | jq -r '.layers[0].digest | ltrimstr("sha256:")')
  layerctl rm "127.0.0.1:$port/$1" >/dev/null
}

# fast OCISHIP-WORDS…: with little patience.
fast() {
  local verb=$1
  shift
  timeout 60 ociship "$verb" --retry-delay 10ms --timeout 1s "$@"
}

@test "a download that breaks off goes on where it ended" {
  pushed a:1
  faulty "$proxy" "GET $layer 3 cut=700000"
  run -0 fast pull -q "127.0.0.1:$proxy/a:1"
  [ "$(layerctl inspect -f '{{.Id}}' "127.0.0.1:$proxy/a:1")" = "$digest" ]
  grep -q '"Range": "bytes=700000-"' "$faults"
  layerctl fsck
  [ -z "$(ls "$TOTE_ROOT/images/partial")" ]
}

@test "a registry that knows no ranges sends everything again, and it fits" {
  pushed a:1
  faulty "$proxy" "GET $layer 2 cut=700000" 'GET blobs/ * whole'
  run -0 fast pull -q "127.0.0.1:$proxy/a:1"
  layerctl fsck
}

@test "a range that begins elsewhere is refused" {
  pushed a:1
  faulty "$proxy" "GET $layer 1 cut=700000" 'GET blobs/ * shift=5'
  run -1 --separate-stderr fast pull -q "127.0.0.1:$proxy/a:1"
  [[ $stderr == *"127.0.0.1:$proxy/a: blob sha256:"*"when asked for the bytes from 700000 on" ]]
}

@test "a connection that stalls is given up and taken up again" {
  pushed a:1
  faulty "$proxy" "GET $layer 2 stall=700000"
  run -0 fast pull -q "127.0.0.1:$proxy/a:1"
  grep -q '"Range": "bytes=700000-"' "$faults"
}

@test "a registry that only ever stalls is an error in the end, and what has come is gone on with by the next pull" {
  pushed a:1
  faulty "$proxy" "GET $layer 1 cut=900000" "GET $layer 2 stall=0"
  run -1 --separate-stderr fast pull --retry 1 -q "127.0.0.1:$proxy/a:1"
  [[ $stderr == *"blob sha256:$layer"*"too slow"* ]]
  [ -z "$(layerctl images -q)" ]
  run -0 fast pull -q "127.0.0.1:$proxy/a:1"
  [ "$(grep -c '"Range": "bytes=900000-"' "$faults")" -ge 2 ]
  layerctl fsck
}

@test "a pull that is killed is gone on with by the next" {
  pushed a:1
  faulty "$proxy" "GET $layer 1 stall=900000"
  ociship pull -q "127.0.0.1:$proxy/a:1" 3>&- &
  pid=$!
  for _ in $(seq 200); do
    size=$(cat "$TOTE_ROOT"/images/partial/sha256-* 2>/dev/null | wc -c)
    [ "$size" -ge 900000 ] && break
    sleep 0.05
  done
  kill -9 "$pid"
  wait "$pid" || true
  run -0 fast pull -q "127.0.0.1:$proxy/a:1"
  grep -q '"Range": "bytes=900000-"' "$faults"
  layerctl fsck
}

@test "kill -9 at any moment of a pull leaves a store that is sound, and a pull that comes to its end" {
  pushed a:1
  name=127.0.0.1:$port/a:1
  for round in $(seq 25); do
    ociship pull -q --unpack "$name" >/dev/null 2>&1 3>&- &
    pid=$!
    sleep "0.0$((RANDOM % 60 + 10))"
    kill -9 "$pid" 2>/dev/null || true
    wait "$pid" || true
    layerctl fsck >/dev/null
    # Now and then from the beginning.
    [ $((round % 5)) -ne 0 ] || { rm -rf "$TOTE_ROOT"; }
  done
  ociship pull -q --unpack "$name"
  [ "$(layerctl inspect -f '{{.Id}}' "$name")" = "$digest" ]
  layerctl gc
  layerctl fsck
  [ -z "$(ls "$TOTE_ROOT/images/partial")" ]
}

@test "a disk that fills up is said so, and leaves nothing half done" {
  pushed a:1
  mkdir "$BATS_TEST_TMPDIR/small"
  mount -t tmpfs -o size=1500k none "$BATS_TEST_TMPDIR/small" 2>/dev/null || skip "nothing can be mounted"
  export TOTE_ROOT=$BATS_TEST_TMPDIR/small
  run -1 --separate-stderr ociship pull -q "127.0.0.1:$port/a:1"
  [[ $stderr == "ociship: cannot write a blob to '$TOTE_ROOT/images': "*"No space left on device" ]]
  [ -z "$(layerctl images -q)" ]
  mount -o remount,size=8m "$BATS_TEST_TMPDIR/small"
  faulty "$proxy"
  ociship pull -q "127.0.0.1:$proxy/a:1"
  grep -q '"Range"' "$faults"
  layerctl fsck
  umount "$BATS_TEST_TMPDIR/small"
}

@test "what was left is damaged: everything is fetched again" {
  pushed a:1
  faulty "$proxy" "GET $layer 1 cut=900000"
  run -1 fast pull --retry 0 -q "127.0.0.1:$proxy/a:1"
  partial=$(find "$TOTE_ROOT/images/partial" -type f -size +100k)
  printf X | dd of="$partial" bs=1 seek=5000 conv=notrunc status=none
  run -0 fast pull -q "127.0.0.1:$proxy/a:1"
  layerctl fsck
}

@test "two pulls at once fetch a layer once" {
  pushed a:1
  faulty "$proxy"
  fast pull -q "127.0.0.1:$proxy/a:1" 3>&- &
  first=$!
  fast pull -q "127.0.0.1:$proxy/a:1"
  wait "$first"
  [ "$(jq -r 'select(.method == "GET" and (.path | contains("/blobs/"))) | .path' "$faults" | sort | uniq -d)" = "" ]
}

@test "503 and 429 are waited out, as long as Retry-After says" {
  pushed a:1
  faulty "$proxy" 'GET manifests 1 status=503' 'GET manifests 1 status=429,1' 'GET blobs 2 status=502'
  run -0 fast pull -q "127.0.0.1:$proxy/a:1"
  waited=$(jq -s '[.[] | select(.path | contains("manifests")) | .time] | .[2] - .[1]' "$faults")
  awk -v waited="$waited" 'BEGIN { exit !(waited >= 1 && waited < 5) }'
}

@test "a registry that stays busy is a clear error" {
  pushed a:1
  faulty "$proxy" 'GET manifests * status=429'
  run -1 --separate-stderr fast pull -q "127.0.0.1:$proxy/a:1"
  [ "$stderr" = "ociship: 127.0.0.1:$proxy: TOOMANYREQUESTS: injected 429" ]
  [ "$(grep -c manifests "$faults")" = 5 ]
  run -1 fast pull --retry 0 -q "127.0.0.1:$proxy/a:1"
  [ "$(grep -c manifests "$faults")" = 6 ]
}

@test "redirects in a circle end" {
  pushed a:1
  faulty "$proxy" "GET blobs/ * redirect={path}"
  run -1 --separate-stderr fast pull -q "127.0.0.1:$proxy/a:1"
  [[ $stderr == *"redirects in a circle" ]]
  [ "$(grep -c blobs/ "$faults")" -le 20 ]
}

@test "what is shorter, longer or other than the manifest says gets no name" {
  pushed a:1
  # A whole answer that is too short is asked for again, and never whole.
  faulty "$proxy" 'GET blobs/ 1 flip=3'
  run -1 --separate-stderr fast pull -q "127.0.0.1:$proxy/a:1"
  [[ $stderr == *"127.0.0.1:$proxy/a: blob sha256:"*"content has the digest"* ]]
  faulty "$((proxy + 1))" 'GET blobs/ * short=100'
  run -1 --separate-stderr fast pull -q "127.0.0.1:$((proxy + 1))/a:1"
  [[ $stderr == *"bytes early"* ]]
  faulty "$((proxy + 2))" 'GET manifests * body={"schemaVersion":2}'
  run -1 --separate-stderr fast pull -q "127.0.0.1:$((proxy + 2))/a:1"
  [[ $stderr == "ociship: "* ]]
  faulty "$((proxy + 3))" 'GET manifests * header=Content-Type:text/html'
  run -1 --separate-stderr fast pull -q "127.0.0.1:$((proxy + 3))/a:1"
  [[ $stderr == *"'text/html' is no manifest"* ]]
  faulty "$((proxy + 4))" "GET manifests * header=Docker-Content-Digest:sha256:$(printf '%064d' 7)"
  run -1 --separate-stderr fast pull -q "127.0.0.1:$((proxy + 4))/a:1"
  [[ $stderr == *"the registry says that its manifest is sha256:0000"* ]]
  [ -z "$(layerctl images -q)" ]
}

@test "a registry's warnings are shown, each once" {
  pushed a:1
  faulty "$proxy" '* . * header=Warning:299 - "this registry closes at six"'
  run -0 --separate-stderr fast pull -q "127.0.0.1:$proxy/a:1"
  [ "$stderr" = "ociship: warning: 127.0.0.1:$proxy: this registry closes at six" ]
}

@test "an upload that breaks off goes on from what the registry has" {
  make_large_image "127.0.0.1:$proxy/up:1"
  faulty "$proxy" uploads 'PATCH uploads 1 upcut=600000' 'PATCH uploads 1 upcut=500000'
  run -0 fast push --jobs 1 -q "127.0.0.1:$proxy/up:1"
  [ "$(jq -r 'select(.method == "PATCH") | .["Content-Range"] | split("-")[0]' "$faults" | xargs)" = "0 600000 1100000" ]
  skopeo copy -q --src-tls-verify=false "docker://127.0.0.1:$port/up:1" "dir:$BATS_TEST_TMPDIR/up"
}

@test "an upload that the registry does not keep is begun again" {
  make_large_image "127.0.0.1:$proxy/up:1"
  faulty "$proxy" 'PATCH uploads 2 upcut=600000'
  run -0 fast push --jobs 1 -q "127.0.0.1:$proxy/up:1"
  [ "$(jq -r 'select(.method == "PATCH") | .["Content-Range"] | split("-")[0]' "$faults" | xargs)" = "0 0 0" ]
  skopeo copy -q --src-tls-verify=false "docker://127.0.0.1:$port/up:1" "dir:$BATS_TEST_TMPDIR/up"
}

@test "connections share what has been found out about the registry" {
  make_large_image "127.0.0.1:$proxy/up:1"
  faulty "$proxy"
  run -0 fast push -q "127.0.0.1:$proxy/up:1"
  [ "$(jq -r .path "$faults" | grep -cx /v2/)" = 1 ]
  run -0 fast copy -q "127.0.0.1:$proxy/up:1" "127.0.0.1:$proxy/down:1"
  [ "$(jq -r .path "$faults" | grep -cx /v2/)" = 3 ]
}

@test "chunks: no request is larger, and the registry has the image" {
  make_large_image "127.0.0.1:$proxy/up:1"
  faulty "$proxy" 'PATCH uploads 1 status=503'
  run -0 fast push --chunk-size 300k -q "127.0.0.1:$proxy/up:1"
  [ "$(jq -s '[.[] | .["Content-Length"] // "0" | tonumber] | max' "$faults")" -le 307200 ]
  [ "$(grep -c '"PATCH"' "$faults")" -ge 8 ]
  skopeo copy -q --src-tls-verify=false "docker://127.0.0.1:$port/up:1" "dir:$BATS_TEST_TMPDIR/up"
}

@test "chunks are no smaller than the registry wants them" {
  make_large_image "127.0.0.1:$proxy/up:1"
  faulty "$proxy" uploads
  run -0 fast push --jobs 1 --chunk-size 300k -q "127.0.0.1:$proxy/up:1"
  [ "$(jq -r 'select(.method == "PATCH") | .["Content-Length"]' "$faults" | head -n 2 | xargs)" = "400000 400000" ]
  skopeo copy -q --src-tls-verify=false "docker://127.0.0.1:$port/up:1" "dir:$BATS_TEST_TMPDIR/up"
}

@test "an upload whose last answer is lost is not sent twice" {
  make_large_image "127.0.0.1:$proxy/up:1"
  faulty "$proxy" 'PUT blobs/uploads 2 cut=0'
  run -0 fast push -q "127.0.0.1:$proxy/up:1"
  layer=$(ociship inspect "127.0.0.1:$port/up:1" | jq -r '.layers[0].digest | ltrimstr("sha256:")')
  [ "$(jq -r 'select(.method == "PUT" or .method == "PATCH") | .path' "$faults" | grep -c "$layer")" = 1 ]
}

@test "a registry that refuses uploads is a clear error after its retries" {
  make_large_image "127.0.0.1:$proxy/up:1"
  faulty "$proxy" 'PUT blobs/uploads * status=500'
  run -1 --separate-stderr fast push -q "127.0.0.1:$proxy/up:1"
  [[ $stderr == "ociship: 127.0.0.1:$proxy/up: blob sha256:"*"injected 500" ]]
  run -1 skopeo inspect --tls-verify=false "docker://127.0.0.1:$port/up:1"
}

@test "a credential does not follow a redirect to another host, and is in no message" {
  needs htpasswd
  kill "$(head -n 1 "$BATS_TEST_TMPDIR/pids")"
  htpasswd -Bbn me s3cret-word >"$BATS_TEST_TMPDIR/htpasswd"
  port=$((port + 10))
  registry "$port" "" "auth: {htpasswd: {realm: test, path: $BATS_TEST_TMPDIR/htpasswd}}\n"
  ociship login -u me --password-stdin "127.0.0.1:$port" <<<s3cret-word
  ociship login -u me --password-stdin "localhost:$port" <<<s3cret-word
  make_image "127.0.0.1:$port/a:1"
  ociship push -q "127.0.0.1:$port/a:1"
  # The proxy sends reads of blobs to itself under another name, where nothing may be proven.
  faulty "$proxy" "GET blobs/ 2 redirect=http://localhost:$proxy/elsewhere{path}"
  ociship login -u me --password-stdin "127.0.0.1:$proxy" <<<s3cret-word
  rm -rf "$TOTE_ROOT"
  run -1 --separate-stderr strace -f -s 4096 -o "$BATS_TEST_TMPDIR/trace" -e trace=execve,write ociship pull "127.0.0.1:$proxy/a:1"
  jq -e -s 'any(.[]; .path | startswith("/elsewhere"))' "$faults"
  jq -e -s 'all(.[] | select(.path | startswith("/elsewhere")); has("Authorization") | not)' "$faults"
  jq -e -s 'any(.[]; has("Authorization"))' "$faults"
  secret=$(printf 'me:s3cret-word' | base64)
  [[ $output$stderr != *s3cret-word* && $output$stderr != *"$secret"* ]]
  run ! grep -F -e s3cret-word -e "$secret" "$BATS_TEST_TMPDIR/trace"
}
