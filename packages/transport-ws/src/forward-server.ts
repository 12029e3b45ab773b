import { STATUS_CODES } from 'node:http'
import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { readCredential } from '@seekyou/protocol'
import type { Answer, Clock, Gateway, Logger, Refusal, SubscribeOptions } from '@seekyou/protocol'
import { WebSocketServer } from 'ws'
import type { WebSocket } from 'ws'
import type { ForwardServerOptions } from './options.ts'
import { isForeignPage } from './origin.ts'
import { ServerOutlets } from './outlet.ts'
import type { Written } from './outlet.ts'
import { Session, socketOptions } from './session.ts'
import type { SessionSetup } from './session.ts'

/** Serves the bots that dial us. It has no port of its own: it takes over the upgrades of an HTTP server. */
export interface ForwardServer extends AsyncDisposable {
  /** To be called for every `upgrade` event of the HTTP server. Whatever is not for us is answered there too. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
  /** Closes every connection with 1001 and a reason, as disposing of it does, and takes no more. */
  close(reason: string): Promise<void>
  /** Looks again at the token of every socket, and closes those whose token is no longer good with 1008. */
  recheck(): void
}

export interface ForwardServerSetup {
  readonly gateway: Gateway
  readonly options: ForwardServerOptions
  /** What the HTTP side knows of the browsers that come: who is signed in, and what this server is called. */
  readonly browsers?: {
    readonly credentialOf: (request: IncomingMessage) => string | undefined
    readonly isKnownHost: (host: string | undefined) => boolean
  }
  /** Told of who is turned away for the page they come from. */
  readonly onRefused?: (refusal: Refusal) => void
  readonly clock: Clock
  readonly log: Logger
}

/**
 * Creates the server of `/` (calls and events), `/api` (calls) and `/event` (events). `?resume=<seq>` begins after that
 * event, `?link=<name>` gives the socket a place in the journal of its own. Disposing of it closes every connection with
 * 1001.
 *
 * @see https://github.com/botuniverse/onebot-11/blob/master/communication/ws.md
 */
export function createForwardServer(setup: ForwardServerSetup): ForwardServer {
  return new Server(setup)
}

class Server implements ForwardServer {
  readonly #setup: ForwardServerSetup
  readonly #acceptor: WebSocketServer
  readonly #outlets = new ServerOutlets()
  /** The open sockets, and what each of them showed when it came. */
  readonly #sessions = new Map<Session, Shown>()
  /** The names that clients gave themselves: each keeps a place in the journal for good. */
  readonly #linkNames = new Set<string>()
  #isClosing = false

  constructor(setup: ForwardServerSetup) {
    this.#setup = setup
    this.#acceptor = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      // Clients that offer a subprotocol offer nothing we know.
      handleProtocols: () => false,
      ...socketOptions(setup.options),
    })
  }

  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const { gateway, browsers, log } = this.#setup
    const { path, query } = splitTarget(request.url ?? '/')
    const peer = request.socket.remoteAddress
    const refuse = (answer: Answer, reason: string): void => {
      log[reason === 'rate-limited' ? 'debug' : 'warn']({ path, peer, reason }, 'a connection was refused')
      answerUpgrade(socket, answer)
    }
    const carries = paths.get(path) ?? (gateway.dialect.otherSocketPaths === 'everything' ? everything : undefined)
    if (!carries) {
      const wording = `there is no WebSocket at ${path}; there is one at /, at /api and at /event`
      return refuse(gateway.refuse('unknown-action', wording), 'path')
    }
    const busy = this.#whyBusy()
    if (busy !== undefined) return refuse({ ...gateway.refuse('busy', busy), status: 503 }, busy)
    const credential = readCredential(request.headers.authorization, query.get('access_token') ?? undefined)
    // Whoever is signed in has shown it already.
    const kept = credential === undefined ? browsers?.credentialOf(request) : undefined
    const shown = { credential: credential ?? kept, peer }
    const access = gateway.authorize(shown.credential, peer, kept === undefined ? 'shown' : 'kept')
    if (!access.granted) return refuse(gateway.refuse(access.failure, access.wording, access), access.failure)
    if (access.gateway.token === undefined && this.#isForeign(request)) {
      const wording =
        'this page may not connect: show a token, or add the origin of the page to allowed_origins in the configuration'
      this.#setup.onRefused?.({ from: peer, reason: wording })
      return refuse({ ...gateway.refuse('refused', wording), status: 403 }, 'origin')
    }
    const place = readPlace(query)
    if (typeof place === 'string') return refuse(gateway.refuse('bad-request', place), 'query')
    if (carries.events && place.name !== undefined && !this.#takeName(place.name)) {
      const wording = `the clients of this server have given themselves ${this.#linkNames.size} names, as many as it keeps`
      return refuse({ ...gateway.refuse('busy', wording), status: 503 }, 'too many names')
    }
    leaveOutWindowBits(request)
    this.#acceptor.handleUpgrade(request, socket, head, (webSocket) => {
      this.#accept(webSocket, request.socket, {
        gateway: access.gateway,
        from: peer,
        refusesCalls: carries.calls ? undefined : '/event only carries events; send calls to /api or /',
        events: carries.events ? { ...place, kind: 'ws' } : undefined,
        log: log.child({ path, peer }),
        shown,
      })
    })
  }

  recheck(): void {
    const { gateway } = this.#setup
    for (const [session, { credential, peer }] of this.#sessions) {
      if (gateway.authorize(credential, peer, 'kept').granted) continue
      void session.close(1008, 'the token was changed: connect again with the one that holds now')
    }
  }

  async close(reason: string): Promise<void> {
    this.#isClosing = true
    await Promise.all(Array.from(this.#sessions.keys(), (session) => session.close(1001, reason)))
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close('the server is shutting down')
  }

  #accept(
    webSocket: WebSocket,
    socket: Socket,
    {
      shown,
      ...link
    }: Pick<SessionSetup, 'gateway' | 'from' | 'refusesCalls' | 'events' | 'log'> & { readonly shown: Shown },
  ): void {
    const { options, clock } = this.#setup
    link.log.info({}, 'a bot connected')
    const openOutlet = (written: Written) => this.#outlets.open(webSocket, socket, written)
    const session = new Session({ ...link, webSocket, socket, openOutlet, options, clock })
    this.#sessions.set(session, shown)
    webSocket.once('close', (code) => {
      this.#sessions.delete(session)
      link.log.info({ code }, 'a bot disconnected')
    })
  }

  #whyBusy(): string | undefined {
    if (this.#isClosing) return 'the server is shutting down'
    const { max_sockets } = this.#setup.options
    if (this.#sessions.size < max_sockets) return undefined
    return `${max_sockets} WebSockets are open, as many as this server takes`
  }

  /** A token proves that a page was meant to come, but only where one is asked for. */
  #isForeign({ headers: { origin, host } }: IncomingMessage): boolean {
    const { gateway, options, browsers } = this.#setup
    const isNamed = browsers?.isKnownHost(host) ?? false
    return (
      isForeignPage(origin, host, { allowed: options.allowed_origins, isNamed }) && gateway.authorize(undefined).granted
    )
  }

  #takeName(name: string): boolean {
    if (!this.#linkNames.has(name) && this.#linkNames.size >= this.#setup.options.max_link_names) return false
    this.#linkNames.add(name)
    return true
  }
}

interface Shown {
  readonly credential: string | undefined
  readonly peer: string | undefined
}

interface Carries {
  readonly calls: boolean
  readonly events: boolean
}

const everything: Carries = { calls: true, events: true }
const paths: ReadonlyMap<string, Carries> = new Map([
  ['/', everything],
  ['/api', { calls: true, events: false }],
  ['/api/', { calls: true, events: false }],
  ['/event', { calls: false, events: true }],
  ['/event/', { calls: false, events: true }],
])

function splitTarget(target: string): { readonly path: string; readonly query: URLSearchParams } {
  const mark = target.indexOf('?')
  const end = mark < 0 ? target.length : mark
  return { path: target.slice(0, end), query: new URLSearchParams(target.slice(end)) }
}

/** Where the events of a socket shall begin; or what is wrong with what the client says of that. */
function readPlace(query: URLSearchParams): Omit<SubscribeOptions, 'lifecycle'> | string {
  const link = query.get('link')
  const resume = query.get('resume')
  if (link !== null && !/^[\w.-]{1,64}$/.test(link)) {
    return '"link" takes a name of 1 to 64 letters, digits, "_", "." and "-", such as ?link=my-bot'
  }
  if (resume !== null && !(/^\d{1,16}$/.test(resume) && Number.isSafeInteger(Number(resume)))) {
    return '"resume" takes the number of the last event that you have, such as ?resume=1042; 0: everything that is kept'
  }
  return {
    // The names in the configuration are of another kind: no client takes the place of a link that we dial.
    ...(link !== null && { name: `forward:${link}` }),
    ...(resume !== null && { after: Number(resume) }),
  }
}

/** To clients that can undo only a smaller window than everyone else's frames are made with, nothing is compressed. */
function leaveOutWindowBits({ headers }: IncomingMessage): void {
  if (headers['sec-websocket-extensions']?.includes('server_max_window_bits'))
    delete headers['sec-websocket-extensions']
}

/** Answers an upgrade as the plain HTTP request that it still is. */
function answerUpgrade(socket: Duplex, { status, body, retryAfter }: Answer): void {
  const json = JSON.stringify(body)
  // The client may be gone already, and then nobody needs the answer.
  socket.on('error', () => socket.destroy())
  socket.once('finish', () => socket.destroy())
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n` +
      'Content-Type: application/json; charset=utf-8\r\n' +
      `Content-Length: ${Buffer.byteLength(json)}\r\n` +
      (retryAfter === undefined ? '' : `Retry-After: ${retryAfter}\r\n`) +
      'Connection: close\r\n' +
      `\r\n${json}`,
  )
}
