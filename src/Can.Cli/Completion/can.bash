# shellcheck shell=bash
# Completion of can for bash: source <(can completion bash), or put it into a completions folder as "can".

# The command itself knows what fits. It is given the words up to the cursor, taken from the line: bash has split them at ':' and
# '=' too, which belong to words here (busybox:1, --network=web).
_can() {
  local line=${COMP_LINE:0:COMP_POINT} words=() current candidate
  read -ra words <<<"$line"
  [[ $line != *[[:space:]] ]] || words+=('')
  current=${words[${#words[@]} - 1]}
  COMPREPLY=()
  while IFS=$'\t' read -r candidate _; do
    case $candidate in
      :files)
        compopt -o filenames 2>/dev/null
        while IFS= read -r candidate; do COMPREPLY+=("$candidate"); done < <(compgen -f -- "${current#*=}")
        ;;
      *)
        [[ $candidate != *: ]] || compopt -o nospace 2>/dev/null
        COMPREPLY+=("$candidate")
        ;;
    esac
  done < <("${words[0]}" __complete "${words[@]:1}" 2>/dev/null)
  _can_trim "$current"
}

# bash replaces only what follows the last of its word breaks.
_can_trim() {
  local current=$1 kept=''
  [[ $COMP_WORDBREAKS != *:* || $current != *:* ]] || kept=${current%"${current##*:}"}
  [[ $COMP_WORDBREAKS != *=* || $current != *=* || ${#kept} -gt 0 ]] || kept=${current%"${current##*=}"}
  local i
  for i in "${!COMPREPLY[@]}"; do COMPREPLY[i]=${COMPREPLY[i]#"$kept"}; done
}

complete -F _can can
