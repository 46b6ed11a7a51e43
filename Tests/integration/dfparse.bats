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
  dfparse --help | grep -q parse
}

@test "JSON becomes the same Dockerfile again, and an edit with jq changes only what it says" {
  printf '# syntax=docker/dockerfile:1\n# about\nfrom  a   as b\n\nRUN x \\\n  # why\n  && y\nCOPY <<E /f\n$z\nE\n# end\n' >D
  dfparse D | dfparse format --from-json - | cmp - D
  dfparse D | jq '.stages[0].instructions[1].destination = "/g"' | dfparse format --from-json - | diff D - >changed || true
  [ "$(grep -c '^[<>]' changed)" -eq 2 ]
  grep -q '> COPY <<E /g' changed
}

@test "every file of the corpora survives the way through JSON, with and without its source texts" {
  corpus
  python3 - <<'PY'
import glob, json, os, subprocess
def essence(x):
    if isinstance(x, dict): return {k: essence(v) for k, v in x.items() if k not in ('range', 'tokens', 'original', 'comments', 'trailing')}
    return [essence(v) for v in x] if isinstance(x, list) else x
def run(*words, input=None): return subprocess.run(['dfparse', *words], capture_output=True, input=input)
count = 0
for file in glob.glob(os.environ['TOTE_CORPORA'] + '/dockerfile/parser/*/*/Dockerfile'):
    parsed = run('--compact', file)
    if parsed.returncode: continue
    want = essence(json.loads(parsed.stdout))
    bare = json.dumps(want).encode()
    for text in (run('format', '--from-json', '-', input=parsed.stdout), run('format', '--from-json', '-', input=bare), run('format', file)):
        assert text.returncode == 0, (file, text.stderr)
        assert essence(json.loads(run('--compact', '-', input=text.stdout).stdout)) == want, file
    canonical = run('format', file).stdout
    assert run('format', '-', input=canonical).stdout == canonical, file
    count += 1
assert count > 20, count
PY
}

@test "what no Dockerfile can say is refused with the instruction's number" {
  run dfparse format --from-json - <<<'{"stages":[{"from":{"instruction":"FROM","image":"a"},"instructions":[{"instruction":"RUN","command":"a\nb"}]}]}'
  [ "$status" -eq 1 ]
  [[ "$output" == *"instruction 2, RUN,"* ]]
}

@test "a misspelt member of the JSON is refused by name and path" {
  run dfparse format --from-json - <<<'{"stages":[{"from":{"instruction":"FROM","image":"a"},"instructions":[{"instruction":"RUN","comand":"a"}]}]}'
  [ "$status" -eq 1 ]
  [[ "$output" == *"comand"*"'command'"* ]]
}

@test "format --check and --write" {
  printf 'from a\n' >D
  run dfparse format --check D
  [ "$status" -eq 1 ]
  dfparse format --write D
  [ "$(cat D)" = "FROM a" ]
  dfparse format --check D
}

@test "lint: warnings end with 0, errors with 1, and a rule can be left out" {
  printf 'FROM a\nCMD x\n' >D
  run dfparse lint D
  [ "$status" -eq 0 ]
  [ "${lines[0]}" = "D:2:1: warning: JSONArgsRecommended: CMD in shell form keeps signals from the command, use a JSON array" ]
  run dfparse lint --error D
  [ "$status" -eq 1 ]
  [ -z "$(dfparse lint --skip JSONArgsRecommended D)" ]
  run dfparse lint --skip Nothing D
  [ "$status" -eq 2 ]
  printf '# check=error=true\nFROM a\nCMD x\n' >D
  run dfparse lint D
  [ "$status" -eq 1 ]
}

@test "lint reads the .dockerignore that the build would" {
  mkdir c
  printf 'FROM a\nCOPY b.txt /\n' >D
  printf '*.txt\n' >c/.dockerignore
  [ -z "$(dfparse lint D)" ]
  dfparse lint --context c D | grep -q "CopyIgnoredFile.*line 1, '\*.txt'"
  printf '*.md\n' >D.dockerignore
  [ -z "$(dfparse lint --context c D)" ]
}

@test "lint as JSON and SARIF" {
  printf 'FROM a\nCMD é x\n' >D
  dfparse lint --format json D | jq -e '.warnings[0].ruleName == "JSONArgsRecommended" and .warnings[0].location.ranges[0].start.line == 2'
  dfparse lint --format sarif D | jq -e '.version == "2.1.0" and .runs[0].results[0].locations[0].physicalLocation.region.endColumn == 8'
}

@test "graph, outline and targets" {
  printf 'ARG v=1\nFROM a:$v AS one\n# tok what it is\nARG tok\nRUN --mount=type=secret,id=s,required x\nFROM scratch AS two\nCOPY --from=ONE /x /y\n' >D
  dfparse graph D | grep -q 'stage0 -> stage1 \[label="COPY"'
  dfparse graph --format mermaid --build-arg v=2 D | grep -q 'a:2'
  [ "$(dfparse graph --target one D | grep -c stage1)" -eq 0 ]
  dfparse outline --json D | jq -e '.secrets == [{"name":"s","required":true}] and .arguments[1].description == "what it is"'
  dfparse targets --json D | jq -e 'map(.name) == ["one", "two"] and .[1].default'
  run dfparse outline --target on D
  [ "$status" -eq 1 ]
  [[ "$output" == *"did you mean 'one'"* ]]
}
