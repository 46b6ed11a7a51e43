# shellcheck shell=sh
# shellcheck disable=SC2317,SC2030,SC2031 # steps are called by their names; subshells keep what they set to themselves on purpose
# What the verbs of compose share: the project's model, its containers, and how the steps of a plan are done. Read by verbs/compose and
# verbs/stack; project, project_options and mode are set.

# model: reads the Compose files into $work/model and the project's name into $project.
model() {
  workspace
  project=$(eval "cfparse config --compact $project_options ${project:+$(quote -p "$project")} -o \"\$work/model\"") || exit
}

# workspace: a private directory that goes with the shell.
workspace() {
  work=$(mktemp -d) || exit 1
  trap 'rm -rf "$work"' EXIT
}

# known: the project's name without its files where they are not needed: -p, else the model's.
known() {
  [ -n "$project" ] || [ -n "${COMPOSE_PROJECT_NAME:-}" ] || { model && return; }
  [ -n "$project" ] || project=$COMPOSE_PROJECT_NAME
  workspace
}

# lock: one at a time changes a project.
lock() {
  mkdir -p "$TOTE_RUN/compose/$project" || exit 1
  exec 9>"$TOTE_RUN/compose/$project/.lock"
  flock 9
}

tab=$(printf '\t')
label=com.docker.compose

# containers [OPTION…] [SERVICE…]: ID, name, state, service, number, hash and image's ID of the project's containers, a line each.
containers() {
  all=
  [ "${1:-}" = -a ] && all=-a && shift
  ocibundle ls $all --no-trunc --filter "label=$label.project=$project" --format \
    "{{.ID}}$tab{{.Names}}$tab{{.State}}$tab{{.Label \"$label.service\"}}$tab{{.Label \"$label.container-number\"}}$tab{{.Label \"$label.config-hash\"}}$tab{{.Label \"$label.image\"}}$tab{{.Label \"$label.oneoff\"}}" |
    sort -t "$tab" -k 4,4 -k 5,5n | awk -F "$tab" -v services="$*" '
      BEGIN { count = split(services, names, " "); for (i = 1; i <= count; i++) wanted[names[i]] = 1 }
      !count || $4 in wanted'
}

# services: those of the model, in its order.
services() { jq -r '.services | keys_unsorted[]' "$work/model"; }

# known_services SERVICE…: refuses what the model does not have.
known_services() {
  for service; do
    jq -e --arg name "$service" '.services | has($name)' "$work/model" >/dev/null || die "no such service: $service"
  done
}

# each_container FUNCTION [SERVICE…]: calls FUNCTION NAME ID for each container of the services, all at once; the first failure counts.
each_container() {
  function=$1
  shift
  children='' failed=0
  containers -a "$@" >"$work/containers" || return
  while IFS=$tab read -r id name _; do
    "$function" "$name" "$id" 3>&- &
    children="$children $!"
  done <"$work/containers"
  for child in $children; do wait "$child" || failed=1; done
  return "$failed"
}

# say KIND NAME WHAT: one line of progress, as docker compose prints it where there is no terminal.
say() { printf ' %s %s  %s\n' "$1" "$2" "$3" >&2; }

# table: lines of fields with tabs between as columns, three blanks apart, as docker prints them.
table() {
  awk -F "$tab" '
    { for (i = 1; i <= NF; i++) { cell[NR, i] = $i; shown = $i; gsub(/…/, ".", shown); size[NR, i] = length(shown)
        if (length(shown) > width[i]) width[i] = length(shown) }
      if (NF > fields) fields = NF }
    END { for (r = 1; r <= NR; r++) { line = ""
        for (i = 1; i < fields; i++) line = line cell[r, i] sprintf("%" (width[i] + 3 - size[r, i]) "s", "")
        print line cell[r, fields] } }'
}

# images: builds or pulls what the services' images lack; --build builds all that can be. Leaves lines "image NAME ID" in $work/state.
# shellcheck disable=SC2120 # its arguments are set inside
images() {
  cfparse builds --format shell "$work/model" >"$work/builds" || exit
  while IFS= read -r line; do
    eval "set -- $line"
    service=$1 image=$2 policy=$3
    shift 3
    wanted_service "$service" || continue
    id=$(image_id "$image")
    if [ $# -gt 0 ] && { [ -n "${opt_build:-}" ] || [ -z "$id" ]; }; then
      [ -z "${opt_no_build:-}" ] || die "no such image: $image"
      "$0" build "$@" >&2 || die "failed to build service '$service'"
      id=$(image_id "$image")
    elif [ $# -eq 0 ]; then
      case ${opt_pull:-$policy}:$id in
      always:*) ociship pull "$image" >&2 || exit 1 ;;
      *:?*) ;;
      never:) die "no such image: $image" ;;
      *) say Image "$image" Pulling && ociship pull -q "$image" >/dev/null || exit 1 ;;
      esac
      [ -n "$id" ] && [ "${opt_pull:-$policy}" != always ] || id=$(image_id "$image")
    fi
    [ -z "$id" ] || printf 'image\t%s\t%s\n' "$image" "$id" >>"$work/state"
  done <"$work/builds"
}

image_id() { layerctl inspect --format '{{.Id}}' "$1" 2>/dev/null; }

# wanted_service NAME: whether it is one of $selected and what those depend on; all are where it is empty.
wanted_service() {
  [ -n "${selected:-}" ] || return 0
  [ -n "${closure:-}" ] || closure=$(jq -r --arg names "$selected" --argjson alone "$([ -n "${opt_no_deps:-}" ] && echo true || echo false)" '
    .services as $all | def more: . + [.[] | $all[.].depends_on // {} | keys[]] | unique;
    ($names / " ") | if $alone then . else last(recurse(more as $next | if $next == unique then empty else $next end)) end | join(" ")
    ' "$work/model")
  case " $closure " in *" $1 "*) return 0 ;; *) return 1 ;; esac
}

# observe: what is there of the project, for cfparse plan, into $work/state.
observe() {
  {
    containers -a | awk -F "$tab" -v OFS="$tab" '$8 != "True" { print "container", $1, $2, $3, $4, $5, $6, $7 }'
    netctl ls --format '{{.Name}}' | sed "s/^/network$tab/"
    ocibundle volume ls -q | sed "s/^/volume$tab/"
  } >>"$work/state"
}

# -- the steps of a plan ----------------------------------------------------------------------------------------------------------
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

# up: makes the project as its model says. The options are in opt_*, the services in $selected.
up() {
  : >"$work/state"
  lock
  [ "$mode" = dry-run ] || images
  observe
  plan=$(quote cfparse plan --format shell --state "$work/state")
  for service in ${selected:-}; do plan="$plan $(quote --service "$service")"; done
  for pair in ${scales:-}; do plan="$plan $(quote --scale "$pair")"; done
  for option in no_deps force_recreate no_recreate remove_orphans no_start elements_only; do
    eval "[ -z \"\${opt_$option:-}\" ]" || plan="$plan --$(printf '%s' "$option" | tr _ -)"
  done
  eval "$plan \"\$work/model\"" >"$work/plan" || exit
  if [ "$mode" = dry-run ]; then
    show_plan
    return
  fi
  # shellcheck source=/dev/null
  if ! (. "$work/plan" && finish_stage); then
    roll_back
    exit 1
  fi
  keep_model
}

# keep_model: the model in force.
keep_model() {
  mkdir -p "$TOTE_ROOT/compose/$project" && cp "$work/model" "$TOTE_ROOT/compose/$project/.model.$$" &&
    mv "$TOTE_ROOT/compose/$project/.model.$$" "$TOTE_ROOT/compose/$project/model.json"
}

# roll_back: after an update that failed, what was in force before for the services whose failure_action is rollback, as their
# rollback_config says; nothing where there is no such service.
roll_back() {
  former=$TOTE_ROOT/compose/$project/model.json
  [ -f "$former" ] || return
  mv "$work/model" "$work/wanted"
  restored=$(jq -r --slurpfile former "$former" '$former[0].services as $old | [.services | to_entries[] |
    select(.value.deploy.update_config.failure_action == "rollback" and $old[.key] != null and $old[.key] != .value) | .key] | join(" ")' "$work/wanted")
  [ -n "$restored" ] || return
  warn "update failed: rolling back $restored"
  # rolled ROLLING: the model with the former services; while it is rolling they are updated as rollback_config says.
  rolled() {
    jq -c --arg restored "$restored" --argjson rolling "$1" --slurpfile former "$former" '
      $former[0].services as $old | ($restored / " ") as $names | .services |= with_entries(.key as $name |
        if $names | index($name) then .value |= (.deploy as $new | $old[$name] |
          if $rolling then .deploy.update_config = ($new.rollback_config // .deploy.update_config) else . end) else . end)' "$work/wanted"
  }
  rolled true >"$work/model"
  rm -f "$work"/failed.* "$work"/kept.*
  grep '^image' "$work/state" >"$work/images"
  mv "$work/images" "$work/state"
  observe
  plan=$(quote cfparse plan --format shell --no-deps --state "$work/state")
  for service in $restored; do plan="$plan $(quote --service "$service")"; done
  eval "$plan \"\$work/model\"" >"$work/plan" || exit
  # shellcheck source=/dev/null
  (. "$work/plan" && finish_stage) || die "rolling back failed too"
  rolled false >"$work/model"
  keep_model
}

# show_plan: the plan as commands of the other verbs, ready to paste.
show_plan() {
  perform() {
    shift 2
    action=$1
    shift
    case $action in
    network) name=$1 && shift && quote tote network create "$@" "$name" ;;
    volume) name=$1 && shift && quote tote volume create "$@" "$name" ;;
    run | create)
      shift
      if [ "$action" = run ]; then quote tote run -d "$@"; else quote tote create "$@"; fi
      ;;
    start) quote tote start "$1" ;;
    remove) quote portmap drain "$2" && quote tote rm -f "$1" ;;
    pause) quote sleep "$1" ;;
    keep) ;;
    *) printf '# %s\n' "$action $*" ;;
    esac
  }
  # shellcheck source=/dev/null
  . "$work/plan"
}

# follow [SERVICE…]: the services' logs, each line behind its container's name. log_options are ctrmon logs'.
follow() {
  containers -a "$@" >"$work/following" || return
  width=$(awk -F "$tab" '{ if (length($2) > w) w = length($2) } END { print w + 0 }' "$work/following")
  colour=0 children=''
  while IFS=$tab read -r id name _; do
    colour=$((colour % 6 + 1))
    prefix=$(printf "%-${width}s | " "$name")
    [ -z "${opt_no_log_prefix:-}" ] || prefix=
    if [ -t 1 ] && [ -n "$prefix" ] && [ -z "${opt_no_color:-}" ]; then prefix=$(printf '\033[3%sm%s\033[0m' "$colour" "$prefix"); fi
    # shellcheck disable=SC2086 # a list of options
    ctrmon logs ${log_options:-} "$TOTE_ROOT/containers/$id" 2>&1 | PREFIX=$prefix awk '{ print ENVIRON["PREFIX"] $0; fflush() }' &
    children="$children $!"
  done <"$work/following"
  for child in $children; do wait "$child"; done
}

# -- tables of stacks and services ------------------------------------------------------------------------------------------------

# replicas [SERVICE…]: docker's table of a stack's tasks; here they are containers.
replicas() {
  printf 'ID\tNAME\tIMAGE\tDESIRED STATE\tCURRENT STATE\tPORTS\n'
  containers -a "$@" | while IFS=$tab read -r id name state service number _; do
    row=$(ocibundle ls -a --filter "id=$id" --format "{{.Image}}$tab{{.Status}}$tab{{.Ports}}")
    desired=Running
    [ "$state" = running ] || desired=Shutdown
    printf '%.12s\t%s_%s.%s\t%s\t%s\t%s\t%s\n' "$id" "$project" "$service" "$number" "${row%%"$tab"*}" "$desired" \
      "$(printf '%s' "$row" | cut -f 2)" "$(printf '%s' "$row" | cut -f 3)"
  done
}

# service_rows: docker's table of the project's services.
service_rows() {
  file=$TOTE_ROOT/compose/$project/model.json
  [ -f "$file" ] || die "nothing found in stack: $project"
  printf 'ID\tNAME\tMODE\tREPLICAS\tIMAGE\tPORTS\n'
  running=$(containers | awk -F "$tab" '$3 == "running" { count[$4]++ } END { for (name in count) print name, count[name] }')
  cfparse hash "$file" | while read -r service hash; do
    count=$(printf '%s\n' "$running" | awk -v name="$service" '$1 == name { print $2 }')
    jq -r --arg name "$service" --arg hash "$hash" --arg count "${count:-0}" --arg project "$project" '.services[$name] |
      [$hash[:12], "\($project)_\($name)", "replicated", "\($count)/\(.scale // .deploy.replicas // 1)", .image // "\($project)-\($name)",
       ([.ports // [] | .[] | "*:\(.published // "?")->\(.target)/\(.protocol)"] | join(","))] | @tsv' "$file"
  done
}
