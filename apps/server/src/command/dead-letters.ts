import type { Command } from 'commander'
import { ExpectedError } from '../expected-error.ts'
import { addRemoteOptions, ask } from './remote.ts'
import type { RemoteFlags } from './remote.ts'
import { writeTable } from './table.ts'

interface LetterFlags extends RemoteFlags {
  readonly json?: boolean
}

interface LetterRow {
  readonly link: string
  readonly seq: number
  /** Milliseconds since 1970. */
  readonly at: number
  readonly tries: number
  readonly reason: string
}

/** `seekyou dead-letters …`: the events that bot programs refused. */
export function addDeadLettersCommand(program: Command): void {
  const letters = program
    .command('dead-letters')
    .description('list, tell again or discard the events that bot programs refused')
    .helpCommand(false)
    .addHelpText(
      'after',
      `
Examples:
  seekyou dead-letters list
  seekyou dead-letters retry my-webhook
  seekyou dead-letters retry my-webhook 1042
  seekyou dead-letters discard my-webhook 1042`,
    )

  addRemoteOptions(letters.command('list'))
    .description('list them, by link and oldest first; at most 1000')
    .addHelpText(
      'after',
      `
Examples:
  seekyou dead-letters list
  seekyou dead-letters list my-webhook --json`,
    )
    .argument('[link]', 'only those of this link')
    .option('--json', 'as JSON, with the events')
    .action(async (link: string | undefined, { json, ...flags }: LetterFlags) => {
      const query = new URLSearchParams({ limit: '1000', ...(link !== undefined && { link }) })
      const found = (await ask(flags, `inspect/dead_letters?${query.toString()}`)) as readonly LetterRow[]
      process.stdout.write(json ? `${JSON.stringify(found, null, 2)}\n` : describeLetters(found))
    })

  addRemoteOptions(letters.command('retry'))
    .description('tell the program of a link again what it refused')
    .addHelpText(
      'after',
      `
Examples:
  seekyou dead-letters retry my-webhook
  seekyou dead-letters retry my-webhook 1042`,
    )
    .argument('<link>', 'its name')
    .argument('[seq]', 'only this one; default: the oldest thousand')
    .action(async (link: string, seq: string | undefined, flags: RemoteFlags) => {
      const params = { link, ...(seq !== undefined && { seq }) }
      const { retried } = (await ask(flags, 'inspect/dead_letters/retry', params)) as { readonly retried: number }
      process.stdout.write(`${retried} told again; those that are taken are no dead letters any more\n`)
    })

  addRemoteOptions(letters.command('discard'))
    .description('forget one of them')
    .addHelpText(
      'after',
      `
Examples:
  seekyou dead-letters discard my-webhook 1042`,
    )
    .argument('<link>', 'the name of its link')
    .argument('<seq>', 'its place in the events')
    .action(async (link: string, seq: string, flags: RemoteFlags) => {
      const answer = (await ask(flags, 'inspect/dead_letters/discard', { link, seq })) as {
        readonly discarded: boolean
      }
      if (!answer.discarded) throw new ExpectedError(`${link} has no dead letter ${seq}`, { exitCode: 3 })
      process.stdout.write('discarded\n')
    })
}

function describeLetters(letters: readonly LetterRow[]): string {
  if (letters.length === 0) return 'There are no dead letters.\n'
  return writeTable(
    ['LINK', 'SEQ', 'REFUSED', 'TRIES', 'REASON'],
    letters.map(({ link, seq, at, tries, reason }) => [
      link,
      String(seq),
      new Date(at).toISOString(),
      String(tries),
      reason,
    ]),
  )
}
