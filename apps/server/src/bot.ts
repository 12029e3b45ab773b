import { Account, createLinkScope } from '@seekyou/hub'
import type { AccountSetup, LinkScope } from '@seekyou/hub'
import type { Backend, Gateway, UserId } from '@seekyou/protocol'
import { optionsOf } from './bot-settings.ts'
import type { BotSettings, ConnectionOptions, ListenerOptions } from './bot-settings.ts'
import { seatOf } from './config-diff.ts'
import type { BotDiff, ListDiff, Match } from './config-diff.ts'
import { ConfigError } from './config-error.ts'
import { openConnection } from './connection.ts'
import type { Connection } from './connection.ts'
import { filterSource } from './filter-file.ts'
import type { Address, House } from './house.ts'
import { linkOptionsOf } from './link-settings.ts'
import { createListener } from './listener.ts'
import type { Listener } from './listener.ts'

/** What programs are told whose connection ends while the server goes on. */
const CHANGED = 'the configuration of this connection has changed'

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
    await this.#close([...this.#listeners, ...this.#connections], reason)
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
      fresh.defer(() => this.#close([listener], CHANGED))
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
          [
            ...this.#listeners.filter((_, at) => listen.ends.has(at)),
            ...this.#connections.filter((_, at) => connect.ends.has(at)),
          ],
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
            if (kept?.changed.includes('access_token')) listener.recheck()
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

  async #createListener(settings: BotSettings, options: ListenerOptions): Promise<Listener> {
    const { loaded } = settings
    return createListener({
      house: this.#house,
      account: this.account,
      backend: this.#backend,
      gateway: await this.#gateway(settings, options),
      options,
      loaded,
      config: () => this.#settings.loaded.config,
    })
  }

  /** @throws ListenFailed; then the listener is closed. */
  async #listen(listener: Listener): Promise<Listener> {
    try {
      await listener.listen(linkOptionsOf(listener.options, this.#settings.loaded.config.defaults).access_token)
      return listener
    } catch (error) {
      await this.#close([listener], CHANGED)
      throw error
    }
  }

  async #connect(options: ConnectionOptions): Promise<Connection> {
    const { config, folder } = this.#settings.loaded
    return openConnection({
      house: this.#house,
      account: this.account,
      gateway: await this.#gateway(this.#settings, options),
      options,
      accessToken: options.access_token ?? config.defaults.access_token,
      folder,
    })
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

  async #close(links: readonly (Listener | Connection | undefined)[], reason: string): Promise<void> {
    await Promise.all(
      links.map(async (link) => {
        if (!link) return
        await link.close(reason)
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

/** @throws ConfigError where the place for the network to come to, at `place` of the configuration, cannot be had. */
async function openAccount(setup: AccountSetup, place: string): Promise<Account> {
  try {
    return await Account.open(setup)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall !== 'listen') throw error
    throw new ConfigError([`${place}: ${(error as Error).message}`])
  }
}
