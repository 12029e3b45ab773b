import type { IncomingMessage } from 'node:http'
import { resolve } from 'node:path'
import { supportedActions } from '@seekyou/actions'
import type { RouteContract } from '@seekyou/api-reference'
import { serveApiReference } from '@seekyou/api-reference/serve'
import type { ContractOptions } from '@seekyou/api-reference/serve'
import { Account, createLinkScope } from '@seekyou/hub'
import type { AccountSetup, LinkScope, LoginLimit, Tap, Tokens } from '@seekyou/hub'
import type { Backend, Clock, FileSource, Gateway, LinkState, Logger, Store, UserId } from '@seekyou/protocol'
import { createHttpServer, eventRoutes, isKnownHost } from '@seekyou/transport-http'
import type { HttpRoutes, HttpServer, MediaSeal, Sessions } from '@seekyou/transport-http'
import { createForwardServer } from '@seekyou/transport-ws'
import type { ForwardServer } from '@seekyou/transport-ws'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { auditRefusals } from './audit-log.ts'
import type { AuditLog } from './audit-log.ts'
import { seatOf } from './config-diff.ts'
import type { BotDiff, ListDiff, Match } from './config-diff.ts'
import { ConfigError } from './config-error.ts'
import { serveConsole } from './console-page.ts'
import type { Config, LoadedConfig } from './config.ts'
import { filterSource } from './filter-file.ts'
import { linkOptionsOf, resolveFiles } from './link-settings.ts'
import { serveOperations } from './operations.ts'
import { serveTokens } from './token-routes.ts'
import type { BotStatus } from './bot-status.ts'

/** Where a listener of a bot can be reached. */
export interface Address {
  readonly self_id: UserId
  readonly url: string
  readonly host: string
  readonly port: number
  /** The console; where a token is asked for, a link that signs in who opens it, once and within ten minutes. */
  readonly consoleUrl: string
  /** The places of the bot and of the listener in the configuration. */
  readonly bot: number
  readonly listener: number
}

/** What all bots of a process share. */
export interface House extends Pick<AccountSetup, 'restart' | 'onForgotten'> {
  /** Given the tap of every account and its number, until the server ends. */
  readonly trace?: (tap: Tap, selfId: UserId) => Disposable
  readonly store: Store
  readonly files: FileSource
  readonly seal: MediaSeal
  /** The scoped tokens, those of the configuration and those that commands made. */
  readonly tokens: Tokens
  /** How many wrong tokens may be shown to all bots together. */
  readonly logins: LoginLimit
  /** Reads the tokens that commands made again. */
  readonly readTokens: () => void
  readonly auditLog: AuditLog
  /** Who is signed in with a browser. */
  readonly sessions: Sessions
  readonly dataDir: string
  readonly clock: Clock
  readonly log: Logger
  readonly version: string
  /** Where listeners were before the program was restarted: one that takes any free port takes the same again. */
  readonly before: readonly Address[]
  /** Every bot, and how it is doing. */
  readonly bots: () => readonly BotStatus[]
}

/** A configuration, and the place in it of the bot that is spoken of. */
export interface BotSettings {
  readonly loaded: LoadedConfig
  readonly at: number
}

/** What the paths begin with of all that people and operators are served. */
const pageRoots = ['docs', 'openapi.json', 'asyncapi.json', 'console', 'inspect', 'readyz', 'metrics']

/** What programs are told whose connection ends while the server goes on. */
const CHANGED = 'the configuration of this connection has changed'

type ListenerOptions = Config['bots'][number]['listen'][number]
type ConnectionOptions = Config['bots'][number]['connect'][number]

/** A place where programs come to. */
interface Listener {
  readonly options: ListenerOptions
  readonly gateway: Gateway
  readonly http: HttpServer
  readonly sockets: ForwardServer
  address?: Omit<Address, 'bot' | 'listener'>
}

/** A program that we connect to. */
interface Connection {
  readonly name: string
  readonly gateway: Gateway
  readonly transport: AsyncDisposable & { close?(reason: string): Promise<void> }
}

/** A change that is ready to be made. Each of its steps may be taken once; `discard` in place of the others. */
export interface BotChange {
  /** Ends what ends. Does not fail. */
  close(): Promise<void>
  /** Begins what begins, and changes the rest. Does not fail: what goes wrong is logged. */
  open(): Promise<void>
  discard(): Promise<void>
}

/** One account with everything that serves it. */
export class Bot implements AsyncDisposable {
  readonly account: Account
  readonly #backend: Backend
  readonly #house: House
  readonly #trace: Disposable | undefined
  #settings: BotSettings
  /** By their places in the configuration; one that could not listen is absent. */
  #listeners: readonly (Listener | undefined)[] = []
  #connections: readonly (Connection | undefined)[] = []

  private constructor(account: Account, backend: Backend, settings: BotSettings, house: House) {
    this.account = account
    this.#backend = backend
    this.#settings = settings
    this.#house = house
    this.#trace = account.tap && house.trace?.(account.tap, account.self.user_id)
    if (house.trace && !account.tap) {
      house.log.warn({}, 'nothing is traced, since nothing is kept of what passes: tap.records is 0')
    }
  }

  /**
   * Learns who the account is, which may take until its network is there, and opens its doors. `claim` is told the
   * number before anything is done in its name, and returns the settings as they are by then.
   * @throws ConfigError, ListenFailed
   */
  static async open(
    backend: Backend,
    settings: BotSettings,
    house: House,
    claim: (selfId: UserId) => BotSettings,
  ): Promise<Bot> {
    await using opened = new AsyncDisposableStack()
    opened.defer(() => backend.stop())
    const mediaUrl = (): string => bot.#mediaUrl()
    const account = await openAccount(
      {
        ...house,
        backend,
        audit: house.auditLog.write,
        log: house.log.child({ room: 'hub' }),
        options: optionsOf(settings),
        mediaUrl,
        mediaQuery: (key) => house.seal.query(key),
      },
      settings.loaded.place(['bots', settings.at, 'backend', 'listen']),
    )
    const bot: Bot = new Bot(account, backend, claim(account.self.user_id), house)
    opened.use(bot)
    await account.start()
    await bot.#openDoors()
    opened.move()
    return bot
  }

  get addresses(): readonly Address[] {
    const bot = this.#settings.at
    return this.#listeners.flatMap((listener, at) =>
      listener?.address ? [{ ...listener.address, bot, listener: at }] : [],
    )
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close('the server is shutting down')
  }

  /** Tells every link why this is the end; each may wait for slow clients, all of them together no longer than one. */
  async close(reason: string): Promise<void> {
    await this.#close(this.#listeners, this.#connections, reason)
    await this.account[Symbol.asyncDispose]()
    this.#trace?.[Symbol.dispose]()
  }

  /**
   * Makes ready what `diff` says of this bot. Listeners are opened where `isFree` says that none of ours has their seat.
   * @throws ConfigError, ListenFailed; then nothing has changed.
   */
  async prepare(next: BotSettings, diff: BotDiff, isFree: (seat: string | number) => boolean): Promise<BotChange> {
    const begins = [...diff.listen.added.map((after) => ({ after, before: undefined })), ...diff.listen.replaced]
    const missing = diff.listen.kept.filter(({ before }) => !this.#listeners[before])
    await using fresh = new AsyncDisposableStack()
    const opened = new Map<number, Listener>()
    for (const { before, after } of [...begins, ...missing]) {
      const options = optionsOf(next).listen[after]!
      const port = options.port || (before !== undefined && this.#listeners[before]?.address?.port) || 0
      const listener = await this.#createListener(next, { ...options, port })
      fresh.defer(() => this.#close([listener], [], CHANGED))
      if (isFree(seatOf(options))) await this.#listen(listener)
      opened.set(after, listener)
    }
    const unused = fresh.move()
    const listen = planOf(diff.listen)
    const connect = planOf(diff.connect)
    return {
      discard: () => unused.disposeAsync(),
      close: () =>
        this.#close(
          this.#listeners.filter((_, at) => listen.ends.has(at)),
          this.#connections.filter((_, at) => connect.ends.has(at)),
          CHANGED,
        ),
      open: async () => {
        const [listeners, connections] = [this.#listeners, this.#connections]
        this.#settings = next
        const bot = optionsOf(next)
        this.#listeners = await Promise.all(
          bot.listen.map(async (options, at) => {
            const kept = listen.kept.get(at)
            const listener = opened.get(at) ?? listeners[kept!.before]!
            if (kept && !opened.has(at)) await this.#adjust(kept, listener.gateway, options)
            if (kept?.changed.includes('access_token')) recheck(listener)
            if (listener.address) return listener
            return this.#tried(() => this.#listen(listener))
          }),
        )
        this.#connections = await Promise.all(
          bot.connect.map(async (options, at) => {
            const kept = connect.kept.get(at)
            const connection = kept && connections[kept.before]
            if (!connection) return this.#tried(() => this.#connect(options))
            await this.#adjust(kept, connection.gateway, options)
            return connection
          }),
        )
      },
    }
  }

  async #openDoors(): Promise<void> {
    const { before } = this.#house
    const { at: bot } = this.#settings
    const { listen, connect } = optionsOf(this.#settings)
    const listeners: Listener[] = []
    this.#listeners = listeners
    for (const [at, options] of listen.entries()) {
      const known = before.find((address) => address.bot === bot && address.listener === at)
      const listener = await this.#createListener(this.#settings, {
        ...options,
        port: options.port || (known?.port ?? 0),
      })
      listeners.push(listener)
      await this.#listen(listener)
    }
    const connections: Connection[] = []
    this.#connections = connections
    for (const options of connect) connections.push(await this.#connect(options))
  }

  async #gateway(
    { loaded: { config, folder } }: BotSettings,
    link: ListenerOptions | ConnectionOptions,
  ): Promise<Gateway> {
    const scope = 'scope' in link ? this.#scopeOf(link) : undefined
    return this.account.gateway(linkOptionsOf(link, config.defaults), await filterSource(link.filter, folder), scope)
  }

  /** What the program of a connection may do; `undefined` if everything. @throws ConfigError */
  #scopeOf({ name, scope }: ConnectionOptions): LinkScope | undefined {
    const { clock, tokens } = this.#house
    if (scope === undefined) return undefined
    if (typeof scope !== 'string') return createLinkScope(scope, name, clock)
    const token = tokens.named(scope)
    const elsewhere = token?.excludes(this.account.self.user_id)
    if (token && elsewhere === undefined) return token
    const { loaded, at } = this.#settings
    const { connect } = optionsOf(this.#settings)
    const path = ['bots', at, 'connect', connect.findIndex((link) => link.name === name), 'scope']
    const sentence =
      elsewhere === undefined
        ? ` takes the name of a token; there is none ${JSON.stringify(scope)}`
        : ` takes the name of a token of this bot; ${elsewhere}`
    throw new ConfigError([loaded.problem(path, sentence)])
  }

  async #createListener(settings: BotSettings, listener: ListenerOptions): Promise<Listener> {
    const { account } = this
    const { auditLog, clock, dataDir, log, readTokens, seal, sessions, store, tokens, version } = this.#house
    const { config, folder } = settings.loaded
    const { socket: socketPath, tls, data_files: dataFiles } = listener
    const options = {
      ...listener,
      ...(socketPath !== undefined && { socket: resolve(folder, socketPath) }),
      ...(tls && { tls: { cert: resolve(folder, tls.cert), key: resolve(folder, tls.key) } }),
      ...(dataFiles !== undefined && { data_files: resolve(folder, dataFiles) }),
    }
    const gateway = await this.#gateway(settings, listener)
    const logs = { http: log.child({ room: 'transport-http' }), sockets: log.child({ room: 'transport-ws' }) }
    let opened: Listener | undefined
    let inspections: readonly RouteContract[] = []
    const describe = (): ContractOptions => ({
      version,
      supported: supportedActions(this.#backend),
      control: this.#backend.control ?? {},
      routes: [...eventRoutes, ...inspections],
      dialect: gateway.dialect,
      needsToken: !gateway.authorize(undefined).granted,
      ...(opened?.address && { host: new URL(opened.address.url).host }),
    })
    const routes: HttpRoutes = {
      roots: pageRoots,
      add: (app, gate) => {
        const admits = (request: FastifyRequest, reply: FastifyReply) => gate.admit(request, reply) !== undefined
        const admitsOwner = (request: FastifyRequest, reply: FastifyReply) =>
          gate.admitOwner(request, reply) !== undefined
        serveApiReference(app, { admits, describe })
        serveConsole(app)
        serveTokens(app, { admitsOwner, gateway, tokens, reload: readTokens, dataDir, clock, log: logs.http })
        inspections = serveOperations(app, {
          admits: admitsOwner,
          account,
          dataDir,
          media: store.media,
          config: () => this.#settings.loaded.config,
          metricsAreOpen: config.metrics_open,
          bots: this.#house.bots,
          clock,
          log: logs.http,
        })
      },
    }
    const onRefused = auditRefusals(auditLog, account.self.user_id, clock)
    const http = await createHttpServer({
      gateway,
      options,
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
    const sockets = createForwardServer({ gateway, options, browsers, onRefused, clock, log: logs.sockets })
    http.server.on('upgrade', (request, socket, head) => sockets.handleUpgrade(request, socket, head))
    opened = { options: listener, gateway, http, sockets }
    return opened
  }

  async #listen(listener: Listener): Promise<Listener> {
    try {
      const { sessions } = this.#house
      const { access_token: token } = linkOptionsOf(listener.options, this.#settings.loaded.config.defaults)
      const place = await listener.http.listen()
      const query = token === '' ? '' : `?ticket=${sessions.issueTicket(token)}`
      const consoleUrl = `${place.url}/console/${query}`
      listener.address = { ...place, self_id: this.account.self.user_id, consoleUrl }
      return listener
    } catch (error) {
      await this.#close([listener], [], CHANGED)
      throw error
    }
  }

  async #connect(options: ConnectionOptions): Promise<Connection> {
    const { account } = this
    const { clock, log: houseLog } = this.#house
    const { loaded } = this.#settings
    const { name, type } = options
    const gateway = await this.#gateway(this.#settings, options)
    const accessToken = options.access_token ?? loaded.config.defaults.access_token
    let state = (): LinkState => ({ phase: 'connecting' })
    await account.links.expect(name, { kind: type, state: () => state() })
    const onStateChange = () => account.links.changed(name)
    if (options.type === 'webhook') {
      const log = houseLog.child({ room: 'transport-http' })
      const { createWebhook } = await import('@seekyou/transport-http/webhook')
      const transport = createWebhook({ gateway, options, accessToken, onStateChange, clock, log })
      state = () => transport.state
      return { name, gateway, transport }
    }
    const log = houseLog.child({ room: 'transport-ws', link: name })
    const tls = resolveFiles(options.tls, loaded.folder)
    const { createReverseClient } = await import('@seekyou/transport-ws/reverse-client')
    const transport = createReverseClient({
      gateway,
      options: { ...options, tls },
      accessToken,
      onStateChange,
      clock,
      log,
    })
    state = () => transport.state
    return { name, gateway, transport }
  }

  /** Has a link that stays open go by its options as they are now; a filter may have changed in its file. */
  async #adjust({ changed }: Match, gateway: Gateway, link: ListenerOptions | ConnectionOptions): Promise<void> {
    const { config, folder } = this.#settings.loaded
    try {
      this.account.adjust(gateway, linkOptionsOf(link, config.defaults), await filterSource(link.filter, folder))
    } catch (error) {
      this.#house.log.error({ err: error, changed }, 'the filter of a link stays as it was')
    }
  }

  /** What goes wrong in the middle of a change keeps nothing else from being changed. */
  async #tried<T>(run: () => Promise<T>): Promise<T | undefined> {
    try {
      return await run()
    } catch (error) {
      this.#house.log.error({ reason: (error as Error).message }, 'this part of the configuration cannot be used')
      return undefined
    }
  }

  async #close(
    listeners: readonly (Listener | undefined)[],
    connections: readonly (Connection | undefined)[],
    reason: string,
  ): Promise<void> {
    const links = [...listeners, ...connections].filter((link) => link !== undefined)
    await Promise.all(
      links.map(async (link) => {
        if ('transport' in link) {
          await (link.transport.close?.(reason) ?? link.transport[Symbol.asyncDispose]())
          this.account.links.unexpect(link.name)
        } else {
          await Promise.all([link.http.close(reason), link.sockets.close(reason)])
        }
        this.account.release(link.gateway)
      }),
    )
  }

  /** A unix socket is no place that other programs can fetch from. */
  #mediaUrl(): string {
    const own = this.addresses
    const all = own.length > 0 ? own : this.#house.bots().flatMap(({ listeners }) => listeners)
    return (all.find(({ port }) => port > 0) ?? all[0])?.url ?? ''
  }
}

/** Of the links of a list those that go on, by their new places, and the old places of those that end. */
function planOf({ kept, replaced, removed }: ListDiff) {
  return {
    kept: new Map(kept.map((match) => [match.after, match])),
    ends: new Set([...removed, ...replaced.map(({ before }) => before)]),
  }
}

function optionsOf({ loaded, at }: BotSettings): Config['bots'][number] {
  return loaded.config.bots[at]!
}

/** Ends the connections whose token is no longer good. */
function recheck({ http, sockets }: Listener): void {
  http.recheck()
  sockets.recheck()
}

/** @throws ConfigError where the place for the network to come to, at `place` of the configuration, cannot be had. */
async function openAccount(setup: AccountSetup, place: string): Promise<Account> {
  try {
    return await Account.open(setup)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall !== 'listen') throw error
    throw new ConfigError([`${place}: ${(error as Error).message}`])
  }
}

/** Makes the network of a bot. */
export type CreateBackend = (settings: BotSettings) => Backend

/** Loads what makes the networks of a configuration, a sandbox or the bridge to a real one, and no more than it needs. */
export async function loadBackends(
  { config: { bots } }: LoadedConfig,
  { store, log, logins }: Pick<House, 'store' | 'log' | 'logins'>,
): Promise<CreateBackend> {
  const types = new Set(bots.map(({ backend }) => backend.type))
  const [sandboxes, bridges] = await Promise.all([
    types.has('sandbox') ? import('@seekyou/backend-sandbox/sandbox') : undefined,
    types.has('onebot') ? import('@seekyou/backend-onebot/bridge') : undefined,
  ])
  return (settings) => {
    const { backend } = optionsOf(settings)
    switch (backend.type) {
      case 'sandbox': {
        const { type: _, ...sandbox } = backend
        const readWorld = async () => {
          const { loadWorldFile } = await import('./world-file.ts')
          return loadWorldFile(settings.loaded, settings.at)
        }
        return sandboxes!.createConfiguredSandbox(sandbox, { readWorld })
      }
      case 'onebot': {
        const { type: _, ...bridge } = backend
        return bridges!.createBridge({
          ...bridge,
          log: log.child({ room: 'backend-onebot' }),
          memory: store.state,
          logins,
        })
      }
    }
  }
}
