import { once } from 'node:events'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import type { Clock, Gateway, MediaStore } from '@seekyou/protocol'
import { createRecordingLogger, createScriptedGateway, createVirtualClock } from '@seekyou/testkit'
import type { ScriptedGateway, ScriptedGatewayOptions } from '@seekyou/testkit'
import { createHttpServer, httpServerOptions } from '@seekyou/transport-http'
import type { HttpServer, Sessions } from '@seekyou/transport-http'

export interface House extends AsyncDisposable {
  readonly gateway: ScriptedGateway
  readonly server: HttpServer
  readonly url: string
  readonly port: number
  readonly log: ReturnType<typeof createRecordingLogger>
}

export interface HouseOptions extends ScriptedGatewayOptions {
  readonly options?: object
  readonly gateway?: Partial<Gateway>
  readonly media?: Pick<MediaStore, 'get'>
  readonly seal?: Parameters<typeof createHttpServer>[0]['seal']
  readonly sessions?: Sessions
  readonly clock?: Clock
  readonly routes?: Parameters<typeof createHttpServer>[0]['routes']
}

/** An HTTP server on a port of its own before a scripted account. */
export async function openHouse(setup: HouseOptions = {}): Promise<House> {
  const scripted = createScriptedGateway(setup)
  const gateway: ScriptedGateway = {
    ...scripted,
    authorize(credential, from) {
      const access = scripted.authorize(credential, from)
      return access.granted ? { granted: true, gateway } : access
    },
    ...setup.gateway,
  }
  const log = createRecordingLogger()
  const server = await createHttpServer({
    gateway,
    options: httpServerOptions.parse({ port: 0, ...setup.options }),
    log,
    clock: setup.clock ?? createVirtualClock(),
    ...(setup.media && { media: setup.media }),
    ...(setup.seal && { seal: setup.seal }),
    ...(setup.sessions && { sessions: setup.sessions }),
    ...(setup.routes && { routes: setup.routes }),
  })
  const { url, port } = await server.listen()
  return {
    gateway,
    server,
    url,
    port,
    log,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}

/** A plain socket to the server, and everything that came back on it. */
export interface RawPeer extends Disposable {
  readonly socket: Socket
  readonly received: string
  /** Resolves once `text` has come. */
  sees(text: string): Promise<void>
  /** Resolves once the server has closed. */
  readonly closed: Promise<unknown>
}

export async function openRawPeer(port: number): Promise<RawPeer> {
  const socket = connect({ port, host: '127.0.0.1' })
  await once(socket, 'connect')
  let received = ''
  socket.on('data', (chunk: Buffer) => void (received += chunk.toString()))
  socket.on('error', () => undefined)
  const closed = once(socket, 'close')
  return {
    socket,
    get received() {
      return received
    },
    async sees(text) {
      while (!received.includes(text)) await once(socket, 'data')
    },
    closed,
    [Symbol.dispose]: () => void socket.destroy(),
  }
}
