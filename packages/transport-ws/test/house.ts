import { once } from 'node:events'
import { createServer } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { ServerOptions } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import type { Gateway } from '@seekyou/protocol'
import { createRecordingLogger, createScriptedGateway, createVirtualClock } from '@seekyou/testkit'
import type { ScriptedGateway, ScriptedGatewayOptions } from '@seekyou/testkit'
import { createForwardServer, forwardServerOptions } from '@seekyou/transport-ws'
import type { ForwardServer } from '@seekyou/transport-ws'

export interface House extends AsyncDisposable {
  readonly gateway: ScriptedGateway
  readonly server: ForwardServer
  /** `ws://127.0.0.1:<port>`, or `wss:` */
  readonly url: string
  readonly port: number
  readonly clock: ReturnType<typeof createVirtualClock>
  readonly log: ReturnType<typeof createRecordingLogger>
  /** The server's ends of the sockets that asked for an upgrade. */
  readonly sockets: readonly Socket[]
}

export interface HouseOptions extends ScriptedGatewayOptions {
  readonly options?: object
  readonly refuse?: Gateway['refuse']
  readonly authorize?: Gateway['authorize']
  readonly browsers?: Parameters<typeof createForwardServer>[0]['browsers']
  /** Makes the server speak TLS. */
  readonly tls?: ServerOptions
}

/** A forward server on a port of its own, with a scripted account and a clock that stands still. */
export async function openHouse({
  options = {},
  refuse,
  authorize,
  browsers,
  tls,
  ...script
}: HouseOptions = {}): Promise<House> {
  const gateway = { ...createScriptedGateway(script), ...(refuse && { refuse }), ...(authorize && { authorize }) }
  const clock = createVirtualClock()
  const log = createRecordingLogger()
  const sockets: Socket[] = []
  const server = createForwardServer({
    gateway,
    ...(browsers && { browsers }),
    options: forwardServerOptions.parse(options),
    clock,
    log,
  })
  const http = tls ? createTlsServer(tls) : createServer()
  http.on('upgrade', (request, socket, head) => {
    sockets.push(request.socket)
    server.handleUpgrade(request, socket, head)
  })
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  const { port } = http.address() as AddressInfo
  return {
    gateway,
    server,
    url: `${tls ? 'wss' : 'ws'}://127.0.0.1:${port}`,
    port,
    clock,
    log,
    sockets,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      await server[Symbol.asyncDispose]()
      http.close()
      await once(http, 'close')
    },
  }
}
