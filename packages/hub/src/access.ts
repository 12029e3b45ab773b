import { secretMatcher } from '@seekyou/protocol'
import type { Access } from '@seekyou/protocol'

type Refusal = Extract<Access, { granted: false }>

/** Makes the judge of one link's token: what is wrong with one, if anything. An empty token lets everyone in. */
export function createAccess(accessToken: string): (credential: string | undefined) => Refusal | undefined {
  if (accessToken === '') return () => undefined
  const isRight = secretMatcher(accessToken)
  return (credential) => {
    if (credential === undefined) {
      const wording = 'this server asks for a token: send "Authorization: Bearer <token>" or "?access_token=<token>"'
      return { granted: false, failure: 'token-missing', wording }
    }
    if (isRight(credential)) return undefined
    return { granted: false, failure: 'token-wrong', wording: 'the token is not the one this server was given' }
  }
}
