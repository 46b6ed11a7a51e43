# The session of the guide that this project was made for, word for word but for the wrapper's name.
bats_require_minimum_version 1.5.0
load helper

# A root file system with a Python, made once for all tests of this file; empty where Debian's packages cannot be reached.
setup_file() {
  export PYTHON_ROOT=$BATS_FILE_TMPDIR/python
  command -v mmdebstrap >/dev/null || return 0
  mmdebstrap --quiet --variant=minbase --include=python3-minimal,python3-pip --aptopt='Apt::Install-Recommends "false"' \
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
    bookworm "$PYTHON_ROOT" >"$BATS_FILE_TMPDIR/mmdebstrap.log" 2>&1 || rm -rf "$PYTHON_ROOT"
  [ -d "$PYTHON_ROOT" ] || return 0
  ln -s python3 "$PYTHON_ROOT/usr/bin/python"
  rm -f "$PYTHON_ROOT"/usr/lib/python3*/EXTERNALLY-MANAGED
}

setup() {
  needs docker-registry curl
  [ -d "$PYTHON_ROOT" ] || skip "no root file system with a Python: Debian's packages cannot be reached"
  private_roots
  export DOCKER_CONFIG=$BATS_TEST_TMPDIR/docker
  port=$((40000 + RANDOM % 9000))
  registry=$((20000 + RANDOM % 20000))
}

teardown() {
  for TOTE_ROOT in "$BATS_TEST_TMPDIR/root" "$BATS_TEST_TMPDIR/elsewhere"; do
    ocibundle ls -aq 2>/dev/null | xargs -r tote rm -f >/dev/null 2>&1 || true
  done
  [ ! -e "$BATS_TEST_TMPDIR/registry.pid" ] || kill "$(cat "$BATS_TEST_TMPDIR/registry.pid")" || true
}

start_registry() {
  htpasswd -Bbn me s3cret >"$BATS_TEST_TMPDIR/htpasswd"
  cat >"$BATS_TEST_TMPDIR/registry.yml" <<EOF
version: 0.1
log: {level: error, accesslog: {disabled: true}}
storage: {filesystem: {rootdirectory: $BATS_TEST_TMPDIR/registry}}
auth: {htpasswd: {realm: test, path: $BATS_TEST_TMPDIR/htpasswd}}
http: {addr: "127.0.0.1:$registry", secret: s}
EOF
  docker-registry serve "$BATS_TEST_TMPDIR/registry.yml" >/dev/null 2>&1 3>&- &
  echo $! >"$BATS_TEST_TMPDIR/registry.pid"
  for _ in $(seq 100); do curl -so /dev/null "http://127.0.0.1:$registry/" && return; sleep 0.05; done
}

application() {
  mkdir -p "$BATS_TEST_TMPDIR/app"
  cd "$BATS_TEST_TMPDIR/app" || return
  cat >Dockerfile <<'EOF'
# Use an official Python runtime as a parent image
FROM python:2.7-slim

# Set the working directory to /app
WORKDIR /app

# Copy the current directory contents into the container at /app
ADD . /app

# Install any needed packages specified in requirements.txt
RUN pip install -r requirements.txt

# Make port 80 available to the world outside this container
EXPOSE 80

# Define environment variable
ENV NAME World

# Run app.py when the container launches
CMD ["python", "app.py"]
EOF
  # What it needs lies beside it, so that the test asks no index.
  mkdir -p greeting
  printf 'from setuptools import setup\nsetup(name="greeting", version="1", py_modules=["greeting"])\n' >greeting/setup.py
  printf 'def greet(name):\n    return "Hello " + name + "!"\n' >greeting/greeting.py
  printf '%s\n' --no-index ./greeting >requirements.txt
  cat >app.py <<'EOF'
import http.server, os, signal, sys
from greeting import greet

class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(("<h3>%s</h3>\n" % greet(os.environ["NAME"])).encode())

signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
print("serving", flush=True)
http.server.HTTPServer(("", 80), Page).serve_forever()
EOF
}

fetch() { curl -sS --retry 40 --retry-delay 0 --retry-connrefused --retry-max-time 20 --max-time 5 "http://127.0.0.1:$1/"; }

@test "build, images, run, container ls, stop, login, tag, push, and run from the registry" {
  needs htpasswd
  start_registry
  # The parent image is found in the store under its name, as an earlier pull would have left it.
  layerctl pack --compression none "$PYTHON_ROOT" | layerctl import - python:2.7-slim
  application

  run -0 tote build -t friendlyhello .
  run -0 tote images
  [[ ${lines[0]} =~ ^REPOSITORY\ +TAG\ +IMAGE\ ID\ +CREATED\ +SIZE$ ]]
  [[ $output =~ friendlyhello\ +latest\ +[0-9a-f]{12} ]]

  # In the foreground: output is streamed, Ctrl-C (SIGINT to the client) stops it.
  tote run -p "$port:80" friendlyhello >"$BATS_TEST_TMPDIR/foreground" 2>&1 3>&- &
  client=$!
  [ "$(fetch "$port")" = "<h3>Hello World!</h3>" ]
  kill -INT "$client"
  wait "$client" || true
  [[ $(cat "$BATS_TEST_TMPDIR/foreground") == serving* ]]
  run -0 tote ps -q
  [ -z "$output" ]

  run -0 tote run -d -p "$port:80" friendlyhello
  id=$output
  [[ $id =~ ^[0-9a-f]{64}$ ]]
  [ "$(fetch "$port")" = "<h3>Hello World!</h3>" ]
  run -0 tote container ls
  [[ ${lines[0]} =~ ^CONTAINER\ ID\ +IMAGE\ +COMMAND\ +CREATED\ +STATUS\ +PORTS\ +NAMES$ ]]
  [[ ${lines[1]} =~ ^${id:0:12}\ +friendlyhello\ +\"python\ app.py\"\ +.*\ ago\ +Up\ .*\ +0.0.0.0:$port-\>80/tcp ]]
  run -0 tote container stop "${id:0:12}"
  [ "$output" = "${id:0:12}" ]
  run -0 tote container ls -a --format '{{.Status}}' --filter "id=$id"
  [[ $output == "Exited (0) "* ]]

  name=127.0.0.1:$registry/me/get-started:part2
  run -0 tote login -u me --password-stdin "127.0.0.1:$registry" <<<s3cret
  run -0 tote tag friendlyhello "$name"
  run -0 tote push "$name"

  # On another machine: nothing but the name.
  TOTE_ROOT=$BATS_TEST_TMPDIR/elsewhere
  export TOTE_ROOT
  id=$(tote run -d -p "$port:80" "$name")
  [ "$(fetch "$port")" = "<h3>Hello World!</h3>" ]
  run -0 tote rm -f "$id"
}

@test "the same by hand, with no wrapper" {
  layerctl pack --compression none "$PYTHON_ROOT" | layerctl import - python:2.7-slim
  application
  dfparse Dockerfile | layerctl build -t friendlyhello --context . -
  ocibundle create friendlyhello "$BATS_TEST_TMPDIR/bundle"
  runc-swift --root "$TOTE_RUN/hand" run -b "$BATS_TEST_TMPDIR/bundle" web >/dev/null 2>&1 3>&- &
  runtime=$!
  for _ in $(seq 100); do address=$(netctl address web 2>/dev/null) && break; sleep 0.05; done
  [ -n "$address" ]
  portmap add "$port:80" --to "$address" --owner web
  [ "$(fetch "$port")" = "<h3>Hello World!</h3>" ]
  runc-swift --root "$TOTE_RUN/hand" kill web TERM
  wait "$runtime" || true
  portmap del --owner web
  ocibundle delete "$BATS_TEST_TMPDIR/bundle"
  [ -z "$(portmap ls -q 2>/dev/null || true)" ]
}
