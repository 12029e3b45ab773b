import { actionNamed } from '@seekyou/actions'
import type { CallRequest } from '@seekyou/protocol'

/** One line of the audit log: who did, or was kept from doing, what. It holds no secret and nothing that was said. */
export interface AuditEntry {
  /** Milliseconds since 1970. */
  readonly at: number
  /** The account; absent where it is about none. */
  readonly self_id?: number
  /** The scoped token; null for the access token, or for none. */
  readonly token: string | null
  /** The action, by its name in the registry; null for what is no call. */
  readonly action: string | null
  /** The chat it reached, such as `group:20001`; null where it reaches none, or more than one. */
  readonly chat: string | null
  /** Where it came from; null for links that this server made. */
  readonly from: string | null
  /** `done`, `async`, `failed`, `unknown`; `refused` and `rate-limited` for what was not done. */
  readonly outcome: 'done' | 'async' | 'failed' | 'unknown' | 'refused' | 'rate-limited'
  /** Why it was refused. */
  readonly reason?: string
  /** The short code of a failure. */
  readonly code?: string
}

/** Takes the entries of the audit log; must not throw. */
export type Audit = (entry: AuditEntry) => void

/** The same for one account, which says itself when it was and whose it is. */
export type AccountAudit = (entry: Omit<AuditEntry, 'at' | 'self_id'>) => void

/** What an entry about a call says of it. `token` is the name of the scoped token that it came with. */
export function auditedCall({ action, from }: CallRequest, token: string | undefined) {
  return { token: token ?? null, action: actionNamed(action) ?? null, chat: null, from: from ?? null }
}
