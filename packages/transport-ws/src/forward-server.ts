import { STATUS_CODES } from 'node:http'
import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { readCredential } from '@seekyou/protocol'
import type { Clock, Envelope, Gateway, Logger } from '@seekyou/protocol'
import { WebSocketServer } from 'ws'
import type { WebSocket } from 'ws'
import type { ForwardServerOptions } from './options.ts'
import { ServerOutlets } from './outlet.ts'
import { Session, socketOptions } from './session.ts'

/** Serves the bots that dial us. It has no port of its own: it takes over the upgrades of an HTTP server. */
export interface ForwardServer extends AsyncDisposable {
  /** To be called for every `upgrade` event of the HTTP server. Whatever is not for us is answered there too. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
}

export interface ForwardServerSetup {
  readonly gateway: Gateway
  readonly options: ForwardServerOptions
  readonly clock: Clock
  readonly log: Logger
}

/**
 * Creates the server of `/` (calls and events), `/api` (calls) and `/event` (events). Disposing of it closes every
 * connection with 1001.
 *
 * @see https://github.com/botuniverse/onebot-11/blob/master/communication/ws.md
 */
export function createForwardServer({ gateway, options, clock, log }: ForwardServerSetup): ForwardServer {
  const sessions = new Set<Session>()
  const outlets = new ServerOutlets()
  let closing = false
  const acceptor = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    // Clients that offer a subprotocol offer nothing we know.
    handleProtocols: () => false,
    ...socketOptions(options),
  })

  function accept(webSocket: WebSocket, socket: Socket, path: string, carries: Carries): void {
    const sessionLog = log.child({ path, peer: socket.remoteAddress })
    sessionLog.info({}, 'a bot connected')
    const session = new Session({
      gateway,
      webSocket,
      socket,
      outlet: outlets.open(socket),
      carriesCalls: carries.calls,
      carriesEvents: carries.events,
      options,
      clock,
      log: sessionLog,
    })
    sessions.add(session)
    webSocket.once('close', (code) => {
      sessions.delete(session)
      sessionLog.info({ code }, 'a bot disconnected')
    })
  }

  return {
    handleUpgrade(request, socket, head) {
      const [path, query] = splitTarget(request.url ?? '/')
      const carries = paths.get(path)
      if (closing) {
        refuseUpgrade(socket, 503, gateway.refuse('busy', 'the server is shutting down').body)
        return
      }
      if (!carries) {
        const wording = `there is no WebSocket at ${path}; there is one at /, at /api and at /event`
        refuseUpgrade(socket, 404, gateway.refuse('unknown-action', wording).body)
        return
      }
      const token = new URLSearchParams(query).get('access_token') ?? undefined
      const access = gateway.authorize(readCredential(request.headers.authorization, token))
      if (!access.granted) {
        log.warn({ path, peer: request.socket.remoteAddress, failure: access.failure }, 'a connection was refused')
        const { status, body } = gateway.refuse(access.failure, access.wording)
        refuseUpgrade(socket, status, body)
        return
      }
      acceptor.handleUpgrade(request, socket, head, (webSocket) => {
        accept(webSocket, request.socket, path, carries)
      })
    },
    async [Symbol.asyncDispose]() {
      closing = true
      await Promise.all([...sessions].map((session) => session.close(1001, 'the server is shutting down')))
    },
  }
}

interface Carries {
  readonly calls: boolean
  readonly events: boolean
}

const paths: ReadonlyMap<string, Carries> = new Map([
  ['/', { calls: true, events: true }],
  ['/api', { calls: true, events: false }],
  ['/api/', { calls: true, events: false }],
  ['/event', { calls: false, events: true }],
  ['/event/', { calls: false, events: true }],
])

function splitTarget(target: string): [path: string, query: string] {
  const mark = target.indexOf('?')
  return mark < 0 ? [target, ''] : [target.slice(0, mark), target.slice(mark + 1)]
}

/** Answers an upgrade as the plain HTTP request that it still is. */
function refuseUpgrade(socket: Duplex, status: number, body: Envelope): void {
  const text = JSON.stringify(body)
  // The client may be gone already, and then nobody needs the answer.
  socket.on('error', () => socket.destroy())
  socket.once('finish', () => socket.destroy())
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n` +
      'Content-Type: application/json; charset=utf-8\r\n' +
      `Content-Length: ${Buffer.byteLength(text)}\r\n` +
      'Connection: close\r\n' +
      `\r\n${text}`,
  )
}
