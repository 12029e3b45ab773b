import { Readable } from 'node:stream'
import type { Tap, TapQuery } from '@seekyou/hub'
import type { Clock, Timer } from '@seekyou/protocol'

/** How many records go out at a time. */
const BATCH = 200
/** Of its time the program spends one part in so many on a viewer, and the next records wait at least and at most so long, in ms. */
const SHARE = 100
const SHORTEST_WAIT_MS = 50
const LONGEST_WAIT_MS = 500
/** Something is sent at least so often, so that nothing in between takes the connection for a dead one, in ms. */
const PING_MS = 30_000

/**
 * The records of a tap after `after` and all that follow, as server-sent events. A reader that is too slow holds nothing
 * up and takes no memory: where the tap has dropped what it did not read yet, it is told how many, as a `gap`. The same
 * goes for a flood that would take the program too much time to show.
 */
export function streamTap(
  tap: Tap,
  { after, types, clock }: { readonly after: number; readonly types: TapQuery['types']; readonly clock: Clock },
): Readable {
  let last = after
  /** Whether the reader has taken everything so far. */
  let isWanted = false
  let ping: Timer
  /** Runs while the next records wait. */
  let rest: Timer | undefined
  const newestAtFirst = tap.last

  const stream = new Readable({
    read() {
      isWanted = true
      sendNext()
    },
    destroy(error, done) {
      watch[Symbol.dispose]()
      ping.cancel()
      rest?.cancel()
      done(error)
    },
  })
  const watch = tap.watch(sendNext)
  schedulePing()
  // The answer begins at once, although nothing may happen for a while.
  stream.push(':\n\n')
  return stream

  function sendNext(): void {
    if (!isWanted || rest) return
    const begun = performance.now()
    const page = tap.read({ after: last, limit: BATCH, ...(types && { types }) })
    last = page.last
    const gap = page.missed > 0 ? `data: ${JSON.stringify({ type: 'gap', missed: page.missed })}\n\n` : ''
    const text = gap + page.records.map((record) => `id: ${record.id}\ndata: ${JSON.stringify(record)}\n\n`).join('')
    if (text === '') return
    // Before it is sent, since that may ask for more. What was there when the viewer came goes out at once.
    if (last > newestAtFirst) restFor(performance.now() - begun)
    send(text)
  }

  function restFor(tookMs: number): void {
    const waitMs = Math.min(LONGEST_WAIT_MS, Math.max(SHORTEST_WAIT_MS, tookMs * SHARE))
    rest = clock.setTimeout(() => {
      rest = undefined
      sendNext()
    }, waitMs)
  }

  function send(text: string): void {
    isWanted = false
    stream.push(text)
  }

  function schedulePing(): void {
    ping = clock.setTimeout(() => {
      if (isWanted) send(':\n\n')
      schedulePing()
    }, PING_MS)
  }
}
