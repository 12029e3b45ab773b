import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { bridgeOptions, requireUpstream } from '@seekyou/backend-onebot'
import { sandboxOptions } from '@seekyou/backend-sandbox'
import { fileSourceOptions } from '@seekyou/file-source'
import { accountOptions, linkOptions, scopeOptions, tokenOptions } from '@seekyou/hub'
import { storeOptions } from '@seekyou/store'
import { httpServerOptions, webhookOptions } from '@seekyou/transport-http'
import { forwardServerOptions, reverseClientOptions } from '@seekyou/transport-ws'
import * as z from 'zod'
import { auditOptions } from './audit-log.ts'
import { ConfigError } from './config-error.ts'
import { fromCqhttp, readIni, readJsonKeys } from './config-cqhttp.ts'
import { expandLikeGoCqhttp, fromGoCqhttp, goCqhttpSchema, isGoCqhttp } from './config-go-cqhttp.ts'
import type { ImportedConfig } from './config-import.ts'
import { parseConfigText, sentenceOf } from './config-text.ts'
import type { ConfigText } from './config-text.ts'

/*
 * seekyou.yml is put together from the options of the packages; a key is documented, checked and given its default
 * where it is used. `listen` is who connects to us, `connect` is whom we connect to.
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

const scope = z
  .union([z.string(), scopeOptions], {
    error: 'the name of a token, or a block of preset, allow, deny, groups, users, events and rate_limit',
  })
  .optional()
  .describe('what its program may do and is told: the name of a token, or a block of the same keys; absent: everything')

const ofConnections = { ...linkOverrides.shape, filter, scope }

const connection = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('webhook'), ...webhookOptions.shape, ...ofConnections }),
  z.strictObject({ type: z.literal('reverse-ws'), ...reverseClientOptions.shape, ...ofConnections }),
])

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
      z.strictObject({ type: z.literal('sandbox'), ...sandboxOptions.shape }),
      z.strictObject({ type: z.literal('onebot'), ...bridgeOptions.shape }).superRefine(requireUpstream),
    ])
    .prefault({ type: 'sandbox' }),
  ...accountOptions.shape,
  listen: z.array(listener).prefault([{}]),
  connect: z.array(connection).superRefine(refuseSharedNames).default([]),
})

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const

/** Everything that seekyou.yml can say. */
export const configSchema = z.strictObject({
  data_dir: z.string().min(1).default('./data').describe('folder of the database and the media'),
  log_level: z.enum(logLevels).default('info').describe('what is worth a line in the log'),
  metrics_open: z
    .boolean()
    .default(false)
    .describe('let everyone read /metrics, where otherwise the token is asked for'),
  store: storeOptions.prefault({}),
  files: fileSourceOptions.prefault({}),
  tokens: tokens.default([]),
  audit: auditOptions.prefault({}),
  defaults: linkOptions.prefault({}),
  // One process serves one account until several can be told apart on the command line and in the console.
  bots: z.array(bot).length(1, { error: 'exactly one bot' }).prefault([{}]),
})
type Config = z.output<typeof configSchema>

/** What flags and environment say; each of it wins over the file. */
export interface Overrides {
  readonly host?: string | undefined
  readonly port?: number | undefined
  readonly dataDir?: string | undefined
  readonly logLevel?: string | undefined
  readonly token?: string | undefined
  readonly strictStore?: boolean | undefined
}

export interface LoadedConfig {
  readonly config: Config
  /** The folder that relative paths in the configuration start from. */
  readonly folder: string
  /** Names a key for a message: file, line, path. */
  readonly place: ConfigText<Config>['place']
  /** The file, as it was named. */
  readonly file: string
  /** What another program's configuration says that has no meaning here. */
  readonly notes: readonly string[]
}

/**
 * Reads the configuration: the file if one is named or `seekyou.yml` is there, then the overrides. What makes it unsafe
 * to serve with is no matter to a command that does not, and may lack what the environment of the server says.
 * @throws ConfigError, one line for each thing that is wrong: file, line, key, what is accepted.
 */
export function loadConfig(
  file: string | undefined,
  overrides: Overrides,
  env: NodeJS.ProcessEnv,
  { isServed = true }: { readonly isServed?: boolean } = {},
): LoadedConfig {
  const source = readSource(file)
  const { data, place, notes } = parseSource(source, env)
  const config = applyOverrides(data, overrides)
  if (isServed) {
    refuseOpenListeners(config)
    refuseIdleTokens(config, place)
  }
  return { config, folder: source.folder, place, file: source.name, notes }
}

interface Source {
  readonly name: string
  readonly text: string
  readonly folder: string
}

/** Found where no file is named, the first of them that is there. */
const usualNames = ['seekyou.yml', 'config.yml'] as const

function readSource(file: string | undefined): Source {
  for (const name of file === undefined ? usualNames : [file]) {
    const path = resolve(name)
    try {
      const source = { name, text: readFileSync(path, 'utf8'), folder: dirname(path) }
      // A config.yml may be anyone's; it is ours to read if it is what it looks like, or if it was named.
      if (file === undefined && name === 'config.yml' && !isGoCqhttp(source.text)) continue
      return source
    } catch (error) {
      const isAbsent = (error as NodeJS.ErrnoException).code === 'ENOENT'
      if (isAbsent && file === undefined) continue
      const reason = isAbsent ? 'there is no such file' : (error as Error).message
      throw new ConfigError([`${file ?? path}: the configuration cannot be read: ${reason}`])
    }
  }
  return { name: 'seekyou.yml', text: '', folder: process.cwd() }
}

type Parsed = ConfigText<Config> & { readonly notes: readonly string[] }

function parseSource(source: Source, env: NodeJS.ProcessEnv): Parsed {
  const { imported, place } = readForeign(source, env) ?? {}
  if (!imported || !place)
    return { ...parseConfigText(configSchema, source.text, { file: source.name, env }), notes: [] }
  const read = configSchema.safeParse(imported.data, { reportInput: true })
  if (read.success) return { data: read.data, place, notes: imported.notes }
  throw new ConfigError(read.error.issues.map((issue) => place(issue.path) + sentenceOf(issue)))
}

/** Reads a configuration of go-cqhttp or CQHTTP; `undefined` if it is one of our own. @throws ConfigError */
function readForeign(
  { name, text }: Pick<Source, 'name' | 'text'>,
  env: NodeJS.ProcessEnv,
): { readonly imported: ImportedConfig; readonly place: Parsed['place'] } | undefined {
  if (/\.(?:ini|cfg)$/i.test(name)) return placedByKey(fromCqhttp(readIni(text)), name)
  if (/\.json$/i.test(name)) {
    const keys = parseConfigText(z.record(z.string(), z.unknown()), text, {
      file: name,
      env,
      isExpandedText: true,
    }).data
    if (!('bots' in keys)) return placedByKey(fromCqhttp(readJsonKeys(keys)), name)
  }
  if (!isGoCqhttp(text)) return undefined
  const expanded = expandLikeGoCqhttp(text, env)
  const read = parseConfigText(goCqhttpSchema, expanded, { file: name, env, isExpandedText: true })
  const imported = fromGoCqhttp(read.data)
  const place = (path: readonly PropertyKey[]): string => {
    const [, , list, at] = path
    const origin = list === 'listen' || list === 'connect' ? imported.origins[list][Number(at)] : undefined
    return read.place(origin ?? [])
  }
  return { imported, place }
}

function placedByKey(imported: ImportedConfig, name: string) {
  return { imported, place: (path: readonly PropertyKey[]): string => `${name}: ${String(path.at(-1))}` }
}

function applyOverrides(config: Config, { host, port, dataDir, logLevel, token, strictStore }: Overrides): Config {
  const [first, ...others] = config.bots
  const [listen, ...listeners] = first!.listen
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
  const overridden = configSchema.safeParse(given, { reportInput: true })
  if (overridden.success) return overridden.data
  const flags: Readonly<Record<string, string>> = { host: '--host', port: '--port', log_level: '--log-level' }
  throw new ConfigError(
    overridden.error.issues.map(
      (issue) => (flags[String(issue.path.at(-1))] ?? issue.path.join('.')) + sentenceOf(issue),
    ),
  )
}

const loopback = /^(?:localhost|127(?:\.\d{1,3}){3}|::1)$/

/** Whoever reaches a listener can do anything with the account, so one that others can reach needs a token. */
function refuseOpenListeners(config: Config): void {
  for (const { listen } of config.bots) {
    for (const { host, socket, access_token } of listen) {
      if (socket !== undefined || loopback.test(host) || (access_token ?? config.defaults.access_token)) continue
      throw new ConfigError([
        `${host} can be reached from other machines, and no token is set: set SEEKYOU_TOKEN or defaults.access_token, ` +
          'or listen on 127.0.0.1',
      ])
    }
  }
}

/** Where a client that shows nothing may do everything, a token limits nobody; and the access token is none of them. */
function refuseIdleTokens(config: Config, place: Parsed['place']): void {
  const accessTokens = config.bots.flatMap(({ listen }) =>
    listen.map(({ access_token }) => access_token ?? config.defaults.access_token),
  )
  const problems = config.tokens.flatMap(({ secret }, index) => {
    if (secret === undefined) return []
    if (accessTokens.includes(secret)) {
      return [
        `${place(['tokens', index, 'secret'])} is the access token too, which may do everything; it takes another one`,
      ]
    }
    if (!accessTokens.includes('')) return []
    return [
      `${place(['tokens', index])} limits nobody while a listener asks for no token: set SEEKYOU_TOKEN or ` +
        'defaults.access_token, which is the token that may do everything',
    ]
  })
  if (problems.length > 0) throw new ConfigError(problems)
}
