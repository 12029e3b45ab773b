/** What the bridge adds to the way between an implementation and a bot: the real hub, store and sockets, on loopback. */
import { createBridge } from '@seekyou/backend-onebot'
import type { OutgoingEvent } from '@seekyou/protocol'
import { createTemporaryFolder, FakeUpstream } from '@seekyou/testkit'
import type { Delay, OpenDelay, Suite } from './harness.ts'
import { log, startAccount } from './running-account.ts'

const group_id = 20001
const limits = { p50Ms: 0.5, p99Ms: 5 }

/** Both ways to an implementation: through a bridge, and a socket of one's own. */
async function openWays() {
  await using opened = new AsyncDisposableStack()
  const upstream = opened.use(await FakeUpstream.start({ kind: 'napcat' }))
  const folder = opened.use(await createTemporaryFolder())
  const heard = new Map<string, PromiseWithResolvers<number>>()
  const arrived = (text: string): void => {
    const words = /ping \d+/.exec(text)?.[0]
    if (words !== undefined) heard.get(words)?.resolve(performance.now())
  }
  const write = ({ text }: OutgoingEvent): boolean => {
    arrived(text)
    return true
  }
  const backend = createBridge({ url: upstream.url, log })
  const { gateway } = opened.use(await startAccount(backend, folder.path, write))

  const socket = opened.adopt(new WebSocket(upstream.url), (open) => open.close())
  await new Promise((resolve) => socket.addEventListener('open', resolve, { once: true }))
  const owned = opened.move()
  return {
    upstream,
    gateway,
    socket,
    /** When something arrives through the bridge. */
    through(words: string): Promise<number> {
      const arrival = Promise.withResolvers<number>()
      heard.set(words, arrival)
      return arrival.promise.finally(() => heard.delete(words))
    },
    /** When the next thing arrives directly. */
    direct: () =>
      new Promise<number>((resolve) => {
        socket.addEventListener('message', () => resolve(performance.now()), { once: true })
      }),
    /** When a call is answered directly; the account's own message may come before that. */
    answer: () =>
      new Promise<number>((resolve) => {
        const look = ({ data }: { readonly data: unknown }): void => {
          if (!String(data).includes('"echo":1')) return
          socket.removeEventListener('message', look)
          resolve(performance.now())
        }
        socket.addEventListener('message', look)
      }),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

const event: Delay = {
  name: 'a message that is heard, journal on disk',
  limits,
  async open(): Promise<OpenDelay> {
    const ways = await openWays()
    let count = 0
    return {
      async sample() {
        const words = `ping ${++count}`
        const both = Promise.all([ways.direct(), ways.through(words)])
        const begun = performance.now()
        ways.upstream.network.say(10001, { group_id }, words)
        const [direct, through] = await both
        return { ours: through - begun, without: direct - begun }
      },
      [Symbol.asyncDispose]: () => ways[Symbol.asyncDispose](),
    }
  },
}

function callDelay(name: string, action: string, params: object): Delay {
  return {
    name,
    limits,
    async open(): Promise<OpenDelay> {
      const ways = await openWays()
      return {
        async sample() {
          const begun = performance.now()
          const answered = ways.answer()
          ways.socket.send(JSON.stringify({ action, params, echo: 1 }))
          const without = (await answered) - begun
          const started = performance.now()
          const { body } = await ways.gateway.call({ action, params })
          if (body.retcode !== 0) throw new Error(JSON.stringify(body))
          return { ours: performance.now() - started, without }
        },
        [Symbol.asyncDispose]: () => ways[Symbol.asyncDispose](),
      }
    },
  }
}

export const suite: Suite = {
  about: "What the bridge adds to the way between an implementation and a bot, beside a socket of one's own to it.",
  delays: [
    event,
    callDelay('a call that asks', 'get_group_member_info', { group_id, user_id: 10001 }),
    callDelay('a message that is sent, journal on disk', 'send_group_msg', { group_id, message: 'pong' }),
  ],
}
