import { dialects, quickOperation } from '@seekyou/protocol'
import type { Dialect } from '@seekyou/protocol'
import { actions, paramsSchema } from './action-schema.ts'
import { doneEnvelope, failedEnvelope, failureRows, laterEnvelope } from './envelope-schema.ts'
import { eventExamples } from './event-example.ts'
import { eventSchema, events } from './event-schema.ts'
import type { JsonSchema } from './json-schema.ts'
import { SchemaBook } from './schema-book.ts'

export interface AsyncApiOptions {
  /** The version of the program. */
  readonly version: string
  /** Where the WebSocket listens; default `127.0.0.1:5700`. */
  readonly host?: string
  /** Whose numbers failures carry; default the default dialect. */
  readonly dialect?: Dialect
}

/** An AsyncAPI 3.1 document, as plain data. */
export interface AsyncApiDocument {
  readonly asyncapi: '3.1.0'
  readonly channels: Readonly<Record<string, object>>
  readonly operations: Readonly<Record<string, object>>
  readonly components: {
    readonly messages: Readonly<Record<string, Message>>
    readonly schemas: Readonly<Record<string, JsonSchema>>
    readonly [part: string]: unknown
  }
  readonly [part: string]: unknown
}

interface Message {
  readonly payload: JsonSchema
  readonly examples?: readonly { readonly payload: object }[]
}

const ABOUT = `Events and calls of a chat account, as OneBot 11 and go-cqhttp put them on a WebSocket or post them.

A bot dials \`/\` for calls and events, \`/api\` for calls or \`/event\` for events. A bot that waits to be dialled gets both on
one connection, and a webhook gets events alone.
A call may carry an \`echo\` of any form; its reply carries the same one. Replies come in the order in which the calls are done.

The same calls over HTTP are described in [openapi.json](openapi.json).`

const ABOUT_EVENTS = `

Events are described as the default dialect tells them; what the dialect of this server leaves out or calls otherwise stands
in the documentation of the dialects.`

const ECHO = { description: 'Comes back with the reply as it is.' } as const

/**
 * Writes the AsyncAPI document of everything but HTTP calls: WebSocket, reverse WebSocket and webhooks, with every event.
 * The same options give the same text.
 *
 * @see https://www.asyncapi.com/docs/reference/specification/v3.1.0
 */
export function createAsyncApi(options: AsyncApiOptions): AsyncApiDocument {
  const { version, host = '127.0.0.1:5700', dialect = dialects.default } = options
  const book = new SchemaBook('#/components/schemas/')
  const messages = {
    call: { title: 'A call', payload: book.define('Call', callSchema(book)) },
    reply: { title: 'The answer to a call', payload: book.define('Reply', replySchema(dialect)) },
    quick_operation: { title: 'What a webhook may answer', payload: operationSchema(book) },
    ...Object.fromEntries(
      [...events].map(([name, event]) => [
        name,
        {
          title: name,
          payload: book.define(name, numbered(name, eventSchema(book, event))),
          examples: [{ payload: eventExamples[name] }],
        },
      ]),
    ),
  }
  const told = [...events.keys()]
  const document = {
    asyncapi: '3.1.0',
    info: {
      title: 'SeekYou',
      version,
      description: dialect === dialects.default ? ABOUT : ABOUT + ABOUT_EVENTS,
      license: { name: 'MIT' },
    },
    defaultContentType: 'application/json',
    servers: {
      seekyou: {
        host,
        protocol: 'ws',
        description: 'This server.',
        security: [ref('securitySchemes', 'bearer'), ref('securitySchemes', 'access_token')],
      },
      bot: { host: '{address}', protocol: 'ws', description: 'A bot that waits to be dialled.', variables: address },
      webhook: {
        host: '{address}',
        protocol: 'http',
        description: 'A program that events are posted to.',
        variables: address,
      },
    },
    channels: {
      universal: channel('/', 'seekyou', ['call', 'reply', ...told], 'Calls, replies and events.'),
      api: channel('/api', 'seekyou', ['call', 'reply'], 'Calls and replies.'),
      event: channel('/event', 'seekyou', told, 'Events.'),
      reverse: {
        ...channel(
          '/',
          'bot',
          ['call', 'reply', ...told],
          'Calls, replies and events, where we dial; the path is the bot’s own.',
        ),
        bindings: { ws: { headers: headers('X-Self-ID', 'X-Client-Role', 'Authorization') } },
      },
      webhook: channel('/', 'webhook', ['quick_operation', ...told], 'Events; the path is the program’s own.'),
    },
    operations: {
      call: calling('universal', 'A bot calls an action.'),
      call_api: calling('api', 'A bot calls an action.'),
      call_reverse: calling('reverse', 'A bot that was dialled calls an action.'),
      tell: telling('universal', told, 'Tells a bot what happens, its lifecycle event first.'),
      tell_event: telling('event', told, 'Tells a bot what happens, its lifecycle event first.'),
      tell_reverse: telling('reverse', told, 'Tells a bot that was dialled what happens.'),
      post: {
        ...telling('webhook', told, 'Posts what happens; any 2xx takes it, and a JSON object in the answer is done.'),
        bindings: { http: { method: 'POST' } },
        reply: {
          channel: { $ref: '#/channels/webhook' },
          messages: [{ $ref: '#/channels/webhook/messages/quick_operation' }],
        },
      },
    },
    components: {
      messages,
      schemas: book.schemas(),
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', description: 'The scheme `Token` is taken as well.' },
        access_token: { type: 'httpApiKey', in: 'query', name: 'access_token' },
      },
    },
  } as const
  return withoutSiblings(document) as AsyncApiDocument
}

/** What may be told again says which one it is, on links that ask for it. */
function numbered(name: string, schema: JsonSchema): JsonSchema {
  if (name.startsWith('meta_event')) return schema
  const description =
    'Its place in the journal, which `?resume=` and `.ack` take; on links with `report_seq` or `ack: explicit`.'
  return { ...schema, properties: { ...schema.properties, _seq: { type: 'integer', minimum: 1, description } } }
}

const address = { address: { default: '127.0.0.1:8080', description: 'Host and port of the bot.' } }

function ref(part: string, name: string): object {
  return { $ref: `#/components/${part}/${name}` }
}

function channel(path: string, server: string, names: readonly string[], description: string): object {
  return {
    address: path,
    description,
    servers: [{ $ref: `#/servers/${server}` }],
    messages: Object.fromEntries(names.map((name) => [name, ref('messages', name)])),
  }
}

function headers(...names: readonly string[]): object {
  return { type: 'object', properties: Object.fromEntries(names.map((name) => [name, { type: 'string' }])) }
}

function calling(of: string, summary: string): object {
  return {
    action: 'receive',
    summary,
    channel: { $ref: `#/channels/${of}` },
    messages: [{ $ref: `#/channels/${of}/messages/call` }],
    reply: { channel: { $ref: `#/channels/${of}` }, messages: [{ $ref: `#/channels/${of}/messages/reply` }] },
  }
}

function telling(of: string, told: readonly string[], summary: string): object {
  return {
    action: 'send',
    summary,
    channel: { $ref: `#/channels/${of}` },
    messages: told.map((name) => ({ $ref: `#/channels/${of}/messages/${name}` })),
  }
}

function callSchema(book: SchemaBook): JsonSchema {
  return {
    description:
      'An action and its params; an action called as `<action>_async` is done after its reply, as ' +
      '`<action>_rate_limited` also in its turn.',
    type: 'object',
    required: ['action'],
    properties: { action: { type: 'string' }, params: { type: ['object', 'null'] }, echo: ECHO },
    anyOf: [...actions].map(([name, action]) => {
      const params = book.define(`${name}.params`, paramsSchema(book, action))
      const { required = [], allOf = [] } = book.resolve(params)
      const hasMust = required.length + allOf.length > 0
      return {
        title: name,
        description: action.summary,
        properties: { action: { enum: [name, `${name}_async`, `${name}_rate_limited`] }, params },
        required: hasMust ? ['action', 'params'] : ['action'],
      }
    }),
  }
}

function replySchema(dialect: Dialect): JsonSchema {
  const envelopes = [
    doneEnvelope({ description: 'What the action answers; openapi.json says its form.' }),
    laterEnvelope,
    failedEnvelope(failureRows(dialect), dialect),
  ]
  return { oneOf: envelopes.map((envelope) => ({ ...envelope, properties: { ...envelope.properties, echo: ECHO } })) }
}

function operationSchema(book: SchemaBook): JsonSchema {
  const { properties, ...rest } = book.input(quickOperation())
  return book.define('QuickOperation', { ...rest, properties: { ...properties, reply: book.written('MessageParam') } })
}

/** AsyncAPI reads JSON Schema draft 7, where a reference stands alone; what is said beside it moves around it. */
function withoutSiblings(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSiblings)
  if (typeof value !== 'object' || value === null) return value
  const plain: Record<string, unknown> = {}
  for (const [key, inner] of Object.entries(value)) plain[key] = withoutSiblings(inner)
  const { $ref, ...beside } = plain
  return typeof $ref !== 'string' || Object.keys(beside).length === 0 ? plain : { ...beside, allOf: [{ $ref }] }
}
