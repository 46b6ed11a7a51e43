# Completion of tote: verbs, then containers or images where a verb takes them.
_tote() {
  local word=${COMP_WORDS[COMP_CWORD]} verb='' i
  for ((i = 1; i < COMP_CWORD; i++)); do
    case ${COMP_WORDS[i]} in -*) ;; *) verb=${COMP_WORDS[i]} && break ;; esac
  done
  case $verb in
  '') COMPREPLY=($(compgen -W "$(tote --help | awk '/^Commands:/ { on = 1; next } /^$/ { on = 0 } on { print $1 }') --dry-run --trace --root --run-root" -- "$word")) ;;
  start | rm | inspect | rename | cp | diff | export | commit) COMPREPLY=($(compgen -W "$(tote ps -a --format '{{.Names}}')" -- "$word")) ;;
  stop | kill | restart | logs | exec | attach | wait | port | top | stats | pause | unpause) COMPREPLY=($(compgen -W "$(tote ps --format '{{.Names}}')" -- "$word")) ;;
  compose) COMPREPLY=($(compgen -W "$(tote compose --help | sed -n '/^Commands:/,/^$/p' | grep '^  ' | tr -d ';,') -f -p --profile --env-file --project-directory" -- "$word")) ;;
  stack) COMPREPLY=($(compgen -W "deploy ls ps services rm config" -- "$word")) ;;
  service) COMPREPLY=($(compgen -W "ls ps inspect scale update rollback logs rm $(tote service ls 2>/dev/null | awk 'NR > 1 { print $2 }')" -- "$word")) ;;
  volume) COMPREPLY=($(compgen -W "ls create inspect rm prune" -- "$word")) ;;
  run | create | rmi | tag | push | history | save) COMPREPLY=($(compgen -W "$(tote images --format '{{.Repository}}:{{.Tag}}')" -- "$word")) ;;
  *) COMPREPLY=($(compgen -o default -- "$word")) ;;
  esac
}
complete -o default -F _tote tote
