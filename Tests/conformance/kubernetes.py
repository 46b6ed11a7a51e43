"""kubernetes.py CORPUS|- [FILE...]: converts every file of the corpus that docker compose accepts, and the files, to Kubernetes manifests and
has each judged by the schemas of kubernetes-validate, strictly (no property that Kubernetes does not know). The YAML must mean what the JSON
does, and both be the same twice. Files of secrets that the corpus lacks are made in a copy of it.
"""
import csv, json, os, re, shutil, subprocess, sys, tempfile
import kubernetes_validate, yaml

version = kubernetes_validate.latest_version()
kinds, faults, converted = {}, [], 0


def convert(file, form):
    words = ["cfparse", "convert", "--to", "kubernetes", "-p", "p", "--format", form, file]
    return subprocess.run(words, capture_output=True, timeout=20, cwd=os.path.dirname(file))


def judge(file):
    global converted
    run = convert(file, "json")
    missing = re.search(r"open '(.*)': No such file", run.stderr.decode())
    if missing:
        open(missing.group(1), "w").write("x")
        run = convert(file, "json")
    if run.returncode: return "refused: " + run.stderr.decode().strip().splitlines()[-1]
    items = json.loads(run.stdout)["items"]
    if list(yaml.safe_load_all(convert(file, "yaml").stdout)) != items and items: return "its YAML and its JSON differ"
    if convert(file, "json").stdout != run.stdout: return "is not the same twice"
    names = [(item["kind"], item["metadata"]["name"]) for item in items]
    if len(set(names)) != len(names): return f"a name is given twice: {names}"
    for item in items:
        try: kubernetes_validate.validate(item, version, strict=True)
        except Exception as error: return f"{item['kind']} {item['metadata']['name']}: {str(error).splitlines()[0]}"
        kinds[item["kind"]] = kinds.get(item["kind"], 0) + 1
    converted += 1


files = [os.path.abspath(file) for file in sys.argv[2:]]
with tempfile.TemporaryDirectory() as directory:
    if sys.argv[1] != "-":
        corpus = shutil.copytree(sys.argv[1], os.path.join(directory, "corpus"))
        for row in csv.DictReader(open(os.path.join(corpus, "INDEX.tsv")), delimiter="\t", quoting=csv.QUOTE_NONE):
            file = os.path.join(corpus, row["path"])
            if row["docker_compose_2.26.1_config_rc"] == "0" and subprocess.run(["cfparse", file], capture_output=True).returncode == 0:
                files.append(file)
    for file in files:
        found = judge(file)
        if found: faults.append(f"{file}: {found}")

print("\n".join(faults))
print(f"{converted} converted: {kinds}")
sys.exit(bool(faults) or converted < len(files) or converted == 0)
