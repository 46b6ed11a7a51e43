# ociship against Debian's docker-registry on loopback, with skopeo on the other end.
bats_require_minimum_version 1.5.0
load helper
load registry

setup() {
  needs docker-registry skopeo curl
  private_roots
  export DOCKER_CONFIG=$BATS_TEST_TMPDIR/docker
  port=$((20000 + RANDOM % 12000))
}

teardown() { end_registries; }

@test "what is pushed is what skopeo pulls, and what ociship pulls again" {
  registry "$port"
  name=127.0.0.1:$port/me/app:1
  make_image "$name"
  run -0 --separate-stderr ociship push "$name"
  [[ ${lines[0]} == "The push refers to repository [127.0.0.1:$port/me/app]" ]]
  [[ ${lines[1]} =~ ^1:\ digest:\ sha256:[0-9a-f]{64}\ size:\ [0-9]+$ ]]
  digest=$(awk '/digest:/ { print $3 }' <<<"$output")
  [ "$(skopeo inspect --tls-verify=false "docker://$name" | jq -r .Digest)" = "$digest" ]
  skopeo copy -q --src-tls-verify=false "docker://$name" "oci:$BATS_TEST_TMPDIR/copy:1"
  id=$(layerctl inspect -f '{{.Id}}' "$name")

  TOTE_ROOT=$BATS_TEST_TMPDIR/other
  export TOTE_ROOT
  run -0 --separate-stderr ociship pull "$name"
  [ "${lines[0]}" = "1: Pulling from me/app" ]
  [ "${lines[1]}" = "Digest: $digest" ]
  [ "${lines[2]}" = "Status: Downloaded newer image for $name" ]
  [ "${lines[3]}" = "$name" ]
  [ "$(layerctl inspect -f '{{.Id}}' "$name")" = "$id" ]
  run -0 --separate-stderr ociship pull "$name"
  [ "${lines[2]}" = "Status: Image is up to date for $name" ]
  layerctl fsck
}

@test "a second push of a layer sends nothing, and another repository takes it over" {
  registry "$port"
  make_image "127.0.0.1:$port/a/one:1"
  run -0 ociship push "127.0.0.1:$port/a/one:1"
  [[ $output == *": Pushed"* ]]
  run -0 ociship push "127.0.0.1:$port/a/one:1"
  [[ $output == *": Layer already exists"* ]]
  layerctl tag "127.0.0.1:$port/a/one:1" "127.0.0.1:$port/b/two:1"
  run -0 ociship push "127.0.0.1:$port/b/two:1"
  skopeo copy -q --src-tls-verify=false "docker://127.0.0.1:$port/b/two:1" "dir:$BATS_TEST_TMPDIR/two"
}

@test "an image that skopeo pushed keeps its digest on the way through" {
  registry "$port"
  make_image local/x:1
  skopeo copy -q --dest-tls-verify=false -f v2s2 "oci:$TOTE_ROOT/images:docker.io/local/x:1" "docker://127.0.0.1:$port/x:1"
  want=$(skopeo inspect --tls-verify=false "docker://127.0.0.1:$port/x:1" | jq -r .Digest)
  ociship pull -q "127.0.0.1:$port/x:1"
  layerctl tag "127.0.0.1:$port/x:1" "127.0.0.1:$port/y:1"
  run -0 --separate-stderr ociship push "127.0.0.1:$port/y:1"
  [[ $output == *"digest: $want "* ]]
}

@test "basic authentication: refused without, login stores a credential that only its owner reads" {
  needs htpasswd
  htpasswd -Bbn me s3cret >"$BATS_TEST_TMPDIR/htpasswd"
  registry "$port" "" "auth: {htpasswd: {realm: test, path: $BATS_TEST_TMPDIR/htpasswd}}\n"
  name=127.0.0.1:$port/me/app:1
  make_image "$name"
  run -1 --separate-stderr ociship push "$name"
  [[ $stderr == *"$name"*"is 'ociship login 127.0.0.1:$port' needed?"* ]] || [[ $stderr == *"127.0.0.1:$port"*"ociship login"* ]]
  run -1 ociship login -u me --password-stdin "127.0.0.1:$port" <<<"wrong"
  [ ! -e "$DOCKER_CONFIG/config.json" ]
  run -0 ociship login -u me --password-stdin "127.0.0.1:$port" <<<"s3cret"
  [ "$output" = "Login Succeeded" ]
  [ "$(stat -c %a "$DOCKER_CONFIG/config.json")" = 600 ]
  ociship push "$name"
  skopeo inspect --tls-verify=false --authfile "$DOCKER_CONFIG/config.json" "docker://$name" | jq -e .Digest
  run -0 ociship logout "127.0.0.1:$port"
  [ "$output" = "Removing login credentials for 127.0.0.1:$port" ]
  run -1 ociship pull "$name"
}

@test "TLS: an unknown authority is refused, --ca-file accepts it" {
  needs openssl
  openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost,IP:127.0.0.1 \
    -keyout "$BATS_TEST_TMPDIR/key.pem" -out "$BATS_TEST_TMPDIR/cert.pem" 2>/dev/null
  registry "$port" ", tls: {certificate: $BATS_TEST_TMPDIR/cert.pem, key: $BATS_TEST_TMPDIR/key.pem}"
  make_image "localhost:$port/x:1"
  run -1 --separate-stderr ociship push "localhost:$port/x:1"
  [[ $stderr == *certificate* ]]
  ociship push --ca-file "$BATS_TEST_TMPDIR/cert.pem" "localhost:$port/x:1"
  ociship push --tls-verify=false "localhost:$port/x:1"
}

@test "tags and repositories are listed" {
  registry "$port"
  make_image "127.0.0.1:$port/list/it:1"
  layerctl tag "127.0.0.1:$port/list/it:1" "127.0.0.1:$port/list/it:2"
  ociship push -q "127.0.0.1:$port/list/it:1"
  ociship push -q "127.0.0.1:$port/list/it:2"
  run -0 ociship tags "127.0.0.1:$port/list/it"
  [ "$(sort <<<"$output")" = $'1\n2' ]
  run -0 ociship catalog "127.0.0.1:$port"
  [ "$output" = list/it ]
}

@test "a blob that the registry changed is refused and nothing gets a name" {
  registry "$port"
  name=127.0.0.1:$port/bad:1
  make_image "$name"
  ociship push -q "$name"
  layer=$(ociship inspect "$name" | jq -r '.layers[0].digest | ltrimstr("sha256:")')
  blob=$(find "$BATS_TEST_TMPDIR/registry-$port" -path "*/$layer/data")
  printf X | dd of="$blob" bs=1 seek=20 conv=notrunc status=none
  TOTE_ROOT=$BATS_TEST_TMPDIR/other
  export TOTE_ROOT
  run -1 --separate-stderr ociship pull "$name"
  [[ $stderr == *"127.0.0.1:$port/bad: blob sha256:"*"content has the digest"* ]]
  run -0 layerctl images -q
  [ -z "$output" ]
}

@test "what is not there is named as it was typed" {
  registry "$port"
  run -1 --separate-stderr ociship pull "127.0.0.1:$port/no/such:1"
  [[ $stderr == "ociship: 127.0.0.1:$port/no/such:1: "* ]]
  run -1 --separate-stderr ociship push "127.0.0.1:$port/no/such:1"
  [[ $stderr == *"127.0.0.1:$port/no/such:1"* ]]
  run -1 --separate-stderr ociship pull "me/UPPER"
  [[ $stderr == *"invalid reference"*"me/UPPER"* ]]
  run -1 --separate-stderr ociship pull 127.0.0.1:1/x
  [[ $stderr == *"127.0.0.1:1"* ]]
}

@test "token authentication: scopes are asked for, and the credential goes to the token server alone" {
  needs openssl python3
  cd "$BATS_TEST_TMPDIR"
  openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=issuer -keyout token.key -out token.crt 2>/dev/null
  # The token server of distribution's specification: basic authentication, then a signed list of what was asked for.
  cat >server.py <<'PY'
import base64, http.server, json, subprocess, sys, time, urllib.parse

def encoded(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=")

class Tokens(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        query = urllib.parse.parse_qs(urllib.parse.urlparse(self.path).query)
        if self.headers.get("Authorization") != "Basic " + base64.b64encode(b"me:s3cret").decode():
            self.send_response(401)
            self.end_headers()
            self.wfile.write(b'{"errors":[{"code":"UNAUTHORIZED","message":"wrong password"}]}')
            return
        print(" ".join(query.get("scope", [])), file=open("scopes", "a"), flush=True)
        access = []
        for scope in query.get("scope", []):
            kind, rest = scope.split(":", 1)
            name, actions = rest.rsplit(":", 1)
            access.append({"type": kind, "name": name, "actions": actions.split(",")})
        der = subprocess.check_output(["openssl", "x509", "-in", "token.crt", "-outform", "DER"])
        header = {"typ": "JWT", "alg": "RS256", "x5c": [base64.b64encode(der).decode()]}
        now = int(time.time())
        claims = {"iss": "issuer", "sub": "me", "aud": query["service"][0], "exp": now + 300, "nbf": now - 10, "iat": now, "jti": "1", "access": access}
        text = encoded(json.dumps(header).encode()) + b"." + encoded(json.dumps(claims).encode())
        signature = subprocess.run(["openssl", "dgst", "-sha256", "-sign", "token.key"], input=text, stdout=subprocess.PIPE, check=True).stdout
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps({"token": (text + b"." + encoded(signature)).decode()}).encode())
    def log_message(self, *arguments):
        pass

http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Tokens).serve_forever()
PY
  python3 server.py $((port + 1)) 3>&- &
  echo $! >>pids
  for _ in $(seq 100); do curl -so /dev/null "http://127.0.0.1:$((port + 1))/?service=x" && break; sleep 0.05; done
  registry "$port" "" "auth: {token: {realm: 'http://127.0.0.1:$((port + 1))/token', service: here, issuer: issuer, rootcertbundle: $PWD/token.crt}}\n"
  name=127.0.0.1:$port/me/app:1
  make_image "$name"
  run -1 ociship push "$name"
  run -1 --separate-stderr ociship login -u me --password-stdin "127.0.0.1:$port" <<<wrong
  [[ $stderr == *"wrong password"* ]]
  ociship login -u me --password-stdin "127.0.0.1:$port" <<<s3cret
  ociship push -q "$name"
  grep -q 'repository:me/app:pull,push' scopes
  TOTE_ROOT=$BATS_TEST_TMPDIR/other ociship pull -q "$name"
  skopeo inspect --tls-verify=false --authfile "$DOCKER_CONFIG/config.json" "docker://$name" | jq -e .Digest
}
