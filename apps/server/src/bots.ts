import type { Backend, Timer, UserId } from '@seekyou/protocol'
import { loadBackends } from './backends.ts'
import type { CreateBackend } from './backends.ts'
import { Bot } from './bot.ts'
import type { BotChange } from './bot.ts'
import type { BotSettings } from './bot-settings.ts'
import type { Address, House } from './house.ts'
import { refuseNamedFiles } from './config-check.ts'
import { diffConfig, seatOf } from './config-diff.ts'
import type { BotDiff, ConfigDiff } from './config-diff.ts'
import { ConfigError } from './config-error.ts'
import type { LoadedConfig } from './config.ts'
import type { BotStatus } from './bot-status.ts'

/** How long a start waits for bots whose network is not there, once another one serves. */
const PATIENCE_MS = 3000

/** One bot of the configuration, whether it serves yet or not. */
interface Slot {
  settings: BotSettings
  readonly backend: Backend
  /** What it opens its doors with; absent while its account is not known. */
  openedWith?: BotSettings
  bot?: Bot
  /** Why it will not serve. */
  trouble?: string
  isLeaving: boolean
  /** Resolves once it serves, or cannot. */
  opened: Promise<void>
}

/** The bots of a process: started at once, each for itself, and changed while they run. */
export class Bots implements AsyncDisposable {
  readonly #house: House
  #loaded: LoadedConfig
  /** What holds until a restart. */
  readonly #started: LoadedConfig
  #slots: readonly Slot[] = []
  readonly #claims = new Map<UserId, Slot>()
  /** Changes are made one after the other. */
  #changing: Promise<unknown> = Promise.resolve()

  readonly #ready = Promise.withResolvers<void>()
  #isReady = false
  #patience: Timer | undefined

  /** Starts every bot of a configuration; they stop waiting for their networks once `signal` is aborted. */
  constructor(
    loaded: LoadedConfig,
    house: House,
    { createBackend, signal }: { readonly createBackend: CreateBackend; readonly signal: AbortSignal | undefined },
  ) {
    this.#house = house
    this.#loaded = this.#started = loaded
    this.#ready.promise.catch(() => undefined)
    this.#slots = loaded.config.bots.map((_, at) => this.#begin({ loaded, at }, { createBackend, isAtStart: true }))
    const leave = (): void => {
      for (const slot of this.#slots) if (!slot.bot) void slot.backend.stop()
    }
    signal?.addEventListener('abort', leave)
    if (signal?.aborted) leave()
  }

  /**
   * Resolves when all bots serve, or one does and the others still wait for their networks.
   * @throws ConfigError, ListenFailed; BackendUnreachable for one that stopped waiting.
   */
  get ready(): Promise<void> {
    return this.#ready.promise
  }

  get addresses(): readonly Address[] {
    return this.#slots.flatMap(({ bot }) => bot?.addresses ?? [])
  }

  /** Every bot, and how it is doing. */
  status(): readonly BotStatus[] {
    return this.#slots.map(({ settings: { at }, backend, bot, trouble }) => {
      const condition = backend.condition()
      const reason = trouble ?? ('reason' in condition ? condition.reason : undefined)
      return {
        bot: `bots[${at}]`,
        self_id: bot?.account.self.user_id ?? null,
        backend: backend.kind,
        phase: bot ? 'serving' : trouble === undefined ? 'waiting' : 'failed',
        reason: reason ?? null,
        // What an address says besides is not for everyone who may look.
        listeners: (bot?.addresses ?? []).map(({ url, host, port }) => ({ url, host, port })),
      }
    })
  }

  /** Has the links of every account drop what they read ahead. */
  readAgain(): void {
    for (const { bot } of this.#slots) bot?.account.readAgain()
  }

  /**
   * Has everything be as another configuration says, and touches nothing that it says the same of.
   * @throws ConfigError, ListenFailed; then everything is as it was.
   */
  change(next: LoadedConfig): Promise<ConfigDiff> {
    const changed = this.#after(this.#changing, next)
    this.#changing = changed.catch(() => undefined)
    return changed
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#patience?.cancel()
    await this.#changing
    await Promise.all(this.#slots.map((slot) => this.#end(slot, 'the server is shutting down')))
  }

  async #after(others: Promise<unknown>, next: LoadedConfig): Promise<ConfigDiff> {
    await others
    const { config } = this.#loaded
    const diff = diffConfig(config, next.config)
    const { kept, replaced, added, removed } = diff.bots
    await refuseNamedFiles(next)
    const createBackend = await loadBackends(next, this.#house)

    // Whoever still waits for its network has nothing to change, and goes by the new configuration once it serves.
    const serving = kept.flatMap((match) => {
      const slot = this.#slots[match.before]!
      return slot.bot ? [{ ...match, slot, bot: slot.bot }] : []
    })
    const written = config.bots.flatMap(({ listen }) => listen.map(seatOf))
    const seats = new Set([...written, ...this.addresses.map(({ port }) => port)])
    const changes: BotChange[] = []
    try {
      for (const match of serving) {
        changes.push(await match.bot.prepare({ loaded: next, at: match.after }, match, (seat) => !seats.has(seat)))
      }
    } catch (error) {
      await Promise.all(changes.map((change) => change.discard()))
      throw error
    }

    const ended = [
      ...removed.map((at) => ({ at, reason: 'this bot was taken out of the configuration' })),
      ...replaced.map(({ before }) => ({ at: before, reason: 'the configuration of this bot has changed' })),
    ]
    const failed = kept.filter(({ before }) => this.#slots[before]!.trouble !== undefined)
    await Promise.all([
      ...changes.map((change) => change.close()),
      ...ended.map(({ at, reason }) => this.#end(this.#slots[at]!, reason)),
    ])
    const slots: Slot[] = []
    for (const { before, after } of kept) {
      const slot = this.#slots[before]!
      slot.settings = { loaded: next, at: after }
      slots[after] = slot
    }
    for (const at of [...added, ...[...replaced, ...failed].map(({ after }) => after)]) {
      slots[at] = this.#begin({ loaded: next, at }, { createBackend, isAtStart: false })
    }
    this.#slots = slots
    this.#loaded = next
    await Promise.all(changes.map((change) => change.open()))
    for (const match of kept) {
      const slot = slots[match.after]!
      if (!serving.some((one) => one.slot === slot)) await this.#catchUp(slot, match)
    }
    this.#judge()
    return { ...diff, needsRestart: diffConfig(this.#started.config, next.config).needsRestart }
  }

  /** A bot that got to know its account while a change was made may have opened its doors as it was before that. */
  async #catchUp(slot: Slot, match: BotDiff): Promise<void> {
    const { openedWith, settings } = slot
    if (openedWith === undefined || openedWith.loaded === settings.loaded) return
    await slot.opened
    const { bot } = slot
    if (!bot) return
    try {
      const change = await bot.prepare(settings, match, () => false)
      await change.close()
      await change.open()
    } catch (error) {
      this.#house.log.error({ reason: (error as Error).message }, 'a bot serves as the configuration was before')
    }
  }

  #begin(
    settings: BotSettings,
    { createBackend, isAtStart }: { readonly createBackend: CreateBackend; readonly isAtStart: boolean },
  ): Slot {
    const backend = createBackend(settings)
    const slot: Slot = { settings, backend, isLeaving: false, opened: Promise.resolve() }
    const claim = (selfId: UserId): BotSettings => {
      const other = this.#claims.get(selfId)
      const { loaded, at } = slot.settings
      if (other) {
        const place = loaded.place(['bots', at, 'backend'])
        throw new ConfigError([`${place}: the account ${selfId} is that of bots[${other.settings.at}] already`])
      }
      this.#claims.set(selfId, slot)
      return (slot.openedWith = slot.settings)
    }
    slot.opened = this.#open(slot, claim).catch((error: unknown) => {
      this.#release(slot)
      if (slot.isLeaving) return
      slot.trouble = (error as Error).message
      if (isAtStart && !this.#isReady) this.#ready.reject(error)
      else this.#house.log.error({ reason: slot.trouble, bot: slot.settings.at }, 'a bot cannot serve')
    })
    return slot
  }

  async #open(slot: Slot, claim: (selfId: UserId) => BotSettings): Promise<void> {
    const bot = await Bot.open(slot.backend, slot.settings, this.#house, claim)
    if (slot.isLeaving) return bot[Symbol.asyncDispose]()
    slot.bot = bot
    this.#judge()
  }

  /** Whether enough of them serve. */
  #judge(): void {
    const serving = this.#slots.filter(({ bot }) => bot).length
    if (serving === this.#slots.length) this.#beReady()
    else if (serving > 0) this.#patience ??= this.#house.clock.setTimeout(() => this.#beReady(), PATIENCE_MS)
  }

  #beReady(): void {
    this.#isReady = true
    this.#patience?.cancel()
    this.#ready.resolve()
  }

  async #end(slot: Slot, reason: string): Promise<void> {
    slot.isLeaving = true
    if (!slot.bot) await slot.backend.stop()
    await slot.opened
    await slot.bot?.close(reason)
    this.#release(slot)
  }

  #release(slot: Slot): void {
    for (const [selfId, owner] of this.#claims) if (owner === slot) this.#claims.delete(selfId)
  }
}
