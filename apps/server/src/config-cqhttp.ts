import type { Problem } from './config-error.ts'
import { listenerOfOurOwn, noteOfListener, said } from './config-import.ts'
import type { ImportedConfig } from './config-import.ts'
import { createConfigSource } from './config-source.ts'
import type { Range } from './config-source.ts'
import { ConfigError } from './config-error.ts'
import type { ConfigPlaces } from './config-text.ts'
import { pathText } from './schema-path.ts'
import { similarName } from './similar-name.ts'
import type { Path } from './schema-path.ts'

/*
 * The config.ini, config.cfg and config.json of CQHTTP: flat keys, in sections that are called `general` or by the
 * number of an account, which wins.
 */

/** The keys of a configuration of CQHTTP, each with its value as text and its place. */
export type CqhttpKeys = ReadonlyMap<string, { readonly text: string; readonly path: Path }>

type Sections = ReadonlyMap<string, CqhttpKeys>

interface CqhttpText {
  readonly keys: CqhttpKeys
  readonly notes: readonly string[]
}

/** Reads INI: sections, `key=value`, comments that begin with `;` or `#`. @throws ConfigError for any other line. */
export function readIni(original: string, file: string): CqhttpText & { readonly places: ConfigPlaces } {
  const { source } = createConfigSource(file, original)
  const sections = new Map<string, Map<string, { readonly text: string; readonly path: Path }>>()
  const ranges = new Map<string, { readonly key: Range; readonly value: Range }>()
  const problems: Problem[] = []
  let section = 'general'
  for (const { 0: line, index } of original.matchAll(/[^\r\n]+/g)) {
    const trimmed = line.replace(/^\uFEFF/, '').trim()
    if (trimmed === '' || /^[;#]/.test(trimmed)) continue
    const start = index + line.indexOf(trimmed)
    const name = /^\[([^\]]*)\]$/.exec(trimmed)?.[1]
    if (name !== undefined) {
      section = name.trim()
      continue
    }
    const at = trimmed.indexOf('=')
    if (at < 1) {
      problems.push(source.problem([start, start + trimmed.length], 'this line is neither [section] nor key=value'))
      continue
    }
    const key = trimmed.slice(0, at).trim()
    const text = trimmed.slice(at + 1).trim()
    const path = [section, key]
    const end = start + trimmed.length
    ranges.set(pathText(path), { key: [start, start + key.length], value: [end - text.length, end] })
    sections.set(section, (sections.get(section) ?? new Map()).set(key, { text, path }))
  }
  if (problems.length > 0) throw new ConfigError(problems)
  const rangeOf = (path: Path) => ranges.get(pathText(path)) ?? { key: [0, 0] as const, value: [0, 0] as const }
  const places: ConfigPlaces = {
    place(path) {
      const { at } = source.problem(rangeOf(path).key, '')
      return `${at!.file}:${at!.line}:${at!.column}: ${String(path.at(-1))}`
    },
    problem: (path, sentence) => source.problem(rangeOf(path).value, String(path.at(-1) ?? '') + sentence),
    origin: (path) => `${file}:${source.lineOf(rangeOf(path).key[0])}`,
  }
  return { ...merge(sections), places }
}

/** Takes the keys of a JSON configuration, with sections or without. */
export function readJsonKeys(value: Readonly<Record<string, unknown>>): CqhttpText {
  const texts = (keys: object, path: Path): CqhttpKeys =>
    new Map(
      Object.entries(keys)
        .filter(([, inner]) => typeof inner === 'string')
        .map(([key, inner]) => [key, { text: inner as string, path: [...path, key] }]),
    )
  const sections = Object.entries(value)
    .filter(([, inner]) => typeof inner === 'object' && inner !== null && !Array.isArray(inner))
    .map(([name, inner]) => [name, texts(inner as object, [name])] as const)
  return merge(new Map([['', texts(value, [])], ...sections]))
}

function merge(sections: Sections): CqhttpText {
  const isAccount = (name: string) => /^\d+$/.test(name)
  const [account, ...others] = [...sections.keys()].filter(isAccount)
  const general = [...sections].filter(([name]) => !isAccount(name)).map(([, keys]) => keys)
  const own = account === undefined ? [] : [sections.get(account)!]
  return {
    keys: new Map([...general, ...own].flatMap((keys) => [...keys])),
    notes: others.map((name) => `[${name}] is for another account; of several, the first is served: [${account}]`),
  }
}

/** Says a configuration of CQHTTP in the words of seekyou.yml. */
export function fromCqhttp(
  keys: CqhttpKeys,
  { places, notes: before }: { readonly places: ConfigPlaces; readonly notes: readonly string[] },
): ImportedConfig {
  const notes: string[] = [...before]
  const problems: Problem[] = []
  const text = (key: string): string => keys.get(key)?.text ?? ''
  const refuse = (key: string, accepted: string): void => {
    const { path } = keys.get(key)!
    problems.push(places.problem(path, ` takes ${accepted}, not ${JSON.stringify(text(key).slice(0, 80))}`))
  }
  /** A value as it came from a key, or what stands for it where there is none. */
  const from = (key: string, value: unknown): unknown => {
    const origin = keys.get(key)
    return origin && origin.text !== '' ? said(value, origin.path) : value
  }
  const isOn = (key: string, otherwise: boolean): boolean => {
    if (text(key) === '') return otherwise
    if (/^(?:true|yes|on|1)$/i.test(text(key))) return true
    if (!/^(?:false|no|off|0)$/i.test(text(key))) refuse(key, 'true or false')
    return false
  }
  const count = (key: string, otherwise: number): number => {
    if (text(key) === '') return otherwise
    if (/^\d+(?:\.\d+)?$/.test(text(key))) return Number(text(key))
    refuse(key, 'a number of at least 0')
    return otherwise
  }
  const port = (key: string, otherwise: number): unknown => {
    if (text(key) === '') return otherwise
    if (!/^\d{1,5}$/.test(text(key)) || Number(text(key)) > 65_535) refuse(key, 'a port number from 0 to 65535')
    return from(key, Number(text(key)))
  }

  const isSecondGeneration = keys.has('token') && !keys.has('access_token')
  const token = text('access_token') === '' ? 'token' : 'access_token'
  const host = (key: string): unknown => {
    const given = text(key).replaceAll(/[[\]]/g, '')
    if (given === '') notes.push(`${key} is not set: CQHTTP would listen on every network, here it is 127.0.0.1`)
    return from(key, given || '127.0.0.1')
  }
  const ofLink = text('event_filter') === '' ? {} : { filter: from('event_filter', text('event_filter')) }

  const listen: object[] = []
  const connect: object[] = []
  if (isOn('use_http', true)) {
    const files = text('serve_data_files') === '' ? 'serve_data_file' : 'serve_data_files'
    listen.push({
      host: host('host'),
      port: port('port', 5700),
      ...ofLink,
      ...(isOn(files, false) && { data_files: from(files, './data') }),
    })
  }
  if (isOn('use_ws', false)) listen.push({ host: host('ws_host'), port: port('ws_port', 6700), ...ofLink })
  if (text('post_url') !== '') {
    const timeout = count('post_timeout', 0)
    connect.push({
      type: 'webhook',
      name: 'post',
      url: from('post_url', text('post_url')),
      ...(text('secret') !== '' && { secret: from('secret', text('secret')) }),
      ...(timeout > 0 && { timeout: from('post_timeout', timeout) }),
      ...ofLink,
    })
  }
  // CQHTTP makes two unless it is told otherwise; most of today's bots take one connection of a bot, for everything.
  const isForBoth = text('ws_reverse_api_url') === '' && text('ws_reverse_event_url') === ''
  const dialled = isOn('use_ws_reverse', false)
    ? targetOf(from, text, isOn('ws_reverse_use_universal_client', isForBoth))
    : {}
  if ('url' in dialled) {
    const interval = count('ws_reverse_reconnect_interval', 3000) / 1000 || 3
    connect.push({
      type: 'reverse-ws',
      name: 'ws-reverse',
      ...dialled,
      reconnect_interval: from('ws_reverse_reconnect_interval', interval),
      ...(interval > 60 && { reconnect_interval_max: from('ws_reverse_reconnect_interval', interval) }),
      ...ofLink,
    })
  }
  if (listen.length === 0) {
    listen.push(listenerOfOurOwn)
    notes.push(noteOfListener)
  }
  for (const [key, reason] of Object.entries(withoutMeaning)) if (text(key) !== '') notes.push(`${key}: ${reason}`)
  for (const [key, reason] of Object.entries(alwaysOn)) if (!isOn(key, true)) notes.push(`${key}: ${reason}`)
  for (const key of keys.keys()) {
    const meant = knownKeys.includes(key) ? undefined : similarName(key, knownKeys)
    if (meant !== undefined) notes.push(`${key} is not a key of CQHTTP, so it is not read; did you mean ${meant}?`)
  }
  const level = logLevels[text('log_level')]
  if (text('log_level') !== '' && level === undefined) refuse('log_level', 'one of debug, info, warning, error, fatal')
  const format = text('post_message_format')
  if (!['', 'string', 'array'].includes(format)) notes.push('post_message_format: neither string nor array, so string')
  const heartbeat = isOn('enable_heartbeat', false)
    ? from('heartbeat_interval', count('heartbeat_interval', 15_000) / 1000)
    : from('enable_heartbeat', 0)
  return {
    data: {
      ...(level !== undefined && { log_level: from('log_level', level) }),
      defaults: {
        ...(text(token) !== '' && { access_token: from(token, text(token)) }),
        dialect: isSecondGeneration ? from('token', 'cqhttp-2') : 'cqhttp-4',
        message_format: from('post_message_format', format === 'array' ? 'array' : 'string'),
      },
      bots: [
        {
          heartbeat_interval: heartbeat,
          ...(text('rate_limit_interval') !== '' && {
            rate_limit_interval: from('rate_limit_interval', count('rate_limit_interval', 500) / 1000),
          }),
          listen,
          connect,
        },
      ],
    },
    notes,
    problems,
  }
}

const logLevels: Readonly<Record<string, string>> = {
  debug: 'debug',
  info: 'info',
  warning: 'warn',
  error: 'error',
  fatal: 'fatal',
}

/** Two sockets, each at its own URL or at the one for both, unless one for everything is asked for. */
function targetOf(
  from: (key: string, value: unknown) => unknown,
  text: (key: string) => string,
  isUniversal: boolean,
): object {
  const [url, api, event] = (['url', 'api_url', 'event_url'] as const).map((key) => {
    const own = `ws_reverse_${key}`
    const named = text(own) === '' ? 'ws_reverse_url' : own
    return text(named) === '' ? undefined : from(named, text(named))
  })
  if (isUniversal) return url === undefined ? {} : { url }
  if (api !== undefined && event !== undefined) return { url: api, api_url: api, event_url: event }
  if (api !== undefined) return { url: api, role: 'API' }
  return event === undefined ? {} : { url: event, role: 'Event' }
}

const ofNode = 'this program needs no pool of threads'
const ofCoolq = 'there is no CoolQ whose windows, logs and updates it would be about'

const withoutMeaning: Readonly<Record<string, string>> = {
  pattern: 'write it as an event filter: { raw_message: { .regex: … } }',
  enable_cors: 'name the origins of your pages in allowed_origins of the listener',
  enable_backward_compatibility: 'the dialect cqhttp-2 is the one for programs of that time',
  convert_unicode_emoji: 'text is Unicode from end to end',
  online_status_detection_method: 'the backend knows whether it is online',
  thread_pool_size: ofNode,
  server_thread_pool_size: ofNode,
  use_extension: ofCoolq,
  auto_check_update: ofCoolq,
  auto_perform_update: ofCoolq,
  update_source: ofCoolq,
  update_channel: ofCoolq,
  show_log_console: ofCoolq,
  max_log_file_size: ofCoolq,
  max_log_files: ofCoolq,
  disable_coolq_log: ofCoolq,
}

/** What CQHTTP can be told not to do, and is done here. */
const alwaysOn: Readonly<Record<string, string>> = {
  ws_reverse_reconnect_on_code_1000: 'a bot is dialled again whatever code it closes with',
  enable_rate_limited_actions: 'they can be called in any case',
}

const knownKeys: readonly string[] = [
  'host',
  'port',
  'use_http',
  'ws_host',
  'ws_port',
  'use_ws',
  'use_ws_reverse',
  'ws_reverse_url',
  'ws_reverse_api_url',
  'ws_reverse_event_url',
  'ws_reverse_use_universal_client',
  'ws_reverse_reconnect_interval',
  'post_url',
  'post_timeout',
  'token',
  'access_token',
  'secret',
  'post_message_format',
  'serve_data_file',
  'serve_data_files',
  'event_filter',
  'enable_heartbeat',
  'heartbeat_interval',
  'rate_limit_interval',
  'log_level',
  ...Object.keys(withoutMeaning),
  ...Object.keys(alwaysOn),
]
