/** A person who says things in a group over HTTP, and a bot with nothing else to do that hears them. */
import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { WebSocket } from 'ws'
import { percentile } from '../result.ts'
import { serve } from '../sockets/worker.ts'

export type Person = typeof abilities

const agent = new Agent({ keepAlive: true })
let port = 0
/** When each was heard, by its number. */
const heardAt: number[] = []
let heard = 0
let onHeard = (): void => undefined

async function say(number: number): Promise<void> {
  const body = JSON.stringify({ as: 10001, group_id: 20001, message: `tick ${number} ` })
  const headers = { 'content-type': 'application/json', 'content-length': body.length }
  const sent = request({ port, host: '127.0.0.1', path: '/sandbox/say', method: 'POST', headers, agent })
  sent.end(body)
  const [response] = (await once(sent, 'response')) as [NodeJS.ReadableStream & { readonly statusCode: number }]
  if (response.statusCode !== 200) throw new Error(`/sandbox/say was answered with status ${response.statusCode}`)
  await once(response.resume(), 'end')
}

/** Forgets what was heard; what comes back resolves once so many more were. */
function listen(total: number): Promise<void> {
  heardAt.length = 0
  heard = 0
  return new Promise((resolve) => {
    onHeard = () => {
      if (++heard === total) resolve()
    }
  })
}

const abilities = {
  open: async (given: { port: number }): Promise<void> => {
    port = given.port
    const bot = new WebSocket(`ws://127.0.0.1:${port}/event`)
    bot.on('message', (data: Buffer) => {
      const at = data.indexOf('tick ')
      if (at < 0) return
      heardAt[Number.parseInt(data.toString('latin1', at + 5, at + 15), 10)] = performance.now()
      onHeard()
    })
    await once(bot, 'message')
  },
  /** Says something every so often, whatever became of what was said before; tells how long each took to the bot, in ms. */
  pace: async ({ rate, total }: { rate: number; total: number }): Promise<{ p50: number; p99: number }> => {
    const paceMs = 1000 / rate
    const all = listen(total)
    const saidAt: number[] = []
    const pending: Promise<void>[] = []
    const began = performance.now()
    for (let number = 0; number < total; number++) {
      const dueAt = began + number * paceMs
      const wait = dueAt - performance.now()
      if (wait > 0) await sleep(wait)
      const now = performance.now()
      // A timer is a little late and that is nobody's delay; who could not speak at all has waited since it was due.
      saidAt.push(now - dueAt > paceMs ? dueAt : now)
      pending.push(say(number))
    }
    await Promise.all(pending)
    await all
    const took = saidAt.map((at, number) => heardAt[number]! - at)
    return { p50: percentile(took, 0.5), p99: percentile(took, 0.99) }
  },
  /** Says so much, so many at a time. */
  flood: async ({ total, atOnce }: { total: number; atOnce: number }): Promise<void> => {
    const all = listen(total)
    let next = 0
    const run = async (): Promise<void> => {
      while (next < total) await say(next++)
    }
    await Promise.all(Array.from({ length: atOnce }, run))
    await all
  },
}
serve(abilities)
