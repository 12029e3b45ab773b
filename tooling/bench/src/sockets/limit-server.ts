/**
 * The least that a server of this protocol could do: RFC 6455 by hand, plain JSON.parse and JSON.stringify, no checks, no
 * back pressure. The replies to one read leave in one write; the frame of an event is built once and written to each
 * socket. With the name of a file it also keeps every event there before it tells it. What is posted to it over HTTP is
 * said in the chat.
 */
import { createHash } from 'node:crypto'
import { DatabaseSync } from 'node:sqlite'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { Duplex } from 'node:stream'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { actions, happen } from './said.ts'
import { listenForStimuli, portOf } from './stimulus.ts'
import { serve } from './worker.ts'

const listeners = new Set<Duplex>()

/** Writes one text frame at `at` and returns where it ends. */
function writeFrame(into: Buffer, at: number, json: string): number {
  const size = Buffer.byteLength(json)
  into[at] = 0x81
  const start = at + (size < 126 ? 2 : 4)
  if (size < 126) into[at + 1] = size
  else {
    into[at + 1] = 126
    into.writeUInt16BE(size, at + 2)
  }
  return start + into.write(json, start)
}

function answerCalls(socket: Duplex): void {
  let rest: Buffer | undefined
  socket.on('data', (chunk: Buffer) => {
    const bytes = rest ? Buffer.concat([rest, chunk]) : chunk
    const out = Buffer.allocUnsafe(bytes.length * 3 + 1024)
    let outEnd = 0
    let at = 0
    while (at + 8 <= bytes.length) {
      const short = bytes[at + 1]! & 0x7f
      const maskAt = at + (short === 126 ? 4 : 2)
      const size = short === 126 ? bytes.readUInt16BE(at + 2) : short
      const start = maskAt + 4
      const end = start + size
      if (end > bytes.length) break
      for (let index = 0; index < size; index++) bytes[start + index]! ^= bytes[maskAt + (index & 3)]!
      const { action, echo } = JSON.parse(bytes.toString('utf8', start, end)) as { action: string; echo: unknown }
      const data = actions.get(action)!()
      outEnd = writeFrame(out, outEnd, JSON.stringify({ status: 'ok', retcode: 0, data, echo }))
      at = end
    }
    rest = at < bytes.length ? bytes.subarray(at) : undefined
    if (outEnd > 0) socket.write(out.subarray(0, outEnd))
  })
}

const http = createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    const { message } = JSON.parse(Buffer.concat(chunks).toString()) as { readonly message: string }
    const event = happen(message)
    keep?.([event])
    tell(event)
    response.end('{}')
  })
})
http.on('upgrade', (request, socket) => {
  const key = String(request.headers['sec-websocket-key'])
  const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64')
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  )
  request.socket.setNoDelay()
  socket.on('error', () => socket.destroy())
  if (request.url === '/event') {
    listeners.add(socket)
    socket.once('close', () => listeners.delete(socket)).resume()
    const hello = Buffer.alloc(200)
    socket.write(hello.subarray(0, writeFrame(hello, 0, '{"post_type":"meta_event"}')))
  } else answerCalls(socket)
})
http.listen(0, '127.0.0.1')
await once(http, 'listening')

/** Writes down what is due in one turn, as one transaction. */
type Keep = (events: readonly string[]) => void

function openJournal(file: string): Keep {
  const db = new DatabaseSync(file)
  db.exec(
    'PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; CREATE TABLE event (seq INTEGER PRIMARY KEY, body TEXT)',
  )
  const [begin, insert, commit] = ['BEGIN', 'INSERT INTO event (body) VALUES (?)', 'COMMIT'].map((sql) =>
    db.prepare(sql),
  )
  return (events) => {
    begin!.run()
    for (const event of events) insert!.run(event)
    commit!.run()
  }
}
const keep = process.argv[2] === undefined ? undefined : openJournal(process.argv[2])

function tell(event: string): void {
  const frame = Buffer.allocUnsafe(2048)
  const whole = frame.subarray(0, writeFrame(frame, 0, event))
  for (const socket of listeners) socket.write(whole)
}
const stimuli = await listenForStimuli(async (times) => {
  const events = Array.from({ length: times }, () => happen())
  keep?.(events)
  for (const event of events) tell(event)
  await nextTurn()
})

serve({
  ports: () => ({ sockets: portOf(http), stimuli: portOf(stimuli) }),
  cpuUsage: () => process.cpuUsage(),
})
