import { catalogue } from '@seekyou/actions'
import type { Action } from '@seekyou/actions'
import { valuesOf } from '@seekyou/testkit/schema-arbitrary'
import { readSchemaDocument } from '@seekyou/testkit/schema-document'
import * as fc from 'fast-check'
import { WebSocket } from 'ws'
import { once } from 'node:events'
import { casesOf } from '../door.ts'
import type { Door } from '../door.ts'
import { spoilt, strangeText, strangeValue } from '../strange.ts'
import { requireEnvelope, startSubject } from '../subject.ts'
import type { Subject } from '../subject.ts'

/** Whoever calls these ends the connections of everyone else, on purpose. */
const restarts = new Set(['set_restart', 'set_restart_plugin', '_set_restart'])

/** What a call may be about, so that not every one is about nobody. */
const known = { user_id: 10001, group_id: 20001, discuss_id: 30001, message_id: 1, as: 10002, target_id: 10001 }

const familiar = (params: object): object => ({
  ...params,
  ...Object.fromEntries(Object.entries(known).filter(([name]) => name in params)),
})

interface Call {
  readonly action: string
  readonly params: unknown
}

const names = Object.keys(catalogue).filter((name) => !restarts.has(name))

const goodCalls: fc.Arbitrary<Call> = fc.constantFrom(...names).map((action) => ({
  action,
  params: familiar((catalogue as Readonly<Record<string, Action>>)[action]!.example.params),
}))

const suffixes = fc.constantFrom('', '', '', '_async', '_rate_limited', '_async_rate_limited', '_async_async')

const calls: fc.Arbitrary<unknown> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc
      .tuple(goodCalls, suffixes)
      .chain(([{ action, params }, suffix]) =>
        fc.record({ action: fc.constant(action + suffix), params: spoilt(fc.constant(params)), echo: strangeValue }),
      ),
  },
  { weight: 1, arbitrary: fc.record({ action: strangeText, params: strangeValue, echo: strangeValue }) },
  { weight: 1, arbitrary: strangeValue },
)

/** How many cases one world lasts. */
const CASES_A_WORLD = 40

/** Nothing is fetched from anywhere, and what waits for something does not wait for long. */
const config = 'files: { timeout: 1 }\nbots: [{ rate_limit_interval: 0 }]\n'

/** Every action of the catalogue, over a WebSocket of the real program. */
export const actions: Door = {
  name: 'actions',
  runs: 8000,
  async open() {
    const subject = await startSubject({ config })
    const socket = new WebSocket(`${subject.program.url.replace('http', 'ws')}/api`)
    await once(socket, 'open')
    let reply = Promise.withResolvers<string>()
    socket.on('message', (data: Buffer) => reply.resolve(data.toString()))
    socket.on('close', (code) => reply.reject(new Error(`the connection was closed with ${code}`)))
    let count = 0
    const check = async (call: unknown): Promise<void> => {
      if (count++ % CASES_A_WORLD === 0) await subject.program.sandbox('reset', {})
      const text = JSON.stringify(call)
      reply = Promise.withResolvers()
      socket.send(text)
      const { echo, ...envelope } = JSON.parse(await reply.promise) as { readonly echo?: unknown }
      requireEnvelope(envelope)
      const sent = (JSON.parse(text) as { readonly echo?: unknown } | null)?.echo
      if (JSON.stringify(echo) !== JSON.stringify(sent))
        throw new Error(`the echo is ${JSON.stringify(echo)?.slice(0, 200)}`)
      await subject.isWell()
    }
    return { cases: casesOf(calls, check), [Symbol.asyncDispose]: () => subject[Symbol.asyncDispose]() }
  },
}

interface OpenApi {
  readonly paths: Readonly<
    Record<
      string,
      {
        readonly post: {
          readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: object }>> }
        }
      }
    >
  >
  readonly components: { readonly schemas: object }
}

/** What breaks the answers of everyone on purpose has tests of its own. */
const faulty = new Set(['/sandbox/faults'])

async function verbsOf({
  program,
}: Subject): Promise<fc.Arbitrary<{ readonly path: string; readonly params: unknown }>> {
  const openApi = (await (await fetch(`${program.url}/openapi.json`)).json()) as OpenApi
  const { resolve } = readSchemaDocument(openApi)
  const verbs = Object.entries(openApi.paths).filter(([path]) => path.startsWith('/sandbox/') && !faulty.has(path))
  return fc.oneof(
    ...verbs.map(([path, { post }]) => {
      const schema = post.requestBody?.content['application/json']?.schema ?? {}
      const params = (valuesOf(schema, resolve) as fc.Arbitrary<object>).map(familiar)
      return fc.record({ path: fc.constant(path), params: spoilt(params) })
    }),
  )
}

/** Everything that the other side of the sandbox can be told to do. */
export const control: Door = {
  name: 'control',
  runs: 4000,
  async open() {
    const subject = await startSubject({ config })
    let count = 0
    const check = async ({ path, params }: { readonly path: string; readonly params: unknown }): Promise<void> => {
      if (count++ % CASES_A_WORLD === 0) await subject.program.sandbox('reset', {})
      const headers = { 'content-type': 'application/json' }
      const response = await fetch(subject.program.url + path, {
        method: 'POST',
        headers,
        body: JSON.stringify(params),
      })
      const body: unknown = await response.json()
      if (response.status >= 500) throw new Error(`status ${response.status}: ${JSON.stringify(body)}`)
      requireEnvelope(body)
      await subject.isWell()
    }
    return {
      cases: casesOf(await verbsOf(subject), check),
      [Symbol.asyncDispose]: () => subject[Symbol.asyncDispose](),
    }
  },
}
