import type { Backend, UserId } from '@seekyou/protocol'
import { Bot, createBackend } from './bot.ts'
import type { Address, BotChange, BotSettings, House } from './bot.ts'
import { diffConfig, placeOf } from './config-diff.ts'
import type { ConfigDiff } from './config-diff.ts'
import { ConfigError } from './config-error.ts'
import type { LoadedConfig } from './config.ts'
import { refuseNamedFiles } from './config-check.ts'
import type { BotStatus } from './bot-status.ts'

/** How long a start waits for bots whose network is not there, once another one serves. */
const PATIENCE_MS = 3000

/** One bot of the configuration, whether it serves yet or not. */
interface Slot {
  settings: BotSettings
  readonly backend: Backend
  bot?: Bot
  /** Why it will not serve. */
  trouble?: string
  isLeaving: boolean
  /** Settled once it serves, or cannot. */
  opened: Promise<void>
}

/** The bots of a process: started at once, each for itself, and changed while they run. */
export class Bots implements AsyncDisposable {
  readonly #house: House
  #loaded: LoadedConfig | undefined
  #slots: readonly Slot[] = []
  readonly #claims = new Map<UserId, Slot>()
  /** Changes are made one after the other. */
  #changing: Promise<unknown> = Promise.resolve()

  constructor(house: House) {
    this.#house = house
  }

  /**
   * Starts every bot of a configuration. Resolves when all of them serve, or one does and the others still wait for their
   * network.
   * @throws ConfigError, ListenFailed; BackendUnreachable once `signal` is aborted.
   */
  async start(loaded: LoadedConfig, signal: AbortSignal | undefined): Promise<void> {
    this.#loaded = loaded
    this.#slots = loaded.config.bots.map((_, at) => this.#begin({ loaded, at }))
    const leave = (): void => this.#slots.forEach((slot) => void slot.backend.stop())
    signal?.addEventListener('abort', leave)
    if (signal?.aborted) leave()
    try {
      await this.#firstOfThem()
    } finally {
      signal?.removeEventListener('abort', leave)
    }
    for (const slot of this.#slots) this.#watch(slot)
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
        listeners: bot?.addresses ?? [],
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
    const changed = this.#changing.then(() => this.#change(next))
    this.#changing = changed.catch(() => undefined)
    return changed
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#changing
    await Promise.all(this.#slots.map((slot) => this.#end(slot)))
  }

  async #change(next: LoadedConfig): Promise<ConfigDiff> {
    const { config } = this.#loaded!
    const diff = diffConfig(config, next.config)
    const { kept, replaced, added, removed } = diff.bots
    refuseNamedFiles(next)

    // Whoever still waits for its network has nothing to change, and goes by the new configuration once it serves.
    const serving = kept.flatMap((match) => {
      const slot = this.#slots[match.before]!
      return slot.bot ? [{ ...match, slot, bot: slot.bot }] : []
    })
    const places = new Set(config.bots.flatMap(({ listen }) => listen.map(placeOf)))
    const changes: BotChange[] = []
    try {
      for (const match of serving) {
        const isFree = (place: string) => !places.has(place)
        changes.push(await match.bot.prepare({ loaded: next, at: match.after }, match, isFree))
      }
    } catch (error) {
      await Promise.all(changes.map((change) => change.discard()))
      throw error
    }

    const ended = [...removed, ...replaced.map(({ before }) => before)].map((at) => this.#slots[at]!)
    const failed = kept.filter(({ before }) => this.#slots[before]!.trouble !== undefined)
    await Promise.all([...changes.map((change) => change.close()), ...ended.map((slot) => this.#end(slot))])
    const slots: Slot[] = []
    for (const { before, after } of kept) {
      const slot = this.#slots[before]!
      slot.settings = { loaded: next, at: after }
      slots[after] = slot
    }
    for (const at of [...added, ...[...replaced, ...failed].map(({ after }) => after)]) {
      slots[at] = this.#begin({ loaded: next, at })
      this.#watch(slots[at])
    }
    this.#slots = slots
    this.#loaded = next
    await Promise.all(changes.map((change) => change.open()))
    return diff
  }

  #begin(settings: BotSettings): Slot {
    const backend = createBackend(settings, this.#house)
    const slot: Slot = { settings, backend, isLeaving: false, opened: Promise.resolve() }
    const claim = (selfId: UserId): void => {
      const other = this.#claims.get(selfId)
      if (other) {
        const { loaded, at } = slot.settings
        const place = loaded.place(['bots', at, 'backend'])
        throw new ConfigError([`${place}: the account ${selfId} is that of bots[${other.settings.at}] already`])
      }
      this.#claims.set(selfId, slot)
    }
    slot.opened = Bot.open(backend, () => slot.settings, this.#house, claim).then(async (bot) => {
      slot.bot = bot
      if (slot.isLeaving) await bot[Symbol.asyncDispose]()
    })
    return slot
  }

  /** Has what becomes of a bot later told in the log: nobody waits for it any more. */
  #watch(slot: Slot): void {
    slot.opened.catch((error: unknown) => {
      if (slot.isLeaving) return
      this.#release(slot)
      slot.trouble = (error as Error).message
      this.#house.log.error({ reason: slot.trouble, bot: slot.settings.at }, 'a bot cannot serve')
    })
  }

  async #firstOfThem(): Promise<void> {
    const opened = this.#slots.map((slot) => slot.opened)
    const all = Promise.all(opened)
    const patience = Promise.withResolvers<void>()
    const first = Promise.any(opened).then(() => {
      const timer = this.#house.clock.setTimeout(patience.resolve, PATIENCE_MS)
      return patience.promise.finally(() => timer.cancel())
    })
    // Whichever comes first says how it went; of the other nobody wants to hear.
    first.catch(() => undefined)
    await Promise.race([all, patience.promise])
    patience.resolve()
  }

  async #end(slot: Slot): Promise<void> {
    slot.isLeaving = true
    if (slot.bot) await slot.bot[Symbol.asyncDispose]()
    else {
      await slot.backend.stop()
      await slot.opened.catch(() => undefined)
    }
    this.#release(slot)
  }

  #release(slot: Slot): void {
    for (const [selfId, owner] of this.#claims) if (owner === slot) this.#claims.delete(selfId)
  }
}
