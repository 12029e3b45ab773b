import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { supportedActions } from '@seekyou/actions'
import { serveApiReference } from '@seekyou/api-reference/serve'
import type { ContractOptions } from '@seekyou/api-reference/serve'
import type { WorldFile } from '@seekyou/backend-sandbox'
import { FilterSyntaxError } from '@seekyou/event-filter'
import { createFileSource } from '@seekyou/file-source'
import { Account, linkOptions } from '@seekyou/hub'
import type { AccountSetup, FilterSource, LinkOptions } from '@seekyou/hub'
import { systemClock } from '@seekyou/protocol'
import type { Backend, Gateway, LinkState, Logger, Store } from '@seekyou/protocol'
import { openStore } from '@seekyou/store'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { createHttpServer, createMediaSeal } from '@seekyou/transport-http'
import type { HttpRoutes } from '@seekyou/transport-http'
import { createForwardServer } from '@seekyou/transport-ws'
import { ConfigError } from './config-error.ts'
import type { LoadedConfig } from './config.ts'
import { serveOperations } from './operations.ts'

/** Where a running server can be reached. */
export interface Address {
  readonly url: string
  readonly host: string
  readonly port: number
}

/** A server that accepts; disposing of it stops everything, in order. */
export interface RunningServer extends AsyncDisposable {
  readonly addresses: readonly Address[]
}

/** What the server is started with, besides its configuration. */
export interface ServerSetup {
  readonly log: Logger
  readonly version: string
  /** Ends this server and starts another; called when a client asks for it. */
  readonly restart?: () => void
  /** See `AccountSetup`. */
  readonly inspect?: AccountSetup['inspect']
  /** Where the server listened before it was restarted: who listens on any free port takes the same one again. */
  readonly before?: readonly Address[]
  /** Aborted when the server is told to stop before it stands; then `startServer` rejects. */
  readonly signal?: AbortSignal
}

/** How long the address of a stored file holds at least; every event and every answer carries a fresh one. */
const MEDIA_LIFETIME_SECONDS = 3600

/**
 * Builds the house from its rooms and opens the doors: the one place that names every package.
 * @throws ConfigError, StoreUnavailable or ListenFailed; whatever was already open is closed again.
 */
export async function startServer(
  { config, folder, place }: LoadedConfig,
  { log, version, restart, before = [], inspect, signal }: ServerSetup,
): Promise<RunningServer> {
  await using opened = new AsyncDisposableStack()
  const clock = systemClock
  const dataDir = resolve(folder, config.data_dir)
  const store = opened.use(
    await openStore({
      ...config.store,
      dataDir,
      clock,
      log: log.child({ room: 'store' }),
    }),
  )
  const addresses: Address[] = []
  // A unix socket is no place that other programs can fetch from.
  const mediaUrl = () => (addresses.find(({ port }) => port > 0) ?? addresses[0])?.url ?? ''
  const seal = createMediaSeal({ clock, lifetime: MEDIA_LIFETIME_SECONDS })
  const files = opened.use(
    createFileSource({
      ...config.files,
      allowed_paths: config.files.allowed_paths.map((path) => resolve(folder, path)),
      media: store.media,
      mediaUrl,
      clock,
    }),
  )

  for (const [index, bot] of config.bots.entries()) {
    const backend = await createBackend(bot.backend, {
      load: async (file) => {
        const { loadWorldFile } = await import('./world-file.ts')
        return loadWorldFile(file, folder, place(['bots', index, 'backend', 'world']))
      },
      store,
      log,
    })
    const account = opened.use(
      await openAccount(
        {
          backend,
          store,
          files,
          options: bot,
          clock,
          log,
          version,
          mediaUrl,
          mediaQuery: (key) => seal.query(key),
          ...(restart && { restart }),
          ...(inspect && { inspect }),
        },
        { signal, place: place(['bots', index, 'backend', 'listen']) },
      ),
    )
    const gatewayFor = async (link: LinkSettings, list: 'listen' | 'connect', at: number): Promise<Gateway> => {
      const filter = await filterSource(link.filter, folder)
      try {
        return account.gateway(linkOptionsOf(link, config.defaults), filter)
      } catch (error) {
        const reason = filterProblem(error, link.filter)
        throw reason ? new ConfigError([`${place(['bots', index, list, at, 'filter'])}: ${reason}`]) : error
      }
    }
    await account.start()
    const doors = opened.adopt(new Set<AsyncDisposable>(), closeAtOnce)

    for (const [at, listener] of bot.listen.entries()) {
      const { socket: socketPath, tls, data_files: dataFiles } = listener
      const options = {
        ...listener,
        port: listener.port || (before[addresses.length]?.port ?? 0),
        ...(socketPath !== undefined && { socket: resolve(folder, socketPath) }),
        ...(tls && { tls: { cert: resolve(folder, tls.cert), key: resolve(folder, tls.key) } }),
        ...(dataFiles !== undefined && { data_files: resolve(folder, dataFiles) }),
      }
      const gateway = await gatewayFor(options, 'listen', at)
      const room = log.child({ room: 'listen' })
      let address: Address | undefined
      const describe = (): ContractOptions => ({
        version,
        supported: supportedActions(backend),
        control: backend.control ?? {},
        dialect: gateway.dialect,
        needsToken: !gateway.authorize(undefined).granted,
        ...(address && { host: new URL(address.url).host }),
      })
      const routes: HttpRoutes = (app, gate) => {
        const admits = (request: FastifyRequest, reply: FastifyReply) => gate.admit(request, reply) !== undefined
        serveApiReference(app, { admits, describe })
        serveOperations(app, { admits, account, dataDir, metricsAreOpen: config.metrics_open, log: room })
      }
      const http = await createHttpServer({ gateway, options, media: store.media, seal, routes, log: room })
      const sockets = createForwardServer({ gateway, options, clock, log: room })
      doors.add(http).add(sockets)
      http.server.on('upgrade', (request, socket, head) => sockets.handleUpgrade(request, socket, head))
      address = await http.listen()
      addresses.push(address)
    }

    for (const [at, options] of bot.connect.entries()) {
      const gateway = await gatewayFor(options, 'connect', at)
      const room = log.child({ room: 'connect' })
      let state = (): LinkState => ({ phase: 'connecting' })
      await account.expectLink(options.name, { kind: options.type, state: () => state() })
      const accessToken = options.access_token ?? config.defaults.access_token
      if (options.type === 'webhook') {
        const { createWebhook } = await import('@seekyou/transport-http/webhook')
        const webhook = createWebhook({ gateway, options, accessToken, clock, log: room })
        state = () => webhook.state
        doors.add(webhook)
      } else {
        const tls = resolveFiles(options.tls, folder)
        const { createReverseClient } = await import('@seekyou/transport-ws/reverse-client')
        try {
          const client = createReverseClient({ gateway, options: { ...options, tls }, accessToken, clock, log: room })
          state = () => client.state
          doors.add(client)
        } catch (error) {
          throw new ConfigError([`${place(['bots', index, 'connect', at, 'tls'])}: ${(error as Error).message}`])
        }
      }
    }
  }

  const running = opened.move()
  return { addresses, [Symbol.asyncDispose]: () => running.disposeAsync() }
}

/** Each may wait for slow clients, all of them together no longer than one. */
async function closeAtOnce(doors: ReadonlySet<AsyncDisposable>): Promise<void> {
  await Promise.all([...doors].map((door) => door[Symbol.asyncDispose]()))
}

/**
 * Learns who the account is. That may take a while, and a server that is told to stop does not wait for it.
 * @throws ConfigError where the place for the network to come to, at `place` of the configuration, cannot be had.
 */
async function openAccount(
  setup: AccountSetup,
  { signal, place }: { readonly signal: AbortSignal | undefined; readonly place: string },
): Promise<Account> {
  const leave = (): void => void setup.backend.stop()
  signal?.addEventListener('abort', leave)
  if (signal?.aborted) leave()
  try {
    return await Account.open(setup)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall !== 'listen') throw error
    throw new ConfigError([`${place}: ${(error as Error).message}`])
  } finally {
    signal?.removeEventListener('abort', leave)
  }
}

/**
 * The network of an account: a sandbox, with `load` for the world file it may have, or the bridge to a real one. Only
 * the one that is asked for is loaded.
 */
async function createBackend(
  options: LoadedConfig['config']['bots'][number]['backend'],
  {
    load,
    store,
    log,
  }: { readonly load: (file: string) => Promise<WorldFile>; readonly store: Store; readonly log: Logger },
): Promise<Backend> {
  switch (options.type) {
    case 'sandbox': {
      const { type: _, ...sandbox } = options
      const { createSandbox } = await import('@seekyou/backend-sandbox/sandbox')
      return createSandbox({ ...sandbox, readWorld: () => load(sandbox.world) })
    }
    case 'onebot': {
      const { type: _, ...bridge } = options
      const { createBridge } = await import('@seekyou/backend-onebot/bridge')
      return createBridge({ ...bridge, log: log.child({ backend: 'onebot' }), memory: store.state })
    }
  }
}

/** The files of a TLS connection, from the folder that relative paths start from. */
function resolveFiles<Tls extends { readonly [Part in 'ca' | 'cert' | 'key']?: string | undefined }>(
  tls: Tls,
  folder: string,
): Tls {
  const files = (['ca', 'cert', 'key'] as const).flatMap((part) => {
    const path = tls[part]
    return path === undefined ? [] : [[part, resolve(folder, path)] as const]
  })
  return { ...tls, ...Object.fromEntries(files) }
}

type LinkSettings = { readonly [Key in keyof LinkOptions]?: LinkOptions[Key] | undefined } & {
  readonly filter?: unknown
}

/** What a link says itself, and for the rest what all links get. */
function linkOptionsOf(link: LinkSettings, defaults: LinkOptions): LinkOptions {
  const keys = Object.keys(linkOptions.shape) as (keyof LinkOptions)[]
  return Object.assign({}, ...keys.map((key) => ({ [key]: link[key] ?? defaults[key] })))
}

/** Where the rules of a filter are: in the configuration itself, or in the file it names. */
async function filterSource(filter: unknown, folder: string): Promise<FilterSource | undefined> {
  if (filter === undefined) return undefined
  const { compileFilter } = await import('@seekyou/event-filter/compile')
  if (typeof filter !== 'string') return { name: 'the event filter', compile: () => compileFilter(filter) }
  return { name: filter, compile: () => compileFilter(readFilterFile(filter, folder)) }
}

function readFilterFile(file: string, folder: string): unknown {
  try {
    return JSON.parse(readFileSync(resolve(folder, file), 'utf8'))
  } catch (error) {
    const { message } = error as Error
    if (error instanceof SyntaxError) {
      throw new ConfigError([`${file}: this is not JSON: ${message.replaceAll(/\s+/g, ' ')}`])
    }
    const reason = (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such file' : message
    throw new ConfigError([`${file}: the event filter cannot be read: ${reason}`])
  }
}

/** What to tell of a filter that cannot be read or compiled; `undefined` for an error that is about something else. */
function filterProblem(error: unknown, filter: unknown): string | undefined {
  if (error instanceof ConfigError) return error.message
  if (error instanceof FilterSyntaxError) return (typeof filter === 'string' ? `${filter}: ` : '') + error.message
  return undefined
}
