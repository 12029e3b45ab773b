/** The tables of dialects as Markdown, for the README: what each answers, and which events it tells. */
import { ActionFailure, answer, dialects, handshakeHeaders, networkEvent, metaEvent } from '@seekyou/protocol'
import { toWireEvent, userId, webhookHeaders } from '@seekyou/protocol'
import type { Dialect, FailureKind } from '@seekyou/protocol'
import { messages, metas, notices, requests } from './event-examples.ts'

const marks = ['<!-- dialects -->', '<!-- /dialects -->'] as const

/** The text with what stands between its marks replaced by the tables. */
export function withDialectTables(text: string): string {
  const [start, end] = marks
  const tables = [table('', answers), table('Event', events)].join('\n\n')
  return `${text.slice(0, text.indexOf(start))}${start}\n\n${tables}\n\n${text.slice(text.indexOf(end))}`
}

type Rows = readonly (readonly [label: string, cell: (dialect: Dialect) => string])[]

function table(corner: string, rows: Rows): string {
  const columns = Object.values<Dialect>(dialects)
  const lines = [
    [corner, ...columns.map(({ name }) => code(name))],
    ['---', ...columns.map(() => '---')],
    ...rows.map(([label, cell]) => [label, ...columns.map((dialect) => cell(dialect))]),
  ]
  return ['<!-- prettier-ignore -->', ...lines.map((cells) => `| ${cells.join(' | ')} |`)].join('\n')
}

const code = (value: unknown) => `\`${String(value)}\``
const codes = (values: readonly string[]) => values.map(code).join(', ')

function failed(kind: FailureKind, dialect: Dialect) {
  return answer({ type: 'failed', failure: new ActionFailure(kind, 'why') }, dialect)
}
const status = (kind: FailureKind, dialect: Dialect) => String(failed(kind, dialect).status)
const retcode = (kind: FailureKind, dialect: Dialect) => String(failed(kind, dialect).body.retcode)
const keysOf = (body: object) => codes(Object.keys(body))

const introduction = (dialect: Dialect) => ({ selfId: userId.parse(10000), dialect, accessToken: 'T' })
const shown = (headers: Readonly<Record<string, string>>) =>
  headers['Authorization'] === undefined ? 'not shown' : code(headers['Authorization'])

const answers: Rows = [
  ['token missing, wrong: HTTP status', (it) => `${status('token-missing', it)}, ${status('token-wrong', it)}`],
  ['method neither GET nor POST: HTTP status', (it) => status('bad-method', it)],
  [
    'POST of another Content-Type: HTTP status',
    (it) => (it.unsupportedContentType === 'ignore' ? 'body left unread' : status('bad-content-type', it)),
  ],
  [
    'POST without Content-Type',
    (it) => {
      if (it.missingContentType === 'sniff') return 'read as what it looks like'
      return it.missingContentType === 'ignore' ? 'body left unread' : status('bad-content-type', it)
    },
  ],
  [
    'unknown action: HTTP status, retcode, `msg`',
    (it) => {
      const { msg } = failed('unknown-action', it).body
      return [status('unknown-action', it), retcode('unknown-action', it), msg ? code(msg) : 'none'].join(', ')
    },
  ],
  [
    'no JSON, or no object: HTTP status, retcode',
    (it) => `${status('bad-request', it)}, ${retcode('bad-request', it)}`,
  ],
  [
    'retcode of bad params, nothing there, refused',
    (it) => (['bad-params', 'no-data', 'refused'] as const).map((kind) => retcode(kind, it)).join(', '),
  ],
  ['keys of an answer', (it) => keysOf(answer({ type: 'done', data: null }, it).body)],
  ['keys of a failure', (it) => keysOf(failed('refused', it).body)],
  ['`X_async`', (it) => (it.async === 'now' ? 'done now, answered with its data' : 'status `async`, done afterwards')],
  [
    'quick reply in a group without `at_sender`',
    (it) => (it.atSender ? 'begins with an at' : 'does not begin with an at'),
  ],
  ['between that at and the reply', (it) => (it.atSeparator === ' ' ? 'a space' : 'nothing')],
  [
    '`send_msg` with a person and a group, no type',
    (it) => `goes to the ${it.ambiguousTarget === 'group' ? 'group' : 'person'}`,
  ],
  ['token in reverse handshakes', (it) => shown(handshakeHeaders({ ...introduction(it), role: 'Universal' }))],
  ['token in webhooks', (it) => shown(webhookHeaders(introduction(it)))],
  [
    'first event on a WebSocket that came to us, besides',
    ({ greeting }) => (Object.keys(greeting).length > 0 ? code(JSON.stringify(greeting)) : 'nothing'),
  ],
  [
    'WebSocket at a path that is none of ours',
    (it) => (it.otherSocketPaths === 'refuse' ? '404' : 'calls and events, as at `/`'),
  ],
  ['User-Agent', ({ userAgent }) => code(userAgent)],
  ['`app_name`, `plugin_version`', ({ appName, pluginVersion }) => codes([appName, pluginVersion])],
]

/** What of an event is left out, and what came instead, by the paths of the fields. */
function difference(before: object, after: object, path = ''): readonly string[] {
  const [was, is]: readonly Record<string, unknown>[] = [{ ...before }, { ...after }]
  return [
    ...Object.entries(was!).flatMap(([key, value]) => {
      if (!(key in is!)) return [`−${code(path + key)}`]
      return isObject(value) && isObject(is![key]) ? difference(value, is![key], `${path}${key}.`) : []
    }),
    ...Object.keys(is!).flatMap((key) => (key in was! ? [] : [`+${code(path + key)}`])),
  ]
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

const prefixed = (prefix: string, examples: object) =>
  Object.fromEntries(Object.entries(examples).map(([name, example]) => [`${prefix} ${name}`, example]))
const examples = { ...messages, ...prefixed('notice', notices), ...prefixed('request', requests), ...metas }
const readable = networkEvent.or(metaEvent)

const events: Rows = Object.entries(examples).map(([label, example]) => {
  const wire = toWireEvent(readable.parse(example), 'string')
  return [
    label,
    (dialect) => {
      const told = dialect.event(wire)
      return told === undefined ? '–' : difference(wire, told).join(' ') || '✓'
    },
  ]
})
