import { createOpenApi } from '@seekyou/api-reference'
import type { Operation } from '@seekyou/api-reference'
import { catalogue } from '@seekyou/actions'
import type { Action } from '@seekyou/actions'
import { boolean, dialects, groupId, guildScopedId, integer, messageId, text, userId } from '@seekyou/protocol'
import { valuesOf } from '@seekyou/testkit/schema-arbitrary'
import { readSchemaDocument } from '@seekyou/testkit/schema-document'
import { createConfig, lintFromString } from '@redocly/openapi-core'
import { Validator } from '@seriousme/openapi-schema-validator'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { published } from './document.ts'

const control = {
  say: {
    reads: false,
    summary: 'A person says something.',
    params: z.object({ as: userId, group_id: groupId.optional() }),
    run: async () => null,
  },
  world: { reads: true, summary: 'Shows everything.', run: async () => ({}) },
  clock: {
    reads: false,
    summary: 'Moves the time on.',
    params: z.object({ advance_ms: integer }),
    data: z.object({ now_ms: z.int() }),
    aliases: { ms: 'advance_ms' },
    read: async () => ({ now_ms: 0 }),
    run: async () => ({ now_ms: 0 }),
  },
}

interface ExampleParam {
  readonly name: string
  readonly schema: object
  readonly example?: unknown
}

const routes = [
  { method: 'any', path: '/get_updates', summary: 'Waits.', params: z.object({ limit: integer.optional() }) },
  { method: 'GET', path: '/_events', summary: 'Goes on.', params: z.object({}), isStream: true },
  {
    method: 'POST',
    path: '/inspect/links/pause',
    summary: 'Pauses a link.',
    params: z.object({ link: z.string() }),
    data: z.object({ held: z.boolean() }),
  },
] as const

const document = published(createOpenApi({ version: '1.2.3', control, routes }))
const { compile, resolve } = readSchemaDocument(document)
const names = Object.keys(catalogue)
const operations: readonly (readonly [string, Operation])[] = Object.entries(document.paths).flatMap(
  ([path, { get, post }]) => [
    ...(get ? [[`GET ${path}`, get] as const] : []),
    ...(post ? [[`POST ${path}`, post] as const] : []),
  ],
)

describe('the OpenAPI document', () => {
  it('is valid', async () => {
    expect(await new Validator().validate(published(document))).toEqual({ valid: true })
  })

  it('leaves nothing to a linter', async () => {
    const config = await createConfig({ extends: ['recommended'] })
    const source = JSON.stringify(createOpenApi({ version: '1.2.3', control, routes, needsToken: true }))
    const problems = await lintFromString({ source, absoluteRef: 'openapi.json', config })
    expect(problems.map(({ ruleId, location }) => `${ruleId} ${location[0]?.pointer}`)).toEqual([])
  })

  it('is the same text every time', () => {
    const again = createOpenApi({ version: '1.2.3', control, routes })
    expect(JSON.stringify(again)).toBe(JSON.stringify(document))
  })

  it('has every action of the catalogue as a path, with GET and POST', () => {
    const others = new Set<string>(routes.map(({ path }) => path))
    const paths = Object.entries(document.paths).filter(([path]) => !path.startsWith('/sandbox/') && !others.has(path))
    expect(paths.map(([path]) => path.slice(1)).toSorted()).toEqual(names.toSorted())
    for (const [, { get, post }] of paths) expect([get, post]).not.toContain(undefined)
  })

  it('has every verb of the other side, with GET where there is something to see', () => {
    const { '/sandbox/say': say, '/sandbox/world': world, '/sandbox/clock': clock } = document.paths
    expect(say).not.toHaveProperty('get')
    expect(say?.post).toMatchObject({ summary: 'A person says something.', tags: ['sandbox'] })
    expect(document.components.schemas['sandbox.say.params']).toMatchObject({ required: ['as'] })
    expect(Object.keys(world ?? {})).toEqual(['get', 'post'])
    expect(clock?.get?.parameters).toEqual([])
    expect(document.components.schemas['sandbox.clock.params']).toMatchObject({
      properties: { ms: { deprecated: true } },
    })
    expect(document.components.schemas['sandbox.clock.data']).toMatchObject({ required: ['now_ms'] })
    const [done] = (clock!.post!.responses[200] as { content: Record<string, { schema: { oneOf: object[] } }> })
      .content['application/json']!.schema.oneOf
    expect(done).toMatchObject({ properties: { data: { $ref: '#/components/schemas/sandbox.clock.data' } } })
  })

  it('has what else is served, with the methods it takes, and says what streams', () => {
    const { '/get_updates': updates, '/_events': events, '/inspect/links/pause': pause } = document.paths
    expect([updates, events, pause].map((item) => Object.keys(item!))).toEqual([['get', 'post'], ['get'], ['post']])
    expect(updates?.get).toMatchObject({ tags: ['events'], parameters: [{ name: 'limit', required: false }] })
    expect(pause?.post).toMatchObject({ operationId: 'inspect.links.pause', tags: ['inspection'] })
    const typesOf = (operation: Operation) =>
      Object.keys((operation.responses[200] as { readonly content: object }).content)
    expect(typesOf(events!.get!)).toEqual(['text/event-stream', 'application/json'])
    expect(typesOf(pause!.post!)).toEqual(['application/json'])
    expect((document['tags'] as { name: string }[]).map(({ name }) => name)).toEqual(
      expect.arrayContaining(['sandbox', 'events', 'inspection']),
    )
    expect(JSON.stringify(createOpenApi({ version: '1.2.3' })['tags'])).not.toMatch(/sandbox|inspection/)
  })

  it('has examples that are true to their schemas', () => {
    let examples = 0
    for (const [name, { parameters = [], requestBody, responses }] of operations) {
      for (const { name: param, schema, example } of parameters as readonly ExampleParam[]) {
        if (example === undefined) continue
        const validate = compile(schema)
        expect(validate(example), `${name} ${param}: ${JSON.stringify(validate.errors)}`).toBe(true)
        examples++
      }
      const bodies = [requestBody, ...Object.values(responses).map((response) => dereferenced(response))]
      for (const { content = {} } of bodies.filter((body) => body !== undefined) as {
        content?: Operation['responses']
      }[]) {
        for (const { schema, examples: given = {} } of Object.values(content) as {
          schema: object
          examples?: object
        }[]) {
          for (const [example, { value }] of Object.entries(given) as [string, { value: unknown }][]) {
            const validate = compile(schema)
            expect(validate(value), `${name} ${example}: ${JSON.stringify(validate.errors)}`).toBe(true)
            examples++
          }
        }
      }
    }
    const own = Object.values<Action>(catalogue).filter(({ example }) => example).length
    expect(examples).toBeGreaterThan(own * 5)
  })

  it('says of an action where it is written down, its other names, and what it takes away', () => {
    expect(document.paths['/_del_group_notice']?.post).toMatchObject({
      summary: 'Removes a notice of a group.',
      tags: ['group-management'],
      'x-also-called': ['_delete_group_notice'],
      'x-generations': ['go-cqhttp'],
      'x-unsafe': true,
      'x-supported': true,
    })
  })

  it('says which actions an account cannot do', () => {
    const { paths } = createOpenApi({ version: '1.2.3', supported: ['get_msg'] })
    expect(paths['/get_msg']?.post!['x-supported']).toBe(true)
    expect(paths['/delete_msg']?.post).toMatchObject({
      'x-supported': false,
      description: expect.stringContaining('cannot do it') as string,
    })
  })

  it('asks for a token only where one is needed', () => {
    expect(document['security']).toEqual([])
    expect(createOpenApi({ version: '1.2.3', needsToken: true })['security']).toEqual([
      { bearer: [] },
      { access_token: [] },
    ])
  })

  it('tells where it is served', () => {
    expect(document['servers']).toEqual([{ url: '/' }])
    const { servers } = createOpenApi({ version: '1.2.3', serverUrl: 'http://127.0.0.1:5700' })
    expect(servers).toEqual([{ url: 'http://127.0.0.1:5700' }])
  })

  it('answers failures with the numbers of the dialect', () => {
    const dialect = { ...dialects.default, failures: { 'token-wrong': { status: 407 }, refused: { retcode: 777 } } }
    const { components } = createOpenApi({ version: '1.2.3', dialect })
    expect(Object.keys(components['responses'] as object)).toEqual(['400', '401', '403', '407', '413', '429', '500'])
    expect(JSON.stringify(components.schemas['Failed'])).toContain('777')
    expect(Object.keys(document.components['responses'] as object)).toEqual(['400', '401', '403', '413', '429', '500'])
  })

  it('has the words for a failure that the dialect has; those of a verb stay', () => {
    const { components, paths } = createOpenApi({ version: '1.2.3', dialect: dialects['cqhttp-2'], control })
    const wordsOf = (schema: string) => Object.keys(components.schemas[schema]?.properties ?? {})
    expect(wordsOf('Failed')).toEqual(['status', 'retcode', 'data'])
    expect(wordsOf('FailedVerb')).toEqual(['status', 'retcode', 'data', 'msg', 'wording', 'message'])
    expect(JSON.stringify(paths['/sandbox/say']?.post?.responses)).toContain('FailedVerb')
    expect(JSON.stringify(paths['/get_msg']?.post?.responses)).not.toContain('FailedVerb')
    expect(document.components.schemas).not.toHaveProperty('FailedVerb')
  })
})

describe('params', () => {
  it('are in the query as in the body, but for what no text can carry', () => {
    const { get, post } = document.paths['/send_msg']!
    expect(get?.parameters).toEqual(
      ['message_type', 'user_id', 'group_id', 'discuss_id', 'message', 'auto_escape', '_idempotency_key'].map((name) =>
        expect.objectContaining({ name, required: name === 'message' }),
      ),
    )
    expect(get?.parameters?.find(({ name }) => name === 'message')?.schema).toEqual({ type: 'string' })
    const { 'application/x-www-form-urlencoded': form } = post!.requestBody!.content
    expect(Object.keys(form!.schema.properties!)).toEqual(get?.parameters?.map(({ name }) => name))
    expect(form!.schema.required).toEqual(['message'])
  })

  it('that are structures are JSON text in a query', () => {
    const { get } = document.paths['/.handle_quick_operation']!
    expect(get?.parameters?.find(({ name }) => name === 'context')?.schema).toMatchObject({
      type: 'string',
      contentMediaType: 'application/json',
      contentSchema: { type: 'object' },
    })
  })

  it('may come under their other names, and one of them must come', () => {
    const validate = compile(document.components.schemas['get_msg.params']!)
    expect([{ message_id: 7 }, { id: '7' }, { id: 7, message_id: 8 }].map((params) => validate(params))).toEqual([
      true,
      true,
      true,
    ])
    expect([{}, { id: 'x' }].map((params) => validate(params))).toEqual([false, false])
    expect(document.components.schemas['get_msg.params']).toMatchObject({
      properties: { id: { deprecated: true, description: 'Another name of `message_id`.' } },
    })
  })

  it('carry their defaults and bounds', () => {
    const { count } = document.components.schemas['fetch_emoji_like.params']!.properties!
    expect(count).toMatchObject({ default: 20, anyOf: [{ minimum: 1, maximum: 1000 }, { type: 'string' }] })
    const validate = compile(count as object)
    expect([1, '1', ' 999 ', 1000].map((value) => validate(value))).toEqual([true, true, true, true])
    expect([0, '0', '-1', 1001, '1001'].map((value) => validate(value))).toEqual([false, false, false, false, false])
  })

  it('say what they are: only what may be anything has no type', () => {
    const untyped = Object.entries(document.components.schemas).flatMap(([name, { properties = {} }]) =>
      Object.entries(properties)
        .filter(([, property]) =>
          Object.keys(property as object).every((key) => key === 'description' || key === 'deprecated'),
        )
        .map(([property]) => `${name}: ${property}`),
    )
    expect(untyped).toEqual(['set_group_anonymous_ban.params: anonymous'])
  })

  const numbers = [0, -0, 1, -1, 5.0, 1.5, 10001, 2 ** 31, 2 ** 53 - 1, 2 ** 53, 1e300]
  const texts = '|  |0|1|-1|+5| 5 |007|1.0|1e3|0x10|10001|all|TRUE|Yes|no|maybe|１|\n7\n|--1|1234567890123456789'.split(
    '|',
  )
  const wild = [...numbers, ...texts, true, false, null, [], {}, [1], { a: 1 }]

  // Some text is taken that the schema does not promise: integers of sixteen digits, which no id has.
  it.each([
    ['IntegerParam', integer],
    ['UserIdParam', userId],
    ['GroupIdParam', groupId],
    ['MessageIdParam', messageId],
    ['BooleanParam', boolean],
    ['GuildScopedIdParam', guildScopedId],
  ])('%s takes what is read, and nothing else', (name, schema) => {
    const validate = compile(document.components.schemas[name]!)
    const promised = wild.filter((value) => validate(value))
    const read = wild.filter((value) => schema.safeParse(value).success)
    expect(promised).toEqual(read)
  })

  it('TextParam takes what is read, but for numbers whose digits are lost', () => {
    const validate = compile(document.components.schemas['TextParam']!)
    const promised = wild.filter((value) => validate(value) && value !== 2 ** 53 && value !== 1e300)
    expect(promised).toEqual(wild.filter((value) => text.safeParse(value).success))
  })

  /** Params that one of several others may stand in for, which no schema says. */
  const alternatives: Readonly<Record<string, string>> = { set_group_anonymous_ban: 'flag' }

  it.each(names)('of %s that fit the schema are read', (name) => {
    const action: Action = catalogue[name as keyof typeof catalogue]
    fc.assert(
      fc.property(valuesOf(document.components.schemas[`${name}.params`]!, resolve), (given) => {
        const params = { ...(given as Record<string, unknown>) }
        for (const [old, canonical] of Object.entries(action.aliases ?? {})) params[canonical] ??= params[old]
        const { error } = action.params.safeParse(params)
        // What is said of all params together is no matter of their form: a message that says nothing, say.
        const wrong = error?.issues.filter(({ path }) => path.length > 0 && path[0] !== alternatives[name]) ?? []
        expect(wrong, `of ${JSON.stringify(params)}`).toEqual([])
      }),
      { numRuns: 25 },
    )
  })
})

function dereferenced(response: object): object {
  return '$ref' in response ? resolve(response.$ref as string) : response
}
