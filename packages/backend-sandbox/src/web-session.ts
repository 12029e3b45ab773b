import type { UserId } from '@seekyou/protocol'

/*
 * The web pages of the network. There are none here, but bots ask for these as they start, and pass them on; they are
 * the sandbox's own and open nothing elsewhere.
 */

function sessionKey(id: UserId): string {
  return `@sandbox${id}`
}

/** The cookies by which the pages know an account: who it is, and its key. */
export function cookiesOf(id: UserId): string {
  return `uin=o${id}; skey=${sessionKey(id)}`
}

/** The token that the pages want besides the cookies: the 31-bit hash of the key, as the real network makes it. */
export function csrfTokenOf(id: UserId): number {
  let hash = 5381
  for (const unit of Buffer.from(sessionKey(id), 'latin1')) hash = (hash * 33 + unit) % 2 ** 31
  return hash
}
