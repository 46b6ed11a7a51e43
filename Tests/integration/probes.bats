#!/usr/bin/env bats
# The corpus's Dockerfile probes against BuildKit's answers.
load helper

@test "every probe comes out as BuildKit has it, or as probes-accepted.tsv says why not" {
  needs zstd
  [ -e "$TOTE_CORPORA/dockerfile/probes.tar.zst" ] || skip "the corpora are not here"
  python3 "$top/Tests/conformance/probes.py"
}
