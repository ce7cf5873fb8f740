#compdef can
# Completion of can for zsh: source <(can completion zsh), or put it into a folder of $fpath as "_can".

# The command itself knows what fits; it is given the words up to the cursor.
_can() {
  local -a lines described open
  local line text files
  lines=("${(@f)$(${words[1]} __complete "${(@)words[2,CURRENT-1]}" "$PREFIX" 2>/dev/null)}")
  for line in $lines; do
    text=${line%%$'\t'*}
    if [[ $text == :files ]]; then
      files=1
    elif [[ $text == *: ]]; then
      open+=("$text")
    else
      described+=("${text//:/\\:}${${line#*$'\t'}:+:${line#*$'\t'}}")
    fi
  done
  (( ! $#described )) || _describe -V can described
  (( ! $#open )) || compadd -S '' -a open
  if [[ -n $files ]]; then
    [[ $PREFIX != --*=* ]] || compset -P '*='
    _files
  fi
}

if [[ $funcstack[1] == _can ]]; then _can "$@"; else compdef _can can; fi
