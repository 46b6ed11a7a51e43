# cfparse convert --to kubernetes before the schemas of Kubernetes itself, which kubernetes-validate (PyPI) carries.
load ../integration/helper

setup_file() {
  # In time: pip asks an unreachable registry again and again.
  python3 -m venv "$BATS_FILE_TMPDIR/judge" && timeout 120 "$BATS_FILE_TMPDIR/judge/bin/pip" install -q kubernetes-validate >&2 || touch "$BATS_FILE_TMPDIR/unreachable"
}

judge() {
  [ ! -e "$BATS_FILE_TMPDIR/unreachable" ] || skip "PyPI is not reachable: no kubernetes-validate"
  "$BATS_FILE_TMPDIR/judge/bin/python" "$top/Tests/conformance/kubernetes.py" "$@"
}

@test "the manifests of a file with everything, and of the examples, are what Kubernetes' schemas allow" {
  judge - "$top/Tests/conformance/kubernetes.yaml" "$top/examples/services/docker-compose.yml"
}

@test "the manifests of every file of the corpus are what Kubernetes' schemas allow" {
  [ -d "$TOTE_CORPORA/compose" ] || skip "the test data is not beside the project (TOTE_CORPORA)"
  judge "$TOTE_CORPORA/compose"
}
