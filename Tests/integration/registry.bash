# Registries on loopback, for tests of ociship and the verbs that use it.

# registry PORT [CONFIG LINES]: starts a registry that keeps its blobs below the test's directory.
registry() {
  local port=$1 config=$BATS_TEST_TMPDIR/registry-$1.yml
  {
    printf 'version: 0.1\nlog: {level: error, accesslog: {disabled: true}}\n'
    printf 'storage: {filesystem: {rootdirectory: %s}, delete: {enabled: true}}\n' "$BATS_TEST_TMPDIR/registry-$port"
    printf 'http: {addr: "127.0.0.1:%s", secret: s%s}\n' "$port" "${2:-}"
    printf '%b' "${3:-}"
  } >"$config"
  docker-registry serve "$config" >"$BATS_TEST_TMPDIR/registry.log" 2>&1 3>&- &
  echo $! >>"$BATS_TEST_TMPDIR/pids"
  wait_for_port "$port" || { cat "$BATS_TEST_TMPDIR/registry.log" && return 1; }
}

# faulty PORT RULE…: a proxy at PORT before the registry at $port that breaks what the rules say (faulty_registry.py).
# What was asked of it is in $faults, a JSON line a request.
faulty() {
  local port_of_proxy=$1
  shift
  # shellcheck disable=SC2154 # port: the registry's, from setup
  faults=$BATS_TEST_TMPDIR/faults.json
  : >"$faults"
  python3 "$BATS_TEST_DIRNAME/faulty_registry.py" "$port_of_proxy" "$port" "$faults" "$@" 2>"$BATS_TEST_TMPDIR/faulty.log" 3>&- &
  echo $! >>"$BATS_TEST_TMPDIR/pids"
  wait_for_port "$port_of_proxy"
}

wait_for_port() {
  for _ in $(seq 100); do
    (exec 4<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null && return
    sleep 0.05
  done
  return 1
}

# Ends what the two have started.
end_registries() {
  [ ! -e "$BATS_TEST_TMPDIR/pids" ] || xargs kill <"$BATS_TEST_TMPDIR/pids" 2>/dev/null || true
}

# An image of one layer of some bytes, under the name $1; $2 is what distinguishes it.
make_image() {
  mkdir -p "$BATS_TEST_TMPDIR/tree/etc"
  echo "${2:-hello}" >"$BATS_TEST_TMPDIR/tree/etc/greeting"
  layerctl pack --compression none "$BATS_TEST_TMPDIR/tree" | layerctl import - "$1" >/dev/null
}

# An image of one layer of some $2 (2) MB that do not compress.
make_large_image() {
  mkdir -p "$BATS_TEST_TMPDIR/large"
  head -c "${2:-2}000000" /dev/urandom >"$BATS_TEST_TMPDIR/large/random"
  layerctl pack --compression gzip "$BATS_TEST_TMPDIR/large" | layerctl import - "$1" >/dev/null
}
