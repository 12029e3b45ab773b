import { createWriteStream } from 'node:fs'
import type { Tap } from '@seekyou/hub'
import type { Logger, UserId } from '@seekyou/protocol'

/** A disk that is too slow must not fill the memory: beyond so many bytes that wait nothing is added. */
const MOST_WAITING = 16 * 1024 * 1024
/** How many records are written at a time. */
const BATCH = 256

/** Writes every record of the taps it is given to the end of a file, a line of JSON each, with the account it is of. */
export function traceTraffic(file: string, log: Logger): (tap: Tap, self_id: UserId) => Disposable {
  const stream = createWriteStream(file, { flags: 'a', mode: 0o600 })
  stream.on('error', (error) => log.error({ err: error, file }, 'the trace of the traffic cannot be written'))
  return (tap, self_id) => {
    let after = tap.last
    const write = (): void => {
      while (after < tap.last) {
        const { records, last, missed } = tap.read({ after, limit: BATCH })
        after = last
        if (stream.destroyed || stream.writableLength > MOST_WAITING) continue
        const lines = missed > 0 ? [{ type: 'gap', missed }, ...records] : records
        stream.write(lines.map((line) => `${JSON.stringify({ self_id, ...line })}\n`).join(''))
      }
    }
    const watch = tap.watch(write)
    return {
      [Symbol.dispose]() {
        watch[Symbol.dispose]()
        write()
      },
    }
  }
}
