/** What everybody would write first: ws, JSON.parse and JSON.stringify, an event printed once and sent to each socket. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { WebSocketServer } from 'ws'
import type { WebSocket } from 'ws'
import { actions, happen } from './said.ts'
import { listenForStimuli, portOf } from './stimulus.ts'
import { serve } from './worker.ts'

const listeners = new Set<WebSocket>()
const http = createServer()
new WebSocketServer({ server: http }).on('connection', (socket, { url }) => {
  socket.on('error', () => socket.terminate())
  if (url === '/event') {
    listeners.add(socket)
    socket.once('close', () => listeners.delete(socket))
    socket.send('{"post_type":"meta_event"}')
    return
  }
  socket.on('message', (data: Buffer) => {
    const { action, echo } = JSON.parse(data.toString()) as { action: string; echo: unknown }
    socket.send(JSON.stringify({ status: 'ok', retcode: 0, data: actions.get(action)!(), echo }))
  })
})
http.listen(0, '127.0.0.1')
await once(http, 'listening')

const stimuli = await listenForStimuli(async (times) => {
  for (let time = 0; time < times; time++) {
    const event = happen()
    for (const socket of listeners) socket.send(event)
  }
  await nextTurn()
})

serve({
  ports: () => ({ sockets: portOf(http), stimuli: portOf(stimuli) }),
  cpuUsage: () => process.cpuUsage(),
})
