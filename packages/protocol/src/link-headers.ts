import { inHeader } from './credential.ts'
import type { Dialect } from './dialect.ts'
import type { UserId } from './ids.ts'

/** Whose link it is that introduces itself, and the access token of that link. */
interface Introduction {
  readonly selfId: UserId
  readonly dialect: Dialect
  readonly accessToken?: string | undefined
}

/**
 * How a webhook introduces itself, besides the headers that go with the body.
 *
 * @see https://github.com/botuniverse/onebot-11/blob/master/communication/http-post.md
 */
export function webhookHeaders({ selfId, dialect, accessToken }: Introduction): Readonly<Record<string, string>> {
  const { userAgent, webhookAuthScheme } = dialect
  return {
    'X-Self-ID': String(selfId),
    'User-Agent': userAgent,
    ...(accessToken &&
      webhookAuthScheme !== 'none' && { Authorization: `${webhookAuthScheme} ${inHeader(accessToken)}` }),
  }
}

/**
 * How a reverse WebSocket introduces itself, besides the headers of the handshake itself.
 *
 * @see https://github.com/botuniverse/onebot-11/blob/master/communication/ws-reverse.md
 */
export function handshakeHeaders({
  selfId,
  dialect,
  role,
  accessToken,
}: Introduction & { readonly role: 'Universal' | 'API' | 'Event' }): Readonly<Record<string, string>> {
  return {
    'X-Self-ID': String(selfId),
    'X-Client-Role': role,
    'User-Agent': dialect.userAgent,
    ...(accessToken && { Authorization: `${dialect.authScheme} ${inHeader(accessToken)}` }),
  }
}
