import { actionNamed, perform } from '@seekyou/actions'
import type { ActionCall, ActionGuard, ActionName } from '@seekyou/actions'
import { renderMessage } from '@seekyou/message'
import { toWireEvent } from '@seekyou/protocol'
import type { CallRequest } from '@seekyou/protocol'
import type { AccountAudit } from './audit.ts'
import { createGuard } from './guard.ts'
import type { LinkScope } from './link-scope.ts'
import type { LinkView } from './link.ts'
import type { MediaUrl } from './media-url.ts'
import { isUnsafe } from './permissions.ts'
import type { ToldIndex } from './told-index.ts'
import { toldEvent, toldMessage } from './told-message.ts'

/** What a call is made of that is the same through whatever link of the account it comes. */
export interface CommonCall extends Omit<
  ActionCall,
  'mediaUrl' | 'dialect' | 'render' | 'renderEvent' | 'guard' | 'call'
> {
  readonly mediaUrl: MediaUrl
}

export interface ActionCallsSetup {
  readonly common: CommonCall
  readonly told: ToldIndex
  readonly audit: AccountAudit
}

/** What the action of a request is done with: guarded where its caller is limited, or what it does is written down. */
export type ActionCalls = (request: CallRequest) => ActionCall

/** Makes the calls of the clients of one link, which may do what `scope` says. */
export function createActionCalls(
  { common, told, audit }: ActionCallsSetup,
  view: LinkView,
  scope: LinkScope | undefined,
): ActionCalls {
  const call = createActionCall(common, view)
  return (request) => {
    if (!needsGuard(request, scope)) return call
    const who = { token: scope?.settings?.name ?? null, from: request.from ?? null }
    const guard = createGuard({ scope: scope?.scope, told, audit: (entry) => audit({ ...who, ...entry }) })
    return createActionCall(common, view, guard)
  }
}

function createActionCall(common: CommonCall, view: LinkView, guard?: ActionGuard): ActionCall {
  const { mediaUrl } = common
  const call: ActionCall = {
    ...common,
    ...(guard && { guard }),
    dialect: view.dialect,
    render: (message) => renderMessage(toldMessage(message, view, mediaUrl), view.format),
    renderEvent: (event) => {
      const wire = toWireEvent(toldEvent(event, view, mediaUrl), view.format)
      // Who asks for a message gets it, also in a generation that is not told of its kind.
      return view.dialect.event(wire) ?? wire
    },
    call: async (action, params) => perform(action, params, call),
  }
  return call
}

/** Whether the actions of a call are to be looked at: some of a limited client, else what is written down. */
function needsGuard({ action }: CallRequest, scope: LinkScope | undefined): boolean {
  if (scope) return true
  const name = actionNamed(action) as ActionName | undefined
  return name !== undefined && (name === '.handle_quick_operation' || isUnsafe(name))
}
