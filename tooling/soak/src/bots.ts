/** The bot programs of a soak: each listens in its own way, some of them badly, and writes down what it heard. */
import { createServer } from 'node:http'
import type { Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { WebSocket, WebSocketServer } from 'ws'
import type { Ledger } from './ledger.ts'

/** How a bot misbehaves, and how often, all by a seed. */
export interface Temper {
  /** Gives numbers from 0 up to 1. */
  readonly random: () => number
  /** Whether anything goes wrong at all right now. */
  readonly isCalm: () => boolean
}

const word = /soak (\d+)\b/
/** What a connection begins with. */
const greeting = '"meta_event_type":"lifecycle"'

function numberIn(text: string): number | undefined {
  const found = word.exec(text)?.[1]
  return found === undefined ? undefined : Number(found)
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** Everything that the program dials: webhooks at `/hook/<name>`, reverse WebSockets at `/ws/<name>`. */
export async function startDialled(temper: Temper) {
  const ledgers = new Map<string, Ledger>()
  const current = new Map<Ledger, WebSocket>()
  const acceptor = new WebSocketServer({ noServer: true })
  const server: Server = createServer((request, response) => {
    const ledger = ledgers.get(request.url?.split('/')[2] ?? '')
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => void answer(ledger!, Buffer.concat(chunks).toString(), response))
    request.on('error', () => undefined)
  })

  async function answer(ledger: Ledger, text: string, response: ServerResponse): Promise<void> {
    const number = numberIn(text)
    if (ledger.kind === 'slow webhook' && !temper.isCalm()) await pause(5 + temper.random() * 60)
    if (ledger.kind === 'dying webhook' && !temper.isCalm()) {
      const luck = temper.random()
      // One that has it and dies before it says so is told again.
      if (luck < 0.01 && number !== undefined) ledger.hear(number)
      if (luck < 0.02) return void response.destroy()
      if (luck < 0.04) return void response.writeHead(503).end()
    }
    if (number !== undefined) ledger.hear(number)
    response.end(number !== undefined && number % 50 === 0 ? '{"reply":"yes","at_sender":false}' : '')
  }

  server.on('upgrade', (request, socket, head) => {
    const ledger = ledgers.get(request.url?.split('/')[2] ?? '')!
    acceptor.handleUpgrade(request, socket, head, (webSocket) => {
      // What is still busy with the connection before this one is not heard any more.
      current.get(ledger)?.removeAllListeners('message').terminate()
      current.set(ledger, webSocket)
      serve(webSocket, ledger, temper)
    })
  })
  server.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  return {
    port,
    add: (ledger: Ledger): void => void ledgers.set(ledger.name, ledger),
    async [Symbol.asyncDispose](): Promise<void> {
      for (const client of acceptor.clients) client.terminate()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Hears what comes over a WebSocket, whoever dialled. */
function serve(webSocket: WebSocket, ledger: Ledger, temper: Temper): void {
  webSocket.on('error', () => undefined)
  webSocket.on('message', (data) => {
    const text = (data as Buffer).toString()
    const number = numberIn(text)
    if (number === undefined) {
      if (text.includes(greeting)) ledger.begin()
      return
    }
    ledger.hear(number)
    // Who is told it says that it has it.
    const seq = /"_seq":(\d+)/.exec(text)?.[1]
    if (seq !== undefined) webSocket.send(`{"action":".ack","params":{"seq":${seq}}}`)
    if (ledger.kind.startsWith('dying') && !temper.isCalm() && temper.random() < 0.01) webSocket.terminate()
    if (ledger.kind.startsWith('slow') && !temper.isCalm() && temper.random() < 0.02) {
      webSocket.pause()
      setTimeout(() => webSocket.resume(), 200 + temper.random() * 1500)
    }
  })
}

/** Something that the bot keeps up by itself until it is stopped. */
export interface Kept {
  stop(): void
}

/** Keeps a WebSocket to the program, and dials again when it is lost. */
export function keepSocket(url: string, ledger: Ledger, temper: Temper): Kept {
  let isOver = false
  let webSocket: WebSocket | undefined
  const dial = (): void => {
    if (isOver) return
    webSocket = new WebSocket(url)
    serve(webSocket, ledger, temper)
    webSocket.once('close', () => void setTimeout(dial, 100 + temper.random() * 200))
  }
  dial()
  return {
    stop() {
      isOver = true
      webSocket?.terminate()
    },
  }
}

/** Keeps an event stream, and opens another one when it is lost: after the last event, unless it is a live one. */
export function keepStream(url: string, ledger: Ledger, temper: Temper): Kept {
  const end = new AbortController()
  const run = async (): Promise<void> => {
    let last: string | undefined
    while (!end.signal.aborted) {
      const broken = new AbortController()
      const signal = AbortSignal.any([end.signal, broken.signal])
      try {
        const isNew = last === undefined || ledger.promise === 'live'
        const response = await fetch(url, { headers: isNew ? {} : { 'last-event-id': last! }, signal })
        // While connections break there is no stream.
        if (!response.ok) throw new Error(`status ${response.status}`)
        let rest = ''
        for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
          const blocks = (rest + chunk).split('\n\n')
          rest = blocks.pop()!
          for (const block of blocks) {
            const number = numberIn(block)
            if (number !== undefined) ledger.hear(number)
            else if (block.includes(greeting)) ledger.begin()
            last = /^id: ?(\d+)/m.exec(block)?.[1] ?? last
          }
          if (ledger.kind.startsWith('dying') && !temper.isCalm() && temper.random() < 0.005) broken.abort()
        }
      } catch {
        // It was broken off, here or there.
      }
      if (!end.signal.aborted) await pause(100 + temper.random() * 200)
    }
  }
  void run()
  return { stop: () => end.abort() }
}

const calls: readonly (readonly [action: string, params: object])[] = [
  ['get_status', {}],
  ['get_login_info', {}],
  ['get_group_member_list', { group_id: 20001 }],
  ['get_group_list', {}],
  ['send_group_msg', { group_id: 20001, message: 'an answer [CQ:face,id=1]' }],
  ['send_private_msg', { user_id: 10001, message: [{ type: 'text', data: { text: 'an answer' } }] }],
  ['no_such_action', {}],
  ['send_group_msg', { group_id: 'x', message: 'never' }],
]

/** Calls over HTTP, one call after the other; `tell` hears what was no answer. */
export function keepCalling(
  url: string,
  temper: Temper,
  tell: (problem: string) => void,
): Kept & { readonly count: () => number } {
  const over = new AbortController()
  let count = 0
  const run = async (): Promise<void> => {
    while (!over.signal.aborted) {
      const [action, params] = calls[Math.floor(temper.random() * calls.length)]!
      const headers = { 'content-type': 'application/json' }
      const patience = AbortSignal.timeout(30_000)
      try {
        const response = await fetch(`${url}/${action}`, {
          method: 'POST',
          headers,
          body: JSON.stringify(params),
          signal: patience,
        })
        const { retcode } = (await response.json()) as { readonly retcode?: unknown }
        if (response.status >= 500 || typeof retcode !== 'number' || retcode === 1500)
          tell(`${action}: status ${response.status}, retcode ${String(retcode)}`)
        count++
      } catch (error) {
        if (!over.signal.aborted) tell(`${action}: ${String((error as Error).cause ?? error)}`)
      }
      await pause(100 + temper.random() * 200)
    }
  }
  void run()
  return {
    count: () => count,
    stop: () => over.abort(),
  }
}
