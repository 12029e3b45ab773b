import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { bridgeOptions, requireUpstream } from '@seekyou/backend-onebot'
import { sandboxOptions } from '@seekyou/backend-sandbox'
import { fileSourceOptions } from '@seekyou/file-source'
import { accountOptions, linkOptions } from '@seekyou/hub'
import { storeOptions } from '@seekyou/store'
import { httpServerOptions, webhookOptions } from '@seekyou/transport-http'
import { forwardServerOptions, reverseClientOptions } from '@seekyou/transport-ws'
import * as z from 'zod'
import { ConfigError } from './config-error.ts'
import type { ConfigFile } from './config-file.ts'
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

const connection = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('webhook'), ...webhookOptions.shape, ...linkOverrides.shape, filter }),
  z.strictObject({ type: z.literal('reverse-ws'), ...reverseClientOptions.shape, ...linkOverrides.shape, filter }),
])

/** Under its name a link's place in the events is remembered: two of one name would take them from each other. */
function refuseSharedNames(links: readonly { readonly name: string }[], context: z.RefinementCtx): void {
  const names = links.map(({ name }) => name)
  for (const [index, name] of names.entries()) {
    if (names.indexOf(name) === index) continue
    context.addIssue({ code: 'custom', path: [index, 'name'], message: 'a name that no other link has', input: name })
  }
}

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
 * Reads the configuration: the file if one is named or `seekyou.yml` is there, then the overrides.
 * @throws ConfigError, one line for each thing that is wrong: file, line, key, what is accepted.
 */
export async function loadConfig(
  file: string | undefined,
  overrides: Overrides,
  env: NodeJS.ProcessEnv,
): Promise<LoadedConfig> {
  const source = await readSource(file)
  const { data, place, notes } = source ? await parseSource(source, env) : nothingSaid
  const config = await applyOverrides(data, overrides)
  refuseOpenListeners(config)
  return { config, folder: source?.folder ?? process.cwd(), place, file: source?.name ?? usualNames[0], notes }
}

/** Found where no file is named, the first of them that is there. */
const usualNames = ['seekyou.yml', 'config.yml'] as const

async function readSource(file: string | undefined): Promise<ConfigFile | undefined> {
  for (const name of file === undefined ? usualNames : [file]) {
    const path = resolve(name)
    try {
      const source = { name, text: readFileSync(path, 'utf8'), folder: dirname(path) }
      // A config.yml may be anyone's; it is ours to read if it is what it looks like, or if it was named.
      if (file === undefined && name === 'config.yml') {
        const { isGoCqhttp } = await import('./config-go-cqhttp.ts')
        if (!isGoCqhttp(source.text)) continue
      }
      return source
    } catch (error) {
      const isAbsent = (error as NodeJS.ErrnoException).code === 'ENOENT'
      if (isAbsent && file === undefined) continue
      const reason = isAbsent ? 'there is no such file' : (error as Error).message
      throw new ConfigError([`${file ?? path}: the configuration cannot be read: ${reason}`])
    }
  }
  return undefined
}

type Parsed = Pick<LoadedConfig, 'place' | 'notes'> & { readonly data: z.input<typeof configSchema> }

const nothingSaid: Parsed = { data: {}, place: () => usualNames[0], notes: [] }

/** What reads YAML, and the configurations of others, is loaded where there is a file. */
async function parseSource(source: ConfigFile, env: NodeJS.ProcessEnv): Promise<Parsed> {
  const { parseConfigFile } = await import('./config-file.ts')
  return parseConfigFile(source, configSchema, env)
}

async function applyOverrides(
  config: z.input<typeof configSchema>,
  { host, port, dataDir, logLevel, token, strictStore }: Overrides,
): Promise<Config> {
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
  // It is read once, which is not worth the code that zod would write for it.
  const overridden = configSchema.safeParse(given, { reportInput: true, jitless: true })
  if (overridden.success) return overridden.data
  const { sentenceOf } = await import('./config-text.ts')
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
