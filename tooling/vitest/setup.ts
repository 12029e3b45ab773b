/** What every test file gets: a test that prints, or that leaves the loopback interface, fails. */
import net from 'node:net'
import { afterEach, beforeEach, vi } from 'vitest'

const loopback = /^(?:127\.\d+\.\d+\.\d+|::1|::ffff:127\.\d+\.\d+\.\d+|localhost)$/

type Connect = (this: net.Socket, ...args: unknown[]) => net.Socket

// Every TCP client in Node (http, undici, ws) ends in this one method.
const connect = Reflect.get(net.Socket.prototype, 'connect') as Connect
const guarded: Connect = function (...args) {
  // net passes its own normalised argument list, [options, callback], as one array.
  const first: unknown = Array.isArray(args[0]) ? args[0][0] : args[0]
  const host = typeof first === 'object' && first !== null && 'host' in first ? first.host : args[1]
  if (typeof host === 'string' && !loopback.test(host)) {
    throw new Error(`a test tried to reach ${host}; tests stay on the loopback interface`)
  }
  return connect.apply(this, args)
}
Reflect.set(net.Socket.prototype, 'connect', guarded)

const printed: string[] = []

beforeEach(() => {
  for (const method of ['log', 'info', 'warn', 'error'] as const) {
    vi.spyOn(console, method).mockImplementation((...args: unknown[]) => {
      printed.push(`console.${method}: ${args.map(String).join(' ')}`)
    })
  }
})

afterEach(() => {
  const lines = printed.splice(0)
  if (lines.length > 0) throw new Error(`a test must not print, this one did:\n${lines.join('\n')}`)
})
