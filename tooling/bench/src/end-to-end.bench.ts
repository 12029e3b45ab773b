/** The program as it runs, seen from outside: from what is said in a group to the frames at the bots. */
import { startProgram } from '@seekyou/testkit'
import type { Program } from '@seekyou/testkit'
import { WebSocket } from 'ws'
import type { Finding, Report, Suite } from './harness.ts'
import { percentile } from './result.ts'

const LINKS = 100
const RATE = 500

interface Audience extends AsyncDisposable {
  /** Resolves when every bot has heard so many messages since the last time this was asked. */
  readonly heard: (count: number) => Promise<void>
  /** When the first bot, which has nothing else to do, heard each. */
  readonly times: Map<number, number>
}

async function gather(program: Program, links: number): Promise<Audience> {
  const sockets = Array.from({ length: links }, () => new WebSocket(`${program.url.replace('http', 'ws')}/event`))
  const times = new Map<number, number>()
  let count = 0
  let wanted = Infinity
  let wake = (): void => undefined
  for (const [index, socket] of sockets.entries()) {
    socket.on('message', (data: Buffer) => {
      // Looked for in the bytes: a hundred parsers would be what is measured.
      const at = data.indexOf('tick ')
      if (at < 0) return
      if (index === 0) times.set(Number.parseInt(data.toString('latin1', at + 5, at + 15), 10), performance.now())
      if (++count >= wanted) wake()
    })
  }
  await Promise.all(sockets.map((socket) => new Promise((resolve) => socket.once('open', resolve))))
  return {
    times,
    heard(each) {
      wanted = each * links
      return new Promise((resolve) => {
        wake = () => {
          count = 0
          wanted = Infinity
          resolve()
        }
        if (count >= wanted) wake()
      })
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.terminate()
    },
  }
}

/** Says one thing after the other over one WebSocket: a request each over HTTP would be half of what is measured. */
function sayer(program: Program) {
  const headers = { 'content-type': 'application/json' }
  return (number: number): Promise<unknown> =>
    fetch(`${program.url}/sandbox/say`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ as: 10001, group_id: 20001, message: `tick ${number} ` }),
    }).then((response) => response.arrayBuffer())
}

const paced: Report = {
  name: `from /sandbox/say to the frame at an idle bot, ${RATE} events a second, ${LINKS} bots, journal on disk`,
  async run({ isSmoke }): Promise<readonly Finding[]> {
    const [links, seconds, rate] = isSmoke ? [3, 0.2, 20] : [LINKS, 10, RATE]
    await using program = await startProgram({ config: 'log_level: warn\n' })
    await using audience = await gather(program, links)
    const say = sayer(program)
    const total = Math.ceil(seconds * rate)
    const said: number[] = []
    const all = audience.heard(total)
    const pending: Promise<unknown>[] = []
    const began = performance.now()
    for (let number = 0; number < total; number++) {
      const wait = began + (number * 1000) / rate - performance.now()
      if (wait > 1) await new Promise((resolve) => setTimeout(resolve, wait))
      said.push(performance.now())
      pending.push(say(number))
    }
    await Promise.all(pending)
    await all
    const took = said.map((at, number) => audience.times.get(number)! - at).slice(Math.floor(total / 5))
    return [
      { name: 'half of the times', value: percentile(took, 0.5), unit: 'ms' },
      { name: '99 of 100 times', value: percentile(took, 0.99), unit: 'ms' },
    ]
  },
}

const sustained: Report = {
  name: `deliveries a second that one process keeps up, ${LINKS} bots, 32 sayings at a time, journal on disk`,
  async run({ isSmoke }): Promise<readonly Finding[]> {
    const [links, total, atOnce] = isSmoke ? [3, 8, 4] : [LINKS, 8000, 32]
    await using program = await startProgram({ config: 'log_level: warn\n' })
    await using audience = await gather(program, links)
    const say = sayer(program)
    const all = audience.heard(total)
    const began = performance.now()
    let next = 0
    const run = async (): Promise<void> => {
      while (next < total) await say(next++)
    }
    await Promise.all(Array.from({ length: atOnce }, run))
    await all
    const seconds = (performance.now() - began) / 1000
    return [
      { name: 'deliveries', value: (total * links) / seconds, unit: '/s', moreIsBetter: true },
      { name: 'events', value: total / seconds, unit: '/s', moreIsBetter: true },
    ]
  },
}

export const suite: Suite = {
  about: 'The program as it runs, seen from outside: from what is said in a group to the frames at the bots.',
  reports: [paced, sustained],
}
