# Compose files against what docker compose makes of them: the same canonical JSON, or a refusal of both.
load ../integration/helper

@test "the corpus of Compose files: equal to docker compose, or the difference is listed with its reason" {
  [ -d "$TOTE_CORPORA/compose" ] || skip "the test data is not beside the project (TOTE_CORPORA)"
  python3 "$top/Tests/conformance/compose.py" "$TOTE_CORPORA/compose" "$top/Tests/conformance/compose-accepted.tsv"
}
