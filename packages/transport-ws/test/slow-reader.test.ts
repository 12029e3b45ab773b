import { once } from 'node:events'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, it, vi } from 'vitest'
import type { EventSink, Gateway, OutgoingEvent } from '@seekyou/protocol'
import { createScriptedGateway } from '@seekyou/testkit'
import { WebSocket } from 'ws'
import { openHouse } from './house.ts'

const soon = <T>(check: () => T): Promise<T> => vi.waitFor(check, { interval: 10, timeout: 60_000 })
const MIB = 1024 * 1024

interface JournalLink {
  readonly sink: EventSink
  cursor: number
  isPaused: boolean
}

/** An account whose events wait in a journal, as the hub keeps them: a link reads on from where it was. */
class JournalLinks {
  #newest = 0
  readonly #links: JournalLink[] = []

  /** Lets one more event happen. */
  happen(): void {
    this.#newest++
    for (const link of this.#links) this.#goOn(link)
  }

  readonly subscribe: Gateway['subscribe'] = (sink, options) => {
    const link = { sink, cursor: 0, isPaused: false }
    this.#links.push(link)
    const scripted = createScriptedGateway().subscribe(sink, options)
    return {
      ...scripted,
      resume: () => {
        link.isPaused = false
        this.#goOn(link)
      },
      end: () => {
        link.isPaused = true
        scripted.end()
      },
    }
  }

  get paused(): number {
    return this.#links.filter(({ isPaused }) => isPaused).length
  }

  #goOn(link: JournalLink): void {
    while (!link.isPaused && link.cursor < this.#newest) link.isPaused = !link.sink.write(eventOf(++link.cursor))
  }
}

const padding = 'x'.repeat(64 * 1024)

function eventOf(seq: number): OutgoingEvent {
  return { seq, text: JSON.stringify({ seq, padding }) }
}

/** Bytes that this process holds when the garbage is gone. */
function bytesHeld(): number {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  collect()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

/** A bot that remembers of what it is told only how far it got, and whether anything was missing or doubled. */
async function dial(
  url: string,
): Promise<{ readonly webSocket: WebSocket; readonly last: number; readonly gaps: number }> {
  const webSocket = new WebSocket(url)
  const state = { webSocket, last: 0, gaps: 0 }
  webSocket.on('message', (data) => {
    const seq = Number(/^\{"seq":(\d+)/.exec((data as Buffer).toString('latin1', 0, 30))?.[1] ?? 0)
    if (seq === 0) return
    if (seq !== state.last + 1) state.gaps++
    state.last = seq
  })
  await once(webSocket, 'open')
  return state
}

it(
  'bots that do not read cost no memory, delay nobody, and miss nothing once they read',
  { timeout: 120_000 },
  async () => {
    const journal = new JournalLinks()
    const gateway: Gateway = { ...createScriptedGateway(), subscribe: journal.subscribe }
    await using house = await openHouse({ authorize: () => ({ granted: true, gateway }) })
    const slow = await Promise.all(Array.from({ length: 4 }, () => dial(`${house.url}/event`)))
    for (const { webSocket } of slow) webSocket.pause()
    const quick = await dial(`${house.url}/event`)
    const happen = async (first: number, last: number): Promise<void> => {
      for (let seq = first; seq <= last; seq++) {
        journal.happen()
        if (seq % 10 === 0) await soon(() => expect(quick.last).toBe(seq))
      }
    }

    await happen(1, 300)
    expect(journal.paused).toBe(4)
    for (let time = 0; time < 3; time++) bytesHeld()
    const before = bytesHeld()
    const events = 600
    await happen(301, events)
    // Meanwhile 19 MiB happened for each of them. Memory that is free is given back a little later.
    await soon(() => expect(bytesHeld() - before).toBeLessThan(8 * MIB))
    for (const socket of house.sockets.slice(0, 4)) expect(socket.writableLength).toBeLessThan(1.2 * MIB)
    expect(slow.every(({ last }) => last < events)).toBe(true)

    for (const { webSocket } of slow) webSocket.resume()
    await soon(() => expect(slow.map(({ last }) => last)).toEqual([events, events, events, events]))
    expect([...slow, quick].map(({ gaps }) => gaps)).toEqual([0, 0, 0, 0, 0])
    for (const { webSocket } of [...slow, quick]) webSocket.terminate()
  },
)
