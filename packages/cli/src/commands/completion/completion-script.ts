import type { shells } from "./completion-command.ts";

const scripts: Readonly<Record<(typeof shells)[number], string>> = {
  bash: `# bash completion of agentwerk
_agentwerk() {
  local IFS=$'\\n' line
  COMPREPLY=()
  while read -r line; do
    COMPREPLY+=("$(printf '%q' "\${line%%$'\\t'*}")")
  done < <(agentwerk __complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
  [[ \${#COMPREPLY[@]} -eq 0 ]] && COMPREPLY=($(compgen -f -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -F _agentwerk agentwerk
`,
  zsh: `#compdef agentwerk
_agentwerk() {
  local -a candidates
  local line
  for line in "\${(@f)$(agentwerk __complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}"; do
    [[ -n $line ]] && candidates+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}")
  done
  if (( \${#candidates} )); then _describe agentwerk candidates; else _files; fi
}
if [[ $funcstack[1] == _agentwerk ]]; then _agentwerk "$@"; else compdef _agentwerk agentwerk; fi
`,
  fish: `# fish completion of agentwerk
function __agentwerk_complete
  set -l words (commandline -opc)[2..-1] (commandline -ct)
  set -l found (agentwerk __complete -- $words 2>/dev/null)
  if set -q found[1]
    printf '%s\\n' $found
  else
    __fish_complete_path (commandline -ct)
  end
end
complete -c agentwerk -f -a '(__agentwerk_complete)'
`,
};

export function completionScript(shell: (typeof shells)[number]): string {
  return scripts[shell];
}
