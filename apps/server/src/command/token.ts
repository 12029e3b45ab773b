import { resolve } from 'node:path'
import type { TokenSettings } from '@seekyou/hub'
import type { Command } from 'commander'
import { ConfigError } from '../config-error.ts'
import { ExpectedError } from '../expected-error.ts'
import { readOverrides } from './config-options.ts'
import { writeTable } from './table.ts'

interface PlaceFlags {
  readonly config?: string
  readonly dataDir?: string
}

interface CreateFlags extends PlaceFlags {
  readonly preset?: string
  readonly allow?: string
  readonly deny?: string
  readonly bot?: string
  readonly groups?: string
  readonly users?: string
  readonly events?: string
  readonly rate?: string
  readonly from?: string
  readonly expires?: string
}

/** `seekyou token`: makes, lists and revokes the scoped tokens of a data folder. */
export function addTokenCommand(program: Command): void {
  const token = program
    .command('token')
    .description('make, list and revoke tokens that can do only what they should')
    .helpCommand(false)
    .addHelpText(
      'after',
      `
A running server takes them into use, and closes the connections of one that is revoked, within a second.

Examples:
  seekyou token create shop --preset chat --groups 20001,20002
  seekyou token create watcher --preset read-only --events message,notice.group_ban --expires 30d
  seekyou token create second --preset chat --bot 12345
  seekyou token list
  seekyou token revoke shop`,
    )

  withPlace(token.command('create <name>'))
    .description('make a token; its secret is printed once, on standard output, and kept nowhere')
    .option('--preset <preset>', 'read-only, chat, moderator or admin')
    .option('--allow <list>', 'what else it may do: actions, families such as get_*, presets')
    .option('--deny <list>', 'what it may not do')
    .option('--bot <list>', 'the bots it is for, of several that one program runs; otherwise all of them')
    .option('--groups <list>', 'the groups it may touch and is told of, or all')
    .option('--users <list>', 'the people whose private chats it may touch and is told of, or all')
    .option('--events <list>', 'the events it is told, such as message,notice.group_ban; none: an empty text')
    .option('--rate <frequency/bucket>', 'calls a second in the long run, and at once, such as 2/10')
    .option('--from <list>', 'addresses and networks it may come from, such as 10.0.0.0/8')
    .option('--expires <when>', 'a date, a time, or how long from now: 12h, 30d')
    .addHelpText(
      'after',
      `
Examples:
  seekyou token create shop --preset chat --groups 20001,20002
  seekyou token create watcher --preset read-only --events message --expires 30d
  seekyou token create second --preset chat --bot 12345`,
    )
    .action(async (name: string, flags: CreateFlags) => create(name, flags))

  withPlace(token.command('list'))
    .description('list the tokens, those of the configuration too; their secrets nobody can tell any more')
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      `
Examples:
  seekyou token list
  seekyou token list --json`,
    )
    .action(async (flags: PlaceFlags & { readonly json?: boolean }) => list(flags))

  withPlace(token.command('revoke <name>'))
    .description('take a token back; its connections are closed')
    .addHelpText(
      'after',
      `
Examples:
  seekyou token revoke shop`,
    )
    .action(async (name: string, flags: PlaceFlags) => revoke(name, flags))
}

function withPlace(command: Command): Command {
  return command
    .option('-c, --config <file>', 'the configuration (default: seekyou.yml, if there is one)')
    .option('--data-dir <folder>', 'where the database and the tokens live (default: ./data; SEEKYOU_DATA_DIR)')
}

async function load(flags: PlaceFlags) {
  const { loadConfig } = await import('../config.ts')
  const { config, folder } = await loadConfig(flags.config, readOverrides(flags, process.env), process.env, {
    isServed: false,
  })
  return { config, dataDir: resolve(folder, config.data_dir) }
}

async function create(name: string, flags: CreateFlags): Promise<void> {
  const { createTokenFile, newToken, problemsIn } = await import('../token-files.ts')
  const { config, dataDir } = await load(flags)
  const read = newToken.safeParse(settingsOf(name, flags, new Date()), { reportInput: true })
  if (!read.success) throw new ConfigError(problemsIn(read.error))
  if (config.tokens.some((token) => token.name === name)) {
    throw new ExpectedError(`there is a token ${JSON.stringify(name)} already, in the configuration`)
  }
  const secret = createTokenFile(dataDir, read.data, new Date())
  process.stdout.write(`${secret}\n`)
  process.stderr.write(`this is the secret of the token ${name}; it is not shown again\n`)
  const isOpen = config.bots.some(({ listen }) =>
    listen.some(({ access_token }) => (access_token ?? config.defaults.access_token) === ''),
  )
  if (!isOpen) return
  process.stderr.write(
    'no access token is set, so that whoever shows no token may do everything: set SEEKYOU_TOKEN, or this limits nobody\n',
  )
}

/** What the flags say, as the configuration would say it. */
function settingsOf(name: string, flags: CreateFlags, now: Date): object {
  const { preset, rate, expires } = flags
  const ids = (text: string) => (text === 'all' ? text : listOf(text).map((id) => (/^\d+$/.test(id) ? Number(id) : id)))
  return {
    name,
    ...(preset !== undefined && { preset }),
    ...(flags.allow !== undefined && { allow: listOf(flags.allow) }),
    ...(flags.deny !== undefined && { deny: listOf(flags.deny) }),
    ...(flags.bot !== undefined && { bots: ids(flags.bot) }),
    ...(flags.groups !== undefined && { groups: ids(flags.groups) }),
    ...(flags.users !== undefined && { users: ids(flags.users) }),
    ...(flags.events !== undefined && { events: listOf(flags.events) }),
    ...(flags.from !== undefined && { from: listOf(flags.from) }),
    ...(rate !== undefined && { rate_limit: readRate(rate) }),
    ...(expires !== undefined && { expires_at: readExpiry(expires, now) }),
  }
}

function listOf(text: string): readonly string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')
}

function readRate(text: string): object {
  const [, frequency, bucket = '1'] = /^(\d+(?:\.\d+)?)(?:\/(\d+))?$/.exec(text) ?? []
  if (frequency === undefined) throw new ConfigError([`--rate takes a text such as 2/10, not ${JSON.stringify(text)}`])
  return { frequency: Number(frequency), bucket: Number(bucket) }
}

const units: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 }

function readExpiry(text: string, now: Date): string {
  const [, amount, unit] = /^(\d{1,5})([mhd])$/.exec(text) ?? []
  return unit === undefined ? text : new Date(now.getTime() + Number(amount) * units[unit]!).toISOString()
}

async function list(flags: PlaceFlags & { readonly json?: boolean }): Promise<void> {
  const { readTokenFolder } = await import('../token-files.ts')
  const { config, dataDir } = await load(flags)
  const { tokens, problems } = readTokenFolder(dataDir)
  // A secret, or the hash of one, is nothing to show.
  const rows: readonly Row[] = [
    ...config.tokens.map((token) => ({ ...token, secret: undefined, origin: 'config' })),
    ...tokens.map((token) => ({ ...token, sha256: undefined, origin: 'file' })),
  ]
  for (const problem of problems) process.stderr.write(`${problem}\n`)
  if (flags.json) process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`)
  else if (rows.length === 0) process.stdout.write('There are no tokens.\n')
  else process.stdout.write(writeTable(heads, rows.map(describe)))
}

const heads = ['TOKEN', 'BOTS', 'PRESET', 'ALLOW', 'DENY', 'GROUPS', 'USERS', 'EVENTS', 'EXPIRES', 'FROM', 'IN']

type Row = Omit<TokenSettings, 'sha256'> & { readonly origin: string }

function describe(row: Row): readonly string[] {
  const { bots = 'all', preset, allow, deny, groups, users, events, expires_at, from, origin } = row
  const isLimited = groups !== undefined || users !== undefined
  const chats = (ids: typeof groups) => (ids === undefined ? (isLimited ? 'none' : 'all') : shown(ids))
  return [
    row.name,
    shown(bots),
    preset ?? '-',
    shown(allow),
    shown(deny),
    chats(groups),
    chats(users),
    events === undefined ? 'all' : shown(events),
    expires_at ?? 'never',
    from === undefined ? 'anywhere' : shown(from),
    origin,
  ]
}

function shown(items: 'all' | readonly (string | number)[]): string {
  if (items === 'all') return items
  return items.length === 0 ? '-' : items.join(',')
}

async function revoke(name: string, flags: PlaceFlags): Promise<void> {
  const { removeTokenFile } = await import('../token-files.ts')
  const { config, dataDir } = await load(flags)
  if (removeTokenFile(dataDir, name)) {
    process.stdout.write('revoked\n')
    return
  }
  const isConfigured = config.tokens.some((token) => token.name === name)
  const where = isConfigured ? 'it stands in the configuration; take it out there' : `there is none in ${dataDir}`
  throw new ExpectedError(`the token ${JSON.stringify(name)} cannot be revoked: ${where}`)
}
