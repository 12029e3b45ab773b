/**
 * What the tap costs the real program: messages said over HTTP, told to ten sockets, with a viewer of everything, with
 * nobody looking, and with the tap switched off. The programs take turns, and each is asked what its processor did.
 */
import { Agent, get, request } from 'node:http'
import { startProgram } from '@seekyou/testkit'
import type { Program } from '@seekyou/testkit'
import type { Finding, Report, Suite } from './harness.ts'
import { median } from './result.ts'

const SOCKETS = 10
const AT_ONCE = 8
const said = JSON.stringify({
  as: 10001,
  group_id: 20001,
  message: 'good morning, has anyone seen the new plans for the harbour?',
})

/** A program with sockets that listen; disposing of it ends both. */
interface Contender extends AsyncDisposable {
  /** Says so many messages, and tells how many ms its processor computed for each, sockets included. */
  readonly say: (times: number) => Promise<number>
}

async function openContender(config: string, isViewed: boolean): Promise<Contender> {
  await using opened = new AsyncDisposableStack()
  const program = opened.use(await startProgram({ config }))
  for (let index = 0; index < SOCKETS; index++) {
    const socket = new WebSocket(`${program.url.replace('http', 'ws')}/event`)
    await new Promise((resolve) => socket.addEventListener('message', resolve, { once: true }))
    opened.defer(() => socket.close())
  }
  if (isViewed) {
    const viewer = get(`${program.url}/inspect/tap`, (response) => response.resume())
    viewer.on('error', () => undefined)
    opened.defer(() => void viewer.destroy())
  }
  const agent = opened.adopt(new Agent({ keepAlive: true }), (kept) => kept.destroy())
  const owned = opened.move()
  return {
    async say(times) {
      const before = await computedMs(program)
      let left = times
      await Promise.all(
        Array.from({ length: AT_ONCE }, async () => {
          while (left-- > 0) await post(`${program.url}/sandbox/say`, agent)
        }),
      )
      return ((await computedMs(program)) - before) / times
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

function post(url: string, agent: Agent): Promise<void> {
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(said) }
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', agent, headers }, (response) => {
      response.resume().on('end', () => (response.statusCode === 200 ? resolve() : reject(new Error('refused'))))
    })
    sent.on('error', reject).end(said)
  })
}

async function computedMs({ url }: Program): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text()
  return Number(/^process_cpu_seconds_total (\S+)$/m.exec(text)![1]) * 1000
}

const report: Report = {
  name: `a message said, to ${SOCKETS} sockets`,
  async run({ isSmoke }) {
    await using opened = new AsyncDisposableStack()
    const viewed = opened.use(await openContender('{}', true))
    const alone = opened.use(await openContender('{}', false))
    const off = opened.use(await openContender('bots: [{ tap: { records: 0 } }]', false))
    const contenders = [viewed, alone, off]
    const figures: number[][] = [[], [], []]
    const [rounds, times] = isSmoke ? [1, 10] : [9, 1000]
    // The first rounds warm up.
    for (let round = isSmoke ? 0 : -2; round < rounds; round++) {
      for (let turn = 0; turn < contenders.length; turn++) {
        const index = (turn + Math.abs(round)) % contenders.length
        const ms = await contenders[index]!.say(times)
        if (round >= 0) figures[index]!.push(ms)
      }
    }
    const finding = (name: string, one: number, other: number, atMost: number): Finding => ({
      name: `${name}, processor time`,
      ratio: median(figures[one]!.map((ms, round) => ms / figures[other]![round]!)),
      value: median(figures[one]!) * 1000,
      unit: 'µs',
      goal: { of: 'ratio', atMost },
      details: `for ${(median(figures[other]!) * 1000).toFixed(0)} µs`,
    })
    return [finding('with a viewer', 0, 1, 1.02), finding('with nobody looking, of none kept', 1, 2, 1.01)]
  },
}

export const suite: Suite = {
  about:
    'What the traffic tap costs the real program: with a viewer of everything, with nobody looking, and switched off.',
  reports: [report],
}
