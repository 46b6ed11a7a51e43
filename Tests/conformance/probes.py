#!/usr/bin/env python3
"""Builds the corpus's Dockerfile probes and holds each result against BuildKit's.

usage: probes.py [-v] [--only ID[,ID...]]   (TOTE_BIN: the tools; TOTE_CORPORA: the corpora; run as root)

Compared are success or failure, the image's configuration and its whole file tree: path, kind, mode, owner, size, content, link target,
attributes. Times are not: tote normalises them. Differences listed in probes-accepted.tsv, with their reason, are no failure; one that is
listed and does not occur is. Exit code 0 when all is as expected, 1 otherwise, 77 where the corpora are absent.
"""
import json, os, subprocess, sys, tempfile

here = os.path.dirname(os.path.abspath(__file__))
top = os.path.dirname(os.path.dirname(here))
tools = os.environ.get('TOTE_BIN', os.path.join(top, '.build/debug'))
corpus = os.path.join(os.environ.get('TOTE_CORPORA', os.path.join(top, '../shared/corpora')), 'dockerfile')
verbose = '-v' in sys.argv
only = sys.argv[sys.argv.index('--only') + 1].split(',') if '--only' in sys.argv else None

KEYS = ['Env', 'Cmd', 'Entrypoint', 'ExposedPorts', 'Labels', 'User', 'Volumes', 'WorkingDir', 'StopSignal', 'OnBuild', 'Healthcheck', 'Shell']
# What container runtimes make in a root file system to mount upon.
MADE = {'/dev', '/proc', '/sys', '/run', '/etc/hosts', '/etc/resolv.conf', '/etc/hostname', '/dev/console', '/dev/pts', '/dev/shm'}


def tree(image):
    return {e['path']: {k: v for k, v in e.items() if k not in ('mtime', 'hl', 'path')} for e in image['tree'] if e['path'] not in MADE}


def config(image):
    found = {}
    for key in KEYS:
        value = (image['config'].get('config') or {}).get(key)
        if key == 'WorkingDir' and value == '/':
            value = None
        if value not in (None, {}, [], ''):
            found[key] = sorted(value) if key == 'Env' else value
    return found


def history(image):
    return [(h.get('created_by'), bool(h.get('empty_layer'))) for h in image['config'].get('history') or []]


def differences(golden, image):
    a, b = tree(golden), tree(image)
    for path in sorted(set(a) | set(b)):
        if path not in b:
            yield f'{path} is missing'
        elif path not in a:
            yield f'{path} is extra: {b[path]}'
        elif a[path] != b[path]:
            yield f'{path}: ' + ' '.join(f'{k} {a[path].get(k)} -> {b[path].get(k)}' for k in sorted(set(a[path]) | set(b[path])) if a[path].get(k) != b[path].get(k))
    a, b = config(golden), config(image)
    for key in KEYS:
        if a.get(key) != b.get(key):
            yield f'config {key}: {a.get(key)} -> {b.get(key)}'
    if history(golden) != history(image):
        yield f'history: {history(golden)} -> {history(image)}'


def main():
    if not os.path.exists(os.path.join(corpus, 'probes.tar.zst')):
        print('the corpora are not here')
        return 77
    sys.path.insert(0, corpus)
    sys.dont_write_bytecode = True
    accepted = {}
    for line in open(os.path.join(here, 'probes-accepted.tsv')):
        if line.strip() and not line.startswith('#'):
            name, reason = line.rstrip('\n').split('\t', 1)
            accepted[name] = reason
    with tempfile.TemporaryDirectory(prefix='tote-probes.') as work:
        return run(work, accepted)


def run(work, accepted):
    import oci2manifest
    environment = dict(os.environ, TOTE_ROOT=work + '/root', TOTE_RUN=work + '/run', PATH=tools + ':' + os.environ['PATH'])
    subprocess.run(['tar', '--xattrs', '--numeric-owner', '-xf', corpus + '/probes.tar.zst', '-C', work], check=True)
    for name in ['busybox', 'alpine', 'ubuntu', 'centos']:
        subprocess.run(['layerctl', 'load', '-q', '-i', f'{corpus}/base/{name}'], check=True, env=environment)
        subprocess.run(['layerctl', 'tag', 'latest', name], check=True, env=environment)
    counts = {'equal': 0, 'accepted': 0, 'different': 0}
    bad = []
    for probe in json.load(open(work + '/probes/index.json')):
        name = probe['id']
        if only and name not in only:
            continue
        golden_path = f'{corpus}/probes-golden/{name}.json'
        if not os.path.exists(golden_path):
            continue
        golden = json.load(open(golden_path))
        found = list(compare(work, environment, probe, golden, oci2manifest))
        kind = 'equal' if not found else 'accepted' if name in accepted else 'different'
        counts[kind] += 1
        if kind == 'different':
            bad.append(name)
        if kind == 'equal' and name in accepted:
            bad.append(name + ' (listed as accepted, but equal)')
        if kind == 'different' or (found and verbose):
            print(f'{kind}: {name}')
            for line in found[:8]:
                print('    ' + line[:600])
    print(', '.join(f'{n} {k}' for k, n in counts.items()))
    for name in bad:
        print('unexpected:', name)
    return 1 if bad else 0


def compare(work, environment, probe, golden, oci2manifest):
    name = probe['id']
    context = f'{work}/probes/{name}/context'
    flags = []
    for option, value in probe['opts'].items():
        if ':' in option:
            flag, key = option.split(':', 1)
            flags += ['--' + flag, f'{key}={value}']
        else:
            flags += ['--' + option, value]
    file = f'{context}/{probe["dockerfile"]}'
    parsed = subprocess.run(['dfparse', file], capture_output=True, env=environment)
    built = parsed
    if parsed.returncode == 0:
        command = ['layerctl', 'build', '--pull=never', '-t', 'probe:' + name, '--context', context, '--dockerfile', file] + flags + ['-']
        built = subprocess.run(command, input=parsed.stdout, capture_output=True, env=environment)
    if (built.returncode == 0) != golden['ok']:
        yield ('fails, BuildKit builds: ' if golden['ok'] else 'builds, BuildKit fails: ') + built.stderr.decode('utf8', 'replace')[-500:]
        return
    if not golden['ok']:
        if verbose:
            print(f'  {name}: {built.stderr.decode("utf8", "replace").strip().splitlines()[-1][:300]}')
        return
    layout = f'{work}/layout'
    subprocess.run(['rm', '-rf', layout], check=True)
    root = environment['TOTE_ROOT']
    index = json.load(open(root + '/images/index.json'))
    index['manifests'] = [m for m in index['manifests'] if m['annotations']['org.opencontainers.image.ref.name'].endswith('/probe:' + name)]
    os.makedirs(layout)
    os.symlink(root + '/images/blobs', layout + '/blobs')
    json.dump(index, open(layout + '/index.json', 'w'))
    descriptor, manifest, configuration, layers = oci2manifest.load(layout)
    entries = [oci2manifest.entries(blob) for _, blob in layers]
    yield from differences(golden['image'], {'config': configuration, 'tree': oci2manifest.flatten(entries)})


sys.exit(main())
