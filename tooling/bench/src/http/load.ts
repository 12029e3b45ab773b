/** The clients of a benchmark: raw sockets that keep their connection and send one call after the other. */
import { once } from 'node:events'
import { connect } from 'node:net'
import type { Round } from '../race.ts'
import { serve } from '../sockets/worker.ts'

const body = '{"no_cache":true}'
const call = Buffer.from(
  'POST /get_login_info HTTP/1.1\r\nHost: 127.0.0.1:5700\r\nAuthorization: Bearer s3cret\r\n' +
    'User-Agent: bench\r\nAccept: application/json\r\nContent-Type: application/json\r\n' +
    `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
)
const done = Buffer.from('{"status":"ok","retcode":0,"data":{"user_id":10000,"nickname":"SeekYou"}}')

interface Caller {
  /** Calls once; the time is in ms. */
  call(): Promise<number>
  close(): void
}

/** Opens a connection. An answer is whole when it ends as every answer does. */
async function openCaller(port: number): Promise<Caller> {
  const buffer = Buffer.allocUnsafeSlow(64 * 1024)
  let filled = 0
  let arrived: () => void = () => undefined
  const socket = connect({
    port,
    host: '127.0.0.1',
    onread: {
      buffer,
      callback: (size) => {
        filled = size
        arrived()
        return true
      },
    },
  })
  socket.setNoDelay()
  await once(socket, 'connect')
  return {
    call() {
      const begun = performance.now()
      socket.write(call)
      return new Promise((resolve, reject) => {
        arrived = () => {
          const isWhole = buffer.subarray(filled - done.length, filled).equals(done)
          if (isWhole) resolve(performance.now() - begun)
          else reject(new Error(`an answer is not the one that was meant: ${buffer.toString('latin1', 0, filled)}`))
        }
      })
    },
    close: () => void socket.destroy(),
  }
}

let callers: readonly Caller[] = []
let times = 0

const abilities = {
  async callers(given: { readonly port: number; readonly connections: number; readonly times: number }): Promise<void> {
    callers = await Promise.all(Array.from({ length: given.connections }, () => openCaller(given.port)))
    times = given.times
  },

  async run(_given: object): Promise<Omit<Round, 'cpuMs'>> {
    const took: number[] = []
    let left = times
    const begun = performance.now()
    await Promise.all(
      callers.map(async (caller) => {
        while (left-- > 0) took.push(await caller.call())
      }),
    )
    const seconds = (performance.now() - begun) / 1000
    took.sort((a, b) => a - b)
    return { times: took.length, seconds, p99: took[Math.floor(took.length * 0.99)] ?? 0 }
  },

  async close(_given: object): Promise<void> {
    for (const caller of callers) caller.close()
    callers = []
  },
}

export type CallLoad = typeof abilities

serve(abilities)
