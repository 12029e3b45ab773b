/** The clients of a benchmark: raw sockets that do as little as shows that nothing is lost, doubled or out of order. */
import { once } from 'node:events'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { openWire } from './wire.ts'
import type { Take, Wire } from './wire.ts'
import { serve } from './worker.ts'

/** What one round came to: how often it was done, the seconds it took, and how long the slowest of a hundred took, in ms. */
interface Timing {
  readonly times: number
  readonly seconds: number
  readonly p99: number
}

export type Load = typeof abilities

/** Where the frame that begins at `at` ends, or undefined while it is not whole. */
function frameEnd(bytes: Buffer, at: number, size: number): number | undefined {
  if (at + 4 > size) return undefined
  const short = bytes[at + 1]!
  const end = short < 126 ? at + 2 + short : at + 4 + bytes.readUInt16BE(at + 2)
  return end <= size ? end : undefined
}

/** A masked call with `number`, of nine digits, as its echo. */
function callFrame(number: number): Buffer {
  const payload = Buffer.from(`{"action":"get_login_info","params":{},"echo":${number}}`)
  const mask = Buffer.from([0x12, 0x34, 0x56, 0x78])
  const frame = Buffer.concat([Buffer.from([0x81, 0x80 | payload.length]), mask, payload])
  for (let index = 0; index < payload.length; index++) frame[6 + index]! ^= mask[index & 3]!
  return frame
}

const SUCCESS = '{"status":"ok"'
const FIRST_ECHO = 100_000_000

/** What was made ready and has not begun. */
interface Ready {
  run(): Promise<Timing>
  close(): void
}

/** Keeps `inFlight` calls running on each of so many connections until `times` are answered. */
async function openCallers(given: {
  port: number
  connections: number
  inFlight: number
  times: number
}): Promise<Ready> {
  const { port, connections, inFlight, times } = given
  const each = Math.ceil(times / connections)
  // Built beforehand: what the load spends is spent before the clock runs.
  const calls = Array.from({ length: each }, (_, index) => callFrame(FIRST_ECHO + index))
  const all = Buffer.concat(calls)
  const size = calls[0]!.length
  const wires = await Promise.all(Array.from({ length: connections }, () => openWire(port, '/api')))
  const latencies = new Float64Array(connections * each)
  let answered = 0
  const finished = Promise.withResolvers<void>()
  const begin: (() => void)[] = []
  for (const wire of wires) {
    const sentAt = new Float64Array(each)
    let sent = 0
    let received = 0
    const rest = Buffer.allocUnsafeSlow(512 * 1024)
    let restSize = 0
    const send = (count: number): void => {
      const upTo = Math.min(sent + count, each)
      if (upTo === sent) return
      sentAt.fill(performance.now(), sent, upTo)
      wire.socket.write(all.subarray(sent * size, upTo * size))
      sent = upTo
    }
    wire.listen((chunk) => {
      let bytes = chunk
      if (restSize > 0) {
        chunk.copy(rest, restSize)
        bytes = rest.subarray(0, restSize + chunk.length)
      }
      const now = performance.now()
      let at = 0
      let count = 0
      for (let end = frameEnd(bytes, 0, bytes.length); end !== undefined; end = frameEnd(bytes, at, bytes.length)) {
        const echo = Number(bytes.toString('latin1', end - 10, end - 1))
        const isOk = bytes.toString('latin1', at + 2, at + 2 + SUCCESS.length) === SUCCESS
        if (!isOk || echo !== FIRST_ECHO + received)
          throw new Error(`reply ${received}: ${bytes.toString('latin1', at, end)}`)
        latencies[answered++] = now - sentAt[received++]!
        count++
        at = end
      }
      const left = bytes.subarray(at)
      if (left.length > 0) left.copy(rest)
      restSize = left.length
      if (answered === latencies.length) finished.resolve()
      else if (count > 0) send(count)
    })
    begin.push(() => send(inFlight))
  }
  return {
    async run() {
      const begun = performance.now()
      for (const one of begin) one()
      await finished.promise
      const seconds = (performance.now() - begun) / 1000
      return { times: latencies.length, seconds, p99: quantile(latencies, 0.99) }
    },
    close: () => closeAll(wires),
  }
}

function closeAll(wires: readonly Wire[]): void {
  for (const { socket } of wires) socket.destroy()
}

/** Events as they came to `listeners` sockets: all must bring the same bytes, whichever is first shows which. */
class Audience {
  readonly #wires: readonly Wire[]
  readonly #stimuli: Socket
  readonly #stream = Buffer.allocUnsafeSlow(64 * 1024 * 1024)
  #size = 0
  readonly #ends: number[] = []
  readonly #heardBy: number[] = []
  readonly #toldAt: number[] = []
  /** How long each event took to each socket, in ms, where that was noted. */
  readonly latencies: number[] = []
  #heard = 0
  #onHeard: (count: number) => void = () => undefined

  private constructor(wires: readonly Wire[], stimuli: Socket) {
    this.#wires = wires
    this.#stimuli = stimuli
  }

  static async open(given: { ports: Ports; listeners: number; perTurn: number }): Promise<Audience> {
    const wires: Wire[] = []
    while (wires.length < given.listeners) {
      const some = Math.min(100, given.listeners - wires.length)
      wires.push(...(await Promise.all(Array.from({ length: some }, () => openWire(given.ports.sockets, '/event')))))
    }
    const stimuli = connect(given.ports.stimuli, '127.0.0.1').setNoDelay()
    await once(stimuli, 'connect')
    const audience = new Audience(wires, stimuli)
    await Promise.all(wires.map((wire) => audience.#listen(wire)))
    stimuli.write(Buffer.from([given.perTurn]))
    return audience
  }

  /** Skips the lifecycle event and resolves then. */
  #listen(wire: Wire): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    let head = Buffer.alloc(0)
    let offset = 0
    let index = 0
    const hear = (bytes: Buffer): void => {
      const known = Math.min(bytes.length, this.#size - offset)
      if (known > 0 && bytes.compare(this.#stream, offset, offset + known, 0, known) !== 0) {
        throw new Error('two sockets were told different things')
      }
      if (known < bytes.length) this.#append(bytes.subarray(known))
      offset += bytes.length
      while (index < this.#ends.length && this.#ends[index]! <= offset) this.#count(index++)
    }
    let take: Take = (bytes) => {
      head = Buffer.concat([head, bytes])
      const end = frameEnd(head, 0, head.length)
      if (end === undefined) return
      if (end < head.length) throw new Error('something came that nobody let happen')
      take = hear
      resolve()
    }
    wire.listen((bytes) => take(bytes))
    return promise
  }

  #append(bytes: Buffer): void {
    bytes.copy(this.#stream, this.#size)
    this.#size += bytes.length
    let end = frameEnd(this.#stream, this.#ends.at(-1) ?? 0, this.#size)
    while (end !== undefined) {
      this.#ends.push(end)
      this.#heardBy.push(0)
      end = frameEnd(this.#stream, end, this.#size)
    }
  }

  #count(index: number): void {
    const toldAt = this.#toldAt[index]
    if (toldAt !== undefined) this.latencies.push(performance.now() - toldAt)
    if (++this.#heardBy[index]! < this.#wires.length) return
    this.#heard++
    this.#onHeard(this.#heard)
  }

  /** Lets `times` events happen, so many at a time as `window` says, and resolves when everyone has heard them all. */
  async hear(times: number, window: number): Promise<number> {
    const { promise, resolve } = Promise.withResolvers<void>()
    const target = this.#heard + times
    let stimulated = this.#heard
    let isDue = false
    const stimulate = (): void => {
      isDue = false
      const count = Math.min(this.#heard + window, target) - stimulated
      if (count <= 0) return
      stimulated += count
      this.#stimuli.write(Buffer.alloc(count))
    }
    this.#onHeard = (heard) => {
      if (heard === target) resolve()
      if (isDue) return
      isDue = true
      setImmediate(stimulate)
    }
    const begun = performance.now()
    stimulate()
    await promise
    return (performance.now() - begun) / 1000
  }

  /** Lets `times` events happen at a pace, and notes how long each took to each socket. */
  async watch(times: number, paceMs: number): Promise<void> {
    const heard = this.#heard
    const begun = performance.now()
    for (let time = 0; time < times; time++) {
      const wait = begun + time * paceMs - performance.now()
      if (wait > 0) await sleep(wait)
      this.#toldAt[heard + time] = performance.now()
      this.#stimuli.write(Buffer.alloc(1))
    }
    while (this.#heard < heard + times) await sleep(1)
  }

  /** The events that came, by their numbers, are each of them there once and in order. */
  check(): void {
    let at = 0
    let last: number | undefined
    for (const end of this.#ends) {
      const start = at + (this.#stream[at + 1]! < 126 ? 2 : 4)
      const { message_seq } = JSON.parse(this.#stream.toString('utf8', start, end)) as { message_seq: number }
      if (last !== undefined && message_seq !== last + 1) throw new Error(`after event ${last} came ${message_seq}`)
      last = message_seq
      at = end
    }
    if (at !== this.#size) throw new Error('an event was cut short')
  }

  close(): void {
    for (const { socket } of this.#wires) socket.destroy()
    this.#stimuli.destroy()
  }
}

interface Ports {
  readonly sockets: number
  readonly stimuli: number
}

interface Listeners {
  readonly ports: Ports
  readonly listeners: number
  readonly perTurn: number
  readonly times: number
}

/** Lets events happen as fast as everyone hears them, at most `window` of them on their way. */
async function openAudience(given: Listeners & { readonly window: number }): Promise<Ready> {
  const audience = await Audience.open(given)
  return {
    async run() {
      const seconds = await audience.hear(given.times, given.window)
      audience.check()
      return { times: given.times * given.listeners, seconds, p99: 0 }
    },
    close: () => audience.close(),
  }
}

/** Lets one event happen every so often, and notes how long each took to everyone. */
async function openWatchers(given: Listeners & { readonly paceMs: number }): Promise<Ready> {
  const audience = await Audience.open(given)
  return {
    async run() {
      const begun = performance.now()
      await audience.watch(given.times, given.paceMs)
      audience.check()
      const seconds = (performance.now() - begun) / 1000
      const latencies = Float64Array.from(audience.latencies)
      const [p50, p99] = [quantile(latencies, 0.5), quantile(latencies, 0.99)]
      return { times: given.times * given.listeners, seconds, p50, p99 }
    },
    close: () => audience.close(),
  }
}

function quantile(latencies: Float64Array, share: number): number {
  return latencies.toSorted()[Math.floor(latencies.length * share)]!
}

const nothing: Ready = { run: () => Promise.reject(new Error('nothing is ready')), close: () => undefined }
let ready = nothing

const abilities = {
  callers: async (given: Parameters<typeof openCallers>[0]) => void (ready = await openCallers(given)),
  audience: async (given: Parameters<typeof openAudience>[0]) => void (ready = await openAudience(given)),
  watchers: async (given: Parameters<typeof openWatchers>[0]) => void (ready = await openWatchers(given)),
  run: (_given: object) => ready.run(),
  close: (_given: object) => {
    ready.close()
    ready = nothing
  },
}
serve(abilities)
