import type { ActionGuard, ActionName, GuardedStep } from '@seekyou/actions'
import { ActionFailure, chatKey, OutcomeUnknown } from '@seekyou/protocol'
import type { Chat } from '@seekyou/protocol'
import type { AuditEntry } from './audit.ts'
import { narrow } from './narrow.ts'
import { isUnsafe, permissions } from './permissions.ts'
import type { Permission, Reach } from './permissions.ts'
import { chatsReached } from './reach.ts'
import type { Reached } from './reach.ts'
import type { Scope } from './scope.ts'
import type { ToldIndex } from './told-index.ts'

interface GuardSetup {
  /** What the caller may do; absent for one that may do everything. */
  readonly scope?: Scope | undefined
  readonly told: ToldIndex
  /** Told of refusals and of what cannot be taken back. */
  readonly audit: (entry: Pick<AuditEntry, 'action' | 'chat' | 'outcome' | 'reason' | 'code'>) => void
}

/** What an action comes down to, seen from the one that the caller asked for. */
interface Descent {
  /** The caller may do what asks for this one. */
  readonly isLent: boolean
  /** Its message was put together here, from what the caller may see. */
  readonly isOurs: boolean
}

/** Judges every action of one call, and those that it comes down to, by what they really reach. */
export function createGuard(setup: GuardSetup, descent: Descent = { isLent: false, isOurs: false }): ActionGuard {
  const { scope, told, audit } = setup

  async function judge({ name, asked, call, read, run }: GuardedStep): Promise<() => Promise<unknown>> {
    if (name === undefined) {
      const reason = scope?.refusesPassthrough(asked)
      if (reason !== undefined) throw refused(scope!, { asked, action: null, reason })
      return async () => run(read(), createGuard(setup))
    }
    const action = name as ActionName
    const permission = permissions[action]
    const reason = scope && whyNot(scope, action, permission)
    if (reason !== undefined) throw refused(scope!, { asked, action, reason })

    const params = read()
    const isWatched = isUnsafe(action)
    const reaches = scope?.limitsChats || isWatched ? await find(permission.reaches) : []
    const outside = scope?.limitsChats
      ? reaches.find(({ chats }) => !chats.some((chat) => scope.permitsChat(chat)))
      : undefined
    if (outside) {
      const where = `in ${outside.what}: ${scope!.chats}`
      throw refused(scope!, { asked, action, where, chat: outside.chats[0] })
    }

    const inner = createGuard(setup, {
      isLent:
        permission.isRelay === undefined ||
        (permission.isRelay === 'lends' && scope?.refusesAction(action) === undefined),
      isOurs: permission.isRelay === undefined,
    })
    return async () => {
      const data = await (isWatched ? watched(action, reaches, () => run(params, inner)) : run(params, inner))
      return scope && permission.narrows ? narrow(permission.narrows, data, scope) : data
    }

    async function find(kinds: readonly Reach[]): Promise<readonly Reached[]> {
      const looked = descent.isOurs ? kinds.filter((kind) => kind !== 'content' && kind !== 'nodes') : kinds
      try {
        return await chatsReached(looked, params, { call, told })
      } catch (error) {
        // Of what is not there nothing is reached; where nobody is limited, the action itself says so.
        if (scope?.limitsChats || !(error instanceof ActionFailure)) throw error
        return []
      }
    }
  }

  function whyNot(limits: Scope, action: ActionName, { isRelay }: Permission): string | undefined {
    const isAsked = isRelay === undefined
    return limits.refusesAction(action, descent.isLent || !isAsked)
  }

  function refused(
    limits: Scope,
    {
      asked,
      action,
      reason,
      where,
      chat,
    }: {
      readonly asked: string
      readonly action: string | null
      readonly reason?: string
      readonly where?: string
      readonly chat?: Chat | undefined
    },
  ): ActionFailure {
    const shown = asked.slice(0, 60)
    const wording = `${limits.subject} may not do ${shown}${where === undefined ? `: ${reason}` : ` ${where}`}`
    audit({ action, chat: chat ? chatKey(chat) : null, outcome: 'refused', reason: wording })
    return new ActionFailure('refused', wording, { code: 'NOT_PERMITTED' })
  }

  /** Does what cannot be taken back, and has it written down how it ended. */
  async function watched(action: ActionName, reaches: readonly Reached[], run: () => unknown): Promise<unknown> {
    const [chat] = reaches.flatMap(({ chats }) => chats)
    const about = { action, chat: chat ? chatKey(chat) : null }
    try {
      const data = await run()
      audit({ ...about, outcome: 'done' })
      return data
    } catch (error) {
      const code = error instanceof ActionFailure ? error.code : 'INTERNAL_ERROR'
      audit({ ...about, outcome: error instanceof OutcomeUnknown ? 'unknown' : 'failed', code })
      throw error
    }
  }

  return { judge }
}
