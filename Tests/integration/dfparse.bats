#!/usr/bin/env bats
# dfparse on whole files: what it writes is valid, what it refuses is named.

load helper

setup() {
  private_roots
  cd "$BATS_TEST_TMPDIR" || return
}

corpus() {
  [ -d "$TOTE_CORPORA/dockerfile" ] || skip "the test data is not beside the project (TOTE_CORPORA)"
}

@test "a Dockerfile in the working directory is read when none is named" {
  printf 'FROM scratch\nCOPY a b\n' >Dockerfile
  run dfparse
  [ "$status" -eq 0 ]
  jq -e '.stages[0].instructions[0].sources == ["a"]' <<<"$output"
}

@test "standard input, -f and a path give the same" {
  printf 'FROM scratch\nRUN <<E\nx\nE\n' >D
  dfparse D >a && dfparse -f D >b && dfparse - <D >c && dfparse parse D >d
  cmp a b && cmp a c && cmp a d
}

@test "every range of every token is that token's text" {
  printf '\xef\xbb\xbfFROM a AS b\r\nRUN --network=none echo \\\r\n # in\r\n  hi\r\nENV k="v w"\r\n' >D
  dfparse --compact D >json
  python3 - <<'PY'
import json
source = open('D', 'rb').read()
document = json.load(open('json'))
words = []
for stage in document['stages']:
    for instruction in [stage['from']] + stage['instructions']:
        for token in instruction['tokens']:
            start, end = token['range']['start'], token['range']['end']
            text = source[start['offset']:end['offset']]
            words.append(text.decode())
            line = source.split(b'\n')[start['line'] - 1]
            assert line[start['column'] - 1:].startswith(text.split(b'\n')[0].rstrip(b'\r')), text
assert words == ['FROM', 'a', 'AS', 'b', 'RUN', '--network=none', 'echo \\\r\n # in\r\n  hi', '# in', 'ENV', 'k', '"v w"'], words
PY
}

@test "output for every file of the corpora is valid against the schema" {
  corpus
  mkdir probes && tar -C probes --zstd -xf "$TOTE_CORPORA/dockerfile/probes.tar.zst" --wildcards '*Dockerfile*' 2>/dev/null || true
  python3 - "$top/schemas/dockerfile.schema.json" <<'PY'
import glob, json, os, subprocess, sys, jsonschema
validator = jsonschema.Draft202012Validator(json.load(open(sys.argv[1])))
files = glob.glob(os.environ['TOTE_CORPORA'] + '/dockerfile/parser/*/*/Dockerfile') + glob.glob('probes/**/Dockerfile', recursive=True)
valid = 0
for file in files:
    done = subprocess.run(['dfparse', '--compact', file], capture_output=True)
    assert done.returncode in (0, 1), (file, done)
    if done.returncode == 0:
        for error in validator.iter_errors(json.loads(done.stdout)): raise SystemExit(f'{file}: {error.json_path}: {error.message}')
        valid += 1
    else:
        assert done.stdout == b'' and done.stderr.startswith(file.encode() + b':'), (file, done.stderr)
assert valid > 150, valid
PY
}

@test "each file is refused that BuildKit's parser refuses, and no other" {
  corpus
  mkdir probes && tar -C probes --zstd -xf "$TOTE_CORPORA/dockerfile/probes.tar.zst" 2>/dev/null || true
  python3 - <<'PY'
import json, os, subprocess
root = os.environ['TOTE_CORPORA'] + '/dockerfile/parser/'
cases = [(root, l) for l in open(root + 'ast-golden.jsonl')] + [('probes/', l) for l in open('probes/probes/ast-golden.jsonl')]
count = 0
for base, line in cases:
    golden = json.loads(line)
    if not os.path.exists(base + golden['file']): continue
    refused = 'parse_error' in golden or 'instr_error' in golden or golden.get('stages') in (None, [])
    done = subprocess.run(['dfparse', base + golden['file']], capture_output=True)
    assert done.returncode == (1 if refused else 0), (golden['file'], done.stderr, golden.get('instr_error'))
    count += 1
assert count > 200, count
PY
}

@test "a fault shows the file, line and column, the line itself and a suggestion" {
  printf 'FROM a\nCOPY --chwon=1 a b\nRNU x\n' >D
  run dfparse D
  [ "$status" -eq 1 ]
  [ "${lines[0]}" = "D:2:6: unknown flag '--chwon' for COPY (did you mean '--chown'?)" ]
  [ "${lines[1]}" = "2 | COPY --chwon=1 a b" ]
  [ "${lines[2]}" = "  |      ^~~~~~~~~" ]
  [ "${lines[3]}" = "D:3:1: unknown instruction 'RNU' (did you mean 'RUN'?)" ]
}

@test "a wrong command line is 2, a missing file 1" {
  run dfparse --bogus
  [ "$status" -eq 2 ]
  run dfparse nowhere
  [ "$status" -eq 1 ]
  [[ "$output" == *"'nowhere'"* ]]
}

@test "--version and --help answer on standard output" {
  dfparse --version | grep -q '^dfparse [0-9]'
  dfparse --help | grep -q USAGE
}
