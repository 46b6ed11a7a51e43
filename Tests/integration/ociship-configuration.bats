# What is set up about registries: mirrors and blocking by containers' registries.conf, credential helpers, certificates by host.
bats_require_minimum_version 1.5.0
load helper
load registry

setup() {
  needs docker-registry skopeo curl python3
  private_roots
  export DOCKER_CONFIG=$BATS_TEST_TMPDIR/docker CONTAINERS_REGISTRIES_CONF=$BATS_TEST_TMPDIR/registries.conf
  mkdir -p "$DOCKER_CONFIG"
  port=$((20000 + RANDOM % 12000))
  at=127.0.0.1:$port
}

teardown() { end_registries; }

# A registry at $1 with the accounts NAME:PASSWORD….
guarded() {
  local at_port=$1 account
  shift
  for account; do htpasswd -Bbn "${account%%:*}" "${account#*:}"; done >"$BATS_TEST_TMPDIR/htpasswd-$at_port"
  registry "$at_port" "" "auth: {htpasswd: {realm: test, path: $BATS_TEST_TMPDIR/htpasswd-$at_port}}\n"
}

@test "a mirror is asked before the registry, and the registry where the mirror has not the image" {
  registry "$port"
  make_image "$at/hub/library/app:1"
  ociship push -q "$at/hub/library/app:1"
  registry "$((port + 1))"
  make_image "127.0.0.1:$((port + 1))/other:1" two
  ociship push -q "127.0.0.1:$((port + 1))/other:1"
  rm -rf "$TOTE_ROOT"
  cat >"$CONTAINERS_REGISTRIES_CONF" <<TOML
[[registry]]
location = "docker.io"
[[registry.mirror]]
location = "$at/hub" # as docker.io/…
insecure = true

[[registry]]
prefix = "registry.example/team"
location = "127.0.0.1:$((port + 1))"
[[registry.mirror]]
location = "$at/nothing/here"
TOML
  run -0 ociship pull -q app:1
  [ "$output" = docker.io/library/app:1 ]
  # skopeo reads the same file the same way.
  skopeo --registries-conf "$CONTAINERS_REGISTRIES_CONF" copy -q --src-tls-verify=false docker://app:1 "dir:$BATS_TEST_TMPDIR/app"
  run -0 ociship pull -q registry.example/team/other:1
  [ "$output" = registry.example/team/other:1 ]
  run -1 --separate-stderr ociship pull -q registry.example/team/none:1
  [[ $stderr == "ociship: registry.example/team/none:1: "*"; registry.example/team/none:1: "* ]]
  # A push goes to the place itself.
  layerctl tag registry.example/team/other:1 registry.example/team/new:1
  ociship push -q registry.example/team/new:1
  skopeo inspect --tls-verify=false "docker://127.0.0.1:$((port + 1))/new:1" >/dev/null
  # A mirror that is not there is no obstacle.
  kill "$(head -n 1 "$BATS_TEST_TMPDIR/pids")"
  run -0 ociship pull -q registry.example/team/other:1
}

@test "a blocked registry is not spoken to, and a broken file is named" {
  registry "$port"
  printf '[[registry]]\nlocation = "%s"\nblocked = true\n' "$at" >"$CONTAINERS_REGISTRIES_CONF"
  for verb in pull tags inspect referrers; do
    run -1 --separate-stderr ociship "$verb" "$at/x:1"
    [ "$stderr" = "ociship: $at/x:1: registry '$at' is blocked in '$CONTAINERS_REGISTRIES_CONF'" ]
  done
  make_image "$at/x:1"
  run -1 --separate-stderr ociship push "$at/x:1"
  [[ $stderr == *"is blocked in"* ]]
  printf '[[registry]\n' >"$CONTAINERS_REGISTRIES_CONF"
  run -1 --separate-stderr ociship pull "$at/x:1"
  [ "$stderr" = "ociship: '$CONTAINERS_REGISTRIES_CONF': line 1: a table's header that does not end" ]
}

@test "an insecure registry is spoken to without TLS, any other than loopback not" {
  # Another address of this machine, in the namespace that the test has made for itself.
  address=10.99.0.1
  ip address add "$address/32" dev lo 2>/dev/null || skip "no address can be added"
  printf 'version: 0.1\nlog: {level: error}\nstorage: {filesystem: {rootdirectory: %s}}\nhttp: {addr: "%s:%s"}\n' \
    "$BATS_TEST_TMPDIR/r" "$address" "$port" >"$BATS_TEST_TMPDIR/r.yml"
  docker-registry serve "$BATS_TEST_TMPDIR/r.yml" >/dev/null 2>&1 3>&- &
  echo $! >>"$BATS_TEST_TMPDIR/pids"
  for _ in $(seq 100); do curl -so /dev/null "http://$address:$port/v2/" && break; sleep 0.05; done
  make_image "$address:$port/x:1"
  run -1 --separate-stderr ociship push -q "$address:$port/x:1"
  [[ $stderr == *"$address:$port"* ]]
  printf '[[registry]]\nlocation = "%s"\ninsecure = true\n' "$address:$port" >"$CONTAINERS_REGISTRIES_CONF"
  ociship push -q "$address:$port/x:1"
  rm "$CONTAINERS_REGISTRIES_CONF"
  run -1 ociship pull -q "$address:$port/x:1"
  ociship pull -q --plain-http "$address:$port/x:1"
  ip address del "$address/32" dev lo
}

# A helper that keeps what it is given in a file, and says in $calls what was asked of it.
helper() {
  mkdir -p "$BATS_TEST_TMPDIR/bin"
  cat >"$BATS_TEST_TMPDIR/bin/docker-credential-$1" <<SH
#!/bin/sh
echo "$1 \$1" >>"$BATS_TEST_TMPDIR/calls"
case \$1 in
store) cat >"$BATS_TEST_TMPDIR/kept-$1" ;;
get)
  read -r server
  [ "\$(jq -r .ServerURL "$BATS_TEST_TMPDIR/kept-$1" 2>/dev/null)" = "\$server" ] || { echo "credentials not found in native keychain"; exit 1; }
  cat "$BATS_TEST_TMPDIR/kept-$1" ;;
erase) rm -f "$BATS_TEST_TMPDIR/kept-$1" ;;
esac
SH
  chmod +x "$BATS_TEST_TMPDIR/bin/docker-credential-$1"
  PATH=$BATS_TEST_TMPDIR/bin:$PATH
}

@test "credential helpers keep what login is told, and config.json has none of it" {
  needs htpasswd
  guarded "$port" me:s3cret-word
  helper one
  helper two
  jq -n --arg at "$at" '{credsStore: "one", credHelpers: {($at): "two"}}' >"$DOCKER_CONFIG/config.json"
  make_image "$at/x:1"
  run -1 ociship push -q "$at/x:1"
  run -0 ociship login -u me --password-stdin "$at" <<<s3cret-word
  [ "$(jq -r '[.ServerURL, .Username, .Secret] | join(" ")' "$BATS_TEST_TMPDIR/kept-two")" = "$at me s3cret-word" ]
  [ "$(sort -u "$BATS_TEST_TMPDIR/calls" | xargs)" = "two get two store" ]
  run ! grep -q -e s3cret-word -e "$(printf me:s3cret-word | base64)" "$DOCKER_CONFIG/config.json"
  ociship push -q "$at/x:1"
  run -0 ociship logout "$at"
  [ "$output" = "Removing login credentials for $at" ]
  [ ! -e "$BATS_TEST_TMPDIR/kept-two" ]
  run -1 ociship pull "$at/x:1"
  run -0 ociship logout "$at"
  [ "$output" = "Not logged in to $at" ]
  # Without a helper of its own a registry is the store's.
  echo '{"credsStore": "one"}' >"$DOCKER_CONFIG/config.json"
  ociship login -u me --password-stdin "$at" <<<s3cret-word
  [ -e "$BATS_TEST_TMPDIR/kept-one" ]
  ociship pull -q "$at/x:1"
}

@test "a helper that is missing or broken is named" {
  registry "$port"
  echo '{"credsStore": "nowhere"}' >"$DOCKER_CONFIG/config.json"
  run -1 --separate-stderr ociship pull "$at/x:1"
  [[ $stderr == "ociship: credential helper 'docker-credential-nowhere': "* ]]
  mkdir -p "$BATS_TEST_TMPDIR/bin"
  printf '#!/bin/sh\necho the keychain is locked; exit 1\n' >"$BATS_TEST_TMPDIR/bin/docker-credential-broken"
  chmod +x "$BATS_TEST_TMPDIR/bin/docker-credential-broken"
  PATH=$BATS_TEST_TMPDIR/bin:$PATH
  echo '{"credsStore": "broken"}' >"$DOCKER_CONFIG/config.json"
  run -1 --separate-stderr ociship pull "$at/x:1"
  [ "$stderr" = "ociship: docker-credential-broken get: the keychain is locked" ]
}

@test "the credential of a path goes before that of its registry" {
  needs htpasswd
  guarded "$port" team:one
  basic() { printf '%s' "$1" | base64; }
  jq -n --arg at "$at" --arg wrong "$(basic wrong:wrong)" --arg right "$(basic team:one)" \
    '{auths: {($at): {auth: $wrong}, ($at + "/team"): {auth: $right}}}' >"$DOCKER_CONFIG/config.json"
  make_image "$at/team/x:1"
  ociship push -q "$at/team/x:1"
  make_image "$at/other/x:1"
  run -1 ociship push -q "$at/other/x:1"
}

@test "an identity token is exchanged at the token server, and goes nowhere else" {
  cat >"$BATS_TEST_TMPDIR/server.py" <<'PY'
# A registry and its token server: OAuth2 with a refresh token, as distribution's token specification has it.
import http.server, json, sys, urllib.parse

port = int(sys.argv[1])
log = open(sys.argv[2], "a", buffering=1)

class Both(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def reply(self, status, body, headers=()):
        data = json.dumps(body).encode()
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)
    def do_POST(self):
        form = urllib.parse.parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        log.write("token %s %s\n" % (form["grant_type"][0], form.get("scope", [""])[0]))
        if form["refresh_token"] != ["identity-word"]:
            return self.reply(401, {"details": "unknown token"})
        self.reply(200, {"access_token": "short-lived"})
    def do_GET(self):
        log.write("registry %s %s\n" % (self.path, self.headers.get("Authorization")))
        if self.headers.get("Authorization") != "Bearer short-lived":
            return self.reply(401, {}, [("WWW-Authenticate", 'Bearer realm="http://127.0.0.1:%d/token",service="here"' % port)])
        self.reply(200, {"name": "x", "tags": ["1", "2"]})
    def log_message(self, *arguments):
        pass

http.server.HTTPServer(("127.0.0.1", port), Both).serve_forever()
PY
  python3 "$BATS_TEST_TMPDIR/server.py" "$port" "$BATS_TEST_TMPDIR/log" 3>&- &
  echo $! >>"$BATS_TEST_TMPDIR/pids"
  wait_for_port "$port"
  jq -n --arg at "$at" '{auths: {($at): {identitytoken: "identity-word"}}}' >"$DOCKER_CONFIG/config.json"
  [ "$(ociship tags "$at/x" | xargs)" = "1 2" ]
  grep -q '^token refresh_token repository:x:pull$' "$BATS_TEST_TMPDIR/log"
  run ! grep -q identity-word "$BATS_TEST_TMPDIR/log"
  # The same from a helper, whose user is then <token>.
  helper id
  jq -n --arg at "$at" '{ServerURL: $at, Username: "<token>", Secret: "identity-word"}' >"$BATS_TEST_TMPDIR/kept-id"
  echo '{"credsStore": "id"}' >"$DOCKER_CONFIG/config.json"
  [ "$(ociship tags "$at/x" | xargs)" = "1 2" ]
}

@test "certs.d: the authority and the client certificate of a host" {
  needs openssl
  cd "$BATS_TEST_TMPDIR"
  openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=authority -keyout ca.key -out ca.crt 2>/dev/null
  for name in server client; do
    openssl req -newkey rsa:2048 -nodes -subj "/CN=$name" -keyout "$name.key" -out "$name.csr" 2>/dev/null
    printf 'subjectAltName=DNS:localhost,IP:127.0.0.1\n' >extensions
    openssl x509 -req -in "$name.csr" -CA ca.crt -CAkey ca.key -CAcreateserial -days 2 -extfile extensions -out "$name.crt" 2>/dev/null
  done
  registry "$port" ", tls: {certificate: $PWD/server.crt, key: $PWD/server.key, clientcas: [$PWD/ca.crt]}"
  # The test has a mount namespace of its own.
  mkdir -p certs.d/"$at" /etc/docker
  mount -t tmpfs none /etc/docker 2>/dev/null || skip "nothing can be mounted"
  mkdir -p "/etc/docker/certs.d/$at"
  make_image "$at/x:1"
  run -1 --separate-stderr ociship push -q "$at/x:1"
  [[ $stderr == "ociship: $at"*certificate* ]]
  cp ca.crt "/etc/docker/certs.d/$at/ca.crt"
  run -1 --separate-stderr ociship push -q "$at/x:1"
  [[ $stderr == "ociship: $at"* ]]
  cp client.crt "/etc/docker/certs.d/$at/client.cert"
  run -1 --separate-stderr ociship push -q "$at/x:1"
  [[ $stderr == *client.key* ]]
  cp client.key "/etc/docker/certs.d/$at/client.key"
  ociship push -q "$at/x:1"
  ociship pull -q "$at/x:1"
  # Another host's are not ours.
  run -1 ociship pull -q "localhost:$port/x:1"
  umount /etc/docker
}
