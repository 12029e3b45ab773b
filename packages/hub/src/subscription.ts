import { attempt, catalogue, invoke, readParams } from '@seekyou/actions'
import { ActionFailure, answer } from '@seekyou/protocol'
import type {
  CallRequest,
  Clock,
  EventSink,
  Gateway,
  Logger,
  Outcome,
  OutgoingEvent,
  SubscribeOptions,
  Subscription,
} from '@seekyou/protocol'
import type { ActionCalls } from './action-calls.ts'
import { endOf } from './link-scope.ts'
import type { LinkScope } from './link-scope.ts'
import type { Link, LinkView } from './link.ts'
import type { Links } from './links.ts'
import type { RepeatableCalls } from './repeatable-calls.ts'
import type { Tap } from './tap.ts'

interface SubscriptionsSetup {
  readonly links: Links
  /** Remembers which events were answered. */
  readonly repeatable: RepeatableCalls
  readonly tap: Tap | undefined
  readonly clock: Clock
  readonly log: Logger
}

/** What serves a link: what it wants of the events, and how its calls are done. */
interface Service {
  readonly gateway: Gateway
  readonly view: LinkView
  readonly scope: LinkScope | undefined
  readonly calls: ActionCalls
}

/** Opens a link for the client of a gateway. */
export type Subscribe = (sink: EventSink, options: SubscribeOptions, service: Service) => Subscription

export function createSubscriptions({ links, repeatable, tap, clock, log }: SubscriptionsSetup): Subscribe {
  return (sink, { name: given, ...options }, { gateway, view, scope, calls }) => {
    // The places in the journal of one token are none of another's.
    const name = given !== undefined && gateway.token !== undefined ? `token:${gateway.token}:${given}` : given
    const { link, countRetry } = links.open({
      ...options,
      ...(name !== undefined && { name }),
      sink,
      view,
      ...(scope && { permits: (event) => endOf(scope) === undefined && scope.scope.permitsEvent(event) }),
    })
    const onEnd = (): void => {
      links.drop(link)
      link.close(String(scope?.until?.reason))
    }
    if (scope?.until?.aborted) queueMicrotask(onEnd)
    else scope?.until?.addEventListener('abort', onEnd, { once: true })
    return {
      taken: (seq) => link.taken(seq),
      refused: async ({ seq }, refusal) => seq === undefined || link.refused(seq, refusal),
      attempted: (event, how) => {
        if (how.outcome === 'retry') countRetry()
        link.attempted(event, how)
      },
      resume: () => link.resume(),
      call: async (request) =>
        request.action === '.ack'
          ? answer(await acknowledge(link, request), view.dialect)
          : gateway.call({ ...request, link: link.id }),
      end: () => {
        scope?.until?.removeEventListener('abort', onEnd)
        links.drop(link)
        link.end()
      },
      quickOperation: async (event, operation) => {
        const outcome = await answerEvent(link, event, { operation, view, calls })
        if (outcome.type === 'failed') {
          log.warn({ link: name, reason: outcome.failure.message }, 'a quick operation could not be read')
        }
      },
    }
  }

  /** What a client says of the events on its own link. */
  function acknowledge(link: Link, { params }: CallRequest): Promise<Outcome> {
    return attempt('.ack', log, async () => {
      const { seq } = readParams('.ack', catalogue['.ack'], params)
      if (!link.isAckExplicit) {
        const wording = 'this link counts events as taken once they are written; `ack: explicit` lets its client say so'
        throw new ActionFailure('unsupported', wording)
      }
      if (!link.acknowledge(seq)) {
        const wording = `.ack: seq takes the _seq of an event that this link was told, not ${seq}`
        throw new ActionFailure('bad-params', wording)
      }
      return null
    })
  }

  /** Does what a client answered to an event. */
  function answerEvent(
    link: Link,
    event: OutgoingEvent,
    { operation, view, calls }: Pick<Service, 'view' | 'calls'> & { readonly operation: unknown },
  ): Promise<Outcome> {
    const context: unknown = JSON.parse(event.text)
    const request = { action: '.handle_quick_operation', params: { context, operation } }
    const seq = link.seqOf(event)
    // An event that is told again, since nobody wrote down that it was taken, is not answered again, whatever the
    // answer is this time.
    const isOnce = link.name !== undefined && event.seq !== undefined
    return isOnce ? repeatable.once(`quick/${link.name}/${event.seq}`, { ...request, params: null }, run) : run()

    async function run(): Promise<Outcome> {
      const { action, params } = request
      const at = clock.now()
      const outcome = await invoke(request, calls(request))
      const { body } = answer(outcome, view.dialect)
      tap?.add({ type: 'call', at, link: link.id, action, params, answer: body, ms: clock.now() - at, seq })
      return outcome
    }
  }
}
