import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createRecordingLogger, createVirtualClock, describeTransport } from '@seekyou/testkit'
import type { ScriptedGateway, TransportPeer } from '@seekyou/testkit'
import {
  createForwardServer,
  createReverseClient,
  forwardServerOptions,
  reverseClientOptions,
} from '@seekyou/transport-ws'
import { WebSocket, WebSocketServer } from 'ws'

/** A program that calls and hears over one socket, whoever dialled. */
class SocketPeer implements TransportPeer {
  readonly #webSocket: WebSocket
  readonly #owned: AsyncDisposable
  readonly #events: string[] = []
  readonly #answers: ((answer: string) => void)[] = []
  #unread: ((answer: string) => void) | undefined
  #wake: (() => void) | undefined

  constructor(webSocket: WebSocket, owned: AsyncDisposable) {
    this.#webSocket = webSocket
    this.#owned = owned
    // ws hands over one Buffer per frame unless it is told otherwise.
    webSocket.on('message', (data) => this.#take((data as Buffer).toString()))
  }

  call(action: string, params?: string): Promise<string> {
    const { promise, resolve } = Promise.withResolvers<string>()
    const echo = this.#answers.push(resolve) - 1
    const given = params === undefined ? '' : `,"params":${params}`
    this.#webSocket.send(`{"action":${JSON.stringify(action)}${given},"echo":${echo}}`)
    return promise
  }

  send(text: string): Promise<string> {
    const { promise, resolve } = Promise.withResolvers<string>()
    this.#unread = resolve
    this.#webSocket.send(text)
    return promise
  }

  async nextEvent(): Promise<string> {
    while (this.#events.length === 0) await new Promise<void>((resolve) => (this.#wake = resolve))
    return this.#events.shift()!
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#webSocket.terminate()
    await this.#owned[Symbol.asyncDispose]()
  }

  #take(text: string): void {
    const { echo, post_type } = JSON.parse(text) as { readonly echo?: number; readonly post_type?: string }
    if (post_type !== undefined) {
      this.#events.push(text)
      this.#wake?.()
    } else if (echo === undefined) this.#unread?.(text)
    else this.#answers[echo]?.(text.replace(/,"echo":\d+\}$/, '}'))
  }
}

async function dial(gateway: ScriptedGateway): Promise<TransportPeer> {
  await using opened = new AsyncDisposableStack()
  const http = createServer()
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  opened.defer(() => void http.close())
  const options = forwardServerOptions.parse({})
  const [clock, log] = [createVirtualClock(), createRecordingLogger()]
  const server = opened.use(createForwardServer({ gateway, options, clock, log }))
  http.on('upgrade', (request, socket, head) => server.handleUpgrade(request, socket, head))
  const webSocket = new WebSocket(`ws://127.0.0.1:${(http.address() as AddressInfo).port}/`)
  const peer = new SocketPeer(webSocket, opened.move())
  await once(webSocket, 'open')
  return peer
}

async function beDialled(gateway: ScriptedGateway): Promise<TransportPeer> {
  await using opened = new AsyncDisposableStack()
  const program = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  await once(program, 'listening')
  opened.defer(() => program.close())
  const url = `ws://127.0.0.1:${(program.address() as AddressInfo).port}/`
  const options = reverseClientOptions.parse({ name: 'contract', url })
  const [clock, log] = [createVirtualClock(), createRecordingLogger()]
  const connected = once(program, 'connection') as Promise<[WebSocket]>
  opened.use(createReverseClient({ gateway, options, clock, log }))
  const [webSocket] = await connected
  return new SocketPeer(webSocket, opened.move())
}

describeTransport('forward WebSocket', dial, { lifecycle: 'connect' })
describeTransport('reverse WebSocket', beDialled, { lifecycle: 'connect' })
