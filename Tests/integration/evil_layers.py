"""Applies every layer case of corpora/evil, flattened and as lowerdirs: evil_layers.py CORPUS SCRATCH. Runs in a mount namespace of its
own, since the checks know the canary directory as /tmp/evil-canary."""
import json, os, shutil, subprocess, sys

corpus, scratch = sys.argv[1:]
canary = "/tmp/evil-canary"
subprocess.run(["mount", "-t", "tmpfs", "tmpfs", "/mnt"], check=True)


def make_canary():
    shutil.rmtree(canary, ignore_errors=True)
    os.makedirs(canary, 0o755)
    os.chmod(canary, 0o755)
    for name, content in (("secret", "secret\n"), ("target", "orig")):
        with open(f"{canary}/{name}", "w") as file:
            file.write(content)


def state():
    paths = [canary] + [f"{canary}/{name}" for name in os.listdir(canary)]
    return sorted((p, os.lstat(p).st_mode, os.lstat(p).st_mtime_ns, os.lstat(p).st_size) for p in paths)


def problems(case, overlay):
    make_canary()
    before = state()
    work = "/mnt/work"
    shutil.rmtree(work, ignore_errors=True)
    os.makedirs(work)
    root, lowers, found = f"{work}/R", [], []
    for index, layer in enumerate(case["layers"]):
        target = f"{work}/layer{index}" if overlay else root
        command = ["layerctl", "apply"] + (["--overlay"] if overlay else [])
        command += [word for lower in lowers for word in ("--lower", lower)] + [target, f"{corpus}/{layer}"]
        run = subprocess.run(command, capture_output=True, text=True, timeout=120)
        if run.returncode:
            if run.returncode != 1 or len([l for l in run.stderr.splitlines() if "warning:" not in l]) != 1:
                found.append(f"exit code {run.returncode}, {run.stderr!r}")
            break
        if overlay:
            lowers = [target] + ([] if "hides all layers below" in run.stderr else lowers)
    applied = run.returncode == 0
    if applied != (case["expect"] == "apply") and case["expect"] != "contain":
        found.append("applied" if applied else f"refused: {run.stderr.strip()}")
    os.makedirs(root, exist_ok=True)
    mounted = overlay and applied
    if mounted:
        options = ["-t", "overlay", "-o", "lowerdir=" + ":".join(lowers), "overlay"] if len(lowers) > 1 else ["--bind", lowers[0]]
        subprocess.run(["mount", *options, root], check=True)
    if case["expect"] != "reject":
        check = subprocess.run(["bash", "-c", case["check"]], env=dict(os.environ, R=root, H=canary))
        if check.returncode:
            found.append(f"check failed: {case['check']}")
    if mounted:
        subprocess.run(["umount", root], check=True)
    if state() != before:
        found.append("the canary has changed")
    if any(name.startswith(".") for name in os.listdir(work)):
        found.append("something is left behind")
    return found


failed = count = 0
with open(f"{corpus}/index.json") as file:
    cases = [case for case in json.load(file) if "layers" in case]
for case in cases:
    for overlay in (False, True):
        count += 1
        for problem in problems(case, overlay):
            failed += 1
            print(f"{case['name']} ({'overlay' if overlay else 'flattened'}): {problem}")
shutil.rmtree(canary, ignore_errors=True)
print(f"{count} runs, {failed} problems")
sys.exit(1 if failed or not count else 0)
