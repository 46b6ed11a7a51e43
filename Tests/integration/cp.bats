# tote cp, and its halves layerctl archive and layerctl extract. tar and cp judge.
bats_require_minimum_version 1.5.0
load helper

setup() {
  private_roots
  "$top/examples/base/make-busybox.sh" >/dev/null
  work=$BATS_TEST_TMPDIR/work
  mkdir -p "$work/tree/sub"
  echo one >"$work/tree/one"
  echo two >"$work/tree/sub/.wh.two"
  ln -s one "$work/tree/link"
  chmod 640 "$work/tree/one"
  touch -d '2020-02-02 02:02:02.123456789' "$work/tree/one"
}

teardown() { ocibundle ls -aq 2>/dev/null | xargs -r tote rm -f >/dev/null 2>&1 || true; }

running() { tote run -d --name box --network none -v vol:/vol busybox sleep 1000 >/dev/null; }

@test "a tree into a running container and back is the same tree" {
  running
  run -0 --separate-stderr tote cp "$work/tree" box:/copied
  [ -z "$output$stderr" ]
  [ "$(tote exec box cat /copied/sub/.wh.two)" = two ]
  [ "$(tote exec box readlink /copied/link)" = one ]
  tote cp box:/copied "$work/back"
  diff -r --no-dereference "$work/tree" "$work/back"
  [ "$(stat -c '%a %y' "$work/tree/one")" = "$(stat -c '%a %y' "$work/back/one")" ]
}

@test "names are cp's: into a directory, as a new name, content alone" {
  running
  cd "$work"
  tote cp tree/one box:/tmp
  tote cp tree/one box:/tmp/renamed
  tote cp tree box:/tmp
  tote cp tree/. box:/tmp/content
  tote cp tree/. box:/tmp/tree/sub
  run -0 tote exec box find /tmp -type f
  [ "$(sort <<<"$output")" = "$(printf '%s\n' /tmp/content/one /tmp/content/sub/.wh.two /tmp/one /tmp/renamed /tmp/tree/one \
    /tmp/tree/sub/.wh.two /tmp/tree/sub/one /tmp/tree/sub/sub/.wh.two)" ]
  tote cp box:/tmp/renamed .
  tote cp box:/tmp/tree/. content
  [ -f renamed ] && [ -f content/sub/one ]
}

@test "owners: root's in the container, ours outside, kept with -a" {
  running
  chown 1234:2345 "$work/tree/one"
  tote cp "$work/tree/one" box:/plain
  tote cp -a "$work/tree/one" box:/kept
  [ "$(tote exec box stat -c %u:%g /plain /kept | tr '\n' ' ')" = '0:0 1234:2345 ' ]
  tote cp box:/kept "$work/ours"
  tote cp -a box:/kept "$work/kept"
  [ "$(stat -c %u:%g "$work/ours" "$work/kept" | tr '\n' ' ')" = '0:0 1234:2345 ' ]
}

@test "a tar archive on standard input and output" {
  running
  tar -C "$work" -cf - tree | tote cp - box:/srv 2>"$BATS_TEST_TMPDIR/err" && false
  [ "$(cat "$BATS_TEST_TMPDIR/err")" = "layerctl: '/srv': no such directory" ]
  tar -C "$work" -czf - tree | tote cp - box:/tmp
  [ "$(tote exec box cat /tmp/tree/one)" = one ]
  [ "$(tote cp box:/tmp/tree - | tar -tf - | sort | tr '\n' ' ')" = 'tree/ tree/link tree/one tree/sub/ tree/sub/.wh.two ' ]
  [ "$(tote cp box:/tmp/tree/link - | tar -tvf - | grep -c -- '-> one')" = 1 ]
  [ "$(tote cp -L box:/tmp/tree/link - | tar -xOf -)" = one ]
}

@test "volumes and a container that does not run" {
  running
  tote cp "$work/tree/one" box:/vol/one
  [ "$(tote run --rm --network none -v vol:/v busybox cat /v/one)" = one ]
  tote create --name still --network none busybox true
  tote cp "$work/tree" still:/tree
  [ "$(tote cp still:/tree/one - | tar -xOf -)" = one ]
}

@test "a link in the container leads nowhere outside it" {
  running
  mkdir "$work/outside"
  tote exec box ln -s "$work/outside" /escape
  tote exec box ln -s / /slash
  run -1 --separate-stderr tote cp "$work/tree/one" box:/escape/one
  tote cp "$work/tree/one" box:/slash/tmp/one
  [ -z "$(ls "$work/outside")" ]
  [ "$(tote exec box cat /tmp/one)" = one ]
  # A link that the archive brings leads the next entry nowhere either.
  mkdir "$work/a" "$work/b" "$work/b/x"
  ln -s "$work/outside" "$work/a/x"
  echo bad >"$work/b/x/bad"
  tar -C "$work/a" -cf "$work/evil.tar" x
  tar -C "$work/b" -rf "$work/evil.tar" x/bad
  tote cp - box:/tmp <"$work/evil.tar" || true
  [ -z "$(ls "$work/outside")" ]
}

@test "mistakes get one line" {
  running
  expect() {
    local line=$1
    shift
    run -1 --separate-stderr "$@"
    [ "$stderr" = "$line" ] || { echo "$stderr"; return 1; }
  }
  expect "layerctl: '/nothing': stat 'nothing': No such file or directory" tote cp box:/nothing "$work"
  expect "layerctl: '/no/where': the directory that it goes into does not exist" tote cp "$work/tree/one" box:/no/where
  expect "layerctl: '/new/': the destination directory must exist" tote cp "$work/tree/one" box:/new/
  expect "layerctl: '/etc/passwd': cannot copy a directory to a file" tote cp "$work/tree" box:/etc/passwd
  expect 'tote: copying between containers is not supported' tote cp box:/a box:/b
  expect 'tote: must specify at least one container source' tote cp ./a ./b
  expect 'ocibundle: No such container: gone' tote cp gone:/a .
  tote exec box mkdir -p /tmp/tree/one
  expect "layerctl: 'tmp/tree/one': cannot overwrite a directory with a non-directory" tote cp "$work/tree" box:/tmp
  cd "$work"
  [ "$(tote --dry-run cp box:/etc/passwd . | sh; head -n 1 passwd | cut -d : -f 1)" = root ]
}
