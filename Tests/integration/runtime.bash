# For the .bats files about the runtime: a bundle of the test's own. RUNTIME=runc runs them on runc.

# runtime_up LETTER: $bundle with busybox and the runtime's own specification, $state, and $name, which begins with the letter.
runtime_up() {
  private_roots
  [ "$(id -u)" = 0 ] || skip "needs root"
  needs jq
  : "${RUNTIME:=runc-swift}"
  state=$TOTE_RUN/runtime
  bundle=$BATS_TEST_TMPDIR/bundle
  mkdir -p "$bundle"
  cp -a "$BATS_FILE_TMPDIR/rootfs" "$bundle/rootfs"
  (cd "$bundle" && rt spec)
  config '.process.terminal = false'
  name=$1$$-$BATS_TEST_NUMBER
}
runtime_down() { rt list -q 2>/dev/null | while read -r id; do rt delete -f "$id"; done; }

rt() { "$RUNTIME" --root "$state" "$@"; }
# config FILTER…: changes config.json by jq; args WORD…, sh_ SCRIPT: the program.
config() { jq "$@" "$bundle/config.json" >"$bundle/new" && mv "$bundle/new" "$bundle/config.json"; }
args() { config --argjson args "$(printf '%s\n' "$@" | jq -R . | jq -cs .)" '.process.args = $args'; }
sh_() { config --arg script "$1" '.process.args = ["sh", "-c", $script]'; }
