import type { IncomingMessage } from 'node:http'
import { resolve } from 'node:path'
import type { Account } from '@seekyou/hub'
import type { Backend, Gateway } from '@seekyou/protocol'
import { createHttpServer, isKnownHost } from '@seekyou/transport-http'
import type { HttpRoutes } from '@seekyou/transport-http'
import { createForwardServer } from '@seekyou/transport-ws'
import { auditRefusals } from './audit-log.ts'
import type { ListenerOptions } from './bot-settings.ts'
import type { Config, LoadedConfig } from './config.ts'
import type { Address, House } from './house.ts'

/** A place where programs come to. */
export interface Listener {
  readonly options: ListenerOptions
  readonly gateway: Gateway
  /** Absent until it listens. */
  readonly address: Omit<Address, 'bot' | 'listener'> | undefined
  /** Begins to listen; `token` is what the gateway asks for. @throws ListenFailed */
  listen(token: string): Promise<void>
  /** Ends the connections whose token is no longer good. */
  recheck(): void
  /** Tells its clients why this is the end, and waits for the slow ones as long as the options say. */
  close(reason: string): Promise<void>
}

interface ListenerSetup {
  readonly house: House
  readonly account: Account
  readonly backend: Backend
  readonly gateway: Gateway
  /** The port may be another than the configuration says: one that it had before. */
  readonly options: ListenerOptions
  /** What it is configured with, the options of others included. */
  readonly loaded: LoadedConfig
  /** The configuration as it is now. */
  readonly config: () => Config
}

/** What the paths begin with of all that people and operators are served. */
const pageRoots = ['docs', 'openapi.json', 'asyncapi.json', 'console', 'inspect', 'readyz', 'metrics']

/** Puts together what one port serves: the HTTP API, the WebSockets, and the pages of people and operators. */
export async function createListener({
  house,
  account,
  backend,
  gateway,
  options,
  loaded,
  config,
}: ListenerSetup): Promise<Listener> {
  const { auditLog, clock, log, seal, sessions, store } = house
  const selfId = account.self.user_id
  const logs = { http: log.child({ room: 'transport-http' }), sockets: log.child({ room: 'transport-ws' }) }
  let address: Listener['address']
  const routes: HttpRoutes = {
    roots: pageRoots,
    async add(app, gate) {
      const { servePages } = await import('./pages.ts')
      const { metrics_open: metricsAreOpen } = loaded.config
      const url = () => address?.url
      servePages(app, gate, { house, account, backend, gateway, config, metricsAreOpen, url, log: logs.http })
    },
  }
  const placed = withPlaces(options, loaded.folder)
  const onRefused = auditRefusals(auditLog, selfId, clock)
  const http = await createHttpServer({
    gateway,
    options: placed,
    media: store.media,
    seal,
    sessions,
    onRefused,
    routes,
    log: logs.http,
  })
  const browsers = {
    credentialOf: (request: IncomingMessage) => sessions.credentialOf(request),
    isKnownHost: (name: string | undefined) => isKnownHost(name, options.allowed_hosts),
  }
  const sockets = createForwardServer({ gateway, options: placed, browsers, onRefused, clock, log: logs.sockets })
  http.server.on('upgrade', (request, socket, head) => sockets.handleUpgrade(request, socket, head))

  return {
    options,
    gateway,
    get address() {
      return address
    },
    async listen(token) {
      const place = await http.listen()
      const query = token === '' ? '' : `?ticket=${sessions.issueTicket(token)}`
      address = { ...place, self_id: selfId, consoleUrl: `${place.url}/console/${query}` }
    },
    recheck() {
      http.recheck()
      sockets.recheck()
    },
    async close(reason) {
      await Promise.all([http.close(reason), sockets.close(reason)])
    },
  }
}

/** Options whose files are where the configuration says, seen from its folder. */
function withPlaces({ socket, tls, data_files: dataFiles, ...options }: ListenerOptions, folder: string) {
  return {
    ...options,
    ...(socket !== undefined && { socket: resolve(folder, socket) }),
    ...(tls && { tls: { cert: resolve(folder, tls.cert), key: resolve(folder, tls.key) } }),
    ...(dataFiles !== undefined && { data_files: resolve(folder, dataFiles) }),
  }
}
