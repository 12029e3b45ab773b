import { webhookOptions } from '@seekyou/transport-http'
import { reverseClientOptions } from '@seekyou/transport-ws'
import * as z from 'zod'
import { listenerOfOurOwn, noteOfListener, readListenAddress } from './config-import.ts'
import type { ImportedConfig } from './config-import.ts'

/*
 * The config.yml of go-cqhttp, as its template has it. Every scalar comes as the text that stands there, since
 * go-cqhttp, too, reads `access-token: 0123` as four characters. Keys that it does not know it leaves unread, and so
 * do we.
 */

/** A key with nothing after it is one that is not there. */
const blankIsAbsent = (value: unknown): unknown => (value === '' ? undefined : value)

const block = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z.preprocess(blankIsAbsent, z.looseObject(shape).optional())
const list = <Item extends z.ZodType>(item: Item) => z.preprocess(blankIsAbsent, z.array(item).default([]))
const text = z.string({ error: 'text' }).default('')
const flag = z
  .string({ error: 'true or false' })
  .regex(/^(?:true|false|yes|no|on|off|y|n|)$/i, { error: 'true or false' })
  .transform((value) => /^(?:true|yes|on|y)$/i.test(value))
  .default(false)
const number = z
  .string({ error: 'a number' })
  .regex(/^[+-]?(?:\d[\d_]*)?(?:\.\d+)?$/, { error: 'a number' })
  .transform((value) => Number(value.replaceAll('_', '')))
  .default(0)
const address = z
  .string({ error: 'host:port or unix:///path' })
  .refine((value) => value === '' || readListenAddress(value) !== undefined, {
    error: 'an address such as 127.0.0.1:5700, :5700, tcp4://127.0.0.1:5700 or unix:///run/bot.sock',
  })
  .default('')
const port = number.refine((value) => Number.isInteger(value) && value >= 0 && value <= 65_535, {
  error: 'a port number from 0 to 65535',
})
const orBlank = <Url extends z.ZodType>(url: Url) => z.union([z.literal(''), url], { error: urlError(url) }).default('')

function urlError(url: z.ZodType): string {
  const result = url.safeParse('')
  return result.success ? 'a URL' : (result.error.issues[0]?.message ?? 'a URL')
}

const middlewares = block({
  'access-token': text,
  filter: text,
  'rate-limit': block({ enabled: flag, frequency: number, bucket: number }),
})
type Middlewares = z.output<typeof middlewares>

const listening = { disabled: flag, address, host: text, port, middlewares }
const http = z.looseObject({
  ...listening,
  version: text,
  timeout: number,
  'long-polling': block({ enabled: flag, 'max-queue-size': number }),
  post: list(
    z.looseObject({
      url: orBlank(webhookOptions.shape.url),
      secret: text,
      'max-retries': text,
      'retries-interval': text,
    }),
  ),
})
const reverse = z.looseObject({
  disabled: flag,
  universal: orBlank(reverseClientOptions.shape.url),
  api: orBlank(reverseClientOptions.shape.url),
  event: orBlank(reverseClientOptions.shape.url),
  'reconnect-interval': number,
  middlewares,
})

/** What go-cqhttp reads of its config.yml. */
export const goCqhttpSchema = z.looseObject({
  account: block({}),
  heartbeat: block({ interval: number, disabled: flag }),
  message: block({
    'post-format': text,
    'report-self-message': flag,
    'http-timeout': number,
  }),
  output: block({ 'log-level': text }),
  servers: list(
    z.looseObject({
      http: http.optional(),
      ws: z.looseObject(listening).optional(),
      'ws-reverse': reverse.optional(),
    }),
  ),
})
type GoCqhttpConfig = z.output<typeof goCqhttpSchema>

/** Whether a text is a configuration of go-cqhttp, by the blocks that it alone has. */
export function isGoCqhttp(source: string): boolean {
  return /^(?:servers|default-middlewares|account):/m.test(source) && !/^bots:/m.test(source)
}

/** Fills in the environment as go-cqhttp does: what it does not understand stays as it is, what is not set is empty. */
export function expandLikeGoCqhttp(source: string, env: Readonly<Record<string, string | undefined>>): string {
  return source.replace(
    /\$\{([A-Za-z_]\w*)(?::([\w:/.]*))?\}/g,
    (_, name: string, fallback: string | undefined) => env[name] || (fallback ?? ''),
  )
}

/** Says a configuration of go-cqhttp in the words of seekyou.yml. */
export function fromGoCqhttp(config: GoCqhttpConfig): ImportedConfig {
  const notes: string[] = []
  const listen: object[] = []
  const connect: object[] = []
  const origins: { listen: PropertyKey[][]; connect: PropertyKey[][] } = { listen: [], connect: [] }

  for (const [index, server] of config.servers.entries()) {
    const label = (kind: string) => `servers[${index}].${kind}`
    for (const kind of ['http', 'ws'] as const) {
      const options = server[kind]
      if (!options || options.disabled) continue
      const at = readAddress(options)
      if (!at) {
        if (kind === 'ws') notes.push(`${label(kind)} has no address, so nothing listens for it`)
        continue
      }
      if (options.address === '') notes.push(`${label(kind)}: host and port are the old way of writing address`)
      listen.push({ ...at, ...timeoutOf(server.http, kind), ...linkOf(options.middlewares) })
      origins.listen.push(['servers', index, kind])
    }
    if (server.http && !server.http.disabled) {
      if (server.http.version === '12') notes.push(`${label('http')}.version: OneBot 12 is not spoken; 11 is`)
      if (server.http['long-polling']?.['max-queue-size']) {
        notes.push(
          `${label('http')}.long-polling.max-queue-size: events wait in the journal, whose bounds are store.journal`,
        )
      }
      for (const [at, post] of server.http.post.entries()) {
        if (post.url === '') continue
        if (post['max-retries'] || post['retries-interval']) {
          notes.push(
            `${label('http')}.post[${at}].max-retries and retries-interval: a post that fails is tried again until it is taken`,
          )
        }
        connect.push({
          type: 'webhook',
          name: `post-${index}-${at}`,
          url: post.url,
          ...(post.secret !== '' && { secret: post.secret }),
          ...(server.http.timeout > 0 && { timeout: Math.max(server.http.timeout, 5) }),
          ...linkOf(server.http.middlewares),
        })
        origins.connect.push(['servers', index, 'http', 'post', at])
      }
    }
    const dialled = server['ws-reverse']
    if (dialled && !dialled.disabled) {
      const where = targetOf(dialled)
      if (where) {
        const seconds = dialled['reconnect-interval'] / 1000
        connect.push({
          type: 'reverse-ws',
          name: `ws-reverse-${index}`,
          ...where,
          ...(seconds > 0 && { reconnect_interval: seconds }),
          ...(seconds > 60 && { reconnect_interval_max: seconds }),
          ...linkOf(dialled.middlewares),
        })
        origins.connect.push(['servers', index, 'ws-reverse'])
      } else notes.push(`${label('ws-reverse')} names no URL, so nothing is dialled`)
    }
    for (const kind of Object.keys(server)) {
      if (kind in withoutMeaning) notes.push(`${label(kind)}: ${withoutMeaning[kind]}`)
      else if (!['http', 'ws', 'ws-reverse'].includes(kind))
        notes.push(`${label(kind)}: there is no server of this kind`)
    }
  }
  if (listen.length === 0) {
    listen.push(listenerOfOurOwn)
    origins.listen.push(['servers'])
    notes.push(noteOfListener)
  }

  const format = config.message?.['post-format'] ?? ''
  if (!['', 'string', 'array'].includes(format)) notes.push(`message.post-format: neither string nor array, so string`)
  notes.push(...notesOf(config))
  const level = logLevelOf(config.output?.['log-level'] ?? '')
  const timeout = config.message?.['http-timeout'] ?? 0
  return {
    data: {
      ...(level !== undefined && { log_level: level }),
      ...(timeout > 0 && { files: { timeout } }),
      defaults: {
        dialect: 'go-cqhttp',
        message_format: format === 'array' ? 'array' : 'string',
        ...(config.message?.['report-self-message'] && { report_self_message: true }),
      },
      bots: [{ heartbeat_interval: heartbeatOf(config), listen, connect }],
    },
    notes,
    origins,
  }
}

function readAddress(options: { readonly address: string; readonly host: string; readonly port: number }) {
  if (options.address !== '') return readListenAddress(options.address)
  if (options.host === '' && options.port === 0) return undefined
  return { host: options.host || '0.0.0.0', port: options.port }
}

/** go-cqhttp gives a request five seconds at least. */
function timeoutOf(options: { timeout: number } | undefined, kind: 'http' | 'ws'): object {
  if (kind === 'ws' || !options || options.timeout <= 0) return {}
  return { request_timeout: Math.max(options.timeout, 5) }
}

function linkOf(given: Middlewares): object {
  const limit = given?.['rate-limit']
  return {
    ...(given?.['access-token'] && { access_token: given['access-token'] }),
    ...(given?.filter && { filter: given.filter }),
    ...(limit?.enabled && { rate_limit: { frequency: limit.frequency || 1, bucket: limit.bucket || 1 } }),
  }
}

/** One socket for everything wins over two. */
function targetOf({ universal, api, event }: { universal: string; api: string; event: string }): object | undefined {
  if (universal !== '') return { url: universal }
  if (api !== '' && event !== '') return { url: api, api_url: api, event_url: event }
  if (api !== '') return { url: api, role: 'API' }
  if (event !== '') return { url: event, role: 'Event' }
  return undefined
}

function heartbeatOf({ heartbeat }: GoCqhttpConfig): number {
  if (heartbeat?.disabled || (heartbeat?.interval ?? 0) < 0) return 0
  return heartbeat?.interval || 5
}

function logLevelOf(level: string): string | undefined {
  if (level === 'warning') return 'warn'
  if (level === 'panic') return 'fatal'
  return ['trace', 'debug', 'info', 'warn', 'error', 'fatal'].includes(level) ? level : undefined
}

const notDoneHere = 'not done here yet; messages are told and sent as they are'
const ofQq = 'this server does not log in to QQ'

/** Keys of go-cqhttp that say nothing here, and why. */
const withoutMeaning: Readonly<Record<string, string>> = {
  'account.uin': 'the world of the sandbox decides the number of the bot',
  'account.password': ofQq,
  'account.encrypt': ofQq,
  'account.status': ofQq,
  'account.relogin': ofQq,
  'account.use-sso-address': ofQq,
  'account.sign-servers': ofQq,
  'account.sign-server': ofQq,
  'account.allow-temp-session': 'the backend decides who can be written to',
  'message.ignore-invalid-cqcode': notDoneHere,
  'message.remove-reply-at': notDoneHere,
  'message.extra-reply-data': notDoneHere,
  'message.force-fragment': 'a message is sent in one piece',
  'message.fix-url': 'no text is taken apart here, so no address in it needs help',
  'message.proxy-rewrite': 'downloads go straight to their addresses',
  'message.convert-webp-image': 'images are stored as they come',
  'message.skip-mime-scan': 'what a file is decides its content',
  'output.log-aging': 'the log goes to standard output; who collects it decides how long it is kept',
  'output.log-force-new': 'the log goes to standard output',
  'output.debug': 'the level of the log is output.log-level',
  database: 'messages are in SQLite under data_dir; how many is store.messages',
  lambda: 'functions of clouds are not served',
  pprof: 'Node has tools of its own for that: --inspect, --cpu-prof',
}

/** What is set and has no meaning here; what is switched off in go-cqhttp's own template is not worth a word. */
function notesOf(config: GoCqhttpConfig): string[] {
  const blocks: Readonly<Record<string, Readonly<Record<string, unknown>> | undefined>> = {
    account: config.account,
    message: config.message,
    output: config.output,
  }
  const set = Object.entries(blocks).flatMap(([name, keys]) =>
    Object.entries(keys ?? {}).flatMap(([key, value]) => (isOff(value) ? [] : [`${name}.${key}`])),
  )
  if ('database' in config && !isOff(config['database'])) set.push('database')
  const reasons = Map.groupBy(
    set.filter((key) => key in withoutMeaning),
    (key) => withoutMeaning[key],
  )
  return [...reasons].map(([reason, keys]) => `${keys.join(', ')}: ${reason}`)
}

function isOff(value: unknown): boolean {
  return value === '' || value === 'false' || value === false || (Array.isArray(value) && value.length === 0)
}
