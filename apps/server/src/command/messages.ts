import { createWriteStream } from 'node:fs'
import { finished } from 'node:stream/promises'
import type { Command } from 'commander'
import { ExpectedError } from '../expected-error.ts'
import { addRemoteOptions, ask, chooseBot } from './remote.ts'
import type { RemoteFlags } from './remote.ts'

interface ExportFlags extends RemoteFlags {
  readonly output?: string
}

interface ForgetFlags extends RemoteFlags {
  readonly yes?: boolean
}

/** One page of `/inspect/messages`. */
interface Page {
  readonly total: number
  readonly messages: readonly { readonly message_id: number }[]
}

/** `seekyou messages …`: what a server remembers of what was said. */
export function addMessagesCommand(program: Command): void {
  const messages = program
    .command('messages')
    .description('export what is remembered of what was said, or erase a person from it')
    .helpCommand(false)
    .addHelpText(
      'after',
      `
Examples:
  seekyou messages export > messages.ndjson
  seekyou messages export --output messages.ndjson
  seekyou messages forget 10001 --yes`,
    )

  addRemoteOptions(messages.command('export'))
    .description('write every stored message as a line of JSON, in the order in which they were given ids')
    .addHelpText(
      'after',
      `
Examples:
  seekyou messages export > messages.ndjson
  seekyou messages export --output messages.ndjson`,
    )
    .option('--output <file>', 'where to; default: standard output')
    .action(async ({ output, ...flags }: ExportFlags) => {
      const server = await chooseBot(flags)
      const file = output === undefined ? undefined : createWriteStream(output, { mode: 0o600 })
      // A reader that goes away, as `head` does, ends it; so does a disk that is full.
      const target = file ?? process.stdout
      const { SingleBar } = await import('cli-progress')
      const bar = new SingleBar({ format: '{bar} {value}/{total} messages, {eta} s to go', stream: process.stderr })
      let after = 0
      let written = 0
      for (;;) {
        const page = (await ask(server, `inspect/messages?after=${after}&limit=500`)) as Page
        if (written === 0 && process.stderr.isTTY) bar.start(page.total, 0)
        if (page.messages.length === 0) break
        const lines = page.messages.map((message) => `${JSON.stringify(message)}\n`).join('')
        await new Promise<void>((resolve, reject) => {
          target.write(lines, (error) => (error ? reject(unwritable(error)) : resolve()))
        })
        after = page.messages.at(-1)!.message_id
        written += page.messages.length
        bar.update(written)
      }
      bar.stop()
      if (file) await finished(file.end())
      process.stderr.write(`${written} messages\n`)
    })

  addRemoteOptions(messages.command('forget'))
    .description('erase what a person said, and what was said to that person alone, for good')
    .addHelpText(
      'after',
      `
Examples:
  seekyou messages forget 10001 --yes`,
    )
    .argument('<user_id>', 'the number of the person')
    .option('--yes', 'really: it cannot be undone')
    .action(async (user_id: string, { yes, ...flags }: ForgetFlags) => {
      if (!yes) throw new ExpectedError('What is forgotten is gone for good; --yes says that you mean it')
      const forgotten = await ask(flags, 'inspect/forget', { user_id })
      process.stdout.write(`${JSON.stringify(forgotten)}\n`)
    })
}

function unwritable(error: Error): ExpectedError {
  return new ExpectedError(`the messages cannot be written: ${error.message}`, { cause: error })
}
