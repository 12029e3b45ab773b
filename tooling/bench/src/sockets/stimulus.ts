import { createServer } from 'node:net'
import type { AddressInfo, Server } from 'node:net'
import { once } from 'node:events'

/** Lets something happen in the chat network `times` times at once; resolves in a later turn, once it was told. */
export type Happen = (times: number) => Promise<void>

/**
 * Listens for stimuli: on each connection, the first byte says how many events are due in one turn, and every byte after
 * it lets one more event happen.
 */
export async function listenForStimuli(happen: Happen): Promise<Server> {
  const server = createServer((socket) => {
    let perTurn = 0
    let due = 0
    let isRunning = false
    const run = async (): Promise<void> => {
      if (isRunning) return
      isRunning = true
      while (due >= perTurn) {
        due -= perTurn
        await happen(perTurn)
      }
      isRunning = false
    }
    socket.setNoDelay().on('data', (bytes) => {
      due += bytes.length
      if (perTurn === 0) {
        perTurn = bytes[0]!
        due--
      }
      void run()
    })
    socket.on('error', () => socket.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return server
}

export function portOf(server: { address(): AddressInfo | string | null }): number {
  return (server.address() as AddressInfo).port
}
