import type { Clock, Gateway, LinkState, Logger } from '@seekyou/protocol'
import { Dialler } from './dialler.ts'
import type { ReverseClientOptions } from './options.ts'
import { readTlsFiles } from './tls-files.ts'

/** Keeps one connection to a bot that we dial, or two that share the work. */
export interface ReverseClient extends AsyncDisposable {
  /** How it stands; of two connections the one that is worse off. */
  readonly state: LinkState
  /** Closes the connection with 1001 and a reason, as disposing of it does, and dials no more. */
  close(reason: string): Promise<void>
}

export interface ReverseClientSetup {
  readonly gateway: Gateway
  readonly options: ReverseClientOptions
  readonly accessToken?: string | undefined
  /** Called when its state is another. */
  readonly onStateChange?: () => void
  readonly clock: Clock
  readonly log: Logger
  /** Spreads the retries; by default `Math.random`. */
  readonly random?: () => number
}

/**
 * Begins to dial a bot and returns at once. It dials again whenever the connection fails or ends, for whatever reason,
 * until it is disposed of or the account is done with it.
 *
 * @throws Error that names the option whose file cannot be read or holds no such thing
 * @see https://github.com/botuniverse/onebot-11/blob/master/communication/ws-reverse.md
 */
export function createReverseClient(setup: ReverseClientSetup): ReverseClient {
  const { name, role, url, api_url = url, event_url = url } = setup.options
  const common = { ...setup, tls: readTlsFiles(setup.options.tls) }
  const events = { name, kind: 'reverse-ws' } as const
  if (role === 'API') return new Dialler({ ...common, role, url: api_url })
  if (role === 'Event') return new Dialler({ ...common, role, url: event_url, events })
  const isOne = setup.options.api_url === undefined && setup.options.event_url === undefined
  if (isOne) return new Dialler({ ...common, role, url, events })
  // The two are one link: they end together, and a call about the link itself means its events.
  const onEnded = () => void apiSide[Symbol.asyncDispose]()
  const eventSide = new Dialler({ ...common, role: 'Event', url: event_url, events, onEnded })
  const gateway: Gateway = { ...setup.gateway, call: (request) => eventSide.call(request) }
  const apiSide = new Dialler({ ...common, role: 'API', url: api_url, gateway })
  return pair(eventSide, apiSide)
}

/** Better off comes later. */
const phases = ['ended', 'waiting', 'connecting', 'open'] as const satisfies readonly LinkState['phase'][]

function pair(one: ReverseClient, other: ReverseClient): ReverseClient {
  const close = async (reason: string) => {
    await Promise.all([one.close(reason), other.close(reason)])
  }
  return {
    get state() {
      const [left, right] = [one.state, other.state]
      return phases.indexOf(right.phase) < phases.indexOf(left.phase) ? right : left
    },
    close,
    [Symbol.asyncDispose]: () => close('the server is shutting down'),
  }
}
