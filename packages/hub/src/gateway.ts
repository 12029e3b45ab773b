import { invoke } from '@seekyou/actions'
import { ActionFailure, answer, dialects } from '@seekyou/protocol'
import type { Answer, CallRequest, Clock, Gateway, LoginGuard, Outcome, UserId } from '@seekyou/protocol'
import { createAccess } from './access.ts'
import type { Judgement } from './access.ts'
import { createActionCalls } from './action-calls.ts'
import type { ActionCallsSetup } from './action-calls.ts'
import { auditedCall } from './audit.ts'
import type { Control } from './control.ts'
import type { Counters } from './counters.ts'
import type { FilterBook, FilterSource } from './filter-book.ts'
import { endOf } from './link-scope.ts'
import type { LinkScope } from './link-scope.ts'
import type { LinkView } from './link.ts'
import type { LinkOptions } from './options.ts'
import { RateLimit } from './rate-limit.ts'
import type { RepeatableCalls } from './repeatable-calls.ts'
import type { Subscribe } from './subscription.ts'
import type { Tap } from './tap.ts'
import type { Token, Tokens } from './tokens.ts'

/** What a gateway can be told while its links are open. */
export type LinkAdjustment = Pick<LinkOptions, 'access_token' | 'rate_limit'>

/** A gateway, and what its account can do with it. */
export interface OpenGateway {
  readonly gateway: Gateway
  /** @throws FilterSyntaxError, or what reading the filter throws; then the filter stays, and the rest holds. */
  change(options: LinkAdjustment, filter: FilterSource | undefined): void
  /** Lets go of it once nobody uses it any more. */
  release(): void
}

/** What the gateways of an account lead to. */
interface GatewaysSetup extends ActionCallsSetup {
  readonly selfId: UserId
  /** The scoped tokens that open them, besides their access tokens. */
  readonly tokens: Tokens | undefined
  readonly logins: LoginGuard | undefined
  readonly filters: FilterBook
  readonly repeatable: RepeatableCalls
  readonly control: Control
  readonly subscribe: Subscribe
  readonly counters: Counters
  readonly tap: Tap | undefined
  readonly clock: Clock
}

/** Makes what a transport needs to serve one link; `scope` is what its program may do where that is not everything. */
export type CreateGateway = (options: LinkOptions, filter?: FilterSource, scope?: LinkScope) => OpenGateway

export function createGateways(setup: GatewaysSetup): CreateGateway {
  const { selfId, filters, repeatable, control, subscribe, audit, counters, tap, clock } = setup

  return (options, filter, scope) => {
    const view = viewOf(options)
    filters.set(view, filter)
    let judge = createAccess(options.access_token, setup)
    const limit = new RateLimit(options.rate_limit, clock)
    const opened = new WeakMap<Token, Gateway>()
    const authorize: Gateway['authorize'] = (credential, from, standing) => {
      const judgement = judge(credential, from, standing)
      switch (judgement.power) {
        case 'full':
          return { granted: true, gateway: whole }
        case 'scoped': {
          const { token } = judgement
          const gateway =
            opened.get(token) ?? open(view, { limit, authorize, scope: token, token: token.settings.name })
          opened.set(token, gateway)
          return { granted: true, gateway }
        }
        case 'none':
          auditCredential(judgement, from)
          return judgement
      }
    }
    const whole = open(view, { limit, authorize, scope })
    return {
      gateway: whole,
      change(changed, source) {
        // Whatever is wrong with a filter, a token that was taken back opens nothing any more.
        judge = createAccess(changed.access_token, setup)
        limit.change(changed.rate_limit)
        filters.set(view, source)
      },
      release: () => filters.drop(view),
    }
  }

  function open(
    view: LinkView,
    {
      limit,
      authorize,
      scope,
      token,
    }: {
      readonly limit: RateLimit
      readonly authorize: Gateway['authorize']
      readonly scope: LinkScope | undefined
      /** The token that opened it. */
      readonly token?: string
    },
  ): Gateway {
    const name = scope?.settings?.name
    const owner = name === undefined ? undefined : `token:${name}`
    const calls = createActionCalls(setup, view, scope)
    const limits = scope?.limit ? [limit, scope.limit] : [limit]
    // Not async itself: almost every call passes at once, and would wait for one more promise.
    const run = (request: CallRequest, passed = 0): Promise<Outcome> => {
      for (let at = passed; at < limits.length; at++) {
        const turn = limits[at]!.pass()
        if (turn) return runInTurn(turn, request, at + 1)
      }
      // Not before its turn: what it may do may have been taken back while it waited.
      const ended = endOf(scope)
      if (ended !== undefined) {
        audit({ ...auditedCall(request, name), outcome: 'refused', reason: ended })
        return Promise.resolve({ type: 'failed', failure: new ActionFailure('token-refused', ended) })
      }
      return repeatable.invoke(request, (plain) => invoke(plain, calls(plain)), owner)
    }
    const runInTurn = async (
      turn: NonNullable<ReturnType<RateLimit['pass']>>,
      request: CallRequest,
      passed: number,
    ): Promise<Outcome> => {
      const refusal = await turn
      if (!refusal) return run(request, passed)
      audit({ ...auditedCall(request, name), outcome: 'rate-limited', reason: refusal.failure.message })
      return refusal
    }
    const gateway: Gateway = {
      selfId,
      dialect: view.dialect,
      ...(token !== undefined && { token }),
      ...(scope?.until && { until: scope.until }),
      authorize,
      call: async (request) => {
        const at = clock.now()
        const reply = answer(await run(request), view.dialect)
        countCall(request, reply, { at, token: name })
        return reply
      },
      // Who plays the other side is no client of a generation.
      control: async (request) => answer(await control(request, scope), dialects.default),
      refuse: (kind, wording, details) =>
        answer({ type: 'failed', failure: new ActionFailure(kind, wording, details) }, view.dialect),
      subscribe: (sink, subscribeOptions) => subscribe(sink, subscribeOptions, { gateway, view, scope, calls }),
    }
    return gateway
  }

  function auditCredential(judgement: Extract<Judgement, { power: 'none' }>, from: string | undefined): void {
    const { token, wording: reason } = judgement
    const who = { token: token?.settings.name ?? null, from: from ?? null }
    // Whoever shows nothing yet is asked for a token, and refused nothing; and who shows too much is told of once.
    if (judgement.failure === 'token-missing' || judgement.failure === 'rate-limited') return
    audit({ ...who, action: null, chat: null, outcome: 'refused', reason })
  }

  function countCall(
    { action, params, from, link }: CallRequest,
    { body }: Answer,
    { at, token }: { readonly at: number; readonly token: string | undefined },
  ): void {
    const ms = clock.now() - at
    counters.countCall(action, { retcode: body.retcode, ms })
    tap?.add({ type: 'call', at, link, from, token, action, params, answer: body, ms })
  }
}

/** What a link wants of the events, by its options; its filter comes from elsewhere. */
function viewOf(options: LinkOptions): LinkView {
  return {
    dialect: dialects[options.dialect],
    format: options.message_format,
    filter: undefined,
    reportsSelf: options.report_self_message,
    // Who is to name the events it is done with must know their names.
    reportsSeq: options.report_seq || options.ack === 'explicit',
    extraReplyData: options.extra_reply_data,
    removesReplyAt: options.remove_reply_at,
    ack: options.ack,
    replayMaxAgeMs: options.replay_max_age * 1000,
    replayRate: options.replay_rate,
  }
}
