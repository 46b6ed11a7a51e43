# shellcheck shell=sh
# How the steps of a plan are done: one function do_ACTION for each action that cfparse plan writes. Read by compose.sh.

stage='' children=''

# perform STAGE SERVICE ACTION WORD…: begins one step; steps of one stage run at once, a failure ends the plan.
perform() {
  if [ "$1" != "$stage" ]; then
    finish_stage
    stage=$1
  fi
  action=do_$3
  shift 3
  # A burst of more would only wait for processors.
  begun=$((${begun:-0} + 1))
  if [ "$begun" -gt 16 ]; then finish_stage; fi
  "$action" "$@" 9>&- &
  children="$children $!"
}

finish_stage() {
  begun=0 failed=0
  for child in $children; do wait "$child" || failed=$?; done
  children=''
  [ "$failed" -eq 0 ] || exit "$failed"
}

do_network() {
  name=$1
  shift
  netctl create "$@" "$name" >/dev/null && say Network "$name" Created
}

do_volume() {
  name=$1
  shift
  ocibundle volume create "$@" "$name" >/dev/null && say Volume "$name" Created
}

# do_grant FILE KIND VALUE: a secret's or config's file. Its content is in memory (TOTE_RUN) and on no command line.
do_grant() {
  case $2 in
  file) [ -e "$1" ] || { warn "the file of a secret or config is not there: $1" && return 1; } ;;
  environment)
    printenv "$3" >/dev/null || { warn "environment variable \"$3\" required by a secret or config is not set" && return 1; }
    (umask 077 && mkdir -p "${1%/*}" && value=$(printenv "$3"; echo x) && value=${value%?x} && printf '%s' "$value" >"$1.$$" && chmod 444 "$1.$$" && mv "$1.$$" "$1")
    ;;
  content) (umask 077 && mkdir -p "${1%/*}" && printf '%s' "$3" >"$1.$$" && chmod 444 "$1.$$" && mv "$1.$$" "$1") ;;
  esac
}

do_create() {
  name=$1
  shift
  ocibundle create --container "$@" >/dev/null && say Container "$name" Created
}

do_run() {
  name=$1
  shift
  id=$(ocibundle create --container --detach "$@") || return
  ctrmon run "$TOTE_ROOT/containers/$id" >/dev/null && say Container "$name" Started
}

do_start() {
  bundle "$1" && ocibundle mount "$dir" && ctrmon start "$dir" >/dev/null && say Container "$1" Started
}

do_keep() { say Container "$1" Running; }

# do_remove NAME ID: no new connections first, then the end.
do_remove() {
  dir=$TOTE_ROOT/containers/$2
  # What was to replace it has failed.
  [ ! -e "${work:-}/kept.$2" ] || return 0
  [ -d "$dir" ] || return 0
  drain "$2"
  # shellcheck disable=SC2086 # an option and its value, or nothing
  ctrmon stop ${opt_timeout:+--time "$opt_timeout"} "$dir" && ocibundle delete --force ${remove_volumes:-} "$dir" && say Container "$1" Removed
}

# drain ID: lets a service's replica finish what it is serving.
drain() {
  portmap ls --owner "$1" --format '{{.weight}}' 2>/dev/null | grep -q '^[1-9]' || return 0
  portmap drain --timeout "${opt_timeout:-10}" "$1" 2>/dev/null || :
}

do_pause() { sleep "$1"; }

status_of() { ocibundle inspect --format '{{.State.Status}} {{if .State.Health}}{{.State.Health.Status}}{{else}}none{{end}} {{.State.ExitCode}}' "$1" 2>/dev/null; }

# do_await CONDITION NAME…: until the containers have reached it.
do_await() {
  condition=$1
  shift
  for name; do
    while :; do
      found=$(status_of "$name") || { warn "dependency failed to start: no such container: $name" && return 1; }
      # shellcheck disable=SC2086 # three words
      set_status $found
      case $condition:$state:$health in
      service_healthy:*:healthy) break ;;
      service_healthy:*:unhealthy) warn "dependency failed to start: container $name is unhealthy" && return 1 ;;
      service_healthy:*:none) warn "dependency failed to start: container $name has no healthcheck configured" && return 1 ;;
      service_healthy:exited:*) warn "dependency failed to start: container $name exited ($code)" && return 1 ;;
      service_completed_successfully:exited:*)
        [ "$code" = 0 ] && break
        warn "service \"$name\" didn't complete successfully: exit $code"
        return 1
        ;;
      esac
      sleep 0.1
    done
    case $condition in service_healthy) say Container "$name" Healthy ;; *) say Container "$name" Exited ;; esac
  done
}

set_status() { state=$1 health=$2 code=$3; }

# do_settle NAME SECONDS SERVICE OLD TOLERANCE: until a replacement can serve, and stays so. One that cannot is taken away again, and OLD,
# which it was to replace, stays; more of them than TOLERANCE end the update.
do_settle() {
  waited=0 calm=0
  # Seen well three times at least: what ends at once runs for a moment too.
  while [ "$calm" -lt $(($2 * 10 + 3)) ]; do
    # shellcheck disable=SC2046 # three words
    set_status $(status_of "$1")
    case $state:$health in
    running:healthy | running:none)
      id=$(ocibundle resolve "$1") || return
      if portmap ls --owner "$id" --format '{{.weight}}' 2>/dev/null | grep -q '^0'; then calm=0; else calm=$((calm + 1)); fi
      ;;
    running:starting | restarting:*) calm=0 ;;
    *) waited=1000 ;;
    esac
    waited=$((waited + 1))
    if [ "$waited" -gt $(($2 * 10 + 600)) ]; then
      : >"$work/failed.$3.$1"
      [ -z "$4" ] || : >"$work/kept.$4"
      set -- "$1" "$3" "$5" "$work/failed.$3".*
      outcome=continued
      [ "$3" -lt 0 ] || [ $(($# - 3)) -le "$3" ] || outcome=paused
      warn "update $outcome: container $1 is $state${health:+ ($health)}; it is removed"
      bundle "$1" && ctrmon stop --time 0 "$dir" && ocibundle delete --force "$dir"
      [ "$outcome" = continued ]
      return
    fi
    sleep 0.1
  done
}
