# tote diff, export and commit: what a container has changed. tar, skopeo and the kernel's own overlayfs judge.
bats_require_minimum_version 1.5.0
load helper

setup() {
  private_roots
  "$top/examples/base/make-busybox.sh" >/dev/null
}

teardown() { ocibundle ls -aq 2>/dev/null | xargs -r tote rm -f >/dev/null 2>&1 || true; }

running() { tote run -d --name box --network none "$@" busybox sleep 1000 >/dev/null; }

# tree DIR: every file with its kind, mode, owner, content or target, and attributes.
tree() (
  cd "$1"
  find . -mindepth 1 -printf '%P %y %m %U:%G %l\n' | sort | grep -vE "^(dev|proc|sys)[/ ]|^etc/(hosts|hostname|resolv.conf) "
  find . -mindepth 1 -xdev -type f -size +0 -print0 | sort -z | xargs -0 sha256sum | grep -vE ' ./etc/(hosts|hostname|resolv.conf)$'
  getfattr -hdm '^user\.' a/one
)

@test "diff names what a container has added, changed and deleted, and nothing that it has not" {
  running
  run -0 tote diff box
  [ -z "$output" ]
  tote exec box sh -c 'rm /bin/awk; echo x >/etc/new; chmod 700 /tmp; mkdir -p /a/b; mkfifo /a/b/pipe; ln -s b /a/link
    : >/dev/shm/unseen; echo x >>/bin/sed.new; touch "/a/two
lines"'
  run -0 tote diff box
  [ "$output" = "$(printf '%s\n' 'A /a' 'A /a/b' 'A /a/b/pipe' 'A /a/link' 'A /a/two\nlines' 'C /bin' 'D /bin/awk' 'A /bin/sed.new' 'C /etc' 'A /etc/new' 'C /tmp')" ]
  tote stop -t 0 box
  [ "$(tote container diff box)" = "$output" ]
  [ "$(layerctl changes -z "$TOTE_ROOT"/containers/* | tr -d '\n' | tr '\0' '\n' | sed -n 5p)" = 'A /a/twolines' ]
}

@test "a directory that is made anew hides what the image had in it" {
  running
  tote exec box sh -c 'rm -rf /etc; mkdir /etc; echo root:x:0:0::/:/bin/sh >/etc/passwd; rm -rf /var; echo file >/var'
  run -0 tote diff box
  [ "$output" = "$(printf '%s\n' 'C /etc' 'D /etc/group' 'C /etc/passwd' 'C /var')" ]
  id=$(tote commit box anew)
  [ "$(tote run --rm --network none anew cat /var)" = file ]
  [ "$(tote run --rm --network none anew sh -c 'ls /etc | grep -c group')" = 0 ]
}

@test "commit makes an image whose root file system is the container's" {
  needs skopeo getfattr setfattr
  running
  tote exec box sh -c 'rm /bin/awk; echo x >/etc/new; echo more >>/etc/group; chmod 4755 /bin/busybox; mkdir -p /a/b; mkfifo /a/b/pipe
    echo one >/a/one; ln /a/one /a/two; ln -s nowhere /a/link; mknod /a/null c 1 3; chown 12:34 /a/one; touch /etc/hosts.own'
  root=$(ocibundle root box)
  setfattr -n user.note -v kept "$root/a/one"
  tree "$root" >"$BATS_TEST_TMPDIR/container"
  run -0 tote commit -a 'A. Uthor' -m 'what it is' -c 'CMD ["cat", "/a/two"]' -c 'ENV COLOUR=red' box me/made:1
  [[ $output =~ ^sha256:[0-9a-f]{64}$ ]]
  [ "$(tote images -q --no-trunc me/made:1)" = "$output" ]
  mkdir "$BATS_TEST_TMPDIR/bundle"
  ocibundle create me/made:1 "$BATS_TEST_TMPDIR/bundle/b"
  tree "$BATS_TEST_TMPDIR/bundle/b/rootfs" >"$BATS_TEST_TMPDIR/image"
  ocibundle delete "$BATS_TEST_TMPDIR/bundle/b"
  diff "$BATS_TEST_TMPDIR/container" "$BATS_TEST_TMPDIR/image"
  [ "$(tote run --rm --network none me/made:1)" = one ]
  [ "$(tote inspect -f '{{.Author}} {{.Comment}} {{.Config.Cmd}}' me/made:1)" = 'A. Uthor what it is [cat /a/two]' ]
  tote inspect -f '{{.Config.Env}}' me/made:1 | grep -q COLOUR=red
  [ "$(tote history --format '{{.CreatedBy}}|{{.Comment}}' me/made:1 | head -n 1)" = 'sleep 1000|what it is' ]
  skopeo inspect --config "oci:$TOTE_ROOT/images:docker.io/me/made:1" | jq -e '.author == "A. Uthor" and (.rootfs.diff_ids | length) == 2'
  run -0 layerctl verify me/made:1
  run -0 layerctl fsck
  # Nothing that the runtime mounted is in the layer.
  layer=$(skopeo inspect --raw "oci:$TOTE_ROOT/images:docker.io/me/made:1" | jq -r '.layers[1].digest')
  run -0 layerctl ls "$TOTE_ROOT/images/blobs/sha256/${layer#sha256:}"
  ! grep -qE '^(dev|proc|sys|etc/hosts$|etc/resolv.conf|etc/hostname)' <<<"$output"
}

@test "the configuration that a container was run with is the image's" {
  tote create --name box --network none -e A=1 -w /tmp -u nobody -l k=v -v /anonymous --entrypoint echo --expose 81 \
    --stop-signal SIGUSR1 --health-cmd true --health-interval 5s busybox hello
  id=$(tote commit box)
  [ "$(tote images -f dangling=true -q --no-trunc)" = "$id" ]
  layerctl inspect "$id" | jq -e '.[0].Config | .User == "nobody" and .WorkingDir == "/tmp" and .Labels == {k: "v"}
    and .Entrypoint == ["echo"] and .Cmd == ["hello"] and (.ExposedPorts | keys) == ["81/tcp"] and (.Volumes | keys) == ["/anonymous"]
    and .StopSignal == "SIGUSR1" and .Healthcheck == {Test: ["CMD-SHELL", "true"], Interval: 5000000000} and (.Env | index("A=1"))'
  [ "$(tote run --rm --network none "$id")" = hello ]
}

@test "a container that has changed nothing adds a line of history and no layer" {
  running
  tote commit box same
  [ "$(tote inspect -f '{{json .RootFS}}' same)" = "$(tote inspect -f '{{json .RootFS}}' busybox)" ]
  [ "$(tote history -q same | wc -l)" -eq $(($(tote history -q busybox | wc -l) + 1)) ]
  run -0 layerctl verify same
}

@test "the container stands still while it is committed, unless it shall not, and goes on after a failure" {
  running
  status() { runc-swift --root "$TOTE_RUN/runtime" state "$(ocibundle resolve box)" | jq -r .status; }
  [ "$(tote --dry-run commit box | sed -n 's/^runc-swift.* \(pause\|resume\) .*/\1/p' | tr '\n' ' ')" = 'pause resume ' ]
  [ "$(tote --dry-run commit --pause=false box | grep -c runc-swift)" = 0 ]
  # A layerctl that says how it finds the container.
  mkdir "$BATS_TEST_TMPDIR/bin"
  printf '#!/bin/sh\n[ "$1" = commit ] || exec %s "$@"\nrunc-swift --root "$TOTE_RUN/runtime" state "$(basename "$2")" | jq -r .status\nexit 7\n' \
    "$(command -v layerctl)" >"$BATS_TEST_TMPDIR/bin/layerctl"
  chmod +x "$BATS_TEST_TMPDIR/bin/layerctl"
  for tool in ocibundle runc-swift ctrmon netctl portmap dfparse; do ln -s "$(command -v $tool)" "$BATS_TEST_TMPDIR/bin/$tool"; done
  TOTE_BIN=$BATS_TEST_TMPDIR/bin run -7 tote commit box
  [ "$output" = paused ]
  [ "$(status)" = running ]
  TOTE_BIN=$BATS_TEST_TMPDIR/bin run -7 tote commit --pause=false box
  [ "$output" = running ]
  tote commit box paused-and-resumed
  [ "$(status)" = running ]
}

@test "export writes the root file system and no volume; import makes an image of it" {
  needs bsdtar
  running -v vol:/vol
  tote exec box sh -c 'echo in >/vol/in; echo out >/out; ln /out /again'
  tote export box >"$BATS_TEST_TMPDIR/stdout.tar"
  run -0 tote export -o "$BATS_TEST_TMPDIR/file.tar" box
  [ -z "$output" ]
  cmp "$BATS_TEST_TMPDIR/stdout.tar" "$BATS_TEST_TMPDIR/file.tar"
  [ "$(bsdtar -xOf "$BATS_TEST_TMPDIR/file.tar" again)" = out ]
  ! tar -tf "$BATS_TEST_TMPDIR/file.tar" | grep -qE '^(\./)?(vol/in|proc/.)'
  tote import -c 'CMD ["cat","/out"]' "$BATS_TEST_TMPDIR/file.tar" flat
  [ "$(tote run --rm --network none flat)" = out ]
  # One that does not run, and is not mounted any more.
  tote stop -t 0 box
  ocibundle unmount "$TOTE_ROOT"/containers/*
  tote export box | cmp - "$BATS_TEST_TMPDIR/file.tar"
}

@test "SOURCE_DATE_EPOCH: the same container gives the same image" {
  tote create --name box --network none busybox true
  echo x >"$BATS_TEST_TMPDIR/x"
  tote cp "$BATS_TEST_TMPDIR/x" box:/x
  export SOURCE_DATE_EPOCH=1000000000
  first=$(tote commit box)
  sleep 1.1
  [ "$(tote commit box)" = "$first" ]
}

@test "mistakes get one line" {
  running
  expect() {
    local code=$1 line=$2
    shift 2
    run -"$code" --separate-stderr "$@"
    [ "${stderr_lines[0]}" = "$line" ] || { echo "$stderr"; return 1; }
  }
  expect 1 'ocibundle: No such container: gone' tote diff gone
  expect 1 'ocibundle: No such container: gone' tote commit gone
  expect 1 'ocibundle: No such container: gone' tote export gone
  expect 1 "tote: 'tote diff' requires exactly 1 argument" tote diff
  expect 1 "tote: 'tote commit' requires at least 1 argument" tote commit
  expect 1 'tote: unknown flag: --nonsense' tote commit --nonsense box
  expect 1 "layerctl: 'UPPER' is not a valid repository/tag: invalid reference format: repository name (library/UPPER) must be lowercase" tote commit box UPPER
  expect 1 "layerctl: --change 'RUN true': RUN is not a valid change command" tote commit -c 'RUN true' box
  expect 1 "layerctl: cannot read the container: open '/nowhere/container.json': No such file or directory" layerctl changes /nowhere
  [ "$(tote images -aq | sort -u | wc -l)" -eq 1 ]
}

@test "an image that has lost its name is kept for its container, and committed" {
  running
  tote exec box sh -c 'echo x >/x'
  tote rmi -f busybox >/dev/null
  layerctl gc >/dev/null
  tote commit box kept
  [ "$(tote run --rm --network none kept cat /x)" = x ]
}
