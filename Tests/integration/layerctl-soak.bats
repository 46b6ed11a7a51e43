# The store under kill -9, a full disk, and many at once: nothing that was reported done is lost, and fsck is clean.
# TOTE_SOAK is the number of rounds of the first two; the default keeps them short.
bats_require_minimum_version 1.5.0
load helper

setup() {
  private_roots
  [ "$(id -u)" -eq 0 ] || skip "needs root"
  rounds=${TOTE_SOAK:-40}
  work=$BATS_TEST_TMPDIR/work
  mkdir -p "$work/trees"
  cd "$work"
  busybox_rootfs "$work/base"
  layerctl pack base | layerctl import -c 'CMD ["true"]' - base:1 >/dev/null
  layerctl save -o base.tar base:1
}

teardown() {
  touch "$BATS_TEST_TMPDIR/work/stop"
  ocibundle ls -aq 2>/dev/null | xargs -r tote rm -f >/dev/null 2>&1 || true
}

# An image of its own for number $1: a tree that no other has, packed and imported; then tagged, loaded, unpacked. What has been done is
# noted once the tool has said so.
steps() {
  mkdir -p "trees/$1"
  head -c "$((RANDOM * 30))" /dev/urandom >"trees/$1/content"
  echo "$1" >"trees/$1/name"
  layerctl pack -o "trees/$1.tar.gz" "trees/$1" >/dev/null && echo "pack trees/$1.tar.gz" >>done.log
  layerctl import "trees/$1.tar.gz" "own:$1" >/dev/null && echo "image own:$1" >>done.log
  layerctl tag "own:$1" "tagged:$1" && echo "image tagged:$1" >>done.log
  layerctl unpack -q "own:$1" && echo "image own:$1" >>done.log
  layerctl load -q -i base.tar && echo "image base:1" >>done.log
  layerctl gc --no-wait >/dev/null 2>&1
  layerctl apply "trees/$1.out" "trees/$1.tar.gz" && echo "tree trees/$1.out trees/$1" >>done.log
}

# Everything in done.log is there, whole, and the store has nothing to complain of.
account() {
  run -0 layerctl fsck -q
  [ -z "$output" ]
  local kind name other
  sort -u done.log >all.log
  while read -r kind name other; do
    case $kind in
    pack) layerctl hash "$name" >/dev/null ;;
    image) layerctl verify "$name" >/dev/null ;;
    tree) diff -r "$name" "$other" ;;
    esac || { echo "lost: $kind $name"; return 1; }
  done <all.log
  layerctl gc >/dev/null
  run -0 layerctl fsck
  [ -z "$output" ] || { echo "$output"; return 1; }
}

@test "kill -9 at random moments of pack, import, tag, unpack, load, gc and apply" {
  export -f steps
  for round in $(seq "$rounds"); do
    # A session of its own, so that the shell and the tool that it runs die at once.
    setsid bash -c "steps $round-a & steps $round-b & wait" &
    victim=$!
    sleep "0.$((RANDOM % 25 + 100))"
    sleep "0.0$((RANDOM % 99))"
    kill -9 -- "-$victim" 2>/dev/null || true
    wait "$victim" 2>/dev/null || true
  done
  [ "$(wc -l <done.log)" -ge "$rounds" ]
  account
  # What was applied aside and killed is in nobody's way, and no half layer has a name.
  [ -z "$(find "$TOTE_ROOT/layers" -name '*.tmp')" ]
}

@test "a disk that is full at random moments" {
  mkdir disk
  run -0 unshare -m bash -euc '
    mount --make-rprivate /
    if truncate -s 48M disk.img && mkfs.ext4 -q -O ^has_journal disk.img && mount -o loop disk.img disk; then echo on ext4
    else mount -t tmpfs -o size=40m none disk; fi
    cp -a base.tar disk; cd disk; mkdir trees
    export TOTE_ROOT=$PWD/root TMPDIR=$PWD
    '"$(declare -f steps account run)"'
    layerctl load -q -i base.tar
    for round in $(seq '"$rounds"'); do
      # As much room as fits, but for some that differs from round to round.
      free=$(($(stat -f -c "%a * %S" .)))
      filler=$((free - RANDOM * 60))
      [ "$filler" -le 0 ] || head -c "$filler" /dev/zero >filler 2>/dev/null || true
      steps "$round" 2>>errors || true
      rm -f filler
      layerctl rm -f "own:$round" "tagged:$round" >/dev/null 2>&1 || true
      sed -i "/[:\/]$round\(\.\|$\)/d" done.log 2>/dev/null || true
      rm -rf "trees/$round" "trees/$round".*
      layerctl fsck -q || { echo "round $round"; exit 1; }
      layerctl verify base:1 >/dev/null
    done
    [ -z "$(find . -name ".*.out.*" -o -name ".*.tar.gz.*")" ] || { echo left; find .; exit 1; }
    # It did happen, and was said in one line each time.
    grep -q "No space left on device" errors
    ! grep -v "No space left on device\|^layerctl: No such image\|^layerctl: open .trees\|: cannot create: No space\|write error" errors
    layerctl gc >/dev/null; layerctl fsck'
  echo "$output"
}

@test "eight builds, eight loads and eight taggers at once keep all their tags" {
  printf 'FROM base:1\nARG N\nRUN echo $N >/n\n' >Dockerfile
  mkdir context
  dfparse Dockerfile >ast.json
  for n in 1 2 3 4 5 6 7 8; do
    layerctl build -q -t "built:$n" --build-arg "N=$n" --context context ast.json >"id.$n" 2>"error.$n" &
    layerctl load -q -i base.tar &
    layerctl tag base:1 "tag:$n" &
  done
  wait
  cat error.*
  [ "$(layerctl images -q built | wc -l)" -eq 8 ]
  [ "$(layerctl images -q tag | wc -l)" -eq 8 ]
  for n in 1 2 3 4 5 6 7 8; do
    [ "$(layerctl images -q --no-trunc "built:$n")" = "$(cat "id.$n")" ]
    [ "$(tote run --rm --network none "built:$n" cat /n)" = "$n" ]
  done
  run -0 layerctl fsck -q
}

@test "a collector takes nothing from builds, containers and imports that are under way" {
  printf 'FROM base:1\nARG N\nRUN echo $N >/n\nRUN echo more >>/n\n' >Dockerfile
  mkdir context
  dfparse Dockerfile >ast.json
  (until [ -e stop ]; do layerctl gc --no-wait >>collected 2>&1 || true; layerctl prune >>collected 2>&1 || true; done) &
  collector=$!
  failed=
  for n in 1 2 3 4 5 6 7 8 9 10; do
    layerctl build -q -t "built:$n" --build-arg "N=$n" --context context ast.json >/dev/null || failed=build
    # The name goes at once: the container's own record must keep what it runs on.
    tote create --name "box$n" --network none "built:$n" cat /n >/dev/null || failed=create
    layerctl rm -f "built:$n" >/dev/null || failed=rm
    [ "$(tote start -a "box$n")" = "$n
more" ] || failed="start $n"
    layerctl pack base | layerctl import - "imported:$n" >/dev/null || failed=import
    # What nobody needs any more.
    [ "$n" -le 5 ] || tote rm "box$((n - 5))" >/dev/null || failed=rm
  done
  touch stop
  wait "$collector"
  [ -z "$failed" ]
  # It did collect, and not only find the store in use.
  grep -q '^deleted: sha256' collected
  for n in 1 5 10; do layerctl verify "imported:$n" >/dev/null; done
  run -0 layerctl fsck -q
  for n in 6 7 8 9 10; do tote rm "box$n" >/dev/null; done
  layerctl gc >/dev/null
  layerctl fsck
}
