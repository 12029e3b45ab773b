import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { WebSocket, WebSocketServer } from 'ws'
import { bot, FakeNetwork, UpstreamFailure } from './fake-upstream-network.ts'
import type { UpstreamKind, WireObject } from './fake-upstream-network.ts'

/** A call that came in. */
export interface UpstreamCall {
  readonly action: string
  readonly params: WireObject
}

/** What may happen to a call instead of an answer. */
export type Mishap =
  /** It is done and never answered. */
  | 'unanswered'
  /** It is done, and the answer is that it timed out. */
  | 'timed-out'
  /** It is never done, and never answered. */
  | 'swallowed'

export interface FakeUpstreamSetup {
  readonly kind: UpstreamKind
  readonly token?: string
  /** Seconds since 1970. Default: the machine's own clock. */
  readonly now?: () => number
}

const names: Readonly<Record<UpstreamKind, { readonly app_name: string; readonly app_version: string }>> = {
  generic: { app_name: 'some-onebot', app_version: '0.1' },
  'go-cqhttp': { app_name: 'go-cqhttp', app_version: 'v1.2.0' },
  napcat: { app_name: 'NapCat.Onebot', app_version: '4.8.95' },
  llonebot: { app_name: 'LLOneBot', app_version: '8.1.7' },
  lagrange: { app_name: 'Lagrange.OneBot', app_version: '0.0.3' },
}

/**
 * A OneBot 11 implementation with an account on a small network, over real sockets: WebSocket and HTTP API on one port,
 * its event stream at /_events, and whoever it is told to dial or to post to.
 */
export class FakeUpstream implements AsyncDisposable {
  readonly network: FakeNetwork
  /** Every call so far, oldest first. */
  readonly calls: UpstreamCall[] = []
  readonly #setup: FakeUpstreamSetup
  /** Every open socket, and whether it carries events. */
  readonly #sockets = new Map<WebSocket, boolean>()
  readonly #streams = new Set<ServerResponse>()
  readonly #mishaps = new Map<string, Mishap>()
  readonly #answers = new Map<string, (params: WireObject) => unknown>()
  #server: Server | undefined
  #port = 0
  #webhook: { readonly url: string; readonly secret: string } | undefined
  #login = bot

  constructor(setup: FakeUpstreamSetup) {
    this.#setup = setup
    const now = setup.now ?? (() => Math.floor(Date.now() / 1000))
    this.network = new FakeNetwork(setup.kind, (event) => this.tell(event), now)
  }

  static async start(setup: FakeUpstreamSetup): Promise<FakeUpstream> {
    const upstream = new FakeUpstream(setup)
    await upstream.listen()
    return upstream
  }

  get url(): string {
    return `ws://127.0.0.1:${this.#port}`
  }

  get httpUrl(): string {
    return `http://127.0.0.1:${this.#port}`
  }

  /** How many connections there are. */
  get connections(): number {
    return this.#sockets.size + this.#streams.size
  }

  /** Accepts again, on the port it had. */
  async listen(): Promise<void> {
    const acceptor = new WebSocketServer({ noServer: true, clientTracking: false })
    const server = createServer((request, response) => void this.#onRequest(request, response))
    server.on('upgrade', (request, socket, head) => {
      const isAllowed = this.#isAllowed(request)
      // These accept any token, and say only then that it is wrong.
      if (!isAllowed && this.#setup.kind !== 'napcat' && this.#setup.kind !== 'llonebot') {
        socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n')
        return
      }
      acceptor.handleUpgrade(request, socket, head, (webSocket) => {
        if (isAllowed) this.#serve(webSocket)
        else {
          webSocket.send(JSON.stringify({ status: 'failed', retcode: 1403, data: null, message: 'token验证失败' }))
          webSocket.close()
        }
      })
    })
    server.listen(this.#port, '127.0.0.1')
    await once(server, 'listening')
    this.#server = server
    this.#port = (server.address() as AddressInfo).port
  }

  /** Dies: every connection breaks and nothing is accepted. */
  async crash(): Promise<void> {
    for (const socket of this.#sockets.keys()) socket.terminate()
    this.#sockets.clear()
    for (const stream of this.#streams) stream.destroy()
    this.#streams.clear()
    const server = this.#server
    this.#server = undefined
    if (!server) return
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    this.network.forgetMessages()
  }

  /** Breaks off every connection, and goes on. */
  hangUp(): void {
    for (const socket of this.#sockets.keys()) socket.terminate()
  }

  /** Stops to answer pings and everything else, without a word. */
  freeze(): void {
    for (const socket of this.#sockets.keys()) socket.pause()
  }

  /** Dials a bridge that listens. */
  async dial(url: string, role: 'Universal' | 'API' | 'Event' = 'Universal'): Promise<void> {
    const { token } = this.#setup
    const webSocket = new WebSocket(url, {
      headers: {
        'X-Self-ID': String(bot),
        'X-Client-Role': role,
        ...(token !== undefined && { Authorization: `Token ${token}` }),
      },
    })
    const opened = once(webSocket, 'open')
    this.#serve(webSocket, role)
    await opened
  }

  /** Posts every event from now on. */
  postTo(url: string, secret = ''): void {
    this.#webhook = { url, secret }
  }

  /** From now on every call of an action meets with this; without one they are answered again. */
  meet(action: string, mishap?: Mishap): void {
    if (mishap) this.#mishaps.set(action, mishap)
    else this.#mishaps.delete(action)
  }

  /** Answers an action so from now on. */
  answer(action: string, data: (params: WireObject) => unknown): void {
    this.#answers.set(action, data)
  }

  /** Is logged in as someone else. */
  logIn(user: number): void {
    this.#login = user
  }

  /** The params of the calls of an action so far. */
  paramsOf(action: string): readonly WireObject[] {
    return this.calls.filter((call) => call.action === action).map(({ params }) => params)
  }

  /** Tells an event to everyone who is connected. */
  tell(event: WireObject): void {
    const text = JSON.stringify(event)
    for (const [socket, carriesEvents] of this.#sockets) if (carriesEvents) socket.send(text)
    for (const stream of this.#streams) stream.write(`data: ${text}\n\n`)
    if (this.#webhook) void this.#post(text, this.#webhook)
  }

  heartbeat(status: WireObject = { online: true, good: true }, interval = 5000): void {
    this.tell({ post_type: 'meta_event', meta_event_type: 'heartbeat', time: 1, self_id: bot, status, interval })
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.crash()
  }

  #serve(webSocket: WebSocket, role = 'Universal'): void {
    this.#sockets.set(webSocket, role !== 'API')
    webSocket.on('close', () => this.#sockets.delete(webSocket))
    webSocket.on('error', () => undefined)
    webSocket.on('message', (data) => {
      const { action, params, echo } = JSON.parse((data as Buffer).toString()) as UpstreamCall & { echo: unknown }
      const answer = this.#do(action, params, 'ws')
      if (answer) webSocket.send(JSON.stringify({ ...answer, echo }))
    })
    if (role !== 'API') {
      const lifecycle = {
        post_type: 'meta_event',
        meta_event_type: 'lifecycle',
        sub_type: 'connect',
        time: 1,
        self_id: bot,
      }
      const greet = (): void => webSocket.send(JSON.stringify(lifecycle))
      if (webSocket.readyState === WebSocket.OPEN) greet()
      else webSocket.once('open', greet)
    }
  }

  async #onRequest(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!this.#isAllowed(request)) {
      response.writeHead(403).end()
      return
    }
    const [action = ''] = (request.url ?? '/').slice(1).split('?')
    if (action === '_events') {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write(':\n\n')
      this.#streams.add(response)
      response.on('close', () => this.#streams.delete(response))
      return
    }
    const chunks: Buffer[] = []
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
    const answer = this.#do(action, JSON.parse(Buffer.concat(chunks).toString() || '{}') as WireObject, 'http')
    if (answer) response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
  }

  #isAllowed({ headers, url }: IncomingMessage): boolean {
    const { token, kind } = this.#setup
    if (token === undefined) return true
    const [, scheme, shown] = /^(\S+) (.*)$/.exec(headers.authorization ?? '') ?? []
    // go-cqhttp does not look at the scheme; the others want this one.
    if (shown === token && (kind === 'go-cqhttp' || scheme === 'Bearer')) return true
    return new URL(url ?? '/', 'http://here').searchParams.get('access_token') === token
  }

  #do(action: string, params: WireObject = {}, carrier: 'ws' | 'http'): WireObject | undefined {
    this.calls.push({ action, params })
    const mishap = this.#mishaps.get(action)
    if (mishap === 'swallowed') return undefined
    const answer = this.#answer(action, params, carrier)
    if (mishap === 'unanswered') return undefined
    if (mishap === 'timed-out') return this.#failure('', `Timeout: NTEvent serviceAndMethod:${action}`, carrier)
    return answer
  }

  #answer(action: string, params: WireObject, carrier: 'ws' | 'http'): WireObject {
    try {
      const written = this.#answers.get(action)
      if (written) return this.#success(written(params))
      if (action === 'get_login_info') return this.#success({ user_id: this.#login, nickname: 'SeekYou' })
      if (action === 'get_version_info') return this.#success({ ...names[this.#setup.kind], protocol_version: 'v11' })
      const done = this.network.act(action, params)
      return done ? this.#success(done.data) : this.#unknownAction(carrier)
    } catch (error) {
      if (!(error instanceof UpstreamFailure)) throw error
      return this.#failure(error.code, error.message, carrier)
    }
  }

  #success(data: unknown): WireObject {
    return { status: 'ok', retcode: 0, data, message: '', wording: '' }
  }

  #failure(code: string, wording: string, carrier: 'ws' | 'http'): WireObject {
    const isNtqq = this.#setup.kind === 'napcat' || this.#setup.kind === 'llonebot'
    const retcode = isNtqq ? (carrier === 'ws' ? 1200 : 200) : 100
    const msg = isNtqq ? {} : { msg: code }
    const stream = this.#setup.kind === 'napcat' ? { stream: 'normal-action' } : {}
    return { status: 'failed', retcode, data: null, message: wording, wording, ...msg, ...stream }
  }

  #unknownAction(carrier: 'ws' | 'http'): WireObject {
    if (this.#setup.kind === 'go-cqhttp') {
      return {
        status: 'failed',
        retcode: 404,
        data: null,
        msg: 'API_NOT_FOUND',
        wording: 'API不存在',
        message: 'API不存在',
      }
    }
    const wording = '不支持的Api'
    return { status: 'failed', retcode: carrier === 'ws' ? 1404 : 404, data: null, message: wording, wording }
  }

  async #post(body: string, { url, secret }: { readonly url: string; readonly secret: string }): Promise<void> {
    const signature = secret && { 'x-signature': `sha1=${createHmac('sha1', secret).update(body).digest('hex')}` }
    const headers = { 'content-type': 'application/json', 'x-self-id': String(bot), ...signature }
    await fetch(url, { method: 'POST', headers, body }).catch(() => undefined)
  }
}
