import { once } from 'node:events'
import { readFileSync, statSync } from 'node:fs'
import { chmod, lstat, unlink } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { RequestListener, Server, ServerOptions } from 'node:http'
import { createServer as createTlsServer, Server as TlsServer } from 'node:https'
import { connect, createServer as createNetServer } from 'node:net'
import type { AddressInfo, ListenOptions, Server as NetServer } from 'node:net'
import type { Clock, Logger, Timer } from '@seekyou/protocol'
import { ListenFailed } from './listen-failed.ts'
import type { HttpServerOptions } from './options.ts'

/** Where a server can be reached; of a unix socket `host` is the path and `port` is 0. */
export interface ListenAddress {
  readonly host: string
  readonly port: number
  /** One that works on this machine; `http+unix://` and the escaped path for a unix socket. */
  readonly url: string
}

/** How often the files of a certificate are looked at, in ms: long before one that is renewed expires. */
const CERTIFICATE_CHECK_MS = 60_000

type Tls = NonNullable<HttpServerOptions['tls']>

/** Makes Node's server for the options of a listener: with TLS or without. @throws ListenFailed for a bad certificate. */
export function createNodeServer(
  options: HttpServerOptions,
  settings: ServerOptions,
  handler: RequestListener,
): Server {
  const { tls } = options
  if (!tls) return createServer(settings, handler)
  try {
    return createTlsServer({ ...settings, ...readCertificate(tls) }, handler)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new ListenFailed(options, cause, `the certificate ${tls.cert} with the key ${tls.key} is no good: ${reason}`)
  }
}

/** The places where a server takes connections. */
export interface Listener {
  /** Begins to listen. @throws ListenFailed */
  listen(): Promise<ListenAddress>
  /** Takes no more of them; resolves once the last is over. */
  close(): Promise<void>
}

export function createListener(server: Server, options: HttpServerOptions): Listener {
  const { host, port, socket, socket_mode, tls } = options
  const scheme = tls ? 'https' : 'http'
  const others: NetServer[] = []

  /** The name `localhost` stands for two addresses, and clients take the one or the other. */
  async function listenBeside(bound: AddressInfo): Promise<void> {
    // As Node's HTTP server takes its own.
    const settings = { allowHalfOpen: true, noDelay: true }
    const other = createNetServer(settings, (connection) => server.emit('connection', connection))
    const address = bound.family === 'IPv6' ? '127.0.0.1' : '::1'
    // Not every machine has both.
    await start(other, { host: address, port: bound.port }).then(
      () => others.push(other),
      () => undefined,
    )
  }

  return {
    async listen() {
      try {
        if (socket === undefined) {
          await start(server, { host, port })
          const bound = server.address() as AddressInfo
          if (host === 'localhost') await listenBeside(bound)
          return { host: bound.address, port: bound.port, url: `${scheme}://${reachable(bound)}:${bound.port}` }
        }
        await removeStaleSocket(socket)
        await start(server, { path: socket })
        await chmod(socket, Number.parseInt(socket_mode, 8))
        return { host: socket, port: 0, url: `${scheme}+unix://${encodeURIComponent(socket)}` }
      } catch (cause) {
        throw new ListenFailed(options, cause)
      }
    },
    async close() {
      await Promise.all([server, ...others].map(end))
    },
  }
}

async function start(server: NetServer, place: ListenOptions): Promise<void> {
  server.listen(place)
  await once(server, 'listening')
}

/** One that never listened is closed as it is. */
function end(server: NetServer): Promise<void> {
  return new Promise((resolve) => void server.close(() => resolve()))
}

/** The address as a URL writes it; where it listens on every network, the loopback address. */
function reachable({ address, family }: AddressInfo): string {
  if (address === '0.0.0.0' || address === '::') return '127.0.0.1'
  return family === 'IPv6' ? `[${address}]` : address
}

/** A program that was killed leaves its socket file behind, on which nobody listens any more. */
async function removeStaleSocket(path: string): Promise<void> {
  const found = await lstat(path).catch(() => undefined)
  if (found?.isSocket() && !(await isListenedOn(path))) await unlink(path)
}

function isListenedOn(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ path })
    const tell = (isThere: boolean) => () => {
      socket.destroy()
      resolve(isThere)
    }
    socket.once('connect', tell(true)).once('error', tell(false))
  })
}

function readCertificate({ cert, key }: Tls) {
  return { cert: readFileSync(cert), key: readFileSync(key) }
}

/** Takes a renewed certificate into use; connections that are open keep the old one. Disposing ends the watch. */
export function watchCertificate(
  server: Server,
  tls: Tls,
  { clock, log }: { readonly clock: Clock; readonly log: Logger },
): Disposable {
  const version = () => [tls.cert, tls.key].map((file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs).join()
  let known = version()
  let timer: Timer
  const check = (): void => {
    timer = clock.setTimeout(check, CERTIFICATE_CHECK_MS)
    const now = version()
    if (now === known) return
    known = now
    try {
      if (server instanceof TlsServer) server.setSecureContext(readCertificate(tls))
      log.info({ cert: tls.cert }, 'the certificate was read again')
    } catch (error) {
      log.error({ cert: tls.cert, err: error }, 'the new certificate cannot be used; the one before goes on')
    }
  }
  timer = clock.setTimeout(check, CERTIFICATE_CHECK_MS)
  return { [Symbol.dispose]: () => timer.cancel() }
}
