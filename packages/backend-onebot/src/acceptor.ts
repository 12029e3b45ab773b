import { createServer, STATUS_CODES } from 'node:http'
import type { IncomingMessage, Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { readCredential, secretMatcher } from '@seekyou/protocol'
import { WebSocketServer } from 'ws'
import type { WebSocket } from 'ws'
import type { ConnectorSetup } from './dialer.ts'
import type { Connector } from './line.ts'
import type { BridgeOptions } from './options.ts'
import { socketOptions, WebSocketLine } from './web-socket-line.ts'

type Role = 'Universal' | 'API' | 'Event'

/** Lets the upstream dial us: one socket for everything, or one for calls and one for events, as its headers say. */
export class Acceptor implements Connector {
  readonly #setup: ConnectorSetup
  readonly #server: Server
  readonly #sockets = new Map<Role, WebSocket>()
  readonly #listen: NonNullable<BridgeOptions['listen']>
  #isEnded = false

  private constructor(listen: NonNullable<BridgeOptions['listen']>, setup: ConnectorSetup) {
    this.#setup = setup
    this.#listen = listen
    const webSockets = new WebSocketServer({ noServer: true, clientTracking: false, ...socketOptions })
    this.#server = createServer((_request, response) => {
      response
        .writeHead(426, { 'content-type': 'text/plain' })
        .end('a OneBot 11 implementation dials a WebSocket here\n')
    })
    this.#server.on('upgrade', (request, socket, head) => {
      const refusal = this.#whyNot(request)
      if (refusal !== undefined) refuse(socket, refusal)
      else webSockets.handleUpgrade(request, socket, head, (webSocket) => this.#accept(webSocket, roleOf(request)))
    })
  }

  /** @throws Error of the operating system when the port cannot be had. */
  static async open(listen: NonNullable<BridgeOptions['listen']>, setup: ConnectorSetup): Promise<Acceptor> {
    const acceptor = new Acceptor(listen, setup)
    await listenOn(acceptor.#server, listen)
    return acceptor
  }

  get awaits(): string {
    return `a OneBot 11 implementation that dials ws://${this.#listen.host}:${this.port}`
  }

  get port(): number {
    return (this.#server.address() as AddressInfo | null)?.port ?? this.#listen.port
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isEnded = true
    for (const socket of this.#sockets.values()) socket.terminate()
    await closeServer(this.#server)
  }

  /** The status that someone is turned away with. */
  #whyNot({ headers, url = '', socket: { remoteAddress } }: IncomingMessage): 401 | 429 | undefined {
    const { logins, options } = this.#setup
    if (options.access_token === '') return undefined
    const mark = url.indexOf('?')
    const query = mark < 0 ? undefined : new URLSearchParams(url.slice(mark)).get('access_token')
    const credential = readCredential(headers.authorization, query ?? undefined)
    if (credential === undefined) return 401
    if (logins?.refuses(remoteAddress)) return 429
    if (secretMatcher(options.access_token)(credential)) return undefined
    logins?.failed(credential, remoteAddress)
    return 401
  }

  #accept(webSocket: WebSocket, role: Role): void {
    const { clock, holder, options } = this.#setup
    // An upstream that dials again has lost the connection before, whether or not we have noticed.
    this.#sockets.get(role)?.terminate()
    this.#sockets.set(role, webSocket)
    const line = new WebSocketLine({
      webSocket,
      clock,
      pingIntervalMs: options.ping_interval * 1000,
      callTimeoutMs: options.call_timeout * 1000,
      onEvent: (event) => holder.onEvent(event),
      onClosed: (problem) => {
        if (this.#sockets.get(role) !== webSocket) return
        this.#sockets.delete(role)
        if (!this.#isEnded && role !== 'Event') holder.onClosed(problem)
      },
    })
    if (role !== 'Event') holder.onOpen(line)
  }
}

function roleOf({ headers }: IncomingMessage): Role {
  const role = headers['x-client-role']
  return role === 'API' || role === 'Event' ? role : 'Universal'
}

function refuse(socket: Duplex, status: number): void {
  socket.on('error', () => socket.destroy())
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}

/** @throws Error of the operating system when the port cannot be had. */
export function listenOn(server: Server, { host, port }: NonNullable<BridgeOptions['listen']>): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

export function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
