# Loaded by every .bats file: the tools on PATH, and roots of their own for every test.

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
: "${TOTE_BIN:=$top/.build/release}"
: "${TOTE_CORPORA:=$top/../shared/corpora}"
export TOTE_BIN TOTE_CORPORA
PATH=$TOTE_BIN:$top/wrapper:$PATH

# Called by setup(): private durable and volatile roots. Everything a test makes lies below $BATS_TEST_TMPDIR.
private_roots() {
  export TOTE_ROOT=$BATS_TEST_TMPDIR/root TOTE_RUN=$BATS_TEST_TMPDIR/run
  mkdir -p "$TOTE_ROOT" "$TOTE_RUN"
}

# needs COMMAND…: skips the test where another project's tool is not installed.
needs() {
  local command
  for command; do
    command -v "$command" >/dev/null || skip "$command is not installed"
  done
}

# busybox_rootfs DIR: a root file system made from Debian's static busybox.
busybox_rootfs() {
  mkdir -p "$1"/{bin,dev,etc,proc,root,sys,tmp,usr/bin,var}
  cp /bin/busybox "$1/bin/busybox"
  local applet
  for applet in $(/bin/busybox --list); do
    [ "$applet" = busybox ] || ln -sf busybox "$1/bin/$applet"
  done
  printf 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/sh\n' >"$1/etc/passwd"
  printf 'root:x:0:\nnogroup:x:65534:\n' >"$1/etc/group"
}

# valid SCHEMA FILE: FILE is a JSON document that schemas/SCHEMA.schema.json accepts.
valid() {
  python3 - "$top/schemas/$1.schema.json" "$2" <<'PY'
import json, sys, jsonschema
schema = json.load(open(sys.argv[1]))
jsonschema.Draft202012Validator(schema).validate(json.load(open(sys.argv[2])))
PY
}
