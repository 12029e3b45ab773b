/** What every test file gets: a test that prints, or that leaves the loopback interface, fails. */
import { Socket } from 'node:net'
import { afterEach, beforeEach, expect, vi } from 'vitest'

const loopback = /^(?:127\.\d+\.\d+\.\d+|::1|::ffff:127\.\d+\.\d+\.\d+|localhost)$/

type Target = { host?: string; port?: number; path?: string }

const connect = Socket.prototype.connect as (this: Socket, ...args: unknown[]) => Socket
Socket.prototype.connect = function (this: Socket, ...args: unknown[]): Socket {
  // net passes its own normalised argument list ([options, callback]) as one array.
  const first = (Array.isArray(args[0]) ? (args[0] as unknown[])[0] : args[0]) as Target | number | string
  const host =
    typeof first === 'object'
      ? first.path
        ? undefined
        : first.host
      : typeof args[1] === 'string'
        ? args[1]
        : undefined
  if (host !== undefined && !loopback.test(host)) {
    throw new Error(`a test tried to reach ${host}; tests stay on the loopback interface`)
  }
  return connect.apply(this, args)
} as typeof Socket.prototype.connect

beforeEach(() => {
  for (const method of ['log', 'info', 'warn', 'error'] as const) {
    vi.spyOn(console, method).mockImplementation((...args: unknown[]) => {
      printed.push(`console.${method}: ${args.map(String).join(' ')}`)
    })
  }
})

const printed: string[] = []
afterEach(() => {
  expect(printed.splice(0), 'a test must not print').toEqual([])
})
