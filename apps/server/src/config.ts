import { readFileSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { bridgeOptions, requireUpstream } from '@seekyou/backend-onebot'
import { refuseTakenNumber, sandboxOptions } from '@seekyou/backend-sandbox'
import { fileSourceOptions } from '@seekyou/file-source'
import { accountOptions, linkOptions, loginLimitOptions, scopeOptions, tokenOptions } from '@seekyou/hub'
import { storeOptions } from '@seekyou/store'
import { httpServerOptions, webhookOptions } from '@seekyou/transport-http'
import { forwardServerOptions, reverseClientOptions } from '@seekyou/transport-ws'
import * as z from 'zod'
import { auditOptions } from './audit-log.ts'
import { refuseSharedBots } from './config-bots.ts'
import { ConfigError } from './config-error.ts'
import type { ForeignConfig, ForeignProgram } from './config-foreign.ts'
import type { ConfigPlaces } from './config-text.ts'
import { sentenceOf } from './issue-sentence.ts'
import { pathText, schemaAt } from './schema-path.ts'
import type { Path } from './schema-path.ts'
import { logAreas, logLevelOption, logLevels } from './log-options.ts'

/*
 * seekyou.yml is put together from the options of the packages; a key is documented, checked and given its default
 * where it is used, and made when there is something to say it of, if that is rare. `listen` is who connects to us, `connect` is whom we connect to.
 */

/** The options of every link, each of them left out where the next level up decides. */
const linkOverrides = z.strictObject(
  Object.fromEntries(
    Object.entries(linkOptions.shape).map(([key, option]) => [
      key,
      option
        .unwrap()
        .optional()
        .meta(option.meta() ?? {}),
    ]),
  ) as {
    [Key in keyof typeof linkOptions.shape]: z.ZodOptional<ReturnType<(typeof linkOptions.shape)[Key]['unwrap']>>
  },
)

const filter = z
  .union([z.string(), z.record(z.string(), z.unknown())], { error: 'the path of a JSON file, or the rules themselves' })
  .optional()
  .describe('event filter: the path of a JSON file (relative to this file), or the rules themselves')

const listener = z.strictObject({
  ...httpServerOptions.shape,
  ...forwardServerOptions.shape,
  ...linkOverrides.shape,
  filter,
})

const scope = () =>
  z
    .union([z.string(), scopeOptions.unwrap()], {
      error: 'the name of a token, or a block of preset, allow, deny, groups, users, events and rate_limit',
    })
    .optional()
    .describe(
      'what its program may do and is told: the name of a token, or a block of the same keys; absent: everything',
    )

const connection = z.lazy(() => {
  const ofAny = { ...linkOverrides.shape, filter, scope: scope() }
  return z.discriminatedUnion('type', [
    z.strictObject({ type: z.literal('webhook'), ...webhookOptions.unwrap().shape, ...ofAny }),
    z.strictObject({ type: z.literal('reverse-ws'), ...reverseClientOptions.unwrap().shape, ...ofAny }),
  ])
})

/** Under its name a link's place in the events is remembered: two of one name would take them from each other. */
function refuseSharedNames(links: readonly { readonly name: string }[], context: z.RefinementCtx): void {
  refuseShared(links, 'name', 'a name that no other link has', context)
}

function refuseShared<Key extends string>(
  items: readonly { readonly [K in Key]?: string | undefined }[],
  key: Key,
  message: string,
  context: z.RefinementCtx,
): void {
  const values = items.map((item) => item[key])
  for (const [index, value] of values.entries()) {
    if (value === undefined || values.indexOf(value) === index) continue
    context.addIssue({ code: 'custom', path: [index, key], message, input: value })
  }
}

const tokens = z.array(tokenOptions).superRefine((list, context) => {
  refuseShared(list, 'name', 'a name that no other token has', context)
  refuseShared(list, 'secret', 'a secret that no other token has', context)
})

const bot = z.strictObject({
  backend: z
    .discriminatedUnion('type', [
      z.strictObject({ type: z.literal('sandbox'), ...sandboxOptions.shape }).superRefine(refuseTakenNumber),
      z.strictObject({ type: z.literal('onebot'), ...bridgeOptions.shape }).superRefine(requireUpstream),
    ])
    .prefault({ type: 'sandbox' }),
  ...accountOptions.shape,
  listen: z.array(listener).prefault([{}]),
  connect: z.array(connection).superRefine(refuseSharedNames).default([]),
})

/** Everything that seekyou.yml can say. */
export const configSchema = z.strictObject({
  data_dir: z.string().min(1).default('./data').describe('folder of the database and the media'),
  log_level: logLevelOption
    .default('info')
    .describe(
      `what is worth a line in the log: ${logLevels.join(', ')}; or a block of levels by area, such as { default: info, transport-ws: debug }; the areas are ${logAreas.join(', ')}`,
    ),
  watch: z
    .boolean()
    .default(true)
    .describe('go by this file and the filter files as soon as they change; SIGHUP has them read in any case'),
  metrics_open: z
    .boolean()
    .default(false)
    .describe('let everyone read /metrics, where otherwise the token is asked for'),
  store: storeOptions.prefault({}),
  files: fileSourceOptions.prefault({}),
  tokens: tokens.default([]),
  login_limit: loginLimitOptions.prefault({}).describe('how many wrong tokens one address may show'),
  audit: auditOptions.prefault({}),
  defaults: linkOptions.prefault({}),
  bots: z.array(bot).min(1, { error: 'one bot or more' }).superRefine(refuseSharedBots).prefault([{}]),
})
export type Config = z.output<typeof configSchema>

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
      const isAbsent = (error as NodeJS.ErrnoException).code === 'ENOENT'
      if (isAbsent && file === undefined) continue
      const reason = isAbsent ? 'there is no such file' : (error as Error).message
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
  readonly data: z.input<typeof configSchema>
  readonly places: ConfigPlaces
  readonly foreign?: ForeignConfig
}

/** Of a start without a file. */
const nothingSaid: Parsed = {
  data: {},
  places: {
    place: (path) => `${usualNames[0]}: ${pathText(path)}`,
    problem: (path, sentence) => ({ sentence: pathText(path) + sentence }),
    origin: () => undefined,
  },
}

/** What reads YAML is loaded where there is a file. */
async function parseSource({ name, text, program }: Source, env: NodeJS.ProcessEnv): Promise<Parsed> {
  const { parseConfigText } = await import('./config-text.ts')
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

/** It is read once, which is not worth the code that zod would write for it. */
const readOnce = { reportInput: true, jitless: true }

async function applyOverrides(config: z.input<typeof configSchema>, overrides: Overrides): Promise<Config> {
  const { host, port, dataDir, logLevel, token, strictStore } = overrides
  const [first = {}, ...others] = config.bots ?? []
  const [listen = {}, ...listeners] = first.listen ?? []
  const given = {
    ...config,
    ...(dataDir !== undefined && { data_dir: resolve(dataDir) }),
    ...(logLevel !== undefined && { log_level: logLevel }),
    ...(strictStore !== undefined && { store: { ...config.store, strict: strictStore } }),
    ...(token !== undefined && { defaults: { ...config.defaults, access_token: token } }),
    bots: [
      {
        ...first,
        listen: [{ ...listen, ...(host !== undefined && { host }), ...(port !== undefined && { port }) }, ...listeners],
      },
      ...others,
    ],
  }
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
