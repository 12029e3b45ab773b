/*
 * A bot program that is killed at any moment: it is posted to, is dialled by a reverse WebSocket, and dials a WebSocket
 * itself. What it is told it writes down, one line for each event, before it says that it has it. It is given the
 * folder for that, the address of the server, and the ports it had before.
 */
import { once } from 'node:events'
import { mkdirSync, openSync, readFileSync, writeSync } from 'node:fs'
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { WebSocketServer } from 'ws'

interface Told {
  readonly _seq?: number
  readonly message_id?: number
}

const [, , folder = '.', serverUrl = '', webhookPort = '0', reversePort = '0'] = process.argv
mkdirSync(folder, { recursive: true })

/** What one link was told: `+` where a connection begins, else the place and the message id of an event. */
function openLedger(link: string) {
  const file = openSync(join(folder, link), 'a')
  const note = (line: string) => void writeSync(file, `${line}\n`)
  return {
    begin: () => note('+'),
    /** The place of the event once it is written down; `undefined` for those that have none. */
    keep({ _seq, message_id = 0 }: Told): number | undefined {
      if (_seq !== undefined) note(`${_seq} ${message_id}`)
      return _seq
    },
  }
}

async function listen(server: Server, port: string): Promise<number> {
  server.listen(Number(port), '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

async function takePosts(): Promise<number> {
  const ledger = openLedger('webhook')
  ledger.begin()
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const event = JSON.parse(body) as Told & { readonly sub_type?: string }
      if (event.sub_type === 'enable') ledger.begin()
      ledger.keep(event)
      response.writeHead(204).end()
    })
  })
  return listen(server, webhookPort)
}

async function beDialled(): Promise<number> {
  const ledger = openLedger('reverse-ws')
  const server = createServer()
  new WebSocketServer({ server }).on('connection', (socket) => {
    ledger.begin()
    socket.on('error', () => undefined)
    socket.on('message', (data: Buffer) => {
      const seq = ledger.keep(JSON.parse(data.toString()) as Told)
      if (seq !== undefined) socket.send(JSON.stringify({ action: '.ack', params: { seq } }))
    })
  })
  return listen(server, reversePort)
}

function lastSeq(link: string): number {
  const lines = readFileSync(join(folder, link), 'utf8').trimEnd().split('\n')
  const seqs = lines.map((line) => Number(line.split(' ')[0])).filter((seq) => seq > 0)
  return seqs.at(-1) ?? 0
}

/** Dials, and dials again, saying each time after which event to begin. */
function dial(): void {
  const ledger = openLedger('ws')
  const connect = () => {
    const resume = lastSeq('ws')
    const socket = new WebSocket(`${serverUrl.replace('http', 'ws')}/event?resume=${resume}`)
    socket.addEventListener('open', () => ledger.begin())
    socket.addEventListener('message', ({ data }) => void ledger.keep(JSON.parse(String(data)) as Told))
    socket.addEventListener('close', () => setTimeout(connect, 50))
  }
  connect()
}

/** Reads the event stream, and again, saying each time after which event to begin. */
function readStream(): void {
  const ledger = openLedger('sse')
  const read = async () => {
    const headers = { accept: 'text/event-stream', 'last-event-id': String(lastSeq('sse')) }
    const response = await fetch(`${serverUrl}/_events`, { headers })
    ledger.begin()
    let rest = ''
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
      const blocks = (rest + chunk).split('\n\n')
      rest = blocks.pop()!
      for (const block of blocks) {
        const lines = block.split('\n').filter((line) => line.startsWith('data:'))
        if (lines.length > 0) ledger.keep(JSON.parse(lines.map((line) => line.slice(5)).join('\n')) as Told)
      }
    }
  }
  const again = () => setTimeout(() => void read().then(again, again), 50)
  again()
}

const ports = { webhook: await takePosts(), reverse: await beDialled() }
if (serverUrl !== '') {
  dial()
  readStream()
}
process.stdout.write(`${JSON.stringify(ports)}\n`)
