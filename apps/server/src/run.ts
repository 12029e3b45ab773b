import { readStartFlags, startServer } from './command/start.ts'
import { ExpectedError } from './expected-error.ts'

/** Runs what the command line asks for, and sets the exit code of the process. */
export async function run(args: readonly string[]): Promise<void> {
  try {
    const flags = readStartFlags(args)
    if (flags) return await startServer(flags)
    // What knows all commands, their help and every mistake takes as long to load as the server takes to listen.
    const { runCommand } = await import('./command-line.ts')
    process.stdout.on('error', endWithReader)
    await runCommand(args)
  } catch (error) {
    const { text, exitCode } = explain(error)
    process.stderr.write(`${text}\n`)
    process.exitCode = exitCode
  }
}

/** Whoever reads what a command prints may have had enough, as in `seekyou tail | head`; then there is nothing to do. */
function endWithReader(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error
  process.exit()
}

/** What a person is told of an error: a sentence where it is theirs to mend, all of it where it is a fault of ours. */
function explain(error: unknown): { readonly text: string; readonly exitCode: number } {
  if (error instanceof ExpectedError) return { text: error.message, exitCode: error.exitCode }
  return { text: (error instanceof Error && error.stack) || String(error), exitCode: 1 }
}
