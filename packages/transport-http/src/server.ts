import type { Server } from 'node:http'
import { systemClock } from '@seekyou/protocol'
import type { Clock, Gateway, Logger, MediaStore, Refusal } from '@seekyou/protocol'
import { createCalls } from './calls.ts'
import { createGate } from './gate.ts'
import { createLateRoutes, rootOf } from './late-routes.ts'
import { createListener, createNodeServer, watchCertificate } from './listener.ts'
import type { ListenAddress } from './listener.ts'
import { LongPolling } from './long-polling.ts'
import { answerMalformedRequest } from './malformed-request.ts'
import type { MediaSeal } from './media-seal.ts'
import type { HttpServerOptions } from './options.ts'
import type { HttpRoutes } from './pages.ts'
import { pathOf } from './request-url.ts'
import type { Sessions } from './sessions.ts'

/** A running HTTP side of an account; disposing it stops it. */
export interface HttpServer extends AsyncDisposable {
  /**
   * Begins to accept, and tells the address it got.
   *
   * @throws ListenFailed
   */
  listen(): Promise<ListenAddress>
  /** Looks again at the tokens of everyone who is connected, and ends what goes on with one that is no longer good. */
  recheck(): void
  /** Stops it, as disposing of it does, and tells those who follow its events why. */
  close(reason: string): Promise<void>
  /** Node's own server, for whoever takes its WebSocket upgrades. */
  readonly server: Server
}

/** How long running requests may go on once the server is told to stop. */
const GRACE_MS = 2000
/** How long a connection is kept that a client has no request for; longer than proxies keep theirs, in ms. */
const KEEP_ALIVE_MS = 72_000
/** How often requests that take too long are looked for, in ms. */
const OVERDUE_CHECK_MS = 5000

/**
 * Makes the HTTP server of an account: the actions, its events by long polling and as a stream, what a backend lets
 * people play, stored media, the files of a folder, and the routes that `routes` adds, which are open to everyone unless
 * they ask for a token at the gate they are given.
 *
 * @throws ListenFailed for a certificate that cannot be used.
 * @see https://github.com/botuniverse/onebot-11/blob/master/communication/http.md
 */
export async function createHttpServer({
  gateway,
  options,
  media,
  seal,
  sessions,
  onRefused,
  routes,
  log,
  clock = systemClock,
}: {
  readonly gateway: Gateway
  readonly options: HttpServerOptions
  readonly media?: Pick<MediaStore, 'get'>
  /** Opens media only to addresses that have not expired; default: they never do. */
  readonly seal?: Pick<MediaSeal, 'admits'>
  /** Who is signed in with a browser; without it nobody can be. */
  readonly sessions?: Sessions
  /** Told of who is turned away for the page they come from, or for a scoped token. */
  readonly onRefused?: (refusal: Refusal) => void
  readonly routes?: HttpRoutes
  readonly log: Logger
  readonly clock?: Clock
}): Promise<HttpServer> {
  const { allowed_origins: origins, allowed_hosts: names, host, socket: socketPath, data_files: folder, tls } = options
  const gate = createGate({
    gateway,
    log,
    sessions,
    onRefused,
    origins,
    hosts: socketPath === undefined ? [...names, host.toLowerCase()] : 'any',
  })
  const calls = createCalls({
    gateway,
    gate,
    longPolling: new LongPolling({ name: options.updates_name, clock }),
    bodyLimit: Math.floor(options.body_limit * 1024 * 1024),
    log,
  })
  let farewell = 'the server is shutting down'
  const roots = new Set(['healthz', 'media', '_events', 'console', ...(routes?.roots ?? [])])
  if (folder !== undefined) roots.add('data')
  const pages = createLateRoutes({
    // A page of another origin is told by headers of its own what it may do.
    areFor: (request) =>
      roots.has(rootOf(pathOf(request))) || (origins.length > 0 && request.headers.origin !== undefined),
    async open() {
      const { openPages } = await import('./pages.ts')
      const others = calls.serve
      const heard = { farewell: () => farewell, clock, log }
      return openPages({ gateway, gate, options, media, seal, sessions, routes, roots, others, ...heard })
    },
    log,
  })

  const requestTimeout = options.request_timeout * 1000
  const server: Server = createNodeServer(
    options,
    {
      maxHeaderSize: options.header_limit * 1024,
      requestTimeout,
      headersTimeout: Math.min(requestTimeout, 60_000),
      connectionsCheckingInterval: Math.min(requestTimeout, OVERDUE_CHECK_MS),
      keepAliveTimeout: KEEP_ALIVE_MS,
      // An upgrade to anything else (curl offers h2c) is an ordinary request that may go on without.
      shouldUpgradeCallback: ({ headers }) =>
        headers.upgrade?.toLowerCase() === 'websocket' && server.listenerCount('upgrade') > 0,
    },
    (request, response) => {
      // What still arrives while it stops is answered as always.
      if (stopping) response.setHeader('connection', 'close')
      if (!pages.serve(request, response)) calls.serve(request, response)
    },
  )
  server.on('clientError', (error, socket) => answerMalformedRequest(error, socket, gateway))
  const listener = createListener(server, options)
  const certificateWatch = tls && watchCertificate(server, tls, { clock, log })

  let stopping: Promise<void> | undefined
  async function stop(): Promise<void> {
    certificateWatch?.[Symbol.dispose]()
    // A connection whose calls are answered is not kept for more.
    server.keepAliveTimeout = 1
    server.keepAliveTimeoutBuffer = 0
    calls.close()
    const closed = Promise.all([listener.close(), pages[Symbol.asyncDispose]()])
    const graceOver = Promise.withResolvers<void>()
    const timer = clock.setTimeout(graceOver.resolve, GRACE_MS)
    await Promise.race([closed, graceOver.promise])
    timer.cancel()
    // Sockets that were upgraded belong to whoever took them; they are neither closed nor waited for.
    server.closeAllConnections()
  }

  return {
    server,
    listen: () => listener.listen(),
    recheck() {
      gate.recheck()
      calls.recheck()
    },
    close(reason) {
      if (!stopping) farewell = reason
      return (stopping ??= stop())
    },
    [Symbol.asyncDispose]: () => (stopping ??= stop()),
  }
}
