import type { Command } from 'commander'
import { ExpectedError } from '../expected-error.ts'
import { addRemoteOptions, ask, chooseBot, urlOfBot } from './remote.ts'
import type { BotRow, RemoteFlags } from './remote.ts'
import { writeTable } from './table.ts'

interface LinksFlags extends RemoteFlags {
  readonly json?: boolean
}

/** What `/inspect/links` tells of each link, and whose it is; times in milliseconds since 1970. */
interface LinkRow {
  readonly self_id: number
  readonly id: string
  readonly kind: string | null
  readonly state: { readonly phase: string; readonly lastError?: string; readonly nextTryAt?: number } | null
  readonly lag: number
  readonly paused: boolean
  readonly held: boolean
  readonly last_written_at: number | null
  readonly connections: number
  readonly dead_letters: number
}

/** `seekyou links`: how every link of a running server is doing. */
export function addLinksCommand(program: Command): void {
  addRemoteOptions(program.command('links'))
    .description('show how the links of every bot are doing')
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      `
Lag is how many events its program has not had yet. A link without a name, such as ws#3, is live only. One is held back
where an operator paused it, and paused where its program takes nothing now.

Examples:
  seekyou links
  seekyou links --bot 10000
  seekyou links --json`,
    )
    .action(async ({ json, ...flags }: LinksFlags) => {
      const { links, silent } = await linksOfAll(flags)
      process.stdout.write(json ? `${JSON.stringify(links, null, 2)}\n` : describeLinks(links, Date.now()))
      for (const sentence of silent) process.stderr.write(`${sentence}\n`)
    })
}

/** The links of every bot of the server, or of the one that is named; of which bots nothing can be told, and why. */
async function linksOfAll({ bot: wanted, ...server }: RemoteFlags) {
  const bots = (await ask(server, 'inspect/bots')) as readonly BotRow[]
  const links: LinkRow[] = []
  const silent: string[] = []
  if (wanted !== undefined) await chooseBot({ ...server, bot: wanted })
  for (const bot of bots) {
    if (wanted !== undefined && wanted !== String(bot.self_id)) continue
    const url = urlOfBot(server.url, bot)
    try {
      if (url === undefined) throw new ExpectedError(bot.reason ?? 'it listens nowhere that a command could reach')
      const own = (await ask({ ...server, url }, 'inspect/links')) as readonly Omit<LinkRow, 'self_id'>[]
      links.push(...own.map((link) => ({ self_id: bot.self_id!, ...link })))
    } catch (error) {
      if (!(error instanceof ExpectedError)) throw error
      silent.push(`${bot.self_id ?? bot.bot}: ${error.message}`)
    }
  }
  return { links, silent }
}

const heads = ['BOT', 'LINK', 'KIND', 'STATE', 'LAG', 'LAST EVENT', 'CONNECTIONS', 'DEAD LETTERS', 'TROUBLE']

function describeLinks(links: readonly LinkRow[], now: number): string {
  if (links.length === 0) return 'There are no links.\n'
  return writeTable(
    heads,
    links.map(({ self_id, id, kind, state, lag, paused, held, last_written_at, connections, dead_letters }) => [
      String(self_id),
      id,
      kind ?? '-',
      (state === null ? 'away' : state.phase) + (held ? ', held back' : paused ? ', paused' : ''),
      String(lag),
      last_written_at === null ? 'never' : `${seconds(now - last_written_at)} ago`,
      String(connections),
      String(dead_letters),
      describeTrouble(state, now),
    ]),
  )
}

function describeTrouble(state: LinkRow['state'], now: number): string {
  if (state?.lastError === undefined) return ''
  return `${state.lastError}; next try in ${seconds((state.nextTryAt ?? now) - now)}`
}

function seconds(ms: number): string {
  return `${Math.max(0, Math.round(ms / 1000))} s`
}
