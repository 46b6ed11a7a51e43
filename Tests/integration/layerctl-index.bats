# layerctl index: a layer mounted over its archive is the tree that apply --overlay makes. The kernel's EROFS judges.
bats_require_minimum_version 1.5.0
load helper

setup() {
  private_roots
  grep -q erofs /proc/filesystems || skip "this kernel has no EROFS"
  cd "$BATS_TEST_TMPDIR"
}

teardown() {
  ocibundle ls -aq 2>/dev/null | xargs -r tote rm -f >/dev/null 2>&1 || true
}

# tree DIR: every file with all that is kept of it; a directory's size is the file system's own affair.
tree() (
  cd "$1"
  find . \( -type d -printf '%P %y %m %U:%G %Ts %n\n' \) -o \( -type c -printf '%P %y %m %U:%G\n' \) \
    -o -printf '%P %y %m %U:%G %s %Ts %n %l\n' | sort
  find . \( -type c -o -type b \) -exec stat -c '%n %t:%T' {} + | sort
  find . -type f -print0 | sort -z | xargs -0r sha256sum
  # The overlay's own marks, and what a layer keeps.
  getfattr -Rhdm - . 2>/dev/null | sort
)

# same LAYER [--lower DIR…]: both forms of the layer are the same; left are applied.N and mounted.N.
same() {
  local layer=$1
  shift
  n=$((${n:-0} + 1))
  layerctl apply --overlay "$@" "applied.$n" "$layer"
  layerctl index -o "index.$n" "$@" "$layer"
  mkdir "mounted.$n"
  python3 "$top/Tests/integration/mount_erofs.py" "$PWD/index.$n" "$PWD/$layer" "mounted.$n"
  local status=0
  diff <(tree "applied.$n") <(tree "mounted.$n") >difference || status=1
  umount "mounted.$n"
  [ "$status" -eq 0 ] || { head difference; return 1; }
}

@test "every kind of file, many names, attributes, links and owners" {
  mkdir -p t/d/e t/empty
  echo hello >t/d/f
  head -c 1000001 /dev/urandom >t/d/big
  ln t/d/f t/second
  ln -s d/f t/link
  ln -s "$(printf 'x%.0s' {1..3000})" t/long-link
  mkfifo t/fifo
  mknod t/null c 1 3
  mknod t/disk b 259 70000
  : >t/nothing
  chmod 4755 t/d/big
  chown 70000:80000 t/d/f
  setfattr -n user.note -v "$(printf 'v%.0s' {1..700})" t/d/f
  setfattr -n security.capability -v 0x0100000200200000000000000000000000000000 t/d/big
  printf 'x' >"t/d/$(printf '\xff\xfe')"
  (cd t/d/e && for i in $(seq 1500); do echo "$i" >"name-$i"; done && touch '!' '~' "$(printf 'n%.0s' {1..255})")
  touch -d '1969-01-01' t/nothing
  layerctl pack --compression none t >layer.tar
  same layer.tar
}

@test "whiteouts, opaque directories and what they hide, over a layer below" {
  mkdir -p t/{a/in,b,c} u
  touch t/a/{one,two} t/b/three t/c/four t/five
  chmod 711 t/b
  chown 1:2 t/b
  setfattr -n user.below -v kept t/b
  layerctl pack --compression none t >lower.tar
  layerctl apply --overlay lower lower.tar
  python3 - <<'PY'
import io, tarfile
with tarfile.open("upper.tar", "w") as tar:
    for name in ("a/.wh.one", "a/.wh.nothing", "b/new", ".wh.five", "c/.wh..wh..opq", "c/.wh.four", "c/fresh", ".wh.a2", "a/in/deep/made"):
        tar.addfile(tarfile.TarInfo(name))
    # A name that is removed and made anew as a directory hides what was there.
    entry = tarfile.TarInfo("five"); entry.type = tarfile.DIRTYPE; entry.mode = 0o750
    tar.addfile(entry)
PY
  same upper.tar --lower lower
  # Mounted over the layer below, with overlayfs.
  mkdir up work all mounted
  python3 "$top/Tests/integration/mount_erofs.py" "$PWD/index.1" "$PWD/upper.tar" mounted
  mount -t overlay -o "lowerdir=mounted:lower,upperdir=up,workdir=work" overlay all
  run find all -mindepth 1 -printf '%P\n'
  umount all mounted
  [ "$(sort <<<"$output" | tr '\n' ' ')" = 'a a/in a/in/deep a/in/deep/made a/two b b/new b/three c c/fresh five ' ]
}

@test "the hostile and odd archives: the same tree, or no index" {
  [ -e "$TOTE_CORPORA/evil/index.json" ] || skip "no corpora at $TOTE_CORPORA"
  compared=0
  while read -r layer; do
    cp "$TOTE_CORPORA/evil/$layer" one.tar
    rm -rf one
    applied=yes
    layerctl apply --overlay one one.tar 2>apply.error || applied=no
    # Attributes that the disk's file system has no room for are no matter of the layer.
    ! grep -q setxattr apply.error || continue
    if layerctl index -o one.index one.tar 2>error; then
      [ "$applied" = yes ] || { echo "$layer: refused, but indexed"; false; }
      rm -rf one
      same one.tar 2>/dev/null || { echo "$layer"; false; }
      compared=$((compared + 1))
    else
      [ "$(grep -vc warning: error)" -eq 1 ] || { echo "$layer"; cat error; false; }
    fi
  done < <(jq -r '.[] | select(.layers) | .layers[0]' "$TOTE_CORPORA/evil/index.json" | sort -u)
  echo "$compared compared"
  [ "$compared" -gt 5 ]
}

@test "a layer that no index is made for is said to be one" {
  mkdir t
  echo x >t/f
  layerctl pack t >layer.tar.gz
  run -1 layerctl index -o index layer.tar.gz
  [ "$output" = "layerctl: layer.tar.gz: no index can be made for it: it is compressed" ]
  truncate -s 1M t/holes
  tar -C t --sparse -cf sparse.tar holes
  run -1 layerctl index -o index sparse.tar
  [ "$output" = "layerctl: sparse.tar: no index can be made for it: the sparse file 'holes'" ]
  layerctl pack --compression none t | head -c 2000 >cut.tar
  run -1 layerctl index -o index cut.tar
  [ "${#lines[@]}" -eq 1 ]
  [ ! -e index ]
}

# uncompressed NAME TREE…: an image whose layers are these trees, as a build stores them.
uncompressed() {
  local name=$1
  shift
  printf 'FROM scratch\n' >Dockerfile
  for tree; do printf 'COPY %s /\n' "$tree" >>Dockerfile; done
  printf 'CMD ["/bin/sh"]\n' >>Dockerfile
  dfparse Dockerfile | layerctl build -q -t "$name" --context . - >/dev/null
}

@test "a container of a built image starts on indexes: nothing is unpacked" {
  busybox_rootfs base
  mkdir -p more/etc
  echo more >more/etc/more
  uncompressed app:1 base more
  run -0 tote run --rm --network none app:1 sh -c 'cat /etc/more; echo new >/etc/more; cat /etc/more; head -c 1 /bin/busybox | wc -c; rm /bin/awk; ls /bin | grep -c awk || true'
  [ "$(tr '\n' ' ' <<<"$output")" = 'more new 1 0 ' ]
  [ "$(find "$TOTE_ROOT/layers" -name '*.erofs' | wc -l)" -eq 2 ]
  [ -z "$(find "$TOTE_ROOT/layers" -name fs)" ]
  # The archive is the blob's other name.
  for archive in "$TOTE_ROOT"/layers/*.erofs/archive; do [ "$(stat -c %h "$archive")" -eq 2 ]; done
  # Nothing stays mounted.
  ! grep -q erofs /proc/self/mountinfo
  layerctl fsck
  # Who wants directories gets them, and a container that has indexes keeps them.
  tote create --name box --network none app:1 cat /etc/more
  layerctl unpack app:1 >lowers
  [ -d "$(head -n 1 lowers)" ] && [[ $(head -n 1 lowers) == */fs ]]
  ocibundle unmount "$TOTE_ROOT"/containers/*
  ocibundle mount "$TOTE_ROOT"/containers/*
  [ "$(tote start -a box)" = more ]
  tote rm box
}

@test "diff, commit, cp and sizes of a container on indexes" {
  busybox_rootfs base
  uncompressed app:1 base
  tote run -d --name box --network none app:1 sleep 1000 >/dev/null
  tote exec box sh -c 'rm /bin/awk; echo x >/etc/new'
  [ "$(tote diff box | tr '\n' ' ')" = 'C /bin D /bin/awk C /etc A /etc/new ' ]
  tote commit box made:1
  [ "$(tote run --rm --network none made:1 cat /etc/new)" = x ]
  [ "$(tote cp box:/etc/new - | tar -xOf -)" = x ]
  [[ "$(tote ps -s --format '{{.Size}}')" =~ ^2B\ \(virtual\ [0-9.]+MB\)$ ]]
  tote rm -f box >/dev/null
}

@test "gc takes indexes with their images, and none that a container needs" {
  busybox_rootfs base
  uncompressed app:1 base
  tote create --name box --network none app:1 echo kept >/dev/null
  layerctl rm -f app:1 >/dev/null
  layerctl gc >/dev/null
  [ "$(tote start -a box)" = kept ]
  tote rm box >/dev/null
  layerctl prune -a >/dev/null
  layerctl builder prune -af >/dev/null 2>&1 || layerctl gc >/dev/null
  [ -z "$(find "$TOTE_ROOT/layers" -name '*.erofs')" ]
  layerctl fsck
}

@test "fsck names an index that is damaged or lacks a file, and repair has it made anew" {
  busybox_rootfs base
  uncompressed app:1 base
  damaged() {
    [ "$(tote run --rm --network none app:1 echo yes)" = yes ]
    layerctl fsck -q
    valid unpacked-layer "$(echo "$TOTE_ROOT"/layers/*.erofs/layer.json)"
    "${@:2}"
    run -0 layerctl fsck
    [[ $output == *"$1"* ]] || { echo "$output"; return 1; }
    layerctl fsck --repair >/dev/null || true
    layerctl fsck -q
  }
  lose() { rm "$TOTE_ROOT"/layers/*.erofs/"$1"; }
  flip() { printf '\x7f' | dd of="$(echo "$TOTE_ROOT"/layers/*.erofs/index)" bs=1 seek=3000 conv=notrunc status=none; }
  damaged 'its index cannot be read: No such file' lose index
  damaged 'its archive is missing' lose archive
  damaged 'its index is damaged' flip
}
