import { randomBytes } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Clock } from '@seekyou/protocol'

/** How long a link that signs someone in is good, once, and a session that nobody uses, in ms. */
const TICKET_MS = 600_000
const SESSION_MS = 12 * 3_600_000
/** More people than this look at no console; whoever signed in first is signed out first. */
const MOST_SESSIONS = 1000

/**
 * Who is signed in with a browser. A session stands for a token that was shown, and is worth as much as that is at the
 * moment; it is kept in memory, and the browser has only a random number of it, in a cookie.
 */
export interface Sessions {
  /** Makes the ticket of a link that signs its bearer in, once and soon, with the token `credential`. */
  issueTicket(credential: string): string
  /** Takes a ticket, and gives the token it stands for; `undefined` for one that is no ticket any more. */
  redeemTicket(ticket: string): string | undefined
  /** Signs someone in: what to set as a cookie. */
  open(credential: string, request: IncomingMessage): string
  /** Signs out whoever asks: what to set as a cookie. */
  close(request: IncomingMessage): string
  /** The token that the cookie of a request stands for, where a page of this very server asks. */
  credentialOf(request: IncomingMessage): string | undefined
}

export function createSessions({ clock }: { readonly clock: Clock }): Sessions {
  const tickets = new Map<string, { readonly credential: string; readonly until: number }>()
  const sessions = new Map<string, { readonly credential: string; readonly until: number }>()

  function idOf(request: IncomingMessage): string | undefined {
    const name = `${cookieName(request)}=`
    const pairs = (request.headers.cookie ?? '').split(';').map((pair) => pair.trim())
    return pairs.find((pair) => pair.startsWith(name))?.slice(name.length)
  }

  return {
    issueTicket(credential) {
      const ticket = randomId()
      keep(tickets, ticket, { credential, until: clock.now() + TICKET_MS })
      return ticket
    },

    redeemTicket(ticket) {
      const found = tickets.get(ticket)
      tickets.delete(ticket)
      return found && clock.now() < found.until ? found.credential : undefined
    },

    open(credential, request) {
      const id = randomId()
      keep(sessions, id, { credential, until: clock.now() + SESSION_MS })
      return cookie(request, id)
    },

    close(request) {
      sessions.delete(idOf(request) ?? '')
      return `${cookie(request, '')}; Max-Age=0`
    },

    credentialOf(request) {
      const id = request.headers.cookie === undefined ? undefined : idOf(request)
      const found = id === undefined ? undefined : sessions.get(id)
      if (id === undefined || !found || !isOwnPage(request)) return undefined
      sessions.delete(id)
      if (clock.now() >= found.until) return undefined
      keep(sessions, id, { ...found, until: clock.now() + SESSION_MS })
      return found.credential
    },
  }
}

function keep<Entry>(entries: Map<string, Entry>, id: string, entry: Entry): void {
  entries.set(id, entry)
  const [oldest] = entries.keys()
  if (entries.size > MOST_SESSIONS && oldest !== undefined) entries.delete(oldest)
}

function randomId(): string {
  return randomBytes(32).toString('base64url')
}

/** Cookies know no ports, so that two servers on one machine would take each other's. */
function cookieName({ socket }: IncomingMessage): string {
  return `seekyou_session_${socket.localPort ?? 0}`
}

function cookie(request: IncomingMessage, value: string): string {
  const isSecure = 'encrypted' in request.socket
  return `${cookieName(request)}=${value}; Path=/; HttpOnly; SameSite=Strict${isSecure ? '; Secure' : ''}`
}

/**
 * Whether a page of this very server asks, or a person who opens one. Browsers send a cookie along for every page of the
 * same site, and a site is all ports of a host. Over plain http from another machine they do not say where a request
 * comes from but by `Referer`.
 */
function isOwnPage({ headers }: IncomingMessage): boolean {
  const { origin, host, referer, 'sec-fetch-site': site } = headers
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return false
  if (origin !== undefined) return isOf(origin, host)
  return site !== undefined || isOf(referer, host)
}

function isOf(address: string | undefined, host: string | undefined): boolean {
  return address !== undefined && host !== undefined && URL.canParse(address) && new URL(address).host === host
}
