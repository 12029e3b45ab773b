import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Clock, EventSink, Gateway, Logger, OutgoingEvent, Subscription, Timer } from '@seekyou/protocol'
import type { FastifyInstance } from 'fastify'
import { takeOver } from './hijack.ts'
import type { HttpServerOptions } from './options.ts'
import { refuseOtherMethods } from './other-methods.ts'
import type { PageGate } from './pages.ts'
import { send } from './reply.ts'
import { queryOf } from './request-url.ts'

/** What every stream of a server is told. */
interface StreamSettings {
  readonly options: Pick<HttpServerOptions, 'blocked_timeout' | 'ping_interval'>
  /** Why streams end when the server stops; asked then. */
  readonly farewell: () => string
  readonly clock: Clock
  readonly log: Logger
}

/**
 * Serves `/_events`: every event of the account as it happens, as server-sent events. `Last-Event-ID` or `?resume=`
 * with the id of the last event that came begins after it.
 *
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html
 */
export function serveEventStream(
  app: FastifyInstance,
  gateway: Gateway,
  gate: PageGate,
  settings: StreamSettings,
): void {
  const streams = new Set<EventStream>()
  const frames = new SharedFrames()

  app.get('/_events', (request, reply) => {
    const client = gate.admit(request, reply)
    if (!client) return
    const after = resumePoint(request.raw)
    if (after === 'unreadable') {
      const wording = 'Last-Event-ID and ?resume= take the id of an event of this stream: a whole number'
      send(takeOver(reply), gateway.refuse('bad-request', wording))
      return
    }
    const response = takeOver(reply)
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      // Proxies that collect an answer before they pass it on leave this one alone.
      'x-accel-buffering': 'no',
    })
    const stream = new EventStream(response, client, after, frames, settings)
    streams.add(stream)
    const watch = gate.watch(request.raw, (reason) => stream.end(reason))
    response.once('close', () => {
      streams.delete(stream)
      watch[Symbol.dispose]()
    })
  })
  refuseOtherMethods(app, gateway, '/_events', ['GET'])

  app.addHook('preClose', (done) => {
    for (const stream of streams) stream.end(settings.farewell())
    done()
  })
}

/** The event that a client has last; a browser that comes back says so in the header, whatever the URL said before. */
function resumePoint(request: IncomingMessage): number | undefined | 'unreadable' {
  const header = request.headers['last-event-id']
  const id = header || new URLSearchParams(queryOf(request)).get('resume')
  if (id === null || id === '') return undefined
  return typeof id === 'string' && /^\d{1,15}$/.test(id) ? Number(id) : 'unreadable'
}

/** Events as they stand in a stream, encoded once for all streams. */
class SharedFrames {
  readonly #frames = new WeakMap<OutgoingEvent, Buffer>()

  of(event: OutgoingEvent): Buffer {
    let frame = this.#frames.get(event)
    if (!frame) {
      const id = event.seq === undefined ? '' : `id: ${event.seq}\n`
      this.#frames.set(event, (frame = Buffer.from(`${id}data: ${event.text}\n\n`)))
    }
    return frame
  }
}

/** One client that reads the stream. */
class EventStream implements EventSink {
  readonly #response: ServerResponse
  readonly #frames: SharedFrames
  readonly #settings: StreamSettings
  readonly #subscription: Subscription
  /** Set while the client does not read what we write. */
  #blocked: Timer | undefined
  #ping: Timer | undefined

  constructor(
    response: ServerResponse,
    gateway: Gateway,
    after: number | undefined,
    frames: SharedFrames,
    settings: StreamSettings,
  ) {
    this.#response = response
    this.#frames = frames
    this.#settings = settings
    response.on('error', () => response.destroy())
    response.on('drain', () => this.#onDrain())
    this.#subscription = gateway.subscribe(this, {
      lifecycle: 'connect',
      kind: 'sse',
      ...(after !== undefined && { after }),
    })
    response.once('close', () => {
      this.#blocked?.cancel()
      this.#ping?.cancel()
      this.#subscription.end()
    })
    this.#schedulePing()
  }

  write(event: OutgoingEvent): boolean {
    const response = this.#response
    if (response.destroyed || response.writableEnded) return false
    if (response.write(this.#frames.of(event))) return true
    const { clock, log, options } = this.#settings
    this.#blocked ??= clock.setTimeout(() => {
      log.warn({ buffered: response.writableLength }, 'an event stream is not read; its connection is closed')
      response.destroy()
    }, options.blocked_timeout * 1000)
    return false
  }

  end(reason: string): void {
    this.#ping?.cancel()
    if (!this.#response.writableEnded) this.#response.end(`: ${reason}\n\n`)
  }

  cut(): void {
    this.#response.destroy()
  }

  #onDrain(): void {
    this.#blocked?.cancel()
    this.#blocked = undefined
    this.#subscription.resume()
  }

  /** A comment now and then, so that nothing between us takes the connection for a dead one. */
  #schedulePing(): void {
    const { clock, options } = this.#settings
    this.#ping = clock.setTimeout(() => {
      if (!this.#blocked) this.#response.write(':\n\n')
      this.#schedulePing()
    }, options.ping_interval * 1000)
  }
}
