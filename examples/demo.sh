#!/bin/sh
# From a Dockerfile to a served page and back to a clean machine; what `make demo` runs. Needs root and the tools built.
# Everything is kept below a temporary directory; nothing of it is left at the end.
set -eu
cd "$(dirname "$0")/.."
PATH=$PWD/wrapper:$PWD/.build/release:$PATH
TOTE_ROOT=$(mktemp -d /tmp/tote-demo.XXXXXX)
TOTE_RUN=$TOTE_ROOT/run
export PATH TOTE_ROOT TOTE_RUN

container=
clean_up() {
  status=$?
  [ -z "$container" ] || tote rm -f "$container" >/dev/null 2>&1 || true
  rm -rf "$TOTE_ROOT"
  exit "$status"
}
trap clean_up EXIT
trap 'exit 130' INT TERM

say() { printf '\n$ %s\n' "$*"; }

if ! tote images -q busybox | grep -q .; then
  say examples/base/make-busybox.sh
  examples/base/make-busybox.sh
fi

say tote build -t friendlyhello examples/hello
tote build -t friendlyhello examples/hello

say tote images
tote images

say tote run -d -p 4000:80 friendlyhello
container=$(tote run -d -p 4000:80 friendlyhello)
echo "$container"

say tote container ls
tote container ls

say curl http://127.0.0.1:4000
curl -sS --retry 20 --retry-delay 0 --retry-connrefused --max-time 10 http://127.0.0.1:4000

short=$(printf '%.12s' "$container")
say tote container stop "$short"
tote container stop "$short"

say tote container rm "$short"
tote container rm "$short"
container=
