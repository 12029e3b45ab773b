import type { IncomingMessage } from 'node:http'
import { readCredential } from '@seekyou/protocol'
import type { Access, Answer, Gateway, Logger, Refusal } from '@seekyou/protocol'
import { isForeignPage } from './foreign-page.ts'
import { isKnownHost } from './known-host.ts'
import { pathOf, queryOf } from './request-url.ts'
import type { Sessions } from './sessions.ts'

/** What the gate says of a request: the gateway that its token opens, or what to answer instead. */
export type Admission = { readonly client: Gateway } | { readonly refusal: Answer }

/** The first checks of every request: the token it shows, and the page it comes from. */
export interface Gate {
  readonly admit: (request: IncomingMessage) => Admission
  /** The same for what only the access token opens, and no scoped one. */
  readonly admitOwner: (request: IncomingMessage) => Admission
  /** Whether a page of another origin asks that the operator did not allow. */
  readonly isForeign: (request: IncomingMessage) => boolean
  /** Has `end` called, with the reason, once the token of an answer that goes on and on is no longer good. */
  readonly watch: (request: IncomingMessage, end: (reason: string) => void) => Disposable
}

interface GateSetup {
  readonly gateway: Gateway
  readonly log: Logger
  readonly sessions?: Pick<Sessions, 'credentialOf'> | undefined
  /** Told of who is turned away for the page they come from, or for a scoped token. */
  readonly onRefused?: ((refusal: Refusal) => void) | undefined
  /** Origins of other pages that may call. */
  readonly origins: readonly string[]
  /** The names that this server has, besides addresses and localhost; `any` where no browser comes. */
  readonly hosts: readonly string[] | 'any'
}

/** A gate, and for whoever changes what tokens there are: `recheck` looks again at the tokens of all that is watched. */
export function createGate({
  gateway,
  log,
  sessions,
  onRefused,
  origins,
  hosts,
}: GateSetup): Gate & { readonly recheck: () => void } {
  const watched = new Map<IncomingMessage, (reason: string) => void>()
  const isOurs = knownHosts(hosts)
  const isForeign = (request: IncomingMessage): boolean => isForeignPage(request.headers, origins)

  function refuse(request: IncomingMessage, wording: string, token?: string): Admission {
    const from = addressOf(request)
    onRefused?.({ token, from, reason: wording })
    log.info({ from, path: pathOf(request), reason: wording }, 'refused an HTTP request')
    // Browsers go by the status, whatever the dialect thinks of it.
    return { refusal: { ...gateway.refuse('refused', wording), status: 403 } }
  }

  /** Where nobody needs a token, any page in a browser of this machine could act for the account. */
  function whyNotThisPage(request: IncomingMessage): string | undefined {
    const { host } = request.headers
    if (!isOurs(host)) {
      return (
        `this server is not called ${JSON.stringify(String(host).slice(0, 100))}: open it by its address, such as ` +
        '127.0.0.1, set a token, or add the name to allowed_hosts'
      )
    }
    return isForeign(request)
      ? 'this page may not call: show a token, or add the origin of the page to allowed_origins'
      : undefined
  }

  function authorize(request: IncomingMessage, standing?: 'kept'): Access {
    const shown = readCredential(request.headers.authorization, queryToken(request))
    if (shown !== undefined) return gateway.authorize(shown, addressOf(request), standing)
    // Whoever is signed in has shown it already.
    return gateway.authorize(sessions?.credentialOf(request), addressOf(request), 'kept')
  }

  function admit(request: IncomingMessage): Admission {
    const access = authorize(request)
    if (!access.granted) {
      // The path only: the query may hold a token. Whoever tries too often does not get to write the log, too.
      const line = { from: addressOf(request), path: pathOf(request), reason: access.failure }
      log[access.failure === 'rate-limited' ? 'debug' : 'info'](line, 'refused an HTTP request')
      return { refusal: gateway.refuse(access.failure, access.wording, access) }
    }
    const problem = access.gateway.token === undefined ? whyNotThisPage(request) : undefined
    return problem === undefined || !gateway.authorize(undefined).granted
      ? { client: access.gateway }
      : refuse(request, problem)
  }

  return {
    admit,
    isForeign,

    admitOwner(request) {
      const admission = admit(request)
      if ('refusal' in admission || admission.client.token === undefined) return admission
      const { token } = admission.client
      return refuse(request, `the token ${JSON.stringify(token)} may not see this: it takes the access token`, token)
    },

    watch(request, end) {
      watched.set(request, end)
      return { [Symbol.dispose]: () => void watched.delete(request) }
    },

    recheck() {
      for (const [request, end] of watched) if (!authorize(request, 'kept').granted) end(TOKEN_CHANGED)
    },
  }
}

const TOKEN_CHANGED = 'the token was changed: connect again with the one that holds now'

/** Where a request comes from; of a unix socket nobody knows. */
export function addressOf(request: IncomingMessage): string | undefined {
  return request.socket.remoteAddress
}

function queryToken(request: IncomingMessage): string | undefined {
  const query = queryOf(request)
  // Read leniently, for the token is judged before the rest of the query.
  return query.includes('access_token=') ? (new URLSearchParams(query).get('access_token') ?? undefined) : undefined
}

/** Whether a request asks for this server; clients that call again and again always say the same name. */
function knownHosts(hosts: readonly string[] | 'any'): (host: string | undefined) => boolean {
  if (hosts === 'any') return () => true
  let last: string | undefined
  return (host) => {
    if (host === last) return true
    if (!isKnownHost(host, hosts)) return false
    last = host
    return true
  }
}
