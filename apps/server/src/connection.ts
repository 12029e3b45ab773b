import type { Account } from '@seekyou/hub'
import type { Gateway, LinkState } from '@seekyou/protocol'
import type { ConnectionOptions } from './bot-settings.ts'
import type { House } from './house.ts'
import { resolveFiles } from './link-settings.ts'

/** A program that we connect to. */
export interface Connection {
  readonly gateway: Gateway
  /** Ends it, and lets nobody wait for it any more. */
  close(reason: string): Promise<void>
}

interface ConnectionSetup {
  readonly house: Pick<House, 'clock' | 'log'>
  readonly account: Account
  readonly gateway: Gateway
  readonly options: ConnectionOptions
  readonly accessToken: string
  /** Where files are that the options name. */
  readonly folder: string
}

/** Begins to post to a program, or to dial it. From now on the account waits for it. */
export async function openConnection({
  house: { clock, log: houseLog },
  account,
  gateway,
  options,
  accessToken,
  folder,
}: ConnectionSetup): Promise<Connection> {
  const { name, type } = options
  let state = (): LinkState => ({ phase: 'connecting' })
  await account.links.expect(name, { kind: type, state: () => state() })
  const onStateChange = () => account.links.changed(name)
  const connectionTo = (end: (reason: string) => PromiseLike<void>): Connection => ({
    gateway,
    async close(reason) {
      await end(reason)
      account.links.unexpect(name)
    },
  })
  if (options.type === 'webhook') {
    const log = houseLog.child({ room: 'transport-http' })
    const { createWebhook } = await import('@seekyou/transport-http/webhook')
    const webhook = createWebhook({ gateway, options, accessToken, onStateChange, clock, log })
    state = () => webhook.state
    return connectionTo(() => webhook[Symbol.asyncDispose]())
  }
  const log = houseLog.child({ room: 'transport-ws', link: name })
  const tls = resolveFiles(options.tls, folder)
  const { createReverseClient } = await import('@seekyou/transport-ws/reverse-client')
  const client = createReverseClient({ gateway, options: { ...options, tls }, accessToken, onStateChange, clock, log })
  state = () => client.state
  return connectionTo((reason) => client.close(reason))
}
