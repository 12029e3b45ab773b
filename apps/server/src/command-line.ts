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

/** Runs what the command line asks for. @throws ExpectedError where it is wrong, or what the command threw. */
export async function runCommand(args: readonly string[]): Promise<void> {
  try {
    await createCommandLine().parseAsync(args, { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    // Help and version are out: they were asked for, or a command was named that is only the head of some.
    const isTold = error.exitCode === 0 || error.code === 'commander.help'
    if (!isTold) throw new ExpectedError(sentenceOf(error), { cause: error })
    process.exitCode = error.exitCode
  }
}

/** Every command, its flags and its help. What a command does is loaded when it is run. */
export function createCommandLine(): Command {
  const program = new Command('seekyou')
    .description('a CQHTTP / OneBot 11 / go-cqhttp bot API server')
    .version(version, '-v, --version', 'tell the version')
    .helpOption('-h, --help', 'tell what there is')
    .helpCommand(false)
    .configureOutput({ outputError: () => undefined })
    .exitOverride()
    .addHelpText('afterAll', EXIT_CODES)
  addStartCommand(program)
  addCallCommand(program)
  addSayCommand(program)
  addTailCommand(program)
  addLinksCommand(program)
  addDeadLettersCommand(program)
  addMessagesCommand(program)
  addTokenCommand(program)
  addInitCommand(program)
  addCheckCommand(program)
  addImportCommand(program)
  addDoctorCommand(program)
  addCompletionCommand(program)
  return program
}

const EXIT_CODES = `
Exit codes:
  0  done, or stopped in order
  1  it cannot be done as it was asked for: the command line, the configuration, a port, a folder
  2  the server cannot be reached, or does not take the token; of check: the configuration cannot be used
  3  the server was asked, and its answer is no`

/** The parser's own sentence, and what was probably meant: `Unknown option '--prot'; did you mean --port?`. */
function sentenceOf({ message }: CommanderError): string {
  const [first = ''] = message.replace(/^error: /, '').split('\n', 1)
  const meant = /\(Did you mean (?:one of )?(.+)\?\)/.exec(message)?.[1]
  const sentence = first.charAt(0).toUpperCase() + first.slice(1).replace(/\.$/, '')
  return meant === undefined ? `${sentence}; --help lists what there is` : `${sentence}; did you mean ${meant}?`
}
