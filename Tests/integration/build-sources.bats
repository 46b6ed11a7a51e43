#!/usr/bin/env bats
# Where builds come from and go to: --output, contexts that are no directory, named contexts. skopeo, tar, git and python's HTTP server judge.
bats_require_minimum_version 1.5.0
load helper

setup() {
  private_roots
  cd "$BATS_TEST_TMPDIR"
  mkdir -p context/sub
  echo a >context/a
  echo f >context/sub/f
  printf 'FROM scratch\nCOPY a /x/\nCOPY --chown=5:6 sub /y\n' >context/Dockerfile
}

teardown() {
  for pid in "${servers[@]}"; do kill "$pid" 2>/dev/null || true; done
  run ! grep "$BATS_TEST_TMPDIR" /proc/self/mountinfo
  [ -z "$(ls -A "$TOTE_ROOT/cache/work" 2>/dev/null)" ]
}

# serve DIR: an HTTP server on loopback; $address is where.
serve() {
  needs python3
  python3 -u -m http.server -b 127.0.0.1 -d "$1" 0 >server.log 2>&1 3>&- &
  servers+=($!)
  for _ in $(seq 100); do grep -q port server.log && break; sleep 0.05; done
  address=http://127.0.0.1:$(sed -n 's/.* port \([0-9]*\).*/\1/p' server.log)
}

# repository: a git repository with a branch, a tag and a directory, served at $remote by git's daemon.
repository() {
  needs git
  export GIT_CONFIG_GLOBAL=$PWD/gitconfig
  git config --global user.email t@example.org && git config --global user.name t && git config --global init.defaultBranch main
  git init -q served/repo.git
  (
    cd served/repo.git
    printf 'FROM scratch\nCOPY . /\n' >Dockerfile && mkdir dir && cp Dockerfile dir/ && echo main >dir/which
    git add . && git commit -qm 1 && git tag v1
    git checkout -qb other && echo other >dir/which && git commit -qam 2 && git checkout -q main
    ln -s /etc dir/out && git add . && git commit -qm 3
  )
  local port
  for port in $(shuf -n 10 -i 20000-30000); do
    git daemon --reuseaddr --listen=127.0.0.1 --port="$port" --base-path="$PWD/served" --export-all 2>daemon.log 3>&- &
    servers+=($!)
    for _ in $(seq 40); do
      remote=git://127.0.0.1:$port/repo.git
      git ls-remote "$remote" >/dev/null 2>&1 && return
      kill -0 "${servers[-1]}" 2>/dev/null || break
      sleep 0.05
    done
  done
  return 1
}

@test "-o DIR writes the files, which are mine, and leaves what is there" {
  mkdir out && echo mine >out/mine
  tote build -o out context
  [ "$(cat out/x/a out/y/f out/mine)" = $'a\nf\nmine' ]
  [ "$(stat -c %u:%g out/y/f)" = "$(id -u):$(id -g)" ]
  # No image has come of it.
  [ "$(layerctl images -q | wc -l)" = 0 ]
  echo file >blocked
  run tote build -o blocked context
  [ "$status" = 1 ]
  [[ $output == *"'blocked'"* ]]
}

@test "-o - is a tar archive of the files with their owners" {
  tote build -o - context >out.tar
  tar --numeric-owner -tvf out.tar >list
  grep -q '5/6 .* y/f$' list
  [ "$(tar xOf out.tar x/a)" = a ]
  tote build -o type=tar,dest=again.tar context
  cmp out.tar again.tar
}

@test "-o type=oci and type=docker are archives and layouts that skopeo reads" {
  needs skopeo
  id=$(tote build -q -t me/image:1 -o type=oci,dest=oci.tar -o type=docker,dest=docker.tar -o type=oci,tar=false,dest=layout context)
  for place in oci-archive:oci.tar docker-archive:docker.tar oci:layout; do
    [ "sha256:$(skopeo inspect --raw --config "$place" | sha256sum | cut -d ' ' -f 1)" = "$id" ]
  done
  [ "$(tar xOf docker.tar manifest.json | jq -r '.[0].RepoTags[0]')" = me/image:1 ]
  [ "$(layerctl images -q | wc -l)" = 0 ]
  tote build -q -t kept -o type=image,name=kept:2 -o type=oci,dest=oci.tar context
  [ "$(layerctl images | grep -c ^kept)" = 2 ]
  tote build -t me/pipe -o type=docker,dest=- context | layerctl load | grep -q me/pipe
}

@test "an --output that cannot be is refused, and nothing is written" {
  for text in type=nope dest=x type=local type=oci,tar=false type=tar,colour=red 'type=oci,dest="x' type=image,push=maybe; do
    run tote build -o "$text" context
    [ "$status" = 2 ] || { echo "$text: $status $output"; false; }
    [[ $output == *"--output '$text'"* ]]
  done
  run tote build -o - -o type=oci context
  [ "$status" = 2 ]
  [ ! -e x ]
}

@test "a context on standard input: a tar archive, compressed or not, or a Dockerfile alone" {
  tar -C context -cf plain.tar . && gzip -k plain.tar && zstd -q plain.tar && xz -k plain.tar
  tote build -o expected context
  for archive in plain.tar plain.tar.gz plain.tar.zst plain.tar.xz; do
    tote build -o "$archive.out" - <"$archive"
    diff -r expected "$archive.out"
  done
  mkdir context/df && mv context/Dockerfile context/df/other && tar -C context -cf moved.tar .
  tote build -f df/other -o moved - <moved.tar
  diff -r expected moved
  printf 'FROM scratch\nCOPY <<E /e\nhello\nE\n' | tote build -o alone -
  [ "$(cat alone/e)" = hello ]
  # Its context is empty.
  run tote build - <<<$'FROM scratch\nCOPY Dockerfile /'
  [ "$status" = 1 ]
  [[ $output == *"'Dockerfile': not found"* ]]
  tote build -f - -o mixed context <<<$'FROM scratch\nCOPY a /'
  [ -e mixed/a ]
  run tote build -f - - <plain.tar
  [ "$status" = 125 ]
}

@test "a context archive cannot leave its directory" {
  python3 - <<'PY'
import tarfile, io
t = tarfile.open('evil.tar', 'w')
def add(name, **more):
    i = tarfile.TarInfo(name); data = more.pop('data', b'')
    for k, v in more.items(): setattr(i, k, v)
    i.size = len(data); t.addfile(i, io.BytesIO(data))
add('Dockerfile', data=b'FROM scratch\nCOPY out /o\n')
add('out', type=tarfile.SYMTYPE, linkname='/etc')
add('out/canary-of-tote', data=b'x')
t.close()
PY
  run tote build - <evil.tar
  # The link leads to the context's own etc.
  [ ! -e /etc/canary-of-tote ]
}

@test "a context by HTTP: an archive or a Dockerfile" {
  mkdir served && tar -C context -czf served/context.tar.gz .
  printf 'FROM scratch\nCOPY <<E /e\nhello\nE\n' >served/Dockerfile.remote
  serve served
  tote build -o out "$address/context.tar.gz"
  [ "$(cat out/y/f)" = f ]
  tote build -o alone "$address/Dockerfile.remote"
  [ "$(cat alone/e)" = hello ]
  run tote build "$address/absent"
  [ "$status" = 1 ]
  [[ $output == *"'$address/absent': the server answered 404"* ]]
}

@test "a context in a git repository: branch, tag, commit, directory" {
  repository
  tote build -o head "$remote"
  [ ! -e head/.git ] && [ -e head/dir/which ] && [ -L head/dir/out ]
  tote build -o other "$remote#other:dir"
  [ "$(cat other/which)" = other ]
  tote build -o tag "$remote#v1:dir"
  [ "$(cat tag/which)" = main ] && [ ! -e tag/out ]
  commit=$(git -C served/repo.git rev-parse other)
  tote build -o commit "$remote?ref=${commit:0:10}&subdir=dir"
  [ "$(cat commit/which)" = other ]
  run tote build "$remote#absent"
  [ "$status" = 1 ]
  [[ $output == *"$remote"*absent* ]]
  # A directory that is a link out of the repository leads nowhere.
  run tote build "$remote#main:dir/out"
  [ "$status" = 1 ]
  run tote build "$remote#--upload-pack=touch$IFS$PWD/owned"
  [ "$status" != 0 ] && [ ! -e owned ]
}

@test "named contexts: a directory, an image, a layout, an address, in FROM, --from and for a stage" {
  needs skopeo
  tote build -q -t base context
  mkdir named && echo n >named/n
  printf 'FROM alpine:3\nCOPY --from=named n /\nCOPY --from=img /x/a /img\nCOPY --from=lay /y/f /lay\n' >df
  tote build -q -o type=oci,tar=false,dest=layout,name=l:5 -t l:5 context
  tote build -f df --build-context alpine:3=docker-image://base --build-context named=named \
    --build-context img=docker-image://base --build-context lay=oci-layout://$PWD/layout:5 -o out context
  [ "$(cat out/x/a out/n out/img out/lay)" = $'a\nn\na\nf' ]
  # A directory as a stage, or as what FROM names.
  printf 'FROM nowhere AS s\nFROM dir\nCOPY --from=s n /s\n' >df
  tote build -f df --build-context s=named --build-context dir=context/sub -o both context
  [ "$(cat both/f both/s)" = $'f\nn' ]
  mkdir served && tar -C named -czf served/n.tgz . && serve served
  printf 'FROM scratch\nCOPY --from=web n /\n' >df
  tote build -f df --build-context "web=$address/n.tgz" -o web context
  [ "$(cat web/n)" = n ]
  run tote build --build-context x=oci-layout://$PWD/layout:absent -f - context <<<$'FROM x'
  [ "$status" = 1 ]
  [[ $output == *"oci-layout://$PWD/layout:absent"* ]]
  run tote build --build-context x=ftp://host/x context
  [ "$status" = 2 ]
  [[ $output == *"'ftp'"* ]]
}

@test "ADD fetches a file by HTTP: name, mode 0600, the server's time; again only when it has changed" {
  mkdir served && echo one >served/file && touch -d '2020-02-03 04:05:06 UTC' served/file && tar -C context -czf served/t.tgz a
  serve served
  printf 'FROM scratch\nADD %s/file /dir/\nADD --chmod=755 --chown=7:8 %s/file /as\nADD %s/t.tgz /kept/\nADD --unpack %s/t.tgz /un/\n' \
    "$address" "$address" "$address" "$address" >df
  tote build -f df -o type=tar,dest=out.tar context
  TZ=UTC tar --numeric-owner --full-time -tvf out.tar >list
  grep -qE '^-rw------- 0/0 +4 2020-02-03 04:05:06 dir/file$' list
  grep -qE '^-rwxr-xr-x 7/8 +4 2020-02-03 04:05:06 as$' list
  grep -q ' kept/t.tgz$' list && grep -q ' un/a$' list
  tote build -f df -o type=cacheonly context 2>log
  [ "$(grep -c CACHED log)" = 4 ]
  echo two >served/file
  tote build -f df -o out context
  [ "$(cat out/as)" = two ]
}

@test "ADD --checksum: what has another digest is refused; what is here is not asked for again" {
  mkdir served && echo one >served/file
  serve served
  digest=sha256:$(sha256sum served/file | cut -d ' ' -f 1)
  printf 'FROM scratch\nADD --checksum=%s %s/file /f\n' "$digest" "$address" >df
  tote build -f df -o type=cacheonly context
  kill "${servers[0]}"
  tote build -f df -o type=cacheonly context 2>log
  grep -q CACHED log
  sed -i "s/$digest/sha512:$(printf '%0128d' 0)/" df
  serve served
  sed -i "s#http://[^/]*#$address#" df
  run tote build -f df context
  [ "$status" = 1 ]
  [[ $output == *"df:2: ADD '$address/file': expected the digest 'sha512:000"* ]]
  sed -i "s/sha512:0*/sha512:$(sha512sum <served/file | cut -d ' ' -f 1)/" df
  tote build -f df -o type=cacheonly context
  for bad in 'ADD --checksum=sha256:00 a /' "ADD --checksum=$digest a /" "ADD --keep-git-dir a /" "ADD $address/absent /" "COPY $address/file /"; do
    run tote build -f - context <<<$'FROM scratch\n'"$bad"
    [ "$status" = 1 ] || { echo "$bad"; false; }
    [[ $output == *"-:2: "* ]]
  done
}

@test "ADD of a git repository: its files, without .git or with it; a commit that is known is not fetched again" {
  repository
  commit=$(git -C served/repo.git rev-parse HEAD)
  umask 077
  printf 'FROM scratch\nADD %s /r\nADD --keep-git-dir=true %s#other:dir /o\nADD --chown=7:8 --checksum=%s %s /c\n' \
    "$remote" "$remote" "$commit" "$remote" >df
  tote build -f df -o out context
  [ "$(cat out/r/dir/which out/o/which)" = $'main\nother' ]
  [ ! -e out/r/.git ] && [ "$(stat -c %a out/r/Dockerfile)" = 644 ]
  tote build -f df -o type=cacheonly context 2>log
  [ "$(grep -c CACHED log)" = 3 ]
  printf 'FROM scratch\nADD --keep-git-dir %s /r\n' "$remote" | tote build -f - -o kept context
  [ "$(git -C kept/r rev-parse HEAD)" = "$commit" ]
  git -C served/repo.git commit -q --allow-empty -m 4
  run tote build -f df context
  [ "$status" = 1 ]
  [[ $output == *"df:4: ADD '$remote': expected the commit '$commit'"* ]]
}

@test "--check, --call outline and targets tell of the Dockerfile and build nothing" {
  [ "$(tote build --check context)" = 'Check complete, no warnings found.' ]
  printf '# check=error=true\nfrom scratch\nARG V=1\nCOPY a $W\n' >df
  run tote build --check -f df context
  [ "$status" = 1 ]
  [[ $output == *UndefinedVar* ]]
  tote build --call=outline,format=json -f df context | jq -e '.arguments[0].name == "V"'
  tote build --call targets -f df context | grep -q scratch
  run tote build --call=nope context
  [ "$status" = 125 ]
  [ ! -e "$TOTE_ROOT/images/index.json" ]
}
