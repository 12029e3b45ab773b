import { createClient } from '@seekyou/client'
import type { Client, ClientOptions } from '@seekyou/client'
import { createVirtualClock } from '@seekyou/testkit'
import type { VirtualClock } from '@seekyou/testkit'

/** A client, the time it lives in, and everything it complained of. */
export interface Connected extends AsyncDisposable {
  readonly client: Client
  readonly clock: VirtualClock
  readonly complaints: readonly Error[]
}

/** A client whose time stands still and whose retries come as late as they may. */
export function connect(url: string, options: Partial<ClientOptions> = {}): Connected {
  const clock = createVirtualClock()
  const complaints: Error[] = []
  const onError = (error: unknown): void => void complaints.push(error as Error)
  const client = createClient({ url, clock, random: () => 0, onError, ...options })
  return { client, clock, complaints, [Symbol.asyncDispose]: () => client.close() }
}

/** What a promise is rejected with. */
export async function errorOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise
  } catch (error) {
    return error
  }
  throw new Error('it was not rejected')
}
