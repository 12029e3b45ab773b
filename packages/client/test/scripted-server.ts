import { once } from 'node:events'
import { createServer } from 'node:http'
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { vi } from 'vitest'
import { WebSocketServer } from 'ws'
import type { WebSocket } from 'ws'

export const soon = (check: () => void): Promise<void> => vi.waitFor(check, { timeout: 10_000, interval: 5 })

/** A call as it reached the server; `echo` only over WebSocket, `path` as it was asked for. */
export interface ReceivedCall {
  readonly action: string
  readonly params: Readonly<Record<string, unknown>>
  readonly echo?: unknown
  readonly path: string
  readonly headers: IncomingHttpHeaders
}

/** An answer: a reply, a whole HTTP response, or none at all. */
type Answer = object | { readonly status: number; readonly body: string; readonly headers?: object } | 'silence'

export interface Script {
  readonly port?: number
  /** What is answered to a call. Default: ok, with the call's params as data. */
  readonly answer?: (call: ReceivedCall) => Answer
  /** The HTTP status with which dialling is refused, while it is one. */
  readonly refuse?: () => number | undefined
  /** What a socket gets first. */
  readonly greeting?: object
}

/** A OneBot server that does what a test says, on HTTP and WebSocket alike. */
export interface ScriptedServer extends AsyncDisposable {
  readonly port: number
  readonly http: string
  readonly ws: string
  readonly calls: readonly ReceivedCall[]
  /** How often it was dialled. */
  readonly dials: readonly IncomingMessage[]
  readonly sockets: ReadonlySet<WebSocket>
  /** Sends a frame to every socket. */
  tell(frame: unknown): void
}

export const ok = (data: unknown): object => ({ status: 'ok', retcode: 0, data })

/** An event that was said in a group. */
export const said = (text: string, more: object = {}): object => ({
  post_type: 'message',
  message_type: 'group',
  sub_type: 'normal',
  time: 1_700_000_000,
  self_id: 10000,
  message_id: 7,
  message_seq: 3,
  user_id: 10001,
  group_id: 20001,
  message: text,
  raw_message: text,
  font: 0,
  sender: { user_id: 10001, nickname: '小明' },
  anonymous: null,
  ...more,
})

export async function startServer({
  port = 0,
  answer = ({ params }) => ok(params),
  refuse = () => undefined,
  greeting,
}: Script = {}): Promise<ScriptedServer> {
  const calls: ReceivedCall[] = []
  const dials: IncomingMessage[] = []
  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const params = (await json(request)) as ReceivedCall['params']
    const path = request.url ?? ''
    const action = decodeURIComponent(new URL(path, 'http://x').pathname.split('/').at(-1) ?? '')
    const call = {
      action,
      params,
      path,
      headers: request.headers,
    }
    calls.push(call)
    const answered = answer(call)
    if (answered === 'silence') return
    if ('body' in answered) response.writeHead(answered.status, answered.headers as never).end(answered.body)
    else response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(answered))
  }
  const server = createServer((request, response) => void respond(request, response))
  const sockets = new WebSocketServer({ noServer: true })
  server.on('upgrade', (request, socket, head) => {
    dials.push(request)
    const status = refuse()
    if (status !== undefined) socket.end(`HTTP/1.1 ${status} No\r\nContent-Length: 0\r\n\r\n`)
    else sockets.handleUpgrade(request, socket, head, (webSocket) => sockets.emit('connection', webSocket, request))
  })
  sockets.on('connection', (webSocket: WebSocket, { url = '', headers }: IncomingMessage) => {
    if (greeting) webSocket.send(JSON.stringify(greeting))
    webSocket.on('message', (data) => {
      const frame = JSON.parse((data as Buffer).toString()) as Omit<ReceivedCall, 'path' | 'headers'>
      const call = { ...frame, path: url, headers }
      calls.push(call)
      const answered = answer(call)
      if (answered !== 'silence') webSocket.send(JSON.stringify({ ...answered, echo: frame.echo }))
    })
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const address = `127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    port: (server.address() as AddressInfo).port,
    http: `http://${address}`,
    ws: `ws://${address}/`,
    calls,
    dials,
    sockets: sockets.clients,
    tell(frame) {
      const bytes = typeof frame === 'string' ? frame : JSON.stringify(frame)
      for (const webSocket of sockets.clients) webSocket.send(bytes)
    },
    async [Symbol.asyncDispose]() {
      for (const webSocket of sockets.clients) webSocket.terminate()
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}
