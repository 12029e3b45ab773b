import { createHmac } from 'node:crypto'
import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { BackendUnreachable, describeError, inHeader, secretMatcher } from '@seekyou/protocol'
import type { Timer } from '@seekyou/protocol'
import { closeServer, listenOn } from './acceptor.ts'
import { backoff } from './backoff.ts'
import { placeOf } from './dialer.ts'
import type { ConnectorSetup } from './dialer.ts'
import { parseJson } from './json.ts'
import { Unanswered } from './line.ts'
import type { Connector, Line } from './line.ts'
import type { BridgeOptions } from './options.ts'
import type { Fields } from './reading.ts'

/** The largest event that is read, in bytes. */
const MAX_EVENT_BYTES = 32 * 1024 * 1024

/** What fails before anything was handed over. */
const unsent = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
])

/**
 * Calls go over HTTP; events come as webhooks if we listen, or else from the upstream's event stream. The line is open
 * while the upstream answers, and while the stream is there.
 */
export class HttpConnector implements Connector {
  readonly awaits: string
  readonly #setup: ConnectorSetup
  readonly #url: string
  readonly #webhooks: Server | undefined
  readonly #end = new AbortController()
  #stream: AbortController | undefined
  #timer: Timer | undefined
  #failures = 0
  #isOpen = false
  #missedBeats = 0

  private constructor(url: string, setup: ConnectorSetup) {
    this.#setup = setup
    this.#url = url.replace(/\/+$/, '')
    this.awaits = `a OneBot 11 implementation that answers on ${placeOf(url)}`
    if (setup.options.listen) {
      this.#webhooks = createServer((request, response) => {
        this.#takeWebhook(request, response).catch(() => response.destroy())
      })
    }
  }

  /** @throws Error of the operating system when the port for webhooks cannot be had. */
  static async open(url: string, setup: ConnectorSetup): Promise<HttpConnector> {
    const connector = new HttpConnector(url, setup)
    if (connector.#webhooks) await listenOn(connector.#webhooks, setup.options.listen!)
    void connector.#connect()
    return connector
  }

  /** Where webhooks come in. */
  get port(): number | undefined {
    return (this.#webhooks?.address() as AddressInfo | null | undefined)?.port
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#timer?.cancel()
    this.#end.abort()
    if (this.#webhooks) await closeServer(this.#webhooks)
  }

  async #connect(): Promise<void> {
    try {
      await this.#request('get_status', {})
      if (!this.#webhooks) await this.#openStream()
    } catch (error) {
      this.#lose((error as Error).message)
      return
    }
    if (this.#end.signal.aborted) return
    this.#isOpen = true
    this.#missedBeats = 0
    this.#scheduleBeat()
    const line: Line = {
      call: (action, params) => this.#request(action, params),
      close: (reason) => this.#lose(reason),
    }
    this.#setup.holder.onOpen(line)
  }

  #lose(problem: string): void {
    this.#timer?.cancel()
    this.#stream?.abort()
    if (this.#end.signal.aborted) return
    const { options, clock, random, holder } = this.#setup
    if (this.#isOpen) this.#failures = 0
    this.#isOpen = false
    this.#timer = clock.setTimeout(() => void this.#connect(), backoff(this.#failures++, options, random))
    holder.onClosed(problem)
  }

  #scheduleBeat(): void {
    const { clock, options } = this.#setup
    this.#timer = clock.setTimeout(() => void this.#beat(), options.ping_interval * 1000)
  }

  async #beat(): Promise<void> {
    try {
      await this.#request('get_status', {})
      this.#missedBeats = 0
    } catch (error) {
      if (++this.#missedBeats === 2) {
        this.#lose((error as Error).message)
        return
      }
    }
    if (this.#isOpen && !this.#end.signal.aborted) this.#scheduleBeat()
  }

  #headers(): Record<string, string> {
    const { access_token } = this.#setup.options
    return access_token === '' ? {} : { authorization: `Bearer ${inHeader(access_token)}` }
  }

  async #request(action: string, params: Fields): Promise<unknown> {
    const { call_timeout } = this.#setup.options
    const patience = AbortSignal.timeout(call_timeout * 1000)
    let status: number
    let text: string
    try {
      const response = await fetch(`${this.#url}/${action}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...this.#headers() },
        body: JSON.stringify(params),
        redirect: 'error',
        signal: AbortSignal.any([patience, this.#end.signal]),
      })
      status = response.status
      text = await response.text()
    } catch (error) {
      if (patience.aborted) throw new Unanswered(`the upstream did not answer ${action} within ${call_timeout} s`)
      const { cause } = error as { readonly cause?: { readonly code?: string } }
      const reason = describeError(error)
      if (unsent.has(cause?.code ?? '')) throw new BackendUnreachable(`${reason}; nothing was sent`, { cause: error })
      throw new Unanswered(`the upstream did not answer ${action}: ${reason}`, { cause: error })
    }
    if (status === 401 || status === 403) throw new BackendUnreachable(`it refuses the token, with status ${status}`)
    if (status === 404 && !text.startsWith('{')) return { status: 'failed', retcode: 1404 }
    try {
      return parseJson(text)
    } catch (error) {
      throw new Unanswered(`the answer to ${action} is not JSON; its status is ${status}`, { cause: error })
    }
  }

  async #openStream(): Promise<void> {
    const { connect_timeout } = this.#setup.options
    const stream = new AbortController()
    this.#stream = stream
    const patience = this.#setup.clock.setTimeout(() => stream.abort(), connect_timeout * 1000)
    const response = await fetch(`${this.#url}/_events`, {
      headers: { accept: 'text/event-stream', ...this.#headers() },
      redirect: 'error',
      signal: AbortSignal.any([stream.signal, this.#end.signal]),
    }).catch((error: unknown) => {
      throw new BackendUnreachable(`its event stream cannot be opened: ${describeError(error)}`, { cause: error })
    })
    patience.cancel()
    if (!response.ok || !response.body) {
      throw new BackendUnreachable(`its event stream /_events answers with status ${response.status}`)
    }
    const { body } = response
    this.#readStream(body).then(
      () => this.#onStreamEnd(stream, 'it ended the event stream'),
      (error: unknown) => this.#onStreamEnd(stream, `the event stream broke: ${describeError(error)}`),
    )
  }

  #onStreamEnd(stream: AbortController, problem: string): void {
    if (this.#isOpen && this.#stream === stream && !stream.signal.aborted) this.#lose(problem)
  }

  /** @see https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream */
  async #readStream(body: ReadableStream<Uint8Array>): Promise<void> {
    const decoder = new TextDecoder()
    let rest = ''
    let data = ''
    for await (const chunk of body) {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split(/\r\n|\n|\r(?!$)/)
      rest = lines.pop()!
      for (const line of lines) {
        if (line === '') {
          this.#takeEvent(data)
          data = ''
        } else if (line.startsWith('data:')) {
          data += `${data && '\n'}${line.slice(line[5] === ' ' ? 6 : 5)}`
        }
      }
      if (rest.length + data.length > MAX_EVENT_BYTES) throw new Error('an event is too large')
    }
  }

  async #takeWebhook(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    let size = 0
    for await (const chunk of request as AsyncIterable<Buffer>) {
      size += chunk.length
      if (size > MAX_EVENT_BYTES) {
        response.writeHead(413).end()
        request.destroy()
        return
      }
      chunks.push(chunk)
    }
    const body = Buffer.concat(chunks)
    if (!isSigned(body, request.headers['x-signature'], this.#setup.options)) {
      response.writeHead(401).end()
      return
    }
    this.#takeEvent(body.toString())
    response.writeHead(204).end()
  }

  #takeEvent(text: string): void {
    if (text === '') return
    try {
      this.#setup.holder.onEvent(parseJson(text))
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error
    }
  }
}

function isSigned(body: Buffer, signature: string | string[] | undefined, { secret }: BridgeOptions): boolean {
  if (secret === '') return true
  const expected = `sha1=${createHmac('sha1', secret).update(body).digest('hex')}`
  return typeof signature === 'string' && secretMatcher(expected)(signature)
}
