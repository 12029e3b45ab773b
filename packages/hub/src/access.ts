import { secretMatcher } from '@seekyou/protocol'
import type { Access, Gateway, LoginGuard, UserId } from '@seekyou/protocol'
import { SECRET_PREFIX } from './tokens.ts'
import type { Token, Tokens } from './tokens.ts'

/** What a credential is good for: everything, what a scoped token may, or nothing. */
export type Judgement =
  | { readonly power: 'full' }
  | { readonly power: 'scoped'; readonly token: Token }
  | (Extract<Access, { granted: false }> & { readonly power: 'none'; readonly token?: Token })

/**
 * Makes the judge of the tokens that clients of one link of the account `selfId` show. Where the link has no token of its
 * own everyone is let in, whatever they show; but who shows a scoped token is held to it, and one that is none any more
 * opens nothing.
 */
export function createAccess(
  accessToken: string,
  {
    selfId,
    tokens,
    logins,
  }: {
    readonly selfId: UserId
    readonly tokens?: Pick<Tokens, 'find' | 'list'> | undefined
    readonly logins?: LoginGuard | undefined
  },
): (...shown: Parameters<Gateway['authorize']>) => Judgement {
  const isRight = accessToken === '' ? undefined : secretMatcher(accessToken)
  return (credential, from, standing = 'shown') => {
    if (credential === undefined) {
      if (!isRight) return { power: 'full' }
      const wording = 'this server asks for a token: send "Authorization: Bearer <token>" or "?access_token=<token>"'
      return { power: 'none', granted: false, failure: 'token-missing', wording }
    }
    // Who lost a token has not gained by it.
    const isJudged =
      isRight !== undefined ||
      (tokens !== undefined && (tokens.list().length > 0 || credential.startsWith(SECRET_PREFIX)))
    const early = standing === 'shown' && isJudged ? logins?.refuses(from) : undefined
    if (early) {
      const { waitMs: retryAfterMs, wording } = early
      return { power: 'none', granted: false, failure: 'rate-limited', wording, retryAfterMs }
    }
    if (isRight?.(credential)) return { power: 'full' }
    const token = tokens?.find(credential)
    if (token) {
      const wording = token.refuses(selfId, from)
      return wording === undefined
        ? { power: 'scoped', token }
        : { power: 'none', granted: false, failure: 'token-refused', wording, token }
    }
    if (!isJudged) return { power: 'full' }
    if (standing === 'shown') logins?.failed(from)
    const wording = 'the token is not the one this server was given'
    return { power: 'none', granted: false, failure: 'token-wrong', wording }
  }
}
