#!/usr/bin/env bats
# The documents that the unit tests hold our types to are themselves what the specifications' JSON schemas accept.

load helper

schemas=/usr/share/gocode/src/github.com/opencontainers

@test "the configuration of every property is valid by the runtime specification's schema" {
  schema=$schemas/runtime-spec/schema/config-schema.json
  [ -e "$schema" ] || skip "golang-github-opencontainers-specs-dev is not installed"
  python3 - "$schema" "$top/Tests/documents/config.json" <<'PY'
import json, pathlib, sys, warnings
warnings.simplefilter("ignore")
import jsonschema
path = pathlib.Path(sys.argv[1])
schema, document = json.load(open(path)), json.load(open(sys.argv[2]))
if '"time"' not in (path.parent / "defs-linux.json").read_text():
    # Debian's schema is older than time namespaces.
    document["linux"]["namespaces"] = [n for n in document["linux"]["namespaces"] if n["type"] != "time"]
resolver = jsonschema.RefResolver(base_uri=path.as_uri(), referrer=schema)
jsonschema.Draft4Validator(schema, resolver=resolver).validate(document)
# The schema must be able to refuse, or the above shows nothing.
document["linux"]["namespaces"][0]["type"] = "x"
assert not jsonschema.Draft4Validator(schema, resolver=resolver).is_valid(document)
PY
}
