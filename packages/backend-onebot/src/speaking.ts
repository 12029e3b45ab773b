import type { ForwardNode } from '@seekyou/actions'
import type { Segment } from '@seekyou/message'
import { ActionFailure, BackendRefused, chatKey, messageId, OutcomeUnknown } from '@seekyou/protocol'
import type { BackendHost, Chat, MessageId, Timer } from '@seekyou/protocol'
import type { Hearing } from './hearing.ts'
import { Unanswered } from './line.ts'
import type { BridgeOptions } from './options.ts'
import { prepareBundle, prepareMessage } from './outgoing.ts'
import type { OutgoingContext } from './outgoing.ts'
import type { UpstreamCall } from './profile.ts'
import { fieldsOf, numberOf, textOf } from './reading.ts'
import type { Fields } from './reading.ts'

/** After so long nobody waits any more for a message that may have been sent, in ms. */
const GIVE_UP_MS = 600_000

/** Own messages of the upstream's memory that are looked at when one is searched for. */
const SEARCHED_MESSAGES = 50

/** A clock here and one there: a message is not taken for an older one that was much the same. */
const CLOCK_SLACK_SECONDS = 10

interface SpeakingSetup {
  readonly host: BackendHost
  readonly options: BridgeOptions
  readonly hearing: Hearing
  readonly call: UpstreamCall
  readonly context: (chat: Chat) => OutgoingContext
  /** Pokes someone. */
  readonly poke: (chat: Chat, user: string) => Promise<unknown>
  /** The messages of a chat that the upstream remembers, newest last. */
  readonly history: (chat: Chat, count: number) => Promise<readonly Fields[]>
}

/** A send that is under way, or of which it is not known what became. */
interface Expected {
  readonly chat: Chat
  readonly signature: string
  /** When it began, in seconds since 1970. */
  readonly since: number
  /** Resolves with the own message that turned up for it, once it is known that nothing else will say so. */
  readonly turnedUp: PromiseWithResolvers<MessageId>
  heard: MessageId | undefined
  isUnknown: boolean
  giveUp: Timer | undefined
}

/** Says what bots say. A send is never repeated: what became of one without an answer is found out by its echo. */
export class Speaking {
  readonly #setup: SpeakingSetup
  readonly #expected = new Map<string, Expected[]>()

  constructor(setup: SpeakingSetup) {
    this.#setup = setup
  }

  /** @throws ActionFailure; OutcomeUnknown when neither an answer nor the own message comes. */
  async say(chat: Chat, message: readonly Segment[], through?: number): Promise<{ message_id: MessageId }> {
    const { upstream, told, pokes } = await prepareMessage(message, this.#setup.context(chat))
    for (const user of pokes) await this.#setup.poke(chat, user)
    if (upstream.length === 0) {
      if (pokes.length > 0) return { message_id: messageId.parse(0) }
      throw new ActionFailure('bad-params', 'message is empty once what cannot be sent is left out')
    }
    // Every word that some upstream would otherwise guess.
    const params = { group_id: through, ...targetOf(chat), message: upstream, auto_escape: false }
    const { id } = await this.#send(chat, { action: `send_${chat.type}_msg`, params }, told)
    return { message_id: id }
  }

  /** @throws as `say` does. */
  async sayBundle(chat: Chat, nodes: readonly ForwardNode[]): Promise<{ message_id: MessageId; forward_id: string }> {
    const { upstream, told } = await prepareBundle(nodes, this.#setup.context(chat))
    const bundle = (id: MessageId, data: Fields): readonly Segment[] => [
      { type: 'forward', data: { id: bundleId(data) ?? String(id), content: told } },
    ]
    const call = { action: `send_${chat.type}_forward_msg`, params: { ...targetOf(chat), messages: upstream } }
    const { id, data } = await this.#send(chat, call, bundle)
    return { message_id: id, forward_id: bundleId(data) ?? String(id) }
  }

  /** A message of the account itself was heard. */
  heard(chat: Chat, message: readonly Segment[], id: MessageId): void {
    const signature = signatureOf(message)
    const expected = this.#expected
      .get(chatKey(chat))
      ?.find((one) => one.heard === undefined && one.signature === signature)
    if (!expected) return
    expected.heard = id
    if (expected.isUnknown) this.#settle(expected, id)
  }

  /** Looks for everything of which it is not known what became; to be called when the upstream is back. */
  search(): void {
    for (const expected of [...this.#expected.values()].flat()) if (expected.isUnknown) void this.#searchFor(expected)
  }

  close(): void {
    for (const expected of [...this.#expected.values()].flat()) expected.giveUp?.cancel()
    this.#expected.clear()
  }

  async #send(
    chat: Chat,
    { action, params }: { readonly action: string; readonly params: Fields },
    told: readonly Segment[] | ((id: MessageId, data: Fields) => readonly Segment[]),
  ): Promise<{ readonly id: MessageId; readonly data: Fields }> {
    const expected = this.#expect(chat, typeof told === 'function' ? [{ type: 'forward', data: {} }] : told)
    let data: Fields
    try {
      data = fieldsOf(await this.#setup.call(action, params))
    } catch (error) {
      if (error instanceof Unanswered) return { id: await this.#findOut(expected, action, error), data: {} }
      this.#forget(expected)
      throw error
    }
    try {
      const nativeId = textOf(data['message_id'])
      const known = nativeId === '0' || nativeId === '' ? undefined : nativeId
      const id = await this.#setup.hearing.record(chat, known, (own) =>
        typeof told === 'function' ? told(own, data) : told,
      )
      const { heard } = expected
      this.#forget(expected)
      // It was another's echo, of a message that says the same.
      if (heard !== undefined && heard !== id) this.#passOn(expected, heard)
      return { id, data }
    } catch (error) {
      this.#forget(expected)
      throw error
    }
  }

  #expect(chat: Chat, message: readonly Segment[]): Expected {
    const turnedUp = Promise.withResolvers<MessageId>()
    turnedUp.promise.catch(() => undefined)
    const since = Math.floor(this.#setup.host.clock.now() / 1000)
    const signature = signatureOf(message)
    const expected: Expected = {
      chat,
      signature,
      since,
      turnedUp,
      heard: undefined,
      isUnknown: false,
      giveUp: undefined,
    }
    const key = chatKey(chat)
    this.#expected.set(key, [...(this.#expected.get(key) ?? []), expected])
    return expected
  }

  /** Waits for the own message of a send that was not answered. @throws OutcomeUnknown when that takes too long. */
  async #findOut(expected: Expected, action: string, error: Unanswered): Promise<MessageId> {
    const { host, options } = this.#setup
    expected.isUnknown = true
    if (expected.heard !== undefined) {
      this.#forget(expected)
      return expected.heard
    }
    expected.giveUp = host.clock.setTimeout(() => {
      this.#forget(expected)
      const wording = 'the message did not turn up in the chat; it was most likely not sent'
      expected.turnedUp.reject(new BackendRefused(wording, { code: 'NOT_SENT' }))
    }, GIVE_UP_MS)
    void this.#searchFor(expected)
    const patience = Promise.withResolvers<undefined>()
    const timer = host.clock.setTimeout(() => patience.resolve(undefined), options.echo_timeout * 1000)
    const found = await Promise.race([expected.turnedUp.promise, patience.promise])
    timer.cancel()
    if (found !== undefined) return found
    void this.#searchFor(expected)
    host.log.warn(
      { action, reason: error.message },
      'it is not known whether a message was sent; its echo is waited for',
    )
    throw new OutcomeUnknown(`${error.message}; it is not known whether the message was sent`, {
      outcome: expected.turnedUp.promise.then((message_id) => ({ message_id })),
      cause: error,
    })
  }

  /** Asks the upstream what was said in the chat; an own message that nobody heard of is heard then. */
  async #searchFor(expected: Expected): Promise<void> {
    const { hearing, history, host } = this.#setup
    try {
      for (const message of await history(expected.chat, SEARCHED_MESSAGES)) {
        const author = numberOf(message['user_id']) ?? numberOf(fieldsOf(message['sender'])['user_id'])
        const time = numberOf(message['time']) ?? 0
        if (author !== host.self.user_id || time < expected.since - CLOCK_SLACK_SECONDS) continue
        const target = expected.chat.type === 'private' ? { target_id: expected.chat.user_id } : {}
        hearing.take({ ...target, ...message, post_type: 'message_sent' })
      }
    } catch (error) {
      // It cannot tell, or is gone; its echo may still come.
      host.log.debug({ reason: (error as Error).message }, 'the upstream cannot be asked what became of a message')
    }
  }

  #settle(expected: Expected, id: MessageId): void {
    this.#forget(expected)
    expected.turnedUp.resolve(id)
  }

  #passOn({ chat, signature }: Expected, id: MessageId): void {
    const other = this.#expected
      .get(chatKey(chat))
      ?.find((one) => one.heard === undefined && one.signature === signature)
    if (!other) return
    other.heard = id
    if (other.isUnknown) this.#settle(other, id)
  }

  #forget(expected: Expected): void {
    expected.giveUp?.cancel()
    const key = chatKey(expected.chat)
    const left = (this.#expected.get(key) ?? []).filter((one) => one !== expected)
    if (left.length > 0) this.#expected.set(key, left)
    else this.#expected.delete(key)
  }
}

function targetOf(chat: Chat): Fields {
  switch (chat.type) {
    case 'group':
      return { message_type: 'group', group_id: chat.group_id }
    case 'discuss':
      return { message_type: 'discuss', discuss_id: chat.discuss_id }
    case 'private':
      return { message_type: 'private', user_id: chat.user_id }
  }
}

function bundleId(data: Fields): string | undefined {
  return [data['forward_id'], data['res_id'], data['resid']].map(textOf).find((id) => id !== undefined && id !== '')
}

/** What a message says, as far as networks leave it alone: two with one signature may be one and the same. */
function signatureOf(message: readonly Segment[]): string {
  return message
    .map(({ type, data }) => {
      if (type === 'text') return textOf(data['text']) ?? ''
      if (type === 'at') return `@${textOf(data['qq']) ?? ''}`
      return type === 'reply' ? '' : `[${type}]`
    })
    .join('')
    .replaceAll(/\s+/g, '')
}
