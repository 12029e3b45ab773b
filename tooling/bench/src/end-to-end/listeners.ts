/** Many bots that hear everything and do as little as shows that they did. */
import { constants, setPriority } from 'node:os'
import { openWire } from '../sockets/wire.ts'
import type { Wire } from '../sockets/wire.ts'
import { serve } from '../sockets/worker.ts'

export type Listeners = typeof abilities

// They share a core with the bot that is watched, and shall not keep it from hearing.
setPriority(constants.priority.PRIORITY_LOW)

const wires: Wire[] = []
let count = 0
let wanted = Infinity
let wake = (): void => undefined

/** Takes the bytes of one socket and counts the frames that end in them. */
function frameCounter(): (bytes: Buffer) => void {
  let left = 0
  let head: number[] = []
  return (bytes) => {
    for (let at = 0; at < bytes.length;) {
      if (left === 0) {
        head.push(bytes[at++]!)
        const short = head[1]
        if (short === undefined || (short === 126 && head.length < 4)) continue
        left = short === 126 ? head[2]! * 256 + head[3]! : short
        head = []
      } else {
        const taken = Math.min(left, bytes.length - at)
        at += taken
        left -= taken
        if (left === 0 && ++count === wanted) wake()
      }
    }
  }
}

const abilities = {
  /** Connects so many more bots; each has been greeted then. */
  open: async ({ port, bots }: { port: number; bots: number }): Promise<void> => {
    count = 0
    const greeted = abilities.heard({ frames: bots })
    const more = await Promise.all(Array.from({ length: bots }, () => openWire(port, '/event')))
    for (const wire of more) wire.listen(frameCounter())
    await greeted
    wires.push(...more)
    count = 0
  },
  /** Resolves once so many frames came to all of them together. */
  heard: ({ frames }: { frames: number }): Promise<void> => {
    if (count >= frames) return Promise.resolve()
    wanted = frames
    return new Promise((resolve) => {
      wake = resolve
    })
  },
}
serve(abilities)
