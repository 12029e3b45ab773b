import type { Command } from 'commander'
import { addRemoteOptions, ask } from './remote.ts'
import type { RemoteFlags } from './remote.ts'
import { writeTable } from './table.ts'

interface LinksFlags extends RemoteFlags {
  readonly json?: boolean
}

/** What `/inspect/links` tells of each link; times in milliseconds since 1970. */
interface LinkRow {
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
    .description('show how the links to bot programs are doing')
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      `
Lag is how many events its program has not had yet. A link without a name, such as ws#3, is live only. One is held back
where an operator paused it, and paused where its program takes nothing now.

Examples:
  seekyou links
  seekyou links --json`,
    )
    .action(async ({ json, ...flags }: LinksFlags) => {
      const links = (await ask(flags, 'inspect/links')) as readonly LinkRow[]
      process.stdout.write(json ? `${JSON.stringify(links, null, 2)}\n` : describeLinks(links, Date.now()))
    })
}

const heads = ['LINK', 'KIND', 'STATE', 'LAG', 'LAST EVENT', 'CONNECTIONS', 'DEAD LETTERS', 'TROUBLE']

function describeLinks(links: readonly LinkRow[], now: number): string {
  if (links.length === 0) return 'There are no links.\n'
  return writeTable(
    heads,
    links.map(({ id, kind, state, lag, paused, held, last_written_at, connections, dead_letters }) => [
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
