import { once } from 'node:events'
import { WebSocket } from 'ws'
import type { ClientOptions } from 'ws'

/** A bot program's end of a socket: the frames that came, one by one, in their order. */
export class Bot implements AsyncDisposable {
  readonly webSocket: WebSocket
  readonly #frames: string[] = []
  #wake: (() => void) | undefined

  constructor(webSocket: WebSocket) {
    this.webSocket = webSocket
    webSocket.on('message', (data, isBinary) => {
      // ws hands over one Buffer per frame unless it is told otherwise.
      const text = (data as Buffer).toString()
      this.#frames.push(isBinary ? `binary: ${text}` : text)
      this.#wake?.()
    })
  }

  /** Dials, and resolves once the socket is open. */
  static async dial(url: string, options: ClientOptions = {}): Promise<Bot> {
    const bot = new Bot(new WebSocket(url, options))
    await once(bot.webSocket, 'open')
    return bot
  }

  /** The next frame as it came. */
  async nextText(): Promise<string> {
    while (this.#frames.length === 0) {
      const { promise, resolve } = Promise.withResolvers<void>()
      this.#wake = resolve
      await promise
    }
    return this.#frames.shift()!
  }

  /** The next frame, parsed. */
  async next(): Promise<unknown> {
    return JSON.parse(await this.nextText())
  }

  /** Sends a frame and waits for the next one. */
  async ask(frame: unknown): Promise<unknown> {
    this.webSocket.send(typeof frame === 'string' ? frame : JSON.stringify(frame))
    return this.next()
  }

  /** The code and reason the socket closes with. */
  async closed(): Promise<{ readonly code: number; readonly reason: string }> {
    const [code, reason] = (await once(this.webSocket, 'close')) as [number, Buffer]
    return { code, reason: reason.toString() }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.webSocket.readyState === WebSocket.CLOSED) return
    const closed = once(this.webSocket, 'close')
    this.webSocket.terminate()
    await closed
  }
}
