import { readFileSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { defaultConfig } from './config-defaults.ts'
import { ConfigError } from './config-error.ts'
import type { ForeignConfig, ForeignProgram } from './config-foreign.ts'
import type { Config } from './config-schema.ts'
import type { ConfigPlaces } from './config-text.ts'
import { sentenceOf } from './issue-sentence.ts'
import { pathText, schemaAt } from './schema-path.ts'
import type { Path } from './schema-path.ts'

export type { Config } from './config-schema.ts'

/** What flags and environment say; each of it wins over the file. */
export interface Overrides {
  readonly host?: string | undefined
  readonly port?: number | undefined
  readonly dataDir?: string | undefined
  readonly logLevel?: string | undefined
  readonly token?: string | undefined
  readonly strictStore?: boolean | undefined
  /** What each of them was said with, where that is not its flag: `SEEKYOU_PORT`. */
  readonly names?: { readonly [Key in keyof Omit<Overrides, 'names'>]?: string }
}

export interface LoadedConfig extends ConfigPlaces {
  readonly config: Config
  /** The folder that relative paths in the configuration start from. */
  readonly folder: string
  /** The file, as it was named; also where there is none. */
  readonly file: string
  /** What it is made from, if it is not one of our own. */
  readonly foreign?: ForeignConfig | undefined
  /** What another program's configuration says that has no meaning here. */
  readonly notes: readonly string[]
}

/**
 * Reads the configuration: the file if one is named or `seekyou.yml` is there, then the overrides. What makes it unsafe
 * to serve with is no matter to a command that does not, and may lack what the environment of the server says.
 * @throws ConfigError with everything that is wrong: file, line, column, key, what is accepted.
 */
export async function loadConfig(
  file: string | undefined,
  overrides: Overrides,
  env: NodeJS.ProcessEnv,
  { isServed = true }: { readonly isServed?: boolean } = {},
): Promise<LoadedConfig> {
  const source = readSource(file)
  const { data, foreign, places } = source ? await parseSource(source, env) : nothingSaid
  const config = await applyOverrides(data, overrides)
  if (isServed) {
    refuseOpenListeners(config, places)
    refuseIdleTokens(config, places)
  }
  const said = overridePaths(overrides)
  return {
    config,
    folder: source?.folder ?? process.cwd(),
    file: source?.name ?? usualNames[0],
    foreign,
    notes: foreign?.notes ?? [],
    ...places,
    origin: (path) => said.get(pathText(path)) ?? places.origin(path),
  }
}

interface Source {
  readonly name: string
  readonly text: string
  readonly folder: string
  readonly program?: ForeignProgram | undefined
}

/** Found where no file is named, the first of them that is there. */
const usualNames = ['seekyou.yml', 'config.yml'] as const

const reasons: Readonly<Record<string, string>> = { ENOENT: 'there is no such file', EISDIR: 'it is a folder' }

/** More than this is no configuration. */
const longestFile = 4 * 1024 * 1024

function readSource(file: string | undefined): Source | undefined {
  for (const name of file === undefined ? usualNames : [file]) {
    const path = resolve(name)
    try {
      const text = readText(path)
      const program = programOf(name, text)
      // A config.yml may be anyone's; it is ours to read if it is what it looks like, or if it was named.
      if (file === undefined && name === 'config.yml' && program === undefined) continue
      return { name, text, folder: dirname(path), program }
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException
      if (code === 'ENOENT' && file === undefined) continue
      const reason = (code !== undefined && reasons[code]) || message
      throw new ConfigError([`${file ?? path}: the configuration cannot be read: ${reason}`])
    }
  }
  return undefined
}

function readText(path: string): string {
  if (statSync(path).size > longestFile) throw new Error('it is larger than 4 MiB, which no configuration is')
  const bytes = readFileSync(path)
  // What some editors and shells of Windows write when nobody asks.
  if (bytes.includes(0)) throw new Error('it is not UTF-8 text (perhaps UTF-16); save it as UTF-8')
  return bytes.toString('utf8')
}

/** Whose configuration a file is, by its name and by the blocks that only one program has. */
function programOf(name: string, text: string): ForeignProgram | undefined {
  if (/\.(?:ini|cfg)$/i.test(name)) return 'CQHTTP'
  if (/\.json$/i.test(name)) return /"bots"\s*:/.test(text) ? undefined : 'CQHTTP'
  return /^(?:servers|default-middlewares|account):/m.test(text) && !/^bots:/m.test(text) ? 'go-cqhttp' : undefined
}

interface Parsed {
  readonly data: Config
  readonly places: ConfigPlaces
  readonly foreign?: ForeignConfig
}

/** Of a start without a file. */
const nothingSaid: Parsed = {
  data: defaultConfig,
  places: {
    place: (path) => `${usualNames[0]}: ${pathText(path)}`,
    problem: (path, sentence) => ({ sentence: pathText(path) + sentence }),
    origin: () => undefined,
  },
}

/** What reads YAML, and what judges it, is loaded where there is a file. */
async function parseSource({ name, text, program }: Source, env: NodeJS.ProcessEnv): Promise<Parsed> {
  const { parseConfigText } = await import('./config-text.ts')
  const { configSchema, readOnce } = await import('./config-schema.ts')
  if (program === undefined) {
    const { data, ...places } = parseConfigText(configSchema, text, { file: name, env })
    return { data, places }
  }
  // Few have such a file, so few wait for what reads it.
  const { readForeignConfig } = await import('./config-foreign.ts')
  const foreign = readForeignConfig({ name, text, program }, env)
  const { data } = foreign
  const read = configSchema.safeParse(data, readOnce)
  if (read.success) return { data: read.data, places: foreign, foreign }
  throw new ConfigError(
    read.error.issues.map((issue) => {
      const { sentence, ...where } = foreign.problem(issue.path, '')
      return { ...where, sentence: sentence + sentenceOf(issue, schemaAt(configSchema, data, issue.path)) }
    }),
  )
}

const firstListener: Path = ['bots', 0, 'listen', 0]

/** Where in the configuration each of the overrides goes, and what says it unless it is told otherwise. */
const overridable = {
  host: { path: [...firstListener, 'host'], flag: '--host' },
  port: { path: [...firstListener, 'port'], flag: '--port' },
  dataDir: { path: ['data_dir'], flag: '--data-dir' },
  logLevel: { path: ['log_level'], flag: '--log-level' },
  token: { path: ['defaults', 'access_token'], flag: 'SEEKYOU_TOKEN' },
  strictStore: { path: ['store', 'strict'], flag: '--strict-store' },
} as const satisfies Record<string, { readonly path: Path; readonly flag: string }>

/** The paths that are overridden, each with what did it. */
function overridePaths({ names = {}, ...overrides }: Overrides): ReadonlyMap<string, string> {
  const keys = Object.keys(overridable) as (keyof typeof overridable)[]
  return new Map(
    keys
      .filter((key) => overrides[key] !== undefined)
      .map((key) => [pathText(overridable[key].path), names[key] ?? overridable[key].flag]),
  )
}

async function applyOverrides(config: Config, overrides: Overrides): Promise<Config> {
  const { host, port, dataDir, logLevel, token, strictStore } = overrides
  const [first = defaultConfig.bots[0]!, ...others] = config.bots
  const [listen = defaultConfig.bots[0]!.listen[0]!, ...listeners] = first.listen
  const placed: Config = {
    ...config,
    ...(dataDir !== undefined && { data_dir: resolve(dataDir) }),
    ...(strictStore !== undefined && { store: { ...config.store, strict: strictStore } }),
    bots: [{ ...first, listen: [{ ...listen, ...(port !== undefined && { port }) }, ...listeners] }, ...others],
  }
  // Nothing can be wrong with these, and most starts wait for no schema.
  if (host === undefined && logLevel === undefined && token === undefined) return placed
  const given = {
    ...placed,
    ...(logLevel !== undefined && { log_level: logLevel }),
    ...(token !== undefined && { defaults: { ...config.defaults, access_token: token } }),
    bots: placed.bots.map((bot, at) =>
      at > 0 || host === undefined ? bot : { ...bot, listen: [{ ...bot.listen[0], host }, ...bot.listen.slice(1)] },
    ),
  }
  const { configSchema, readOnce } = await import('./config-schema.ts')
  const read = configSchema.safeParse(given, readOnce)
  if (read.success) return read.data
  const said = overridePaths(overrides)
  throw new ConfigError(
    read.error.issues.map(
      (issue) =>
        (said.get(pathText(issue.path)) ?? pathText(issue.path)) +
        sentenceOf(issue, schemaAt(configSchema, given, issue.path)),
    ),
  )
}

/** Whether only this machine reaches an address. */
export function isLoopback(host: string): boolean {
  return /^(?:localhost|127(?:\.\d{1,3}){3}|::1)$/.test(host)
}

/** Whoever reaches a listener can do anything with the account, so one that others can reach needs a token. */
function refuseOpenListeners(config: Config, places: ConfigPlaces): void {
  const problems = config.bots.flatMap(({ listen }, index) =>
    listen.flatMap(({ host, socket, access_token }, at) => {
      if (socket !== undefined || isLoopback(host) || (access_token ?? config.defaults.access_token)) return []
      const path = ['bots', index, 'listen', at, 'host']
      const sentence =
        `${host} can be reached from other machines, and no token is set: set SEEKYOU_TOKEN or ` +
        'defaults.access_token, or listen on 127.0.0.1'
      return [places.origin(path) === undefined ? { sentence } : places.problem(path, `: ${sentence}`)]
    }),
  )
  // Whoever comes there is taken for the network: what they tell, every bot is told, and what is said goes to them.
  const open = config.bots.flatMap(({ backend }, index) => {
    if (backend.type !== 'onebot' || backend.listen === undefined || isLoopback(backend.listen.host)) return []
    const key = backend.url === undefined ? 'access_token' : 'secret'
    if (backend[key] !== '') return []
    const { host } = backend.listen
    const sentence = `: ${host} can be reached from other machines, and bots[${index}].backend.${key} is not set: set it, or listen on 127.0.0.1`
    return [places.problem(['bots', index, 'backend', 'listen', 'host'], sentence)]
  })
  if (problems.length + open.length > 0) throw new ConfigError([...problems, ...open])
}

/** Where a client that shows nothing may do everything, a token limits nobody; and the access token is none of them. */
function refuseIdleTokens(config: Config, places: ConfigPlaces): void {
  const accessTokens = config.bots.flatMap(({ listen }) =>
    listen.map(({ access_token }) => access_token ?? config.defaults.access_token),
  )
  const problems = config.tokens.flatMap(({ secret }, index) => {
    if (secret === undefined) return []
    if (accessTokens.includes(secret)) {
      const sentence = ' is the access token too, which may do everything; it takes another one'
      return [places.problem(['tokens', index, 'secret'], sentence)]
    }
    if (!accessTokens.includes('')) return []
    const sentence =
      ' limits nobody while a listener asks for no token: set SEEKYOU_TOKEN or defaults.access_token, which is the ' +
      'token that may do everything'
    return [places.problem(['tokens', index], sentence)]
  })
  if (problems.length > 0) throw new ConfigError(problems)
}
