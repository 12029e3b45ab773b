import { Readable } from 'node:stream'
import type { Tap, TapQuery } from '@seekyou/hub'
import type { Clock, Timer } from '@seekyou/protocol'

/** How many records go out at a time. */
const BATCH = 200
/** Something is sent at least so often, so that nothing in between takes the connection for a dead one, in ms. */
const PING_MS = 30_000

/**
 * The records of a tap after `after` and all that follow, as server-sent events. A reader that is too slow holds nothing
 * up and takes no memory: where the tap has dropped what it did not read yet, it is told how many, as a `gap`.
 */
export function streamTap(
  tap: Tap,
  { after, types, clock }: { readonly after: number; readonly types: TapQuery['types']; readonly clock: Clock },
): Readable {
  let last = after
  /** Whether the reader has taken everything so far. */
  let isWanted = false
  let ping: Timer

  const stream = new Readable({
    read() {
      isWanted = true
      sendNext()
    },
    destroy(error, done) {
      watch[Symbol.dispose]()
      ping.cancel()
      done(error)
    },
  })
  const watch = tap.watch(sendNext)
  schedulePing()
  // The answer begins at once, although nothing may happen for a while.
  stream.push(':\n\n')
  return stream

  function sendNext(): void {
    if (!isWanted) return
    const page = tap.read({ after: last, limit: BATCH, ...(types && { types }) })
    last = page.last
    const gap = page.missed > 0 ? `data: ${JSON.stringify({ type: 'gap', missed: page.missed })}\n\n` : ''
    const text = gap + page.records.map((record) => `id: ${record.id}\ndata: ${JSON.stringify(record)}\n\n`).join('')
    if (text !== '') send(text)
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
