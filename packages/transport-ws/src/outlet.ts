import type { Duplex } from 'node:stream'
import type { OutgoingEvent, Seq } from '@seekyou/protocol'
import { WebSocket } from 'ws'
import { compressedFrame, frameSize, textFrame, writeTextFrame } from './frame.ts'
import { Turn } from './turn.ts'
import type { Held } from './turn.ts'

/** Where the frames of one socket go out, in the order they come in. */
export interface Outlet {
  sendText(text: string): void
  sendEvent(event: OutgoingEvent): void
  /** Lets out now what waits for the end of the turn: what comes next goes past the outlet. */
  flush(): void
  /** Bytes that the operating system has not taken yet. */
  readonly buffered: number
}

/**
 * Called when the operating system has taken more of what was sent: all events of the journal up to `seq`, if there were
 * any.
 */
export type Written = (seq: Seq | undefined) => void

/**
 * Makes the outlets of a server's sockets. Frames of a server carry no mask, so that those of an event are the same
 * bytes for everyone: they are built once, compressed ones too, and written beside ws, which never fragments here.
 */
export class ServerOutlets {
  readonly #turn = new Turn()
  readonly #plain = new FrameCache(textFrame)
  readonly #compressed = new FrameCache(compressedFrame)
  readonly #joint = new Joint(this.#turn)

  open(webSocket: WebSocket, stream: Duplex, written: Written): Outlet {
    const frames = webSocket.extensions === '' ? this.#plain : this.#compressed
    return new ServerOutlet({ webSocket, stream, written, frames, turn: this.#turn, joint: this.#joint })
  }
}

interface ServerOutletSetup {
  readonly webSocket: WebSocket
  readonly stream: Duplex
  readonly written: Written
  readonly frames: FrameCache
  readonly turn: Turn
  readonly joint: Joint
}

/** Bytes that a socket with nothing to do takes at once. */
const SMALL = 16 * 1024

/** Written to hear when what came before it has gone. */
const NOTHING = Buffer.alloc(0)

/** A frame, or the text of one that nobody else gets. */
type HeldFrame = Buffer | string

class ServerOutlet implements Outlet, Held {
  readonly #setup: ServerOutletSetup
  #held: HeldFrame[] = []
  #heldBytes = 0
  #lastSeq: Seq | undefined
  /** How the last write went; with TLS none ever does. */
  #takesAtOnce = true

  constructor(setup: ServerOutletSetup) {
    this.#setup = setup
  }

  get buffered(): number {
    return this.#heldBytes + this.#setup.stream.writableLength
  }

  sendText(text: string): void {
    const frame = this.#setup.frames.ofReply(text)
    this.#hold(frame, typeof frame === 'string' ? frameSize(Buffer.byteLength(frame)) : frame.length)
  }

  sendEvent(event: OutgoingEvent): void {
    const frame = this.#setup.frames.ofEvent(event)
    this.#hold(frame, frame.length)
    this.#lastSeq = event.seq ?? this.#lastSeq
  }

  flush(): void {
    const { webSocket, stream, joint, written } = this.#setup
    const [frames, size, seq] = [this.#held, this.#heldBytes, this.#lastSeq]
    this.#held = []
    this.#heldBytes = 0
    this.#lastSeq = undefined
    // Nothing comes after the close frame. What is not written was not taken.
    if (frames.length === 0 || webSocket.readyState !== WebSocket.OPEN) return
    const bytes = joint.join(frames, size)
    const onWritten = (error?: Error | null): void => {
      if (!error) written(seq)
    }
    // Mostly the operating system takes all of it at once; a callback with every write costs a fifth of the write.
    const isDirect = this.#takesAtOnce && size <= SMALL && stream.writableLength === 0
    if (isDirect) stream.write(bytes)
    else stream.write(bytes, onWritten)
    this.#takesAtOnce = stream.writableLength === 0
    if (!isDirect) return
    if (this.#takesAtOnce) written(seq)
    else stream.write(NOTHING, onWritten)
  }

  #hold(frame: HeldFrame, size: number): void {
    this.#heldBytes += size
    if (this.#held.length > 0) {
      this.#held.push(frame)
      return
    }
    // An array that begins with what it holds has no room to spare: there is one for every socket in every turn.
    this.#held = [frame]
    this.#setup.turn.hold(this)
  }
}

/** The frames of events, each built for the first socket that it is written to. */
class FrameCache {
  readonly #build: (text: string) => Buffer
  readonly #frames = new WeakMap<OutgoingEvent, Buffer>()

  constructor(build: (text: string) => Buffer) {
    this.#build = build
  }

  ofEvent(event: OutgoingEvent): Buffer {
    let frame = this.#frames.get(event)
    if (!frame) this.#frames.set(event, (frame = this.#build(event.text)))
    return frame
  }

  /** What is built for one socket alone is built where it is written, if it can be. */
  ofReply(text: string): HeldFrame {
    return this.#build === textFrame ? text : this.#build(text)
  }
}

/** Joins what was held back in one turn. Sockets that were sent the same frames share the bytes. */
class Joint implements Held {
  readonly #turn: Turn
  #last: { readonly frames: readonly HeldFrame[]; readonly bytes: Buffer } | undefined

  constructor(turn: Turn) {
    this.#turn = turn
  }

  join(frames: readonly HeldFrame[], size: number): Buffer {
    const [only] = frames
    if (frames.length === 1 && typeof only === 'object') return only
    if (this.#last && isSame(frames, this.#last.frames)) return this.#last.bytes
    const bytes = Buffer.allocUnsafe(size)
    let at = 0
    for (const frame of frames)
      at = typeof frame === 'string' ? writeTextFrame(bytes, at, frame) : at + frame.copy(bytes, at)
    // Nobody shares what holds a reply.
    if (frames.length > 1 && typeof only === 'object') {
      if (!this.#last) this.#turn.hold(this)
      this.#last = { frames, bytes }
    }
    return bytes
  }

  flush(): void {
    this.#last = undefined
  }
}

function isSame(frames: readonly HeldFrame[], others: readonly HeldFrame[]): boolean {
  return frames.length === others.length && frames.every((frame, index) => frame === others[index])
}

/** The outlet of a socket that we dialled: every frame carries a mask of its own. */
export class ClientOutlet implements Outlet, Held {
  readonly #turn = new Turn()
  readonly #webSocket: WebSocket
  readonly #stream: Duplex
  readonly #written: Written

  constructor(webSocket: WebSocket, stream: Duplex, written: Written) {
    this.#webSocket = webSocket
    this.#stream = stream
    this.#written = written
  }

  get buffered(): number {
    return this.#webSocket.bufferedAmount
  }

  sendText(text: string): void {
    this.#send(text, undefined)
  }

  sendEvent({ text, seq }: OutgoingEvent): void {
    this.#send(text, seq)
  }

  flush(): void {
    this.#stream.uncork()
  }

  #send(text: string, seq: Seq | undefined): void {
    if (this.#stream.writableCorked === 0) {
      this.#stream.cork()
      this.#turn.hold(this)
    }
    this.#webSocket.send(text, (error) => {
      if (!error) this.#written(seq)
    })
  }
}
