#!/usr/bin/env bats
bats_require_minimum_version 1.5.0
load helper

# An ordinary user of the test's own, in a mount and a network namespace of its own: accounts, subordinate ids, a tun device that all may open.
setup() {
  needs setpriv newuidmap busybox curl ip pasta
  private_roots
  base=$BATS_TEST_TMPDIR
  mkdir "$base/home" "$base/xdg" "$base/context"
  (cat /etc/passwd && echo "toteuser:x:54321:54321::$base/home:/bin/sh") >"$base/passwd"
  echo 'toteuser:200000:65536' >"$base/sub"
  mknod "$base/tun" c 10 200
  chmod 666 "$base/tun"
  cp "$(command -v busybox)" "$base/context/busybox"
  chown -R 54321:54321 "$base/home" "$base/xdg" "$base/context"
  chmod 755 "$base" "$BATS_RUN_TMPDIR" "$BATS_SUITE_TMPDIR" "$BATS_FILE_TMPDIR"
  case $TOTE_BIN in /*) ;; *) TOTE_BIN=$PWD/$TOTE_BIN ;; esac
  wrapper=$(cd "$BATS_TEST_DIRNAME/../../wrapper" && pwd)
}

# Whatever a failed test has left runs as the test's own user.
teardown() { for process in $(pgrep -u 54321); do kill -9 "$process"; done; }

# as_user SCRIPT: runs it as that user; $bb is the image's context, tote the wrapper.
as_user() {
  cat >"$base/script" <<<"$1"
  cat >"$base/enter" <<'SH'
base=$1 tools=$2 wrapper=$3
ip link set lo up && ip addr add 203.0.113.1/32 dev lo
ip link add up0 type veth peer name up1 && ip addr add 192.0.2.1/24 dev up0 && ip link set up0 up && ip link set up1 up && ip route add default via 192.0.2.254
mount --bind "$base/passwd" /etc/passwd && touch /etc/subuid /etc/subgid || exit 99
mount --bind "$base/sub" /etc/subuid && mount --bind "$base/sub" /etc/subgid && mount --bind "$base/tun" /dev/net/tun || exit 99
cd "$base/home"
exec setpriv --reuid 54321 --regid 54321 --clear-groups --inh-caps=-all env -i PATH="$wrapper:$tools:$PATH" TOTE_BIN="$tools" \
  HOME="$base/home" USER=toteuser XDG_RUNTIME_DIR="$base/xdg" bb="$base/context" sh -u "$base/script"
SH
  run --separate-stderr timeout 100 unshare -m -n --propagation private sh "$base/enter" "$base" "$TOTE_BIN" "$wrapper"
  echo "$output"
  echo "$stderr" >&2
}

@test "an ordinary user builds, runs, publishes, composes, and ends it all" {
  cat >"$base/context/Dockerfile" <<'EOF'
FROM scratch
COPY busybox /bin/busybox
RUN ["/bin/busybox", "--install", "-s", "/bin"]
RUN mkdir /www /tmp && echo page >/www/index.html && chown 33:33 /www/index.html && rm -r /tmp && mkdir -m 1777 /tmp
EOF
  as_user '
set -e
tote build -q -t bb "$bb" >/dev/null
tote run --rm bb sh -c "id -u; stat -c %u:%g /www/index.html; exit 7" || echo "status $?"
tote run -d --init --name web -p 4000:80 bb httpd -f -p 80 -h /www >/dev/null
for _ in 1 2 3 4 5 6 7 8 9 10; do curl -sf http://127.0.0.1:4000/ && break; sleep 0.2; done
curl -sgf "http://[::1]:4000/"
curl -sf http://192.0.2.1:4000/
tote ps --format "{{.Names}} {{.Ports}}"
tote exec web cat /www/index.html
tote run --rm -p 4000:80 bb true || echo "status $?"
busybox httpd -f -p 4005 & listener=$!
sleep 0.3
tote run --rm -p 4005:80 bb true || echo "status $?"
kill $listener
tote run --rm -p 90:80 bb true || echo "status $?"
# Out into the world, which is the machine here.
busybox httpd -p 203.0.113.1:8088 -h "$HOME"
echo outside >"$HOME/index.html"
tote run --rm bb wget -qO- http://203.0.113.1:8088/
tote unshare --end || echo "status $?"
tote rm -f web
printf "services:\n  web:\n    image: bb\n    init: true\n    command: httpd -f -p 80 -h /www\n    ports: [\"4001:80\"]\n    deploy: {replicas: 2}\n" >compose.yml
tote compose up -d 2>/dev/null
for _ in 1 2 3 4 5 6 7 8 9 10; do curl -sf http://127.0.0.1:4001/ && break; sleep 0.2; done
tote compose down 2>/dev/null
tote unshare id -u
tote unshare --end
sleep 0.5
find "$XDG_RUNTIME_DIR/tote" -type f ! -name "*.lock" ! -name ".*" ! -path "*/.seccomp/*" ! -name events -o -type s
'
  [ "$status" = 0 ]
  [ "$output" = '0
33:33
status 7
page
page
page
web 0.0.0.0:4000->80/tcp, [::]:4000->80/tcp
page
status 125
status 125
status 125
outside
status 1
web
page
0' ]
  [[ $stderr == *"Bind for 0.0.0.0:4000 failed: port is already allocated (by container"* ]]
  [[ $stderr == *"Bind for 0.0.0.0:4005 failed: port is already allocated (by process 'busybox' (pid "* ]]
  [[ $stderr == *"Bind for 0.0.0.0:90 failed: bind 0.0.0.0:90: Permission denied"* ]]
  [[ $stderr == *"tote: containers run there"* ]]
  # The processes that held the namespaces are gone.
  [ -z "$(pgrep -r S,R,D -u 54321 -f 'sleep infinity|portmap|pasta|ctrmon')" ]
}

@test "without subordinate ids there is a warning, and an image of root's files runs" {
  : >"$base/sub"
  printf 'FROM scratch\nCOPY busybox /bin/busybox\n' >"$base/context/Dockerfile"
  as_user '
tote build -q -t bb "$bb" >/dev/null
tote run --rm --network none bb /bin/busybox id -u
tote unshare --end'
  [ "$output" = 0 ]
  [[ $stderr == *"tote: no subordinate ids (toteuser in /etc/subuid, and the program newuidmap)"* ]]
}

@test "a directory that is somebody else's is refused" {
  mkdir "$base/xdg/tote"
  as_user 'tote ps'
  [ "$status" = 125 ]
  [[ $stderr == *"$base/xdg/tote: Permission denied: it is not yours"* ]]
}
