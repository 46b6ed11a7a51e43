"""compose.py CORPUS ACCEPTED: runs cfparse over every file of the corpus and compares with docker compose's answer.

The corpus has INDEX.tsv (path, exit code of docker compose config) and expected/PATH.json. ACCEPTED lists the files that may differ, with
the reason; one that is listed and does not differ is a failure too.
"""
import csv, json, os, subprocess, sys

corpus, accepted_file = os.path.abspath(sys.argv[1]), sys.argv[2]
accepted = {row["file"] for row in csv.DictReader(open(accepted_file), delimiter="\t")}
compared = {"equal": 0, "refused": 0}
faults = []


def first_difference(ours, theirs, path=""):
    if isinstance(ours, dict) and isinstance(theirs, dict):
        for key in sorted(ours.keys() | theirs.keys()):
            if key not in ours: return f"{path}.{key} is missing"
            if key not in theirs: return f"{path}.{key} is too much"
            found = first_difference(ours[key], theirs[key], f"{path}.{key}")
            if found: return found
    elif isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        for index, pair in enumerate(zip(ours, theirs)):
            found = first_difference(*pair, f"{path}[{index}]")
            if found: return found
    elif type(ours) is not type(theirs) or ours != theirs:
        return f"{path} is {json.dumps(ours)}, should be {json.dumps(theirs)}"
    return None


def cfparse(file, *words, input=None):
    return subprocess.run(["cfparse", "-p", "p", *words], input=input, capture_output=True, timeout=20, cwd=os.path.dirname(file))


def difference(row):
    file = os.path.join(corpus, row["path"])
    run = cfparse(file, "-f", file)
    if row["docker_compose_2.26.1_config_rc"] != "0":
        compared["refused"] += run.returncode != 0
        return None if run.returncode else "accepted, docker compose says: " + row["error"]
    if run.returncode: return "refused: " + run.stderr.decode().strip()
    answer = os.path.join(corpus, "expected", row["path"] + ".json")
    if not os.path.exists(answer): return None
    # Its YAML is a Compose file that means the same.
    again = cfparse(file, "--format", "yaml", "-f", file)
    again = cfparse(file, "-", input=again.stdout)
    found = first_difference(json.loads(again.stdout or "null"), json.loads(run.stdout))
    if found: return "read again from its YAML: " + found
    found = first_difference(json.loads(run.stdout), json.loads(open(answer).read().replace("@ROOT@", corpus)))
    compared["equal"] += found is None
    return found


for row in csv.DictReader(open(os.path.join(corpus, "INDEX.tsv")), delimiter="\t", quoting=csv.QUOTE_NONE):
    found = difference(row)
    if (found is not None) != (row["path"] in accepted):
        faults.append(f"{row['path']}: {found or 'listed as different, but it is not'}")

print("\n".join(faults))
print(f"{compared['equal']} equal, {compared['refused']} refused by both, {len(accepted)} accepted differences")
sys.exit(bool(faults) or compared["equal"] < 300)
