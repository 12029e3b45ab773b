import { readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { compileFunction } from 'node:vm'
import * as client from '@seekyou/client'
import { expect, it } from 'vitest'
import { ok, said, soon, startServer } from './scripted-server.ts'
import type { ReceivedCall, ScriptedServer } from './scripted-server.ts'

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
const examples = [...readme.matchAll(/```ts\n(.*?)```/gsu)].map(([, code = '']) => code)

/** Runs an example against a server; what it would print, and the client it leaves behind. */
function run(example: string, server: ScriptedServer) {
  const code = stripTypeScriptTypes(`async function example() {
    ${example
      .replace(/^import (\{.*?\}) from '@seekyou\/client'$/mu, 'const $1 = library')
      .replaceAll("'ws://127.0.0.1:5700/'", `'${server.ws}'`)
      .replaceAll("'http://127.0.0.1:5700'", `'${server.http}'`)}
    return client
  }`)
  const printed: unknown[][] = []
  const result = compileFunction(`${code}; return example()`, ['library', 'process', 'console'])(
    client,
    { env: { TOKEN: 'T0ken' } },
    { log: (...values: unknown[]) => printed.push(values) },
  ) as Promise<client.Client>
  return { printed, result }
}

it('the first example answers a ping', async () => {
  const answers: Readonly<Record<string, unknown>> = {
    send_msg: { message_id: 8 },
    get_msg: { sender: { user_id: 10000, nickname: 'SeekYou' } },
  }
  await using server = await startServer({ answer: ({ action }) => ok(answers[action]) })
  const { printed, result } = run(examples[0]!, server)
  await soon(() => expect(server.sockets.size).toBe(1))
  server.tell(said('hello'))
  server.tell(said('ping'))
  await result

  expect(printed).toEqual([['SeekYou said pong']])
  expect(server.dials[0]?.headers.authorization).toBe('Bearer T0ken')
  expect(server.calls.map(({ action, params }) => ({ action, params }))).toEqual([
    { action: 'send_msg', params: { message_type: 'group', group_id: 20001, message: 'pong' } },
    { action: 'get_msg', params: { message_id: 8 } },
  ])
  await soon(() => expect(server.sockets.size).toBe(0))
})

it('the example of calls calls', async () => {
  const answer = ({ action }: ReceivedCall) =>
    action === 'get_group_info' ? { status: 'failed', retcode: 102, wording: 'there is no group 404' } : ok(null)
  await using server = await startServer({ answer })
  const { printed, result } = run(examples[1]!, server)
  await result

  expect(printed).toEqual([[102, 'there is no group 404']])
  expect(server.calls.map(({ action }) => action)).toEqual([
    'send_group_msg',
    'send_group_msg',
    'send_group_msg_async',
    'get_group_list',
    'get_ai_characters',
    'get_group_info',
  ])
})

it('the example of events listens', async () => {
  await using server = await startServer()
  const { printed, result } = run(examples[2]!, server)
  await using left = await result
  await soon(() => expect(server.sockets.size).toBe(1))
  server.tell(said('look: [CQ:image,file=a.png]'))
  server.tell({ post_type: 'notice', notice_type: 'notify', sub_type: 'poke', user_id: 10001 })
  server.tell({ post_type: 'notice', notice_type: 'group_msg_emoji_like', likes: 3 })
  server.tell({ post_type: 'request', request_type: 'friend', flag: '77' })
  await soon(() => expect(server.calls).toHaveLength(1))
  // Its answer comes after that of the listener.
  await left.callAny('x')

  expect(printed).toEqual([[20001, 1], ['poked by 10001'], [3]])
  expect(server.calls[0]).toMatchObject({ action: 'set_friend_add_request', params: { flag: '77', approve: true } })
})

it('the README lists every option but those for tests', () => {
  const source = readFileSync(new URL('../src/client.ts', import.meta.url), 'utf8')
  const [, fields = ''] = /interface ClientOptions \{(.*?)\n\}/su.exec(source) ?? []
  const options = [...fields.matchAll(/readonly (\w+)/gu)].map(([, name]) => name)
  const [, table = ''] = readme.split('## Options\n')
  const rows = [...table.matchAll(/^\| `(\w+)`/gmu)].map(([, name]) => name)

  expect(rows.length).toBeGreaterThan(0)
  expect([...rows, 'clock', 'random']).toEqual(options)
})
