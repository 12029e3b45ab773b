/**
 * What every test file gets: a test that prints, or that leaves the loopback interface, fails; and a test of properties
 * tries the same values in every run.
 */
import { createHash } from 'node:crypto'
import net from 'node:net'
import type * as FastCheck from 'fast-check'
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

let fastCheck: typeof FastCheck | undefined

// Loads it only for the files that ask for it, and has them share what is set below.
vi.mock('fast-check', async (importOriginal) => {
  fastCheck = await importOriginal<typeof FastCheck>()
  return fastCheck
})

/**
 * Each test of properties has a seed of its own, made from its name. SEEKYOU_FUZZ_SEED gives all of them another: a
 * number, or `random` for a new one each time. A failure tells the seed it was found with.
 */
beforeEach(({ task }) => {
  fastCheck?.configureGlobal(seedOf(task.fullTestName, process.env['SEEKYOU_FUZZ_SEED']))
})

function seedOf(test: string, wanted: string | undefined): FastCheck.GlobalParameters {
  if (wanted === 'random') return {}
  if (!wanted) return { seed: createHash('sha256').update(test).digest().readInt32BE() }
  const seed = Number(wanted)
  if (Number.isInteger(seed)) return { seed }
  throw new Error(`SEEKYOU_FUZZ_SEED is a whole number, or random, not ${wanted}`)
}
