import { STATUS_CODES } from 'node:http'
import { chapters } from '@seekyou/actions'
import type { Action, Generation } from '@seekyou/actions'
import { ActionFailure, answer, dialects } from '@seekyou/protocol'
import type { ControlVerb, Dialect, FailureKind } from '@seekyou/protocol'
import * as z from 'zod'
import { paramsSchema, textParams } from './action-schema.ts'
import { doneEnvelope, failedEnvelope, failureRows, laterEnvelope } from './envelope-schema.ts'
import type { FailureRow } from './envelope-schema.ts'
import type { JsonSchema } from './json-schema.ts'
import { SchemaBook } from './schema-book.ts'

export interface OpenApiOptions {
  /** The version of the program. */
  readonly version: string
  /** Where it is served; default `/`, the server that gave the document. */
  readonly serverUrl?: string
  /** The names of the actions that the account can do; of any other the document says that it cannot. Default: all. */
  readonly supported?: readonly string[]
  /** What can be played on the other side, for `/sandbox/<verb>`; default nothing. */
  readonly control?: Readonly<Record<string, ControlVerb>>
  /** What else is served. */
  readonly routes?: readonly RouteContract[]
  /** Whose numbers failures carry; default the default dialect. */
  readonly dialect?: Dialect
  /** Whether a token must be shown; default false. */
  readonly needsToken?: boolean
}

/** Something that is served and is neither an action nor a verb. */
export interface RouteContract {
  readonly method: 'GET' | 'POST' | 'any'
  readonly path: string
  readonly summary: string
  readonly params: z.ZodObject
  /** What the answer holds; default anything. */
  readonly data?: z.ZodType
  /** Whether the answer is a stream of server-sent events. */
  readonly isStream?: boolean
}

/** An OpenAPI 3.1 document, as plain data. */
export interface OpenApiDocument {
  readonly openapi: '3.1.0'
  readonly paths: Readonly<Record<string, PathItem>>
  readonly components: { readonly schemas: Readonly<Record<string, JsonSchema>>; readonly [part: string]: unknown }
  readonly [part: string]: unknown
}

/** What can be done at one path. */
export interface PathItem {
  readonly get?: Operation
  readonly post?: Operation
}

/** One method of a path. */
export interface Operation {
  readonly operationId: string
  readonly parameters?: readonly { readonly name: string; readonly required: boolean; readonly schema: JsonSchema }[]
  readonly requestBody?: { readonly required: boolean; readonly content: Content }
  readonly responses: Readonly<Record<string, object>>
  readonly [part: string]: unknown
}

type Content = Readonly<Record<string, { readonly schema: JsonSchema; readonly examples?: object }>>

/** Failures of requests that this document does not describe. */
const ELSEWHERE: ReadonlySet<FailureKind> = new Set(['unknown-action', 'bad-method'])

const introduction = (dialect: Dialect) => `A bot API as CQHTTP, OneBot 11 and go-cqhttp define it.

Every action takes its params from the query, from a form or from a JSON body; where two of them say the same param, the
query wins. Params that an action does not know are ignored, and \`null\` means absent. A message or another structure
comes in a query or a form as its JSON text.

An action called as \`<action>_async\` is ${
  dialect.async === 'now' ? 'done as any' : 'answered at once with retcode 1, and done afterwards'
}; as
\`<action>_rate_limited\` it is done in its turn, some time after the one before.

Events, and calls over WebSocket, are described in [asyncapi.json](asyncapi.json).`

/**
 * Writes the OpenAPI document of the HTTP API: every action with GET and POST, and the verbs that play the other side.
 * The same options give the same text.
 *
 * @see https://spec.openapis.org/oas/v3.1.0
 */
export function createOpenApi(options: OpenApiOptions): OpenApiDocument {
  const {
    version,
    serverUrl = '/',
    supported,
    control = {},
    routes = [],
    dialect = dialects.default,
    needsToken = false,
  } = options
  const writer = new Writer(dialect)
  const paths: Record<string, PathItem> = {}
  for (const [chapter, inChapter] of Object.entries(chapters)) {
    for (const [name, action] of Object.entries<Action>(inChapter)) {
      paths[`/${name}`] = writer.action(name, action, chapter, supported?.includes(name) ?? true)
    }
  }
  for (const [verb, what] of Object.entries(control)) paths[`/sandbox/${verb}`] = writer.verb(verb, what)
  for (const route of routes) paths[route.path] = writer.route(route)
  const used = new Set(Object.values(paths).flatMap(({ get, post }) => (get ?? post)!['tags'] as readonly string[]))
  return {
    openapi: '3.1.0',
    info: {
      title: 'SeekYou',
      version,
      description: introduction(dialect),
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: serverUrl }],
    security: needsToken ? [{ bearer: [] }, { access_token: [] }] : [],
    tags: Object.entries({ ...chapterTags, ...otherTags })
      .filter(([name]) => used.has(name))
      .map(([name, description]) => ({ name, description })),
    paths,
    components: {
      schemas: writer.book.schemas(),
      responses: writer.responses,
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', description: 'The scheme `Token` is taken as well.' },
        access_token: { type: 'apiKey', in: 'query', name: 'access_token' },
      },
    },
  }
}

const chapterTags: Readonly<Record<keyof typeof chapters, string>> = {
  message: 'Sending, reading and recalling messages.',
  forward: 'Bundles of messages, and messages said again elsewhere.',
  history: 'What was said before.',
  reaction: 'What people make of a message.',
  contact: 'The account itself and the people it knows.',
  group: 'Groups and who is in them.',
  'group-management': 'What owners and admins do to a group and to those in it, and leaving it.',
  request: 'Questions that wait for an answer.',
  'group-file': 'Files of groups, and files sent to people.',
  guild: 'Guilds and their channels.',
  media: 'Images, voice and files.',
  server: 'The server itself, and what is done in answer to an event.',
}
const otherTags = {
  sandbox: 'Plays the other side of the chat.',
  events: 'What happens, without a WebSocket.',
  inspection: 'How the server and its links are doing, for operators.',
}

const nothing = z.object({})

const generationNames: Readonly<Record<Generation, string>> = {
  'cqhttp-2': 'CQHTTP v2',
  'cqhttp-4': 'CQHTTP v4',
  'onebot-11': 'OneBot 11',
  'go-cqhttp': 'go-cqhttp',
  extended: 'living implementations',
}

/** What all paths of one document share. */
class Writer {
  readonly book = new SchemaBook('#/components/schemas/')
  /** What answers a request that is not even a call: by status, as `#/components/responses` keeps it. */
  readonly responses: Readonly<Record<string, object>>
  /** What answers a call that fails, where the request itself was fine. */
  readonly #failed: JsonSchema
  readonly #later: JsonSchema
  /** The same for a verb: who plays the other side is no client of a generation. */
  readonly #failedVerb: JsonSchema

  constructor(dialect: Dialect) {
    const rows = describedRows(dialect)
    const byStatus = [...Map.groupBy(rows, ({ status }) => status)].toSorted(([left], [right]) => left - right)
    this.#failed = this.book.define('Failed', failedCall(dialect))
    this.#later = this.book.define('Later', laterEnvelope)
    this.#failedVerb =
      dialect === dialects.default ? this.#failed : this.book.define('FailedVerb', failedCall(dialects.default))
    this.responses = Object.fromEntries(
      byStatus
        .filter(([status]) => status !== 200)
        .map(([status, kinds]) => [status, failedResponse(status, kinds, dialect)]),
    )
  }

  action(name: string, action: Action, chapter: string, isSupported: boolean): PathItem {
    const { summary, alsoCalled = [], aliases = {}, generations, isUnsafe = false, example } = action
    const notes = [
      alsoCalled.length > 0 && `Also called ${alsoCalled.map((other) => `\`${other}\``).join(', ')}.`,
      `Written down by ${generations.map((generation) => generationNames[generation]).join(', ')}.`,
      isUnsafe && 'Takes something away from people: give it only to bots that need it.',
      !isSupported && 'The backend of this account cannot do it: the call fails.',
      ...Object.entries(aliases).map(([old, param]) => `\`${old}\` stands in for \`${param}\`.`),
    ]
    const description = notes.filter(Boolean).join('\n\n')
    const about = {
      summary: plain(summary),
      description,
      tags: [chapter],
      'x-also-called': alsoCalled,
      'x-generations': generations,
      'x-unsafe': isUnsafe,
      'x-supported': isSupported,
    }
    const responses = action.isAnsweredAsync
      ? this.#answers(laterEnvelope, { status: 'async', retcode: 1, data: null })
      : this.#answers(doneEnvelope(this.book.define(`${name}.data`, this.book.output(action.data))), {
          status: 'ok',
          retcode: 0,
          data: example.data,
        })
    return {
      get: this.#get(name, about, action, responses, example.params),
      post: this.#post(name, about, action, responses, example.params),
    }
  }

  verb(name: string, what: ControlVerb): PathItem {
    const { reads, summary = '', params = nothing, data, aliases = {} } = what
    const about = { summary: plain(summary), tags: ['sandbox'] }
    const id = `sandbox.${name}`
    const shown = data ? this.book.define(`${id}.data`, this.book.output(data)) : {}
    const responses = this.#answers(doneEnvelope(shown), undefined, this.#failedVerb)
    return {
      ...(reads && { get: this.#get(id, about, { params }, responses) }),
      // What is there to see takes no params, whatever changes it does.
      ...(!reads && what.read && { get: this.#get(id, about, { params: nothing }, responses) }),
      post: this.#post(id, about, { params, aliases }, responses),
    }
  }

  route({ method, path, summary, params, data, isStream = false }: RouteContract): PathItem {
    const id = path.slice(1).replaceAll('/', '.')
    const about = { summary: plain(summary), tags: [path.startsWith('/inspect/') ? 'inspection' : 'events'] }
    const shown = data ? this.book.define(`${id}.data`, this.book.output(data)) : {}
    const answers = this.#answers(doneEnvelope(shown), undefined, this.#failedVerb)
    const responses = isStream ? withStream(answers) : answers
    return {
      ...(method !== 'POST' && { get: this.#get(id, about, { params }, responses) }),
      ...(method !== 'GET' && { post: this.#post(id, about, { params }, responses) }),
    }
  }

  #get(
    name: string,
    about: object,
    action: Pick<Action, 'params'>,
    responses: Operation['responses'],
    example: object = {},
  ): Operation {
    const given = asText(example)
    const parameters = textParams(this.book, action).map(({ name: param, schema, isRequired }) => {
      const { description, ...rest } = schema
      return {
        name: param,
        in: 'query',
        required: isRequired,
        ...(description && { description }),
        schema: rest,
        ...(param in given && { example: given[param] }),
      }
    })
    return { operationId: `${name}.get`, ...about, parameters, responses }
  }

  #post(
    name: string,
    about: object,
    action: Pick<Action, 'params' | 'aliases'>,
    responses: Operation['responses'],
    example?: object,
  ): Operation {
    const schema = this.book.define(`${name}.params`, paramsSchema(this.book, action))
    const { required = [], allOf = [] } = this.book.resolve(schema)
    const form = textParams(this.book, action)
    const formRequired = form.filter(({ isRequired }) => isRequired).map(({ name: param }) => param)
    return {
      operationId: name,
      ...about,
      requestBody: {
        required: required.length + allOf.length > 0,
        content: {
          'application/json': { schema, ...(example && { examples: { call: { value: example } } }) },
          'application/x-www-form-urlencoded': {
            schema: {
              type: 'object',
              properties: Object.fromEntries(form.map(({ name: param, schema: property }) => [param, property])),
              ...(formRequired.length > 0 && { required: formRequired }),
            },
            ...(example && { examples: { call: { value: asText(example) } } }),
          },
        },
      },
      responses,
    }
  }

  #answers(good: JsonSchema, example?: object, failed = this.#failed): Operation['responses'] {
    const schema = { oneOf: good === laterEnvelope ? [good, failed] : [good, this.#later, failed] }
    return {
      200: {
        description: 'Done, or not known to be; or failed: `status` says so.',
        content: { 'application/json': { schema, ...(example && { examples: { done: { value: example } } }) } },
      },
      ...Object.fromEntries(
        Object.keys(this.responses).map((status) => [status, { $ref: `#/components/responses/${status}` }]),
      ),
    }
  }
}

/** What is refused is answered as everything is. */
function withStream(responses: Operation['responses']): Operation['responses'] {
  const { 200: done } = responses as { readonly 200: { readonly content: Content } }
  const content: Content = { 'text/event-stream': { schema: { type: 'string' } }, ...done.content }
  return { ...responses, 200: { ...done, content } }
}

/** Params as a query or a form carries them: of a structure, its JSON text. */
function asText(params: object): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(params).map(([name, value]: [string, unknown]) => [
      name,
      typeof value === 'object' ? JSON.stringify(value) : value,
    ]),
  )
}

/** A summary is no Markdown. */
function plain(summary: string): string {
  return summary.replaceAll('`', '')
}

function describedRows(dialect: Dialect): readonly FailureRow[] {
  return failureRows(dialect).filter(({ kind }) => !ELSEWHERE.has(kind))
}

/** What answers a call that fails in itself. */
function failedCall(dialect: Dialect): JsonSchema {
  const rows = describedRows(dialect).filter(({ status }) => status === 200)
  return failedEnvelope(rows, dialect)
}

function failedResponse(status: number, kinds: readonly FailureRow[], dialect: Dialect): object {
  const examples = kinds.map(({ kind }) => {
    const failure = new ActionFailure(kind, '…')
    return [kind, { value: answer({ type: 'failed', failure }, dialect).body }]
  })
  return {
    description: STATUS_CODES[status] ?? String(status),
    content: { 'application/json': { schema: failedEnvelope(kinds, dialect), examples: Object.fromEntries(examples) } },
  }
}
