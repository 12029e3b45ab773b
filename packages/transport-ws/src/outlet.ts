import type { Duplex } from 'node:stream'
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
 * bytes for everyone: they are built once and written beside ws, which neither compresses nor fragments here.
 */
export class ServerOutlets {
  readonly #turn = new Turn()
  readonly #frames = new WeakMap<OutgoingEvent, Buffer>()

  open(stream: Duplex): Outlet {
    const write = (frame: Buffer, written: Written): void => {
      this.#turn.hold(stream)
      stream.write(frame, written)
    }
    return {
      sendText: (text, written) => write(textFrame(text), written),
      sendEvent: (event, written) => write(this.#frameOf(event), written),
      get buffered() {
        return stream.writableLength
      },
    }
  }

  #frameOf(event: OutgoingEvent): Buffer {
    let frame = this.#frames.get(event)
    if (!frame) this.#frames.set(event, (frame = textFrame(event.text)))
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

/** One whole, unmasked text frame. @see https://www.rfc-editor.org/rfc/rfc6455#section-5.2 */
function textFrame(text: string): Buffer {
  const payload = Buffer.from(text)
  const size = payload.length
  const start = size < 126 ? 2 : size < 65_536 ? 4 : 10
  const frame = Buffer.allocUnsafe(start + size)
  frame[0] = 0x81
  if (size < 126) frame[1] = size
  else if (size < 65_536) {
    frame[1] = 126
    frame.writeUInt16BE(size, 2)
  } else {
    frame[1] = 127
    frame.writeUInt32BE(Math.floor(size / 2 ** 32), 2)
    frame.writeUInt32BE(size % 2 ** 32, 6)
  }
  payload.copy(frame, start)
  return frame
}
