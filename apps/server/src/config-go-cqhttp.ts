import { webhookOptions } from '@seekyou/transport-http'
import { reverseClientOptions } from '@seekyou/transport-ws'
import * as z from 'zod'
import { listenerOfOurOwn, noteOfListener, readListenAddress, said } from './config-import.ts'
import type { ImportedConfig } from './config-import.ts'
import type { Path } from './schema-path.ts'
import { similarName } from './similar-name.ts'

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
      url: orBlank(webhookOptions.unwrap().shape.url),
      secret: text,
      'max-retries': text,
      'retries-interval': text,
    }),
  ),
})
const reverse = z.looseObject({
  disabled: flag,
  universal: orBlank(reverseClientOptions.unwrap().shape.url),
  api: orBlank(reverseClientOptions.unwrap().shape.url),
  event: orBlank(reverseClientOptions.unwrap().shape.url),
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
    'ignore-invalid-cqcode': flag,
    'remove-reply-at': flag,
    'extra-reply-data': flag,
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

/** Says a configuration of go-cqhttp in the words of seekyou.yml. */
export function fromGoCqhttp(config: GoCqhttpConfig): ImportedConfig {
  const notes: string[] = []
  const listen: object[] = []
  const connect: object[] = []

  for (const [index, server] of config.servers.entries()) {
    const label = (kind: string) => `servers[${index}].${kind}`
    for (const kind of ['http', 'ws'] as const) {
      const options = server[kind]
      if (!options || options.disabled) continue
      const path = ['servers', index, kind] as const
      const at = readAddress(options, path)
      if (!at) {
        if (kind === 'ws') notes.push(`${label(kind)} has no address, so nothing listens for it`)
        continue
      }
      if (options.address === '') notes.push(`${label(kind)}: host and port are the old way of writing address`)
      listen.push(said({ ...at, ...timeoutOf(server.http, kind, path), ...linkOf(options.middlewares, path) }, path))
    }
    if (server.http && !server.http.disabled) {
      const path = ['servers', index, 'http'] as const
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
        const here = [...path, 'post', at]
        const { timeout } = server.http
        connect.push(
          said(
            {
              type: 'webhook',
              name: `post-${index}-${at}`,
              url: said(post.url, [...here, 'url']),
              ...(post.secret !== '' && { secret: said(post.secret, [...here, 'secret']) }),
              ...(timeout > 0 && { timeout: said(Math.max(timeout, 5), [...path, 'timeout']) }),
              ...linkOf(server.http.middlewares, path),
            },
            here,
          ),
        )
      }
    }
    const dialled = server['ws-reverse']
    if (dialled && !dialled.disabled) {
      const path = ['servers', index, 'ws-reverse'] as const
      const where = targetOf(dialled, path)
      if (where) {
        const seconds = dialled['reconnect-interval'] / 1000
        const interval = said(seconds, [...path, 'reconnect-interval'])
        connect.push(
          said(
            {
              type: 'reverse-ws',
              name: `ws-reverse-${index}`,
              ...where,
              ...(seconds > 0 && { reconnect_interval: interval }),
              ...(seconds > 60 && { reconnect_interval_max: interval }),
              ...linkOf(dialled.middlewares, path),
            },
            path,
          ),
        )
      } else notes.push(`${label('ws-reverse')} names no URL, so nothing is dialled`)
    }
    for (const kind of ['http', 'ws', 'ws-reverse'] as const) {
      const limit = server[kind]?.middlewares?.['rate-limit']
      if (!limit?.enabled || server[kind]?.disabled || !isIdle(limit)) continue
      notes.push(
        `${label(kind)}.middlewares.rate-limit limits nothing, as in go-cqhttp: frequency and bucket are not both set`,
      )
    }
    for (const kind of Object.keys(server)) {
      if (kind in withoutMeaning) notes.push(`${label(kind)}: ${withoutMeaning[kind]}`)
      else if (!['http', 'ws', 'ws-reverse'].includes(kind))
        notes.push(`${label(kind)}: there is no server of this kind`)
    }
  }
  if (listen.length === 0) {
    listen.push(listenerOfOurOwn)
    notes.push(noteOfListener)
  }

  const format = config.message?.['post-format'] ?? ''
  if (!['', 'string', 'array'].includes(format)) notes.push(`message.post-format: neither string nor array, so string`)
  notes.push(...notesOf(config))
  const level = logLevelOf(config.output?.['log-level'] ?? '')
  const timeout = config.message?.['http-timeout'] ?? 0
  const messageFormat = format === 'array' ? 'array' : 'string'
  return {
    data: {
      ...(level !== undefined && { log_level: said(level, ['output', 'log-level']) }),
      ...(timeout > 0 && { files: { timeout: said(timeout, ['message', 'http-timeout']) } }),
      defaults: {
        dialect: 'go-cqhttp',
        message_format: format === '' ? messageFormat : said(messageFormat, ['message', 'post-format']),
        ...(config.message?.['report-self-message'] && {
          report_self_message: said(true, ['message', 'report-self-message']),
        }),
        ...(config.message?.['extra-reply-data'] && {
          extra_reply_data: said(true, ['message', 'extra-reply-data']),
        }),
        ...(config.message?.['remove-reply-at'] && { remove_reply_at: said(true, ['message', 'remove-reply-at']) }),
      },
      bots: [{ backend: backendOf(config), heartbeat_interval: heartbeatOf(config), listen, connect }],
    },
    notes,
  }
}

function readAddress(
  options: { readonly address: string; readonly host: string; readonly port: number },
  path: Path,
): object | undefined {
  if (options.address !== '') {
    const read = readListenAddress(options.address)
    return (
      read && Object.fromEntries(Object.entries(read).map(([key, part]) => [key, said(part, [...path, 'address'])]))
    )
  }
  if (options.host === '' && options.port === 0) return undefined
  return {
    host: options.host === '' ? '0.0.0.0' : said(options.host, [...path, 'host']),
    port: said(options.port, [...path, 'port']),
  }
}

/** go-cqhttp gives a request five seconds at least. */
function timeoutOf(options: { timeout: number } | undefined, kind: 'http' | 'ws', path: Path): object {
  if (kind === 'ws' || !options || options.timeout <= 0) return {}
  return { request_timeout: said(Math.max(options.timeout, 5), [...path, 'timeout']) }
}

function linkOf(given: Middlewares, path: Path): object {
  const limit = given?.['rate-limit']
  const at = (...keys: readonly string[]): Path => [...path, 'middlewares', ...keys]
  return {
    ...(given?.['access-token'] && { access_token: said(given['access-token'], at('access-token')) }),
    ...(given?.filter && { filter: said(given.filter, at('filter')) }),
    ...(limit?.enabled &&
      !isIdle(limit) && {
        rate_limit: said(
          {
            frequency: said(limit.frequency, at('rate-limit', 'frequency')),
            bucket: said(limit.bucket, at('rate-limit', 'bucket')),
          },
          at('rate-limit'),
        ),
      }),
  }
}

/** Without one of its numbers go-cqhttp lets everyone pass. */
function isIdle({ frequency, bucket }: { readonly frequency: number; readonly bucket: number }): boolean {
  return frequency === 0 || bucket === 0
}

/** One socket for everything wins over two. */
function targetOf(
  { universal, api, event }: { universal: string; api: string; event: string },
  path: Path,
): object | undefined {
  if (universal !== '') return { url: said(universal, [...path, 'universal']) }
  const [calls, events] = [said(api, [...path, 'api']), said(event, [...path, 'event'])]
  if (api !== '' && event !== '') return { url: calls, api_url: calls, event_url: events }
  if (api !== '') return { url: calls, role: 'API' }
  if (event !== '') return { url: events, role: 'Event' }
  return undefined
}

/** There, what cannot be sent as what it is becomes its CQ code, or is left out. */
function backendOf({ message }: GoCqhttpConfig): object {
  const path = ['message', 'ignore-invalid-cqcode']
  return {
    type: 'sandbox',
    unsupported_segments: message?.['ignore-invalid-cqcode'] ? said('drop', path) : 'text',
  }
}

function heartbeatOf({ heartbeat }: GoCqhttpConfig): unknown {
  if (heartbeat?.disabled) return said(0, ['heartbeat', 'disabled'])
  if (!heartbeat?.interval) return 5
  return said(Math.max(heartbeat.interval, 0), ['heartbeat', 'interval'])
}

function logLevelOf(level: string): string | undefined {
  if (level === 'warning') return 'warn'
  if (level === 'panic') return 'fatal'
  return ['trace', 'debug', 'info', 'warn', 'error', 'fatal'].includes(level) ? level : undefined
}

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
  return [...[...reasons].map(([reason, keys]) => `${keys.join(', ')}: ${reason}`), ...misspelt(config)]
}

const keysOf = (section: string): readonly string[] =>
  Object.keys(withoutMeaning)
    .filter((name) => name.startsWith(`${section}.`))
    .map((name) => name.slice(section.length + 1))

const middlewareKeys = ['access-token', 'filter', 'rate-limit'] as const
const serverKeys = {
  http: ['disabled', 'address', 'host', 'port', 'version', 'timeout', 'long-polling', 'post', 'middlewares'],
  ws: ['disabled', 'address', 'host', 'port', 'middlewares'],
  'ws-reverse': ['disabled', 'universal', 'api', 'event', 'reconnect-interval', 'middlewares'],
} as const

/** go-cqhttp leaves unread what it does not know; whoever misspelt a key wants to know all the same. */
function misspelt(config: GoCqhttpConfig): string[] {
  const top = ['account', 'heartbeat', 'message', 'output', 'default-middlewares', 'servers', 'database']
  const message = [
    'post-format',
    'report-self-message',
    'http-timeout',
    'ignore-invalid-cqcode',
    'remove-reply-at',
    'extra-reply-data',
    ...keysOf('message'),
  ]
  const blocks: (readonly [name: string, keys: object | undefined, known: readonly string[]])[] = [
    ['', config, top],
    ['heartbeat', config.heartbeat, ['interval', 'disabled']],
    ['message', config.message, message],
    ['output', config.output, ['log-level', ...keysOf('output'), 'log-colorful']],
  ]
  for (const [index, server] of config.servers.entries()) {
    for (const kind of ['http', 'ws', 'ws-reverse'] as const) {
      const name = `servers[${index}].${kind}`
      blocks.push([name, server[kind], serverKeys[kind]])
      blocks.push([`${name}.middlewares`, server[kind]?.middlewares, middlewareKeys])
    }
  }
  return blocks.flatMap(([name, keys, known]) =>
    Object.keys(keys ?? {})
      .filter((key) => !known.includes(key))
      .flatMap((key) => {
        const meant = similarName(key, known)
        const label = name === '' ? key : `${name}.${key}`
        return meant === undefined
          ? []
          : [`${label} is not a key of go-cqhttp, so it is not read; did you mean ${meant}?`]
      }),
  )
}

function isOff(value: unknown): boolean {
  return value === '' || value === 'false' || value === false || (Array.isArray(value) && value.length === 0)
}
