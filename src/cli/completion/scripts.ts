/** What each shell needs to complete `medweave …`. Words come one a line; where there are none, shells complete file names. */

export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

/** The command line's first argument when a shell asks for completions; the words typed so far follow, the program's name first. */
export const COMPLETION_REQUEST = '--get-yargs-completions';

const scripts: Record<Shell, string> = {
  // A word that ends in = (a field of --set) or . is not finished: no space follows it.
  bash: `# Completion of medweave for bash.
_medweave_completions() {
  local IFS=$'\\n' line="\${COMP_LINE:0:COMP_POINT}" words
  IFS=$' \\t\\n' read -r -a words <<< "$line"
  [[ "$line" == *[[:space:]] ]] && words+=("")
  COMPREPLY=($(medweave ${COMPLETION_REQUEST} "\${words[@]}" 2>/dev/null))
  [[ \${#COMPREPLY[@]} -gt 0 && "\${COMPREPLY[0]}" == *[.=] ]] && compopt -o nospace
  return 0
}
complete -o bashdefault -o default -F _medweave_completions medweave`,
  zsh: `#compdef medweave
# Completion of medweave for zsh.
_medweave_completions() {
  local -a found
  found=("\${(@f)$(medweave ${COMPLETION_REQUEST} "\${(@)words[1,CURRENT]}" 2>/dev/null)}")
  if [[ -z "\${found[1]}" ]]; then
    _files
  elif [[ "\${found[1]}" == *[.=] ]]; then
    compadd -S '' -- "\${found[@]}"
  else
    compadd -- "\${found[@]}"
  fi
}
if [[ "\${zsh_eval_context[-1]}" == loadautofunc ]]; then _medweave_completions "$@"; else compdef _medweave_completions medweave; fi`,
  fish: `# Completion of medweave for fish.
function __medweave_completions
  set -l found (medweave ${COMPLETION_REQUEST} (commandline -opc) (commandline -ct) 2>/dev/null)
  if test (count $found) -gt 0
    printf '%s\\n' $found
  else
    __fish_complete_path (commandline -ct)
  end
end
complete -c medweave -f -a '(__medweave_completions)'`,
};

export const completionScript = (shell: Shell): string => scripts[shell];
