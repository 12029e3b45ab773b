import { catalogue } from '@seekyou/actions'
import { startProgram } from '@seekyou/testkit'
import type { Program } from '@seekyou/testkit'
import { valuesOf } from '@seekyou/testkit/schema-arbitrary'
import { readSchemaDocument } from '@seekyou/testkit/schema-document'
import type { SchemaDocument } from '@seekyou/testkit/schema-document'
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

/*
 * Called as its own documents say, and called far worse than that, the program gives an answer that they describe.
 * A failure tells its seed; SEEKYOU_FUZZ_SEED=<seed> brings the same calls again, and vitest's --sequence.seed the tests
 * in the same order.
 */

interface Operation {
  readonly parameters?: readonly { readonly name: string; readonly required: boolean; readonly schema: object }[]
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: object }>> }
  readonly responses: Readonly<Record<string, object>>
}

interface OpenApi {
  readonly paths: Readonly<Record<string, { readonly get?: Operation; readonly post: Operation }>>
  readonly components: { readonly schemas: object }
}

const runs = { numRuns: 5 }

const JSON_TYPE = 'application/json'
const FORM_TYPE = 'application/x-www-form-urlencoded'

let program: Program
let openApi: OpenApi
let schemas: SchemaDocument

beforeAll(async () => {
  program = await startProgram()
  openApi = (await (await fetch(`${program.url}/openapi.json`)).json()) as OpenApi
  schemas = readSchemaDocument(openApi)
})

afterAll(async () => {
  const { stderr } = program
  const { code } = await program.stop()
  expect(code).toBe(0)
  expect(stderr.filter((line) => /never should|fault|failed inside/.test(line))).toEqual([])
})

/** Calls, and checks that the answer is one of those that the document describes. */
async function call(operation: Operation, path: string, init?: RequestInit): Promise<void> {
  const response = await fetch(program.url + path, init)
  const body: unknown = await response.json()
  expect(response.status, `with ${JSON.stringify(body)}`).toBeLessThan(500)
  const described = operation.responses[response.status]
  expect(described, `status ${response.status} is not described`).toBeDefined()
  const { content } = ('$ref' in described! ? schemas.resolve(described.$ref as string) : described) as {
    content: Record<string, { schema: object }>
  }
  const validate = schemas.compile(content[JSON_TYPE]!.schema)
  expect(validate(body), `${JSON.stringify(body)} ${JSON.stringify(validate.errors)}`).toBe(true)
}

function post(type: string, body: string): RequestInit {
  return { method: 'POST', headers: { 'content-type': type }, body }
}

type Params = Readonly<Record<string, unknown>>

/** Names of what there is in the sandbox, so that not every call is about nobody. */
const known: Params = { user_id: 10001, group_id: 20001, discuss_id: 30001, message_id: 1, as: 10002, target_id: 10001 }

function paramsOf(schema: object): fc.Arbitrary<Params> {
  return fc.tuple(valuesOf(schema, schemas.resolve) as fc.Arbitrary<Params>, fc.boolean()).map(([params, isKnown]) => {
    const familiar = Object.entries(known).filter(([name]) => isKnown && name in params)
    return { ...params, ...Object.fromEntries(familiar) }
  })
}

function queryOf({ parameters = [] }: Operation): fc.Arbitrary<Params> {
  return paramsOf({
    type: 'object',
    properties: Object.fromEntries(parameters.map(({ name, schema }) => [name, schema])),
    required: parameters.filter(({ required }) => required).map(({ name }) => name),
  })
}

function asForm(params: Params): string {
  const texts = Object.entries(params).map(([name, value]): [string, string] => [
    name,
    typeof value === 'string' ? value : JSON.stringify(value),
  ])
  return new URLSearchParams(texts).toString()
}

const strange = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom<unknown>(
    -1,
    0,
    2 ** 31,
    2 ** 53,
    1e300,
    '-1',
    '0',
    '99999999999999999999',
    '',
    ' ',
    '\0',
    '[CQ:',
    '[[]]',
  ),
  // What every object has without having it.
  fc.constantFrom<unknown>('__proto__', 'constructor', 'toString', '[CQ:toString,__proto__=1]', {
    type: 'constructor',
    data: { valueOf: 1 },
  }),
  fc.constantFrom<unknown>(
    'x'.repeat(100_000),
    nested(2000),
    Array.from({ length: 5000 }, () => 0),
  ),
  fc.constantFrom<unknown>([{ type: 'node', data: { content: [{ type: 'node', data: {} }] } }], {
    type: 'at',
    data: null,
  }),
  fc.string({ unit: 'binary', maxLength: 20 }),
)

function nested(depth: number): unknown {
  let value: unknown = []
  for (let level = 0; level < depth; level++) value = [value]
  return value
}

/** Params that fit, spoilt: some left out, some strange, some that nobody knows. */
function spoilt(params: fc.Arbitrary<Params>): fc.Arbitrary<Params> {
  return params.chain((fitting) => {
    const names = [...Object.keys(fitting), 'message', 'user_id', 'group_id', 'constructor', 'toString']
    return fc
      .dictionary(fc.constantFrom(...names), fc.option(strange, { nil: undefined }), { noNullPrototype: true })
      .map((changes) => ({ ...fitting, ...changes }))
  })
}

/** Bodies that are no params at all. */
const garbage = fc.oneof(
  fc.constantFrom(
    '',
    '{',
    '[]',
    '"x"',
    '1',
    'null',
    '{"__proto__":{"a":1}}',
    '{"message":{"__proto__":1}}',
    '%',
    'a=%zz',
    '\uFEFF{}',
  ),
  fc.string({ unit: 'binary' }),
  fc.json(),
)
const types = fc.constantFrom(
  JSON_TYPE,
  FORM_TYPE,
  'text/plain',
  'application/json; charset=x',
  ';',
  'multipart/form-data',
)

/** What ends the program and starts another elsewhere has tests of its own. */
const restarts = ['set_restart', 'set_restart_plugin', '_set_restart']

describe.each(Object.keys(catalogue).filter((name) => !restarts.includes(name)))('%s', (name) => {
  const path = `/${name}`
  const at = () => openApi.paths[path]!

  it('answers as described when it is called as described', async () => {
    const { get, post: byPost } = at()
    const { [JSON_TYPE]: json, [FORM_TYPE]: form } = byPost.requestBody!.content
    await fc.assert(
      fc.asyncProperty(queryOf(get!), paramsOf(json!.schema), paramsOf(form!.schema), async (query, body, fields) => {
        await call(get!, `${path}?${asForm(query)}`)
        await call(byPost, path, post(JSON_TYPE, JSON.stringify(body)))
        await call(byPost, path, post(FORM_TYPE, asForm(fields)))
      }),
      runs,
    )
  })

  it('answers as described whatever it is called with', async () => {
    const { get, post: byPost } = at()
    const body = spoilt(paramsOf(byPost.requestBody!.content[JSON_TYPE]!.schema))
    await fc.assert(
      fc.asyncProperty(spoilt(queryOf(get!)), body, garbage, types, async (query, params, text, type) => {
        const search = asForm(query)
        if (search.length < 100_000) await call(get!, `${path}?${search}`)
        await call(byPost, path, post(JSON_TYPE, JSON.stringify(params)))
        await call(byPost, path, post(FORM_TYPE, asForm(params)))
        await call(byPost, path, post(type, text))
      }),
      runs,
    )
  })
})

describe('the other side', () => {
  it('answers as described, whatever it is called with', async () => {
    // Faults are there to break what the other tests rely on.
    const verbs = Object.entries(openApi.paths).filter(([path]) => /^\/sandbox\/(?!faults$)/.test(path))
    expect(verbs.length).toBeGreaterThan(3)
    for (const [path, { post: byPost }] of verbs) {
      const params = paramsOf(byPost.requestBody!.content[JSON_TYPE]!.schema)
      await fc.assert(
        fc.asyncProperty(params, spoilt(params), garbage, async (fitting, wrong, text) => {
          await call(byPost, path, post(JSON_TYPE, JSON.stringify(fitting)))
          await call(byPost, path, post(JSON_TYPE, JSON.stringify(wrong)))
          await call(byPost, path, post(JSON_TYPE, text))
        }),
        runs,
      )
    }
  })
})
