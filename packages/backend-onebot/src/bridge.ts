import { ActionFailure, BackendUnreachable, systemClock } from '@seekyou/protocol'
import type {
  ActionHandler,
  Backend,
  BackendHost,
  BackendState,
  Chat,
  Clock,
  Identity,
  Logger,
  LoginGuard,
} from '@seekyou/protocol'
import type * as z from 'zod'
import { Directory } from './directory.ts'
import { answered, doAction, handlersOf, idOnWire, reportActions } from './doings.ts'
import type { Doing } from './doings.ts'
import { Hearing } from './hearing.ts'
import { MessageIds, readMessageId } from './ids.ts'
import { BridgeMedia } from './media.ts'
import { createNativeMessages } from './native-messages.ts'
import { bridgeOptions, requireUpstream } from './options.ts'
import type { BridgeOptions } from './options.ts'
import type { OutgoingContext } from './outgoing.ts'
import { createOwnActions } from './own-actions.ts'
import type { Motion } from './own-actions.ts'
import { fieldsOf, textOf } from './reading.ts'
import type { Fields } from './reading.ts'
import { Speaking } from './speaking.ts'
import { TemporarySessions } from './temporary-sessions.ts'
import { Upstream } from './upstream.ts'
import { createUpstreamMemory } from './upstream-memory.ts'
import type { UpstreamMemory } from './upstream-memory.ts'
import type { UpstreamInfo } from './upstream.ts'

/** Everything of `bridgeOptions` may be said, and what is no option. */
export interface BridgeSetup extends z.input<typeof bridgeOptions> {
  readonly log: Logger
  /** Default: the machine's own. */
  readonly clock?: Clock
  /** Gives numbers from 0 up to 1, for pauses between attempts; default: `Math.random`. */
  readonly random?: () => number
  /** Where the upstream and its account are remembered, for a start without it; default: nowhere. */
  readonly memory?: Pick<BackendState, 'get' | 'put'>
  /** How many wrong tokens may be shown where the upstream dials us; default: as many as one likes. */
  readonly logins?: LoginGuard
}

/** How long a start waits for an upstream whose account is known anyway, in ms. */
const KNOWN_WAIT_MS = 2000

/** An account on a real network, through the OneBot 11 implementation that has it. */
export function createBridge({
  log,
  clock = systemClock,
  random = Math.random,
  memory,
  logins,
  ...given
}: BridgeSetup): Backend {
  const options = bridgeOptions.superRefine(requireUpstream).parse(given)
  return new Bridge({ options, log, clock, random, memory, logins })
}

interface BridgeParts {
  readonly options: BridgeOptions
  readonly log: Logger
  readonly clock: Clock
  readonly random: () => number
  readonly memory: BridgeSetup['memory']
  readonly logins: LoginGuard | undefined
}

/** What there is while the account is in motion. */
interface Running extends Motion {
  readonly ids: MessageIds
  readonly media: BridgeMedia
}

class Bridge implements Backend {
  readonly kind = 'onebot'
  readonly #parts: BridgeParts
  readonly #memory: UpstreamMemory
  #upstream: Promise<Upstream> | undefined
  #opened: Upstream | undefined
  #running: Running | undefined
  #isStopped = false
  #handlers:
    | { readonly of: UpstreamInfo | undefined; readonly handlers: Readonly<Record<string, ActionHandler>> }
    | undefined
  readonly #own = createOwnActions({
    current: () => this.#current(),
    call: (action, params) => this.#call(action, params),
    profile: () => this.#profile(),
    doing: () => this.#doing(),
    identity: () => this.#opened?.info?.identity,
  })

  constructor(parts: BridgeParts) {
    this.#parts = parts
    this.#memory = createUpstreamMemory(parts.memory, parts.options)
  }

  async identify(): Promise<Identity> {
    const { clock, log, options } = this.#parts
    if (this.#isStopped) throw new BackendUnreachable('the bridge has stopped')
    this.#upstream = Upstream.open(this.#parts)
    const upstream = (this.#opened = await this.#upstream)
    const remembered = await this.#memory.recall()
    if (remembered) upstream.recall(remembered)
    const met = upstream.met().then((info) => {
      this.#memory.keep(info)
      return info.identity
    })
    const self_id = remembered?.identity.user_id ?? options.self_id
    if (self_id === undefined) {
      log.warn({}, `waiting for ${upstream.awaits}, which says whose account it has; set self_id to start without it`)
      return met
    }
    const patience = Promise.withResolvers<undefined>()
    const timer = clock.setTimeout(() => patience.resolve(undefined), KNOWN_WAIT_MS)
    const identity = await Promise.race([met, patience.promise])
    timer.cancel()
    met.catch(() => undefined)
    if (identity) return identity
    log.warn({ account: self_id }, `starting without the upstream; waiting for ${upstream.awaits}`)
    return remembered?.identity ?? { user_id: self_id as Identity['user_id'], nickname: '' }
  }

  async start(host: BackendHost): Promise<void> {
    const upstream = this.#opened
    if (!upstream) throw new Error('a bridge is identified before it starts')
    const { options } = this.#parts
    const call = (action: string, params: Fields) => upstream.call(action, params)
    const ids = new MessageIds(host.messages, host.state, options.remembered_ids)
    const messages = createNativeMessages({ host, ids, profile: () => upstream.profile, call })
    const directory = new Directory(host.clock, (group_id) =>
      call('get_group_member_list', { group_id, no_cache: false }),
    )
    const media = new BridgeMedia(host, options, call)
    const hearing = new Hearing({
      host,
      ids,
      directory,
      media,
      profile: () => upstream.profile,
      call,
      onOwn: (chat, message, id) => speaking.heard(chat, message, id),
    })
    const speaking: Speaking = new Speaking({
      host,
      options,
      hearing,
      call,
      context: (chat) => this.#outgoing(chat),
      poke: (chat, user) => this.#poke(chat, user),
      history: (chat, count) => messages.history(chat, { count }),
    })
    const sessions = new TemporarySessions()
    this.#running = { host, ids, messages, directory, media, hearing, speaking, sessions }
    upstream.begin(
      host.self.user_id,
      (event) => {
        messages.saw(textOf(event['message_id']))
        sessions.heard(event)
        hearing.take(event)
      },
      () => {
        messages.doubt()
        directory.doubt()
        speaking.search()
      },
    )
  }

  async stop(): Promise<void> {
    this.#isStopped = true
    const upstream = await this.#upstream?.catch(() => undefined)
    await upstream?.[Symbol.asyncDispose]()
    this.#running?.speaking.close()
    await this.#running?.hearing.idle()
    this.#running = undefined
  }

  condition() {
    return this.#opened?.condition() ?? { phase: 'offline' as const, reason: 'the bridge is not started' }
  }

  /** What the upstream can do, as far as it is known by now. */
  get actions(): Readonly<Record<string, ActionHandler>> {
    const info = this.#opened?.info
    if (this.#handlers?.of !== info || !this.#handlers) {
      const profile = this.#opened?.profile
      const reports = profile ? reportActions(profile, info?.supported) : []
      this.#handlers = { of: info, handlers: handlersOf(reports, this.#own, () => this.#doing()) }
    }
    return this.#handlers.handlers
  }

  async mediaNamed(name: string) {
    return this.#current().media.named(name)
  }

  /** An action of a vendor, as it came; only a message of ours is told by the upstream's own id. */
  async passthrough(action: string, params: unknown): Promise<unknown> {
    const { ids } = this.#current()
    const fields = fieldsOf(params)
    const id = readMessageId(fields['message_id'])
    const native = id === undefined ? undefined : await ids.native(id)
    const known = native ? { ...fields, message_id: idOnWire(native.id) } : fields
    try {
      return await answered(action, () => this.#call(action, known))
    } catch (error) {
      if (!(error instanceof ActionFailure) || error.kind !== 'unsupported') throw error
      throw new ActionFailure(
        'unknown-action',
        `there is no action ${action.slice(0, 100)}; get_supported_actions lists them`,
      )
    }
  }

  #current(): Running {
    if (this.#running) return this.#running
    throw new BackendUnreachable(this.#isStopped ? 'the bridge has stopped' : 'the bridge has not started yet')
  }

  #call(action: string, params: Fields): Promise<unknown> {
    if (!this.#opened) throw new BackendUnreachable('the bridge has not started yet')
    return this.#opened.call(action, params)
  }

  #profile() {
    return this.#opened!.profile
  }

  #doing(): Doing {
    return {
      call: (action, params) => this.#call(action, params),
      profile: this.#profile(),
      media: this.#current().media,
      withMessage: (id, run) => this.#current().messages.withId(id, run),
    }
  }

  #outgoing(chat: Chat): OutgoingContext {
    const { media, host } = this.#current()
    return {
      profile: this.#profile(),
      unsupported: this.#parts.options.unsupported_segments,
      media,
      messages: host.messages,
      quoted: (id) => this.#current().messages.quoted(chat, id),
      bundle: (id) => this.#current().messages.bundle(id),
    }
  }

  /** Pokes by the action for it, or where the upstream has none by a message that is nothing else. */
  async #poke(chat: Chat, user: string): Promise<void> {
    const target =
      chat.type === 'group' ? { group_id: chat.group_id } : { user_id: chat.type === 'private' && chat.user_id }
    const params = chat.type === 'group' ? { ...target, user_id: Number(user) } : { ...target, target_id: Number(user) }
    const action = chat.type === 'group' ? 'group_poke' : 'friend_poke'
    try {
      await doAction(action, params, this.#doing())
    } catch (error) {
      if (!(error instanceof ActionFailure) || error.kind !== 'unsupported') throw error
      const message = [{ type: 'poke', data: { qq: user } }]
      await answered('poke', () => this.#call(`send_${chat.type}_msg`, { ...target, message }))
    }
  }
}
