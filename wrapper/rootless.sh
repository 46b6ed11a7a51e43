# shellcheck shell=sh
# An ordinary user's containers: everything below runs as root of namespaces that are the user's own (user_namespaces(7)), held by one
# process that sleeps. The first verb makes them, the next ones join them; they go with the machine, or with 'tote unshare --end'.

# $TOTE_RUN/namespaces: the sleeper's process and the time it started, which tells it from another of the same number later.
sleeper=$TOTE_RUN/namespaces

started() { cut -d ' ' -f 22 "/proc/$1/stat" 2>/dev/null; }

# joined: whether the sleeper is there; leaves it in $pid.
joined() {
  read -r pid start 2>/dev/null <"$sleeper" && [ "$(started "$pid")" = "$start" ]
}

# private_directory DIR: makes it for this user alone. One that is somebody else's would hand over what is in it.
private_directory() {
  mkdir -p "$1" 2>/dev/null
  [ -O "$1" ] || die "$1: Permission denied: it is not yours, or cannot be made" 125
  chmod 700 "$1"
}

# background ERRORS COMMAND…: starts one that outlives us and holds nothing of the caller's open.
background() {
  errors=$1
  shift
  setsid "$@" </dev/null >/dev/null 2>"$errors" 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&- &
}

# make_namespaces: one at a time, and only where nobody was quicker.
make_namespaces() (
  exec 9>"$sleeper.lock"
  flock 9
  joined && exit 0
  user=$(id -un)
  map=--map-auto
  if ! command -v newuidmap >/dev/null || ! grep -q "^\($user\|$(id -u)\):" /etc/subuid 2>/dev/null; then
    warn "no subordinate ids ($user in /etc/subuid, and the program newuidmap): only images whose files all belong to root will work"
    map=
  fi
  rm -f "$sleeper"
  # shellcheck disable=SC2016 # for the inner shell
  background "$sleeper.error" unshare --user --map-root-user $map --mount --net --propagation slave sh -c '
    read -r stat </proc/self/stat && set -- "$1" $stat
    printf "%s %s\n" "$2" "${23}" >"$1.$$" && mv "$1.$$" "$1"
    exec sleep infinity' sh "$sleeper"
  for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
    joined && break
    kill -0 $! 2>/dev/null || break
    sleep 0.05
  done
  joined || die "user namespaces: $(cat "$sleeper.error")" 125
  give_network "$pid"
  rm -f "$sleeper.error"
)

# give_network PID: the host's ports, by a broker that binds them outside, and a way out; without a program for that containers have each
# other alone.
give_network() {
  # pasta does not look whether the namespace is still wanted; the broker does.
  # shellcheck disable=SC2016 # for the inner shell
  background /dev/null sh -c 'portmap broker --until "$1"; if [ -s "$2" ]; then kill "$(cat "$2")"; rm -f "$2"; fi' sh "$1" "$sleeper.network"
  if command -v pasta >/dev/null; then
    pasta --config-net --quiet --pid "$sleeper.network" -t none -u none -T none -U none "$1" \
      </dev/null >/dev/null 2>"$sleeper.error" 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&- || network_failed pasta
  elif command -v slirp4netns >/dev/null; then
    # shellcheck disable=SC2016 # for the inner shell
    background "$sleeper.error" sh -c 'echo $$ >"$2"; exec slirp4netns --configure --mtu=65520 --disable-host-loopback "$1" tap0' sh "$1" "$sleeper.network"
  else
    warn 'containers have no way out: install pasta (package passt) or slirp4netns'
  fi
  if command -v ip >/dev/null; then set -- "$1" ip; else set -- "$1" busybox ip; fi
  target=$1
  shift
  nsenter --target "$target" --user --net --preserve-credentials -- "$@" link set lo up
}

network_failed() {
  warn "containers have no way out: $1: $(tail -n 1 "$sleeper.error")"
}

# enter COMMAND…: goes on as root of the namespaces, in the same directory.
enter() {
  private_directory "$TOTE_ROOT"
  private_directory "$TOTE_RUN"
  joined || make_namespaces || exit
  joined || exit 125
  exec nsenter --target "$pid" --user --mount --net --preserve-credentials --wdns="$PWD" -- "$@"
}
