import { Argument } from 'commander'
import type { Command } from 'commander'

const shells = ['bash', 'zsh', 'fish'] as const
type Shell = (typeof shells)[number]

/** `seekyou completion <shell>`: what a shell needs to complete the commands and their flags. */
export function addCompletionCommand(program: Command): void {
  program
    .command('completion')
    .description('print what a shell needs to complete commands and flags')
    .addArgument(new Argument('<shell>', 'the shell').choices(shells))
    .addHelpText(
      'after',
      `
Examples:
  seekyou completion bash > ~/.local/share/bash-completion/completions/seekyou
  seekyou completion zsh > ~/.zfunc/_seekyou
  seekyou completion fish > ~/.config/fish/completions/seekyou.fish`,
    )
    .action((shell: Shell) => void process.stdout.write(scripts[shell](wordsOf(program))))
}

/** What can follow a command: the commands below it, and its flags. */
interface Words {
  /** The command with those above it; empty for the program. */
  readonly path: string
  readonly words: readonly string[]
}

function wordsOf(command: Command, path = ''): readonly Words[] {
  const names = command.commands.map((sub) => sub.name())
  const flags = command.options.flatMap(({ long }) => (long ? [long] : []))
  const below = command.commands.flatMap((sub) => wordsOf(sub, `${path} ${sub.name()}`.trim()))
  return [{ path, words: [...names, ...flags, '--help'] }, ...below]
}

/** Names and flags are letters and dashes, so nothing in these needs to be quoted. */
const scripts: Readonly<Record<Shell, (commands: readonly Words[]) => string>> = {
  bash: (commands) => `_seekyou() {
  local path="" word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$word" in -*) ;; *) case "$path $word" in
${commands
  .filter(({ path }) => path !== '')
  .map(({ path }) => `      "${path.includes(' ') ? path : ` ${path}`}") path="${path}" ;;`)
  .join('\n')}
    esac ;; esac
  done
  case "$path" in
${commands.map(({ path, words }) => `    "${path}") COMPREPLY=($(compgen -W "${words.join(' ')}" -- "\${COMP_WORDS[COMP_CWORD]}")) ;;`).join('\n')}
  esac
}
complete -o default -F _seekyou seekyou
`,
  zsh: (commands) => `#compdef seekyou
_seekyou() {
  local path_so_far="" word
  for word in "\${words[@]:1:CURRENT-2}"; do
    case "$word" in -*) ;; *) case "$path_so_far $word" in
${commands
  .filter(({ path }) => path !== '')
  .map(({ path }) => `      "${path.includes(' ') ? path : ` ${path}`}") path_so_far="${path}" ;;`)
  .join('\n')}
    esac ;; esac
  done
  case "$path_so_far" in
${commands.map(({ path, words }) => `    "${path}") compadd -- ${words.join(' ')} ;;`).join('\n')}
  esac
}
if [ "$funcstack[1]" = "_seekyou" ]; then _seekyou "$@"; else compdef _seekyou seekyou; fi
`,
  fish: (commands) =>
    commands
      .flatMap(({ path, words }) => {
        const seen = path.split(' ').filter((word) => word !== '')
        const condition =
          seen.length === 0
            ? '__fish_use_subcommand'
            : seen.map((word) => `__fish_seen_subcommand_from ${word}`).join('; and ')
        return words.map((word) => {
          const what = word.startsWith('--') ? `-l ${word.slice(2)}` : `-f -a ${word}`
          return `complete -c seekyou -n '${condition}' ${what}\n`
        })
      })
      .join(''),
}
