# shellcheck shell=sh
# shellcheck disable=SC2317,SC2030,SC2031 # steps are called by their names; subshells keep what they set to themselves on purpose
# What the verbs of compose share: the project's model, its containers, and what is shown of them. Read by verbs/compose, verbs/stack and
# verbs/service; project, project_options and mode are set.

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

# shellcheck source=wrapper/compose-steps.sh
. "$verbs/../compose-steps.sh"

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
