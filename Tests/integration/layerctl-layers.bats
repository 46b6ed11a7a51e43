#!/usr/bin/env bats
# Layers as streams and directories: other people's tools on both ends.

bats_require_minimum_version 1.5.0

setup() {
  load helper
  private_roots
  cd "$BATS_TEST_TMPDIR" || exit
}

# a_tree DIR: every kind of file, odd names, owners, times and attributes.
a_tree() {
  mkdir -p "$1/d/e" "$1/empty" "$1/$(printf 'l%.0s' {1..255})"
  echo content >"$1/d/f"
  ln "$1/d/f" "$1/another"
  ln -s d/f "$1/link"
  ln -s "$(printf 't%.0s' {1..300})" "$1/far"
  mkfifo -m 600 "$1/fifo"
  mknod -m 640 "$1/null" c 1 3
  mknod -m 660 "$1/block" b 7 9
  printf 'x' >"$1/new
line"
  printf 'x' >"$1/$(printf 'odd \xff\xfe')"
  head -c 2500000 /dev/urandom >"$1/large"
  chown 1000:3000000 "$1/large"
  cp /bin/true "$1/set"
  chmod 6755 "$1/set"
  setcap cap_net_raw+ep "$1/d/f"
  setfattr -n user.note -v 'a value' "$1/d/e"
  chmod 1777 "$1/empty"
  find "$1" -depth -exec touch -h -d '2021-03-04 05:06:07' {} +
  touch -d '1965-01-01 00:00:00' "$1/d/e"
}

# listing DIR: all that two equal trees have in common, bytes escaped.
listing() {
  (cd "$1" && find . -printf '%P|%y|%m|%U:%G|%T@|%l|%n\n' | LC_ALL=C sort | cat -v
    find . -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum
    find . \( -type b -o -type c \) -exec stat -c '%n %t:%T' {} + | sort
    getfattr -h -R -d -m '^(user|security.cap)' . 2>/dev/null | cat -v)
}

same() { diff <(listing "$1") <(listing "$2"); }

@test "a tree comes back from pack and apply as it was, in every compression" {
  a_tree tree
  for compression in none gzip gzip:6 zstd; do
    layerctl pack --compression "$compression" tree >layer
    rm -rf out
    layerctl apply out layer
    same tree out
  done
}

@test "GNU tar and bsdtar unpack our layer to the same tree" {
  needs bsdtar
  a_tree tree
  layerctl pack tree >layer
  gzip -t layer
  mkdir gnu bsd
  tar --xattrs --xattrs-include='*' --numeric-owner -xpzf layer -C gnu
  same tree gnu
  bsdtar --numeric-owner -xpf layer -C bsd
  # bsdtar 3.6 forgets some directories' times: theirs are compared by the other two tools.
  diff <(listing tree | sed -E 's/\|d\|(.*)\|[0-9.-]+\|/|d|\1|/') <(listing bsd | sed -E 's/\|d\|(.*)\|[0-9.-]+\|/|d|\1|/')
}

@test "umoci unpacks our layer to the same tree" {
  needs umoci
  a_tree tree
  layerctl pack --compression none tree >layer
  umoci init --layout image
  umoci new --image image:t
  umoci raw add-layer --image image:t layer
  umoci raw unpack --image image:t out
  same tree out
}

@test "layers of GNU tar and bsdtar, in every format, are applied to the same tree" {
  needs bsdtar
  a_tree tree
  # Neither v7 nor ustar holds everything: those are in the unit tests.
  tar --format=gnu --numeric-owner -cf layer -C tree .
  layerctl apply gnu layer
  diff <(cd tree && find . -printf '%P|%y|%m|%U:%G|%T@|%l\n' | LC_ALL=C sort) \
    <(cd gnu && find . -printf '%P|%y|%m|%U:%G|%T@|%l\n' | LC_ALL=C sort)
  tar --format=posix --xattrs --xattrs-include='*' -cf layer -C tree .
  layerctl apply posix layer
  same tree posix
  bsdtar --format=pax -cf layer -C tree .
  layerctl apply bsd layer
  same tree bsd
}

@test "sparse files of GNU tar's four formats are read" {
  mkdir tree
  truncate -s 20M tree/sparse
  printf 'data' | dd of=tree/sparse bs=1 seek=5000000 conv=notrunc status=none
  printf 'end' | dd of=tree/sparse bs=1 seek=20000000 conv=notrunc status=none
  for format in --format=gnu '--format=posix --sparse-version=0.0' '--format=posix --sparse-version=0.1' \
    '--format=posix --sparse-version=1.0'; do
    # shellcheck disable=SC2086
    tar -S $format -cf layer -C tree .
    rm -rf out
    layerctl apply out layer
    cmp tree/sparse out/sparse
    [ "$(stat -c %b out/sparse)" -lt 10000 ]
  done
}

@test "the same tree gives the same bytes, whatever the order and the number of threads" {
  a_tree one
  layerctl pack --threads 1 one >a
  layerctl pack --threads 4 one >b
  cmp a b
  # Made anew, in another order.
  mkdir two
  (cd one && find . -print0 | LC_ALL=C sort -zr | tar --xattrs --xattrs-include='*' --no-recursion --null -T - -cf -) |
    tar --xattrs --xattrs-include='*' -xpf - -C two
  touch -d '1965-01-01 00:00:00' two/d/e
  layerctl pack two >c
  cmp a c
}

@test "hash says what sha256sum says" {
  a_tree tree
  layerctl pack -o layer.gz tree >description.json
  valid layer description.json
  layerctl hash layer.gz >again.json
  cmp description.json again.json
  [ "$(jq -r .digest again.json)" = "sha256:$(sha256sum <layer.gz | cut -d' ' -f1)" ]
  [ "$(jq -r .diffID again.json)" = "sha256:$(zcat layer.gz | sha256sum | cut -d' ' -f1)" ]
  [ "$(jq -r .size again.json)" = "$(stat -c %s layer.gz)" ]
  [ "$(layerctl hash --diff-id - <layer.gz)" = "$(jq -r .diffID again.json)" ]
}

@test "ls lists what tar lists" {
  a_tree tree
  layerctl pack tree >layer
  diff <(layerctl ls --json layer | jq -r .path | grep -v '\\' | sort) \
    <(tar tzf layer --quoting-style=escape | grep -v '\\' | sort)
  layerctl ls --json layer | while read -r line; do
    echo "$line" >entry.json
    valid layer-entry entry.json
  done
}

@test "SOURCE_DATE_EPOCH bounds times, --exact-times keeps them" {
  mkdir tree
  echo 1 >tree/new
  echo 2 >tree/old
  touch -d @1000000000.123456789 tree/old
  SOURCE_DATE_EPOCH=1500000000 layerctl pack tree >layer
  [ "$(layerctl ls --json layer | jq -r 'select(.path == "new").mtime')" = 1500000000 ]
  [ "$(layerctl ls --json layer | jq -r 'select(.path == "old").mtime')" = 1000000000 ]
  layerctl pack --exact-times tree >layer
  layerctl apply out layer
  [ "$(stat -c %.9Y out/old)" = 1000000000.123456789 ]
}

@test "overlayfs to layer and back: whiteouts and opaque directories" {
  mkdir lower upper work merged again work2
  mkdir -p lower/d/sub lower/opaque lower/gone lower/stays
  touch lower/d/removed lower/opaque/old lower/gone/x lower/changed lower/stays/s
  unshare -m sh -eu <<'SH'
    mount -t overlay overlay -o lowerdir=lower,upperdir=upper,workdir=work merged
    rm merged/d/removed
    rm -r merged/opaque merged/gone
    mkdir merged/opaque
    touch merged/opaque/new
    echo more >merged/changed
    ln merged/stays/s merged/linked
    layerctl diff lower merged >by-diff
    cp -a merged expected
SH
  layerctl pack --overlay upper >layer
  [ "$(layerctl ls layer | grep -c '\.wh\.')" = 3 ]
  layerctl ls layer | grep -qxF opaque/.wh..wh..opq
  # Flattened.
  cp -a lower flat
  layerctl apply flat layer
  diff -r flat expected
  cp -a lower flat2
  layerctl apply flat2 by-diff
  diff -r flat2 expected
  [ "$(stat -c %i flat/linked)" = "$(stat -c %i flat/stays/s)" ]
  # As a lowerdir.
  layerctl apply --overlay --lower lower top layer
  unshare -m sh -eu <<'SH'
    mount -t overlay overlay -o lowerdir=top:lower again
    diff -r again expected
    test "$(find again | wc -l)" = "$(find expected | wc -l)"
SH
}

@test "diff-tree names what was added, changed and deleted" {
  mkdir -p old/d new/d
  echo same | tee old/d/same >new/d/same
  echo 1 >old/changed
  echo 2 >new/changed
  echo 1 >old/gone
  echo 1 >new/d/added
  for tree in old new; do find $tree -exec touch -d @1000 {} +; done
  run -0 layerctl diff-tree old new
  [ "$output" = "D /gone
C /changed
A /d/added" ]
}

@test "a wrong digest, a cut or a damaged layer is one line, and nothing is left" {
  a_tree tree
  layerctl pack tree >layer
  none=sha256:0000000000000000000000000000000000000000000000000000000000000000
  run -1 layerctl apply --digest $none out layer
  [[ $output == "layerctl: layer is sha256:"*", expected $none" ]]
  run -1 layerctl apply --diff-id $none out layer
  [[ $output == "layerctl: diffID is sha256:"* ]]
  head -c 100000 layer >short
  run -1 layerctl apply out short
  [ "$output" = 'layerctl: gzip: the stream ends too early' ]
  zcat layer | head -c 2000 >short
  run -1 layerctl apply out short
  [ "${#lines[@]}" = 1 ]
  [ ! -e out ]
  [ -z "$(find . -maxdepth 1 -name '.out*')" ]
  # A tree with content stays as it was, also when the layer comes from a pipe.
  mkdir full
  echo 1 >full/f
  run -1 bash -c "layerctl apply --diff-id $none full <layer"
  run -1 bash -c "head -c 100000 layer | layerctl apply full"
  [ "$(ls -A full)" = f ]
}

@test "a full disk is one line and leaves nothing" {
  mkdir tree small
  head -c 4000000 /dev/urandom >tree/f
  layerctl pack tree >layer
  run -1 unshare -m bash -c 'mount -t tmpfs -o size=1m tmpfs small && layerctl apply small/out layer; s=$?; ls -A small >left; exit $s'
  [[ $output == *"'f': write"*"No space left on device" ]]
  [ ! -s left ]
}

@test "sockets are left out with a warning, a .wh. name is refused" {
  mkdir tree
  python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("tree/s")'
  run --separate-stderr -0 layerctl pack -o layer tree
  [[ $stderr == *"'s': a socket cannot be stored in a layer"* ]]
  touch tree/.wh.x
  run -1 layerctl pack -o layer2 tree
  [[ $output == *"'.wh.x': "* ]]
  [ ! -e layer2 ]
}

@test "a gibibyte that is mostly holes goes through in little memory" {
  mkdir tree
  truncate -s 1G tree/sparse
  printf end | dd of=tree/sparse bs=1 seek=1000000000 conv=notrunc status=none
  layerctl pack tree >layer
  [ "$(stat -c %s layer)" -lt 20000000 ]
  (ulimit -v 600000; layerctl hash layer >/dev/null)
}

@test "the hostile archives: contained, refused or applied, in both forms" {
  [ -e "$TOTE_CORPORA/evil/index.json" ] || skip "no corpora at $TOTE_CORPORA"
  run -0 unshare -m python3 "$top/Tests/integration/evil_layers.py" "$TOTE_CORPORA/evil" "$BATS_TEST_TMPDIR"
  echo "$output"
}

@test "limits: entries, bytes, ratio and names, each refused in one line and raised by its option" {
  mkdir tree
  touch tree/{1,2,3,4}
  head -c 100000 /dev/urandom >tree/content
  layerctl pack tree >layer
  refused() {
    local line=$1
    shift
    run -1 "$@"
    [ "$output" = "layerctl: $line" ] || { echo "$output"; return 1; }
    # What was applied to is as it was.
    [ ! -e out ]
  }
  # The root and five files.
  refused 'more than 5 entries' layerctl apply --maximum-entries 5 out layer
  refused 'the layer is larger than 90000 bytes' layerctl apply --maximum-size 90000 out layer
  layerctl apply --maximum-entries 6 --maximum-size 200000 out layer
  rm -r out
  # A file of three gibibytes of zeros in a few hundred kilobytes.
  mkdir bomb
  truncate -s 3G bomb/zeros
  tar -C bomb -cf - zeros | zstd -q >bomb.zst
  run -1 layerctl hash bomb.zst
  [ "$output" = 'layerctl: bomb.zst: the layer decompresses to more than 250 times its size' ]
  mkdir full
  echo 1 >full/f
  run -1 layerctl apply full bomb.zst
  [ "$output" = 'layerctl: the layer decompresses to more than 250 times its size' ]
  [ "$(ls -A full)" = f ]
  layerctl hash --maximum-ratio 100000 bomb.zst >/dev/null
  # Holes count: a sparse file may not say that it is as big as it likes.
  truncate -s 300G bomb/holes
  tar -C bomb --sparse -cf holes.tar holes
  run -1 layerctl hash holes.tar
  [[ $output == "layerctl: holes.tar: 'holes': "*" bytes"* ]]
  python3 - <<'PY'
import tarfile
for name, path in (("long.tar", "d/" * 2100 + "f"), ("wide.tar", "x" * 300)):
    with tarfile.open(name, "w", format=tarfile.PAX_FORMAT) as tar: tar.addfile(tarfile.TarInfo(path))
PY
  run -1 layerctl apply out long.tar
  [[ $output == *": a name of 4201 bytes" ]] || { echo "$output"; false; }
  run -1 layerctl apply out wide.tar
  [[ $output == *": a name of 300 bytes" ]]
  for option in --maximum-entries --maximum-size --maximum-ratio; do
    run -2 layerctl hash $option 0 layer
    run -2 layerctl hash $option many layer
  done
}

@test "maps of owners: a user's files are root's in the layer, and umoci maps as we do" {
  needs umoci setpriv
  mkdir -p t/d
  echo x >t/d/f
  ln -s f t/d/l
  chown -h 0:0 t t/d
  chown -h 5:6 t/d/f t/d/l
  layerctl pack --compression none t >layer.tar
  map=(--uid-map 0:100000:65536 --gid-map 0:200000:65536)
  layerctl apply "${map[@]}" ours layer.tar
  [ "$(find ours -mindepth 1 -printf '%P %U:%G\n' | sort | tr '\n' ' ')" = 'd 100000:200000 d/f 100005:200006 d/l 100005:200006 ' ]
  umoci init --layout image
  umoci new --image image:x
  umoci raw add-layer --image image:x layer.tar 2>/dev/null
  umoci unpack "${map[@]}" --image image:x theirs
  diff <(cd ours && find . -mindepth 1 -printf '%P %U:%G %m\n' | sort) <(cd theirs/rootfs && find . -mindepth 1 -printf '%P %U:%G %m\n' | sort)
  # And back: the same bytes.
  layerctl pack --compression none "${map[@]}" ours | cmp - layer.tar
  # A user without any privilege.
  chmod 755 "$BATS_TEST_TMPDIR"
  mkdir -m 777 home
  chown -h 0:0 t/d/f t/d/l
  layerctl pack --compression none t >roots.tar
  run -0 setpriv --reuid 65534 --regid 65534 --clear-groups "$(command -v layerctl)" apply --uid-map 0:65534 --gid-map 0:65534 home/out roots.tar
  [ "$(stat -c %U:%G home/out/d/f)" = nobody:nogroup ]
  run -1 layerctl apply --uid-map 0:100000:3 other layer.tar
  [ "$output" = "layerctl: 'd/f': its owner 5 is in no --uid-map" ]
  [ ! -e other ]
  run -2 layerctl apply --uid-map 0:1:2:3 other layer.tar
  run -2 layerctl apply --gid-map 4294967295:1 other layer.tar
}
