import { createClient } from '@seekyou/client'
import type { Client, ClientOptions } from '@seekyou/client'
import type { Clock } from '@seekyou/protocol'
import { createVirtualClock } from '@seekyou/testkit'
import type { VirtualClock } from '@seekyou/testkit'

/** A client, the time it lives in, and everything it complained of. */
export interface Connected extends AsyncDisposable {
  readonly client: Client
  readonly clock: VirtualClock
  readonly complaints: readonly Error[]
  /** How many timers are set. */
  readonly timers: number
}

/** A client whose time stands still and whose retries come as late as they may. */
export function connect(url: string, options: Partial<ClientOptions> = {}): Connected {
  const clock = createVirtualClock()
  const timers = new Set<object>()
  const counted: Clock = {
    now: () => clock.now(),
    setTimeout(callback, delayMs) {
      const timer = clock.setTimeout(() => {
        timers.delete(handle)
        callback()
      }, delayMs)
      const handle = {
        cancel() {
          timers.delete(handle)
          timer.cancel()
        },
      }
      timers.add(handle)
      return handle
    },
  }
  const complaints: Error[] = []
  const onError = (error: unknown): void => void complaints.push(error as Error)
  const client = createClient({ url, clock: counted, random: () => 0, onError, ...options })
  return {
    client,
    clock,
    complaints,
    get timers() {
      return timers.size
    },
    [Symbol.asyncDispose]: () => client.close(),
  }
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
