import { Socket } from 'node:net'
import type { LookupFunction } from 'node:net'
import { vi } from 'vitest'

/** The public address that stands for the servers of a test. */
export const publicAddress = '8.8.8.8'

interface ConnectOptions {
  readonly host?: string
  readonly lookup?: LookupFunction
}

/** Has connections to the public address end on this machine, after everything that judges the address. */
export function pretendInternet(): void {
  const connect = Reflect.get(Socket.prototype, 'connect') as (this: Socket, ...args: unknown[]) => Socket
  vi.spyOn(Socket.prototype, 'connect').mockImplementation(function (this: Socket, ...args: unknown[]) {
    // net hands over its own list, [options, callback], as the first argument.
    const [list] = args as [[ConnectOptions, unknown]]
    const [{ host, lookup, ...options }] = list
    list[0] = {
      ...options,
      host: host === publicAddress ? '127.0.0.1' : host!,
      ...(lookup && { lookup: reroute(lookup) }),
    }
    return connect.apply(this, args)
  })
}

function reroute(lookup: LookupFunction): LookupFunction {
  return (host, options, callback) => {
    lookup(host, options, (error, found, family) => {
      if (typeof found === 'string') callback(error, found === publicAddress ? '127.0.0.1' : found, family)
      else
        callback(
          error,
          found.map((one) => (one.address === publicAddress ? { ...one, address: '127.0.0.1' } : one)),
        )
    })
  }
}
