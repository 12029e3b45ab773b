import { sameSecret } from '@seekyou/protocol'
import type { Access } from '@seekyou/protocol'

const granted: Access = { granted: true }

/** Makes the judge of one link's token; an empty token lets everyone in, whatever they show. */
export function createAccess(accessToken: string): (credential: string | undefined) => Access {
  if (accessToken === '') return () => granted
  return (credential) => {
    if (credential === undefined) {
      const wording = 'this server asks for a token: send "Authorization: Bearer <token>" or "?access_token=<token>"'
      return { granted: false, failure: 'token-missing', wording }
    }
    if (sameSecret(credential, accessToken)) return granted
    return { granted: false, failure: 'token-wrong', wording: 'the token is not the one this server was given' }
  }
}
