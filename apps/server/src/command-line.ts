import { Command, CommanderError } from 'commander'
import { addCallCommand } from './command/call.ts'
import { addCheckCommand } from './command/check.ts'
import { addCompletionCommand } from './command/completion.ts'
import { addDeadLettersCommand } from './command/dead-letters.ts'
import { addDoctorCommand } from './command/doctor.ts'
import { addImportCommand } from './command/import.ts'
import { addInitCommand } from './command/init.ts'
import { addLinksCommand } from './command/links.ts'
import { addMessagesCommand } from './command/messages.ts'
import { addSayCommand } from './command/say.ts'
import { addStartCommand } from './command/start.ts'
import { addTailCommand } from './command/tail.ts'
import { addTokenCommand } from './command/token.ts'
import { ExpectedError } from './expected-error.ts'
import { version } from './version.ts'

/** Runs what the command line asks for, and sets the exit code of the process. */
export async function run(args: readonly string[]): Promise<void> {
  try {
    await createCommandLine(isPlainStart(args) ? [addStartCommand] : adders).parseAsync(args, { from: 'user' })
  } catch (error) {
    const { text, exitCode } = explain(error)
    if (text) process.stderr.write(`${text}\n`)
    process.exitCode = exitCode
  }
}

/** What adds the commands, in the order of the help. */
const adders: readonly ((program: Command, commandNames: () => readonly string[]) => unknown)[] = [
  addStartCommand,
  addCallCommand,
  addSayCommand,
  addTailCommand,
  addLinksCommand,
  addDeadLettersCommand,
  addMessagesCommand,
  addTokenCommand,
  addInitCommand,
  addCheckCommand,
  addImportCommand,
  addDoctorCommand,
  addCompletionCommand,
]

/** Whether a command line, if it is right, starts the server: then the other commands need not be made. */
function isPlainStart([first = 'start', ...others]: readonly string[]): boolean {
  const isStart = first === 'start' || /^--\w/.test(first)
  return isStart && ![first, ...others].some((word) => word === '--help' || word === '-h')
}

/** Every command, or some of them, with flags and help. What a command does is loaded when it is run. */
export function createCommandLine(added = adders): Command {
  const program = new Command('seekyou')
    .description('a CQHTTP / OneBot 11 / go-cqhttp bot API server')
    .version(version, '-v, --version', 'tell the version')
    .helpOption('-h, --help', 'tell what there is')
    .helpCommand(false)
    .configureOutput({ outputError: () => undefined })
    .exitOverride()
    .addHelpText('afterAll', EXIT_CODES)
  const commandNames = () => createCommandLine().commands.map((command) => command.name())
  for (const add of added) add(program, commandNames)
  return program
}

const EXIT_CODES = `
Exit codes:
  0  done, or stopped in order
  1  it cannot be done as it was asked for: the command line, the configuration, a port, a folder
  2  the server cannot be reached, or does not take the token; of check: the configuration cannot be used
  3  the server was asked, and its answer is no`

/** What a person is told of an error: a sentence where it is theirs to mend, all of it where it is a fault of ours. */
function explain(error: unknown): { readonly text: string; readonly exitCode: number } {
  if (error instanceof CommanderError) {
    // Help and version are out: they were asked for, or a command was named that is only the head of some.
    if (error.exitCode === 0 || error.code === 'commander.help') return { text: '', exitCode: error.exitCode }
    return { text: sentenceOf(error), exitCode: 1 }
  }
  if (error instanceof ExpectedError) return { text: error.message, exitCode: error.exitCode }
  return { text: (error instanceof Error && error.stack) || String(error), exitCode: 1 }
}

/** The parser's own sentence, and what was probably meant: `Unknown option '--prot'; did you mean --port?`. */
function sentenceOf({ message }: CommanderError): string {
  const [first = ''] = message.replace(/^error: /, '').split('\n', 1)
  const meant = /\(Did you mean (?:one of )?(.+)\?\)/.exec(message)?.[1]
  const sentence = first.charAt(0).toUpperCase() + first.slice(1).replace(/\.$/, '')
  return meant === undefined ? `${sentence}; --help lists what there is` : `${sentence}; did you mean ${meant}?`
}
