import type { Duplex } from 'node:stream'
import { constants, deflateRawSync } from 'node:zlib'
import type { OutgoingEvent } from '@seekyou/protocol'
import type { WebSocket } from 'ws'
import { Turn } from './turn.ts'

/** Called when the operating system has taken a frame, or will never take it. */
export type Written = (error?: Error | null) => void

/** Where the frames of one socket go out. */
export interface Outlet {
  sendText(text: string, written: Written): void
  sendEvent(event: OutgoingEvent, written: Written): void
  /** Bytes that the operating system has not taken yet. */
  readonly buffered: number
}

/**
 * Makes the outlets of a server's sockets. Frames of a server carry no mask, so that those of an event are the same
 * bytes for everyone: they are built once, compressed ones too, and written beside ws, which never fragments here.
 */
export class ServerOutlets {
  readonly #turn = new Turn()
  readonly #plain = new FrameCache(textFrame)
  readonly #compressed = new FrameCache(compressedFrame)

  /** @param compresses the client agreed to permessage-deflate without context takeover */
  open(stream: Duplex, compresses: boolean): Outlet {
    const events = compresses ? this.#compressed : this.#plain
    const write = (frame: Buffer, written: Written): void => {
      this.#turn.hold(stream)
      stream.write(frame, written)
    }
    return {
      sendText: (text, written) => write(events.build(text), written),
      sendEvent: (event, written) => write(events.frameOf(event), written),
      get buffered() {
        return stream.writableLength
      },
    }
  }
}

/** The frames of events, each built for the first socket that it is written to. */
class FrameCache {
  readonly build: (text: string) => Buffer
  readonly #frames = new WeakMap<OutgoingEvent, Buffer>()

  constructor(build: (text: string) => Buffer) {
    this.build = build
  }

  frameOf(event: OutgoingEvent): Buffer {
    let frame = this.#frames.get(event)
    if (!frame) this.#frames.set(event, (frame = this.build(event.text)))
    return frame
  }
}

/** The outlet of a socket that we dialled: every frame carries a mask of its own. */
export function clientOutlet(webSocket: WebSocket, stream: Duplex): Outlet {
  const turn = new Turn()
  const send = (text: string, written: Written): void => {
    turn.hold(stream)
    webSocket.send(text, written)
  }
  return {
    sendText: send,
    sendEvent: (event, written) => send(event.text, written),
    get buffered() {
      return webSocket.bufferedAmount
    },
  }
}

/** Below this many bytes a frame is no smaller compressed, or not by enough. */
const COMPRESSION_THRESHOLD = 1024

const FIN_TEXT = 0x81
/** The first of the reserved bits says that the payload is compressed. */
const RSV1 = 0x40

function textFrame(text: string): Buffer {
  return frame(FIN_TEXT, Buffer.from(text))
}

/** @see https://www.rfc-editor.org/rfc/rfc7692#section-7.2.1 */
function compressedFrame(text: string): Buffer {
  const payload = Buffer.from(text)
  if (payload.length < COMPRESSION_THRESHOLD) return frame(FIN_TEXT, payload)
  const flushed = deflateRawSync(payload, { level: constants.Z_BEST_SPEED, finishFlush: constants.Z_SYNC_FLUSH })
  // The four bytes that every flush ends with are left out.
  return frame(FIN_TEXT | RSV1, flushed.subarray(0, -4))
}

/** One whole, unmasked frame. @see https://www.rfc-editor.org/rfc/rfc6455#section-5.2 */
function frame(first: number, payload: Buffer): Buffer {
  const size = payload.length
  const start = size < 126 ? 2 : size < 65_536 ? 4 : 10
  const bytes = Buffer.allocUnsafe(start + size)
  bytes[0] = first
  if (size < 126) bytes[1] = size
  else if (size < 65_536) {
    bytes[1] = 126
    bytes.writeUInt16BE(size, 2)
  } else {
    bytes[1] = 127
    bytes.writeUInt32BE(Math.floor(size / 2 ** 32), 2)
    bytes.writeUInt32BE(size % 2 ** 32, 6)
  }
  payload.copy(bytes, start)
  return bytes
}
