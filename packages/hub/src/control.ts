import { attempt } from '@seekyou/actions'
import { ActionFailure } from '@seekyou/protocol'
import type { Backend, ControlVerb, Gateway, Logger, Outcome } from '@seekyou/protocol'
import { auditedCall } from './audit.ts'
import type { AccountAudit } from './audit.ts'
import type { LinkScope } from './link-scope.ts'
import { withMediaUrls } from './media-url.ts'
import type { MediaUrl } from './media-url.ts'

type ControlRequest = Parameters<Gateway['control']>[0]

/** Does something on the other side of the chat. Never rejects. */
export type Control = (request: ControlRequest, scope: LinkScope | undefined) => Promise<Outcome>

interface ControlSetup {
  readonly backend: Backend
  readonly mediaUrl: MediaUrl
  /** Told of clients that may not do this. */
  readonly audit: AccountAudit
  readonly log: Logger
}

/** Makes what plays the other side of a chat: the verbs of its backend, for those who may do everything. */
export function createControl({ backend, mediaUrl, audit, log }: ControlSetup): Control {
  return (request, scope) => {
    const { action: verb, params, reads, gone } = request
    const control = backend.control ?? {}
    const found = Object.hasOwn(control, verb) ? control[verb] : undefined
    return attempt(verb, log, async () => {
      if (scope) {
        const wording = `${scope.scope.subject} may not play the other side: that takes the access token`
        audit({ ...auditedCall(request, scope.settings?.name), outcome: 'refused', reason: wording })
        throw new ActionFailure('refused', wording, { code: 'NOT_PERMITTED' })
      }
      if (!found) {
        const known = Object.keys(control).join(', ')
        const wording = known
          ? `there is no verb ${JSON.stringify(verb)}; the verbs are ${known}`
          : `the ${backend.kind} backend has no other side to play, or its control API is switched off in the configuration`
        throw new ActionFailure('unknown-action', wording)
      }
      return withMediaUrls(await runOf(verb, found, reads)(params, gone), mediaUrl)
    })
  }
}

/** What a verb does; called with GET, what it shows. */
function runOf(name: string, verb: ControlVerb, reads: boolean): ControlVerb['run'] {
  if (!reads || verb.reads) return (params, gone) => verb.run(params, gone)
  if (verb.read) return (params) => verb.read!(params)
  throw new ActionFailure('bad-method', `${name} changes things: call it with POST`)
}
