import type { ParamsOf } from '@seekyou/actions'
import type { Segment } from '@seekyou/message'
import { ActionFailure, BackendRefused, BackendUnreachable, chatKey, chatOf, systemClock } from '@seekyou/protocol'
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
  MessageId,
} from '@seekyou/protocol'
import * as z from 'zod'
import { Directory } from './directory.ts'
import { answered, doAction, handlersOf, idOnWire, messageNotFound, reportActions } from './doings.ts'
import type { Doing, OwnActionName } from './doings.ts'
import { Hearing } from './hearing.ts'
import { MessageIds, readMessageId } from './ids.ts'
import type { NativeMessage } from './ids.ts'
import { readNodes } from './incoming.ts'
import { BridgeMedia } from './media.ts'
import { bridgeOptions, requireUpstream } from './options.ts'
import type { BridgeOptions } from './options.ts'
import type { OutgoingContext } from './outgoing.ts'
import { fieldsOf, isFields, listOf, numberOf, textOf } from './reading.ts'
import type { Fields } from './reading.ts'
import { Speaking } from './speaking.ts'
import { Upstream } from './upstream.ts'
import type { UpstreamInfo } from './upstream.ts'
import { memberOf } from './wire-actions.ts'

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

/** Messages of a chat that are looked through for one that the upstream has forgotten. */
const SEARCHED_MESSAGES = 100

/** Messages that an upstream which forgets surely still knows. */
const FRESH_MESSAGES = 4000

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
interface Running {
  readonly host: BackendHost
  readonly ids: MessageIds
  readonly directory: Directory
  readonly media: BridgeMedia
  readonly hearing: Hearing
  readonly speaking: Speaking
}

class Bridge implements Backend {
  readonly kind = 'onebot'
  readonly #parts: BridgeParts
  #upstream: Promise<Upstream> | undefined
  #opened: Upstream | undefined
  #running: Running | undefined
  #isStopped = false
  #handlers:
    | { readonly of: UpstreamInfo | undefined; readonly handlers: Readonly<Record<string, ActionHandler>> }
    | undefined
  /** Ids that the upstream surely knows: it told them since it was met last. */
  readonly #fresh = new Set<string>()

  constructor(parts: BridgeParts) {
    this.#parts = parts
  }

  async identify(): Promise<Identity> {
    const { clock, log, options, memory } = this.#parts
    if (this.#isStopped) throw new BackendUnreachable('the bridge has stopped')
    this.#upstream = Upstream.open(this.#parts)
    const upstream = (this.#opened = await this.#upstream)
    const remembered = await this.#remembered()
    if (remembered) upstream.recall(remembered)
    const met = upstream.met().then((info) => {
      memory?.put(this.#memoryKey(), info)
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
      history: (chat, count) => this.#history(chat, { count }),
    })
    this.#running = { host, ids, directory, media, hearing, speaking }
    upstream.begin(
      host.self.user_id,
      (event) => {
        this.#isFresh(textOf(event['message_id']))
        hearing.take(event)
      },
      () => {
        this.#fresh.clear()
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

  /** The actions that are more than a row of the tables. */
  readonly #own: Readonly<Record<OwnActionName, ActionHandler>> = {
    get_login_info: async () => {
      const { user_id, nickname } = this.#opened?.info?.identity ?? this.#current().host.self
      return { user_id, nickname }
    },

    send_private_msg: ({ user_id, group_id, message }: ParamsOf<'send_private_msg'>) =>
      this.#current().speaking.say({ type: 'private', user_id }, message, group_id),
    send_group_msg: ({ group_id, message }: ParamsOf<'send_group_msg'>) =>
      this.#current().speaking.say({ type: 'group', group_id }, message),
    send_discuss_msg: ({ discuss_id, message }: ParamsOf<'send_discuss_msg'>) =>
      this.#current().speaking.say({ type: 'discuss', discuss_id }, message),
    send_private_forward_msg: ({ user_id, messages }: ParamsOf<'send_private_forward_msg'>) =>
      this.#current().speaking.sayBundle({ type: 'private', user_id }, messages),
    send_group_forward_msg: ({ group_id, messages }: ParamsOf<'send_group_forward_msg'>) =>
      this.#current().speaking.sayBundle({ type: 'group', group_id }, messages),

    delete_msg: async ({ message_id }: ParamsOf<'delete_msg'>) => {
      const { host } = this.#current()
      await this.#withMessage(message_id, (id) =>
        answered('delete_msg', () => this.#call('delete_msg', { message_id: idOnWire(id) })),
      )
      // Not every upstream tells of what the account itself took back.
      await host.messages.markRecalled(message_id)
      return null
    },

    get_msg: async ({ message_id }: ParamsOf<'get_msg'>) => {
      const { hearing } = this.#current()
      const data = await this.#withMessage(message_id, (id) =>
        answered('get_msg', () => this.#call('get_msg', { message_id: idOnWire(id) })),
      )
      await hearing.remember([fieldsOf(data)])
      return null
    },

    get_group_msg_history: ({ group_id, message_seq, count }: ParamsOf<'get_group_msg_history'>) =>
      this.#fetchHistory(
        { type: 'group', group_id },
        { count, ...(message_seq !== undefined && { upTo: message_seq }) },
      ),
    get_friend_msg_history: ({ user_id, message_seq, count }: ParamsOf<'get_friend_msg_history'>) =>
      this.#fetchHistory(
        { type: 'private', user_id },
        { count, ...(message_seq !== undefined && { upTo: message_seq }) },
      ),

    get_forward_msg: async ({ id }: ParamsOf<'get_forward_msg'>): Promise<readonly Segment[]> => {
      const native = await this.#bundle(id)
      const data = fieldsOf(
        await answered('get_forward_msg', () => this.#call('get_forward_msg', { id: native, message_id: native })),
      )
      return readNodes(data['messages'] ?? data['message'], this.#profile())
    },

    get_essence_msg_list: async ({ group_id }: ParamsOf<'get_essence_msg_list'>) => {
      const { hearing, host } = this.#current()
      const chat = chatKey({ type: 'group', group_id })
      const list = listOf(
        await answered('get_essence_msg_list', () => this.#call('get_essence_msg_list', { group_id })),
      )
      return Promise.all(
        list.map(async (essence) => {
          const message_id = await hearing.idOf({ chat, id: textOf(essence['message_id']) ?? '' })
          const stored = await host.messages.get(message_id)
          return {
            sender_id: numberOf(essence['sender_id']) ?? 0,
            sender_nick: textOf(essence['sender_nick']) ?? '',
            sender_time: numberOf(essence['sender_time']) || (stored?.event.time ?? 0),
            operator_id: numberOf(essence['operator_id']) ?? 0,
            operator_nick: textOf(essence['operator_nick']) ?? '',
            operator_time: numberOf(essence['operator_time']) ?? 0,
            message_id,
          }
        }),
      )
    },

    get_group_member_list: async (params: ParamsOf<'get_group_member_list'>) => {
      const members = listOf(await doAction('get_group_member_list', params, this.#doing()))
      this.#current().directory.learnList(params.group_id, members)
      return members
    },

    get_group_member_info: async (params: ParamsOf<'get_group_member_info'>) => {
      const member = memberOf(await doAction('get_group_member_info', params, this.#doing()), params.group_id)
      this.#current().directory.learn(params.group_id, member)
      return member
    },
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
      withMessage: (id, run) => this.#withMessage(id, run),
    }
  }

  /** Notes that the upstream has just spoken of a message, and tells whether it did so lately. */
  #isFresh(nativeId: string | undefined): void {
    if (nativeId === undefined || !this.#profile().forgets) return
    this.#fresh.add(nativeId)
    const [oldest] = this.#fresh
    if (this.#fresh.size > FRESH_MESSAGES && oldest !== undefined) this.#fresh.delete(oldest)
  }

  /** Runs something with the upstream's id of a message; of one that it has forgotten, with the one it has by now. */
  async #withMessage<T>(id: unknown, run: (nativeId: string) => Promise<T>): Promise<T> {
    const { ids } = this.#current()
    const own = readMessageId(id)
    const native = own === undefined ? undefined : await ids.native(own)
    if (own === undefined || !native) throw messageNotFound(id)
    try {
      return await run(native.id)
    } catch (error) {
      if (!(error instanceof BackendRefused) || !this.#profile().forgets?.(error.message)) throw error
      const found = await this.#refind(own, native)
      if (found === undefined) throw error
      return run(found)
    }
  }

  /** Looks for a message in what the upstream remembers of its chat; what it lists it also knows again. */
  async #refind(id: MessageId, native: NativeMessage): Promise<string | undefined> {
    const { ids, host } = this.#current()
    const stored = await host.messages.get(id)
    if (!stored) return undefined
    const list = await this.#history(chatOf(stored.event), { count: SEARCHED_MESSAGES }).catch(() => [])
    for (const raw of list) {
      const message = this.#profile().message?.(raw) ?? raw
      const nativeId = textOf(message['message_id'])
      const seq = numberOf(message['message_seq'])
      if (nativeId === undefined || (nativeId !== native.id && (seq === undefined || seq !== native.seq))) continue
      ids.bind(id, { ...native, id: nativeId })
      this.#isFresh(nativeId)
      return nativeId
    }
    return undefined
  }

  /** The upstream's id of a message that is to be quoted in a chat. */
  async #quoted(chat: Chat, id: MessageId): Promise<string | undefined> {
    const native = await this.#current().ids.native(id)
    if (!native || native.chat !== chatKey(chat)) return undefined
    // An upstream that has forgotten a message sends the answer without its quotation, and says nothing.
    if (!this.#profile().forgets || this.#fresh.has(native.id)) return native.id
    const isKnown = await this.#call('get_msg', { message_id: idOnWire(native.id) }).then(
      () => true,
      () => false,
    )
    if (!isKnown) return this.#refind(id, native)
    this.#isFresh(native.id)
    return native.id
  }

  /** The upstream's id of a bundle: some name it by the message that it is in, which has another id here. */
  async #bundle(id: string): Promise<string> {
    if (/^u-?\d+$/.test(id)) return id.slice(1)
    const own = readMessageId(id)
    const native = own === undefined ? undefined : await this.#current().ids.native(own)
    return native?.id ?? id
  }

  #outgoing(chat: Chat): OutgoingContext {
    const { media, host } = this.#current()
    return {
      profile: this.#profile(),
      unsupported: this.#parts.options.unsupported_segments,
      media,
      messages: host.messages,
      quoted: (id) => this.#quoted(chat, id),
      bundle: (id) => this.#bundle(id),
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

  async #fetchHistory(chat: Chat, page: { readonly count: number; readonly upTo?: number }): Promise<null> {
    await this.#current().hearing.remember(await this.#history(chat, page))
    return null
  }

  /** What the upstream remembers of a chat. */
  async #history(
    chat: Chat,
    { count, upTo }: { readonly count: number; readonly upTo?: number },
  ): Promise<readonly Fields[]> {
    if (chat.type === 'discuss') return []
    const { type, ...target } = chat
    const action = type === 'group' ? 'get_group_msg_history' : 'get_friend_msg_history'
    const from = upTo === undefined ? {} : await this.#historyFrom(chat, upTo)
    if (!from) return []
    const asked = { ...target, count, reverseOrder: false, ...from }
    const data = await answered(action, () => this.#call(action, asked)).catch((error: unknown) => {
      // To some a chat in which nothing was said is a message that is not there.
      if (error instanceof BackendRefused && this.#profile().forgets?.(error.message)) return undefined
      throw error
    })
    return listOf(fieldsOf(data)['messages'] ?? data)
  }

  /** Where a page of history ends, in the words of the upstream; `undefined` where it cannot be told. */
  async #historyFrom(chat: Chat, upTo: number): Promise<Fields | undefined> {
    if (this.#profile().historyFrom !== 'message_id') return { message_seq: upTo }
    const { host, ids } = this.#current()
    const [last] = await host.messages.page(chat, { upTo, limit: 1 })
    const native = last && (await ids.native(last.event.message_id))
    return native && { message_seq: idOnWire(native.id) }
  }

  #memoryKey(): string {
    const { url, listen } = this.#parts.options
    return `upstream ${url ?? `${listen?.host}:${listen?.port}`}`
  }

  async #remembered(): Promise<UpstreamInfo | undefined> {
    const value = await this.#parts.memory?.get(this.#memoryKey())
    if (!isFields(value)) return undefined
    const read = rememberedInfo.safeParse(value)
    if (!read.success) return undefined
    const { self_id } = this.#parts.options
    const { supported, identity, ...rest } = read.data
    if (self_id !== undefined && identity.user_id !== self_id) return undefined
    return { ...rest, identity: identity as Identity, ...(supported && { supported }) }
  }
}

const rememberedInfo = z.object({
  identity: z.object({ user_id: z.int().positive(), nickname: z.string() }),
  appName: z.string(),
  appVersion: z.string(),
  supported: z.array(z.string()).optional(),
})
