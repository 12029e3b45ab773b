import { ActionFailure, answer, dialects } from '@seekyou/protocol'
import type {
  Answer,
  Attempt,
  CallRequest,
  Dialect,
  EventSink,
  Gateway,
  OutgoingEvent,
  Seq,
  SubscribeOptions,
} from '@seekyou/protocol'

/** A link that subscribed, and what it has reported since. */
export interface ScriptedSubscriber {
  readonly options: SubscribeOptions
  readonly sink: EventSink
  /** The seqs the link reported as taken, in their order. */
  readonly taken: readonly Seq[]
  /** The events it gave up, which count as taken. */
  readonly refused: readonly { readonly seq: Seq | undefined; readonly reason: string; readonly tries: number }[]
  /** How each try to deliver went, where the client answers. */
  readonly attempts: readonly Attempt[]
  readonly operations: readonly { readonly event: OutgoingEvent; readonly operation: unknown }[]
  /** How often the link said that it can write again. */
  readonly resumed: number
  readonly ended: boolean
}

/** A gateway without an account behind it: answers by script and remembers what a transport did. */
export interface ScriptedGateway extends Gateway {
  readonly calls: readonly CallRequest[]
  /** Every link that ever subscribed, oldest first. */
  readonly subscribers: readonly ScriptedSubscriber[]
  /** Tells an event to every live link, whether or not it asked for a pause. */
  tell(event: OutgoingEvent): void
}

export interface ScriptedGatewayOptions {
  /** The token that is asked for; without it everyone is let in. */
  readonly token?: string
  /** Does a call: returns its data or throws an ActionFailure. By default every call yields null. */
  readonly call?: (request: CallRequest) => unknown
  /** Where its dialect is another than the default one. */
  readonly dialect?: Partial<Dialect>
}

/** A scripted gateway of the account 10001. */
export function createScriptedGateway(options: ScriptedGatewayOptions = {}): ScriptedGateway {
  const calls: CallRequest[] = []
  const subscribers: ScriptedSubscriber[] = []
  const dialect: Dialect = { ...dialects.default, ...options.dialect }

  async function call(request: CallRequest): Promise<Answer> {
    const { action, params } = request
    calls.push({ action, params })
    try {
      return answer({ type: 'done', data: await options.call?.(request) }, dialect)
    } catch (error) {
      if (!(error instanceof ActionFailure)) throw error
      return answer({ type: 'failed', failure: error }, dialect)
    }
  }

  const gateway: ScriptedGateway = {
    selfId: 10001 as Gateway['selfId'],
    dialect,
    calls,
    subscribers,
    call,
    control: call,
    authorize(credential) {
      if (options.token === undefined || credential === options.token) return { granted: true, gateway }
      return credential === undefined
        ? { granted: false, failure: 'token-missing', wording: 'show a token' }
        : { granted: false, failure: 'token-wrong', wording: 'this is not the token' }
    },
    refuse: (kind, wording, details) =>
      answer({ type: 'failed', failure: new ActionFailure(kind, wording, details) }, dialect),
    subscribe(sink, subscribeOptions) {
      const taken: Seq[] = []
      const operations: { event: OutgoingEvent; operation: unknown }[] = []
      const refused: { seq: Seq | undefined; reason: string; tries: number }[] = []
      const attempts: Attempt[] = []
      const subscriber = {
        options: subscribeOptions,
        sink,
        taken,
        refused,
        attempts,
        operations,
        resumed: 0,
        ended: false,
      }
      subscribers.push(subscriber)
      sink.write(lifecycleEvent(subscribeOptions.lifecycle))
      return {
        taken: (seq) => void taken.push(seq),
        async refused({ seq }, refusal) {
          refused.push({ seq, ...refusal })
          if (seq !== undefined) taken.push(seq)
          return true
        },
        attempted: (_event, attempt) => void attempts.push(attempt),
        resume: () => void subscriber.resumed++,
        call,
        quickOperation: async (event, operation) => void operations.push({ event, operation }),
        end: () => void (subscriber.ended = true),
      }
    },
    tell(event) {
      for (const { sink, ended } of subscribers) if (!ended) sink.write(event)
    },
  }
  return gateway
}

function lifecycleEvent(subType: SubscribeOptions['lifecycle']): OutgoingEvent {
  const event = {
    post_type: 'meta_event',
    meta_event_type: 'lifecycle',
    time: 1767225600,
    self_id: 10001,
    sub_type: subType,
  }
  return { seq: undefined, text: JSON.stringify(event) }
}
