import { listenerOfOurOwn, noteOfListener } from './config-import.ts'
import type { ImportedConfig } from './config-import.ts'

/*
 * The config.ini, config.cfg and config.json of CQHTTP: flat keys, in sections that are called `general` or by the
 * number of an account, which wins.
 */

/** The keys of a configuration of CQHTTP, each with its value as text. */
export type CqhttpKeys = ReadonlyMap<string, string>

/** Reads INI: sections, `key=value`, comments that begin with `;` or `#`. */
export function readIni(source: string): CqhttpKeys {
  const sections = new Map<string, Map<string, string>>()
  let section = 'general'
  for (const line of source.replace(/^\uFEFF/, '').split(/\r?\n/)) {
    const trimmed = line.trim()
    if (trimmed === '' || /^[;#]/.test(trimmed)) continue
    const name = /^\[([^\]]*)\]$/.exec(trimmed)?.[1]
    if (name !== undefined) {
      section = name.trim()
      continue
    }
    const at = trimmed.indexOf('=')
    if (at < 1) continue
    const keys = sections.get(section) ?? new Map<string, string>()
    sections.set(section, keys.set(trimmed.slice(0, at).trim(), trimmed.slice(at + 1).trim()))
  }
  return merge([...sections])
}

/** Reads the keys of a JSON configuration, with sections or without. */
export function readJsonKeys(value: Readonly<Record<string, unknown>>): CqhttpKeys {
  const texts = (keys: object) =>
    new Map(
      Object.entries(keys)
        .filter(([, inner]) => ['string', 'number', 'boolean'].includes(typeof inner))
        .map(([key, inner]) => [key, String(inner)]),
    )
  const sections = Object.entries(value)
    .filter(([, inner]) => typeof inner === 'object' && inner !== null)
    .map(([name, inner]): [string, Map<string, string>] => [name, texts(inner as object)])
  return merge([['general', texts(value)], ...sections])
}

function merge(sections: readonly (readonly [string, CqhttpKeys])[]): CqhttpKeys {
  const ofAccounts = sections.filter(([name]) => /^\d+$/.test(name)).slice(0, 1)
  const general = sections.filter(([name]) => !/^\d+$/.test(name))
  return new Map([...general, ...ofAccounts].flatMap(([, keys]) => [...keys]))
}

/** Says a configuration of CQHTTP in the words of seekyou.yml. */
export function fromCqhttp(keys: CqhttpKeys): ImportedConfig {
  const notes: string[] = []
  const text = (key: string): string => keys.get(key) ?? ''
  const isOn = (key: string, otherwise: boolean): boolean =>
    text(key) === '' ? otherwise : /^(?:true|yes|on|1)$/i.test(text(key))
  const count = (key: string, otherwise: number): number =>
    /^\d+(?:\.\d+)?$/.test(text(key)) ? Number(text(key)) : otherwise

  const isSecondGeneration = keys.has('token') && !keys.has('access_token')
  const token = text('access_token') || text('token')
  const host = (key: string): string => {
    const given = text(key).replaceAll(/[[\]]/g, '')
    if (given === '') notes.push(`${key} is not set: CQHTTP would listen on every network, here it is 127.0.0.1`)
    return given || '127.0.0.1'
  }
  const ofLink = text('event_filter') === '' ? {} : { filter: text('event_filter') }

  const listen: object[] = []
  const connect: object[] = []
  if (isOn('use_http', true)) {
    listen.push({
      host: host('host'),
      port: count('port', 5700),
      ...ofLink,
      ...(isOn('serve_data_files', isOn('serve_data_file', false)) && { data_files: './data' }),
    })
  }
  if (isOn('use_ws', false)) listen.push({ host: host('ws_host'), port: count('ws_port', 6700), ...ofLink })
  if (text('post_url') !== '') {
    connect.push({
      type: 'webhook',
      name: 'post',
      url: text('post_url'),
      ...(text('secret') !== '' && { secret: text('secret') }),
      ...(count('post_timeout', 0) > 0 && { timeout: count('post_timeout', 0) }),
      ...ofLink,
    })
  }
  const dialled = isOn('use_ws_reverse', false) ? targetOf(text, isOn('ws_reverse_use_universal_client', false)) : {}
  if ('url' in dialled) {
    const interval = count('ws_reverse_reconnect_interval', 3000) / 1000
    connect.push({ type: 'reverse-ws', name: 'ws-reverse', ...dialled, reconnect_interval: interval || 3, ...ofLink })
  }
  if (listen.length === 0) {
    listen.push(listenerOfOurOwn)
    notes.push(noteOfListener)
  }
  for (const [key, reason] of Object.entries(withoutMeaning)) if (text(key) !== '') notes.push(`${key}: ${reason}`)
  const level = text('log_level')
  return {
    data: {
      ...(['debug', 'info', 'error', 'fatal'].includes(level) && { log_level: level }),
      ...(level === 'warning' && { log_level: 'warn' }),
      defaults: {
        ...(token !== '' && { access_token: token }),
        dialect: isSecondGeneration ? 'cqhttp-2' : 'default',
        message_format: text('post_message_format') === 'array' ? 'array' : 'string',
      },
      bots: [
        {
          heartbeat_interval: isOn('enable_heartbeat', false) ? count('heartbeat_interval', 15_000) / 1000 : 0,
          ...(keys.has('rate_limit_interval') && { rate_limit_interval: count('rate_limit_interval', 500) / 1000 }),
          listen,
          connect,
        },
      ],
    },
    notes,
    origins: { listen: [], connect: [] },
  }
}

/** Two sockets, each at its own URL or at the one for both, unless one for everything is asked for. */
function targetOf(text: (key: string) => string, isUniversal: boolean): object {
  const url = text('ws_reverse_url')
  if (isUniversal) return url === '' ? {} : { url }
  const [api, event] = [text('ws_reverse_api_url') || url, text('ws_reverse_event_url') || url]
  if (api !== '' && event !== '') return { url: api, api_url: api, event_url: event }
  if (api !== '') return { url: api, role: 'API' }
  return event === '' ? {} : { url: event, role: 'Event' }
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
