import type { Clock } from '@seekyou/protocol'
import { RateLimit } from './rate-limit.ts'
import { compileScope } from './scope.ts'
import type { ScopeOptions } from './token-options.ts'
import type { Token } from './tokens.ts'

/** What the client of a link may do, where that is not everything. */
export type LinkScope = Pick<Token, 'scope'> & Partial<Pick<Token, 'limit' | 'until' | 'settings'>>

/** What the program of a connection may do, said in place and not by the name of a token. */
export function createLinkScope(options: ScopeOptions, link: string, clock: Clock): Pick<Token, 'scope' | 'limit'> {
  const scope = compileScope(options, `the link ${JSON.stringify(link)}`)
  return { scope, limit: new RateLimit(options.rate_limit, clock, scope.subject) }
}

/** Why a client may not do anything any more; `undefined` while it may. */
export function endOf(scope: LinkScope | undefined): string | undefined {
  return scope?.until?.aborted ? String(scope.until.reason) : undefined
}
