import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { createRecordingLogger, createVirtualClock, describeTransport } from '@seekyou/testkit'
import type { ScriptedGateway, TransportPeer } from '@seekyou/testkit'
import { createHttpServer, createWebhook, httpServerOptions, webhookOptions } from '@seekyou/transport-http'

/** A program that posts calls and is posted events; `place` says where a call goes and what its body is. */
async function connect(
  gateway: ScriptedGateway,
  place: (action: string, params: string | undefined) => { readonly path: string; readonly body: string },
): Promise<TransportPeer> {
  await using opened = new AsyncDisposableStack()
  const clock = createVirtualClock()
  const log = createRecordingLogger()
  const server = opened.use(
    await createHttpServer({ gateway, options: httpServerOptions.parse({ port: 0 }), log, clock }),
  )
  const { url } = await server.listen()
  const events = receiver()
  const program = createServer((request, response) => {
    void text(request).then((event) => {
      events.put(event)
      response.writeHead(204).end()
    })
  })
  program.listen(0, '127.0.0.1')
  await once(program, 'listening')
  opened.defer(() => void program.close())
  const { port } = program.address() as AddressInfo
  const target = webhookOptions.parse({ name: 'contract', url: `http://127.0.0.1:${port}/` })
  opened.use(createWebhook({ gateway, options: target, clock, log }))

  const post = async (path: string, body: string): Promise<string> => {
    const response = await fetch(url + path, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
    return response.text()
  }
  const owned = opened.move()
  return {
    call(action, params) {
      const { path, body } = place(action, params)
      return post(path, body)
    },
    send: (body) => post('/', body),
    nextEvent: () => events.next(),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

/** What has come and what is waited for, one by one. */
function receiver() {
  const come: string[] = []
  let wake: (() => void) | undefined
  return {
    put(event: string) {
      come.push(event)
      wake?.()
    },
    async next(): Promise<string> {
      while (come.length === 0) await new Promise<void>((resolve) => (wake = resolve))
      return come.shift()!
    },
  }
}

const byPath = (action: string, params = '') => ({ path: `/${encodeURIComponent(action)}`, body: params })
const byBody = (action: string, params = 'null') => ({
  path: '/',
  body: `{"action":${JSON.stringify(action)},"params":${params}}`,
})

describeTransport('HTTP, the action in the path', (gateway) => connect(gateway, byPath), { lifecycle: 'enable' })
describeTransport('HTTP, the action in the body', (gateway) => connect(gateway, byBody), { lifecycle: 'enable' })
