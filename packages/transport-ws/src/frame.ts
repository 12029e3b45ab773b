import { constants, deflateRawSync } from 'node:zlib'

/*
 * Whole, unmasked text frames, as a server sends them.
 * @see https://www.rfc-editor.org/rfc/rfc6455#section-5.2
 */

const FIN_TEXT = 0x81
/** The first of the reserved bits says that the payload is compressed. */
const RSV1 = 0x40

/** Below this many bytes a payload is no smaller compressed, or not by enough. */
const COMPRESSION_THRESHOLD = 1024

/** How many bytes a frame with so many bytes of payload has. */
export function frameSize(payloadSize: number): number {
  return payloadSize + (payloadSize < 126 ? 2 : payloadSize < 65_536 ? 4 : 10)
}

/** Writes the frame of a text at `at`, and tells where it ends. */
export function writeTextFrame(into: Buffer, at: number, text: string): number {
  const start = writeHead(into, at, FIN_TEXT, Buffer.byteLength(text))
  return start + into.write(text, start)
}

export function textFrame(text: string): Buffer {
  return frame(FIN_TEXT, Buffer.from(text))
}

/** The same for a client that agreed to permessage-deflate. @see https://www.rfc-editor.org/rfc/rfc7692#section-7.2.1 */
export function compressedFrame(text: string): Buffer {
  const payload = Buffer.from(text)
  if (payload.length < COMPRESSION_THRESHOLD) return frame(FIN_TEXT, payload)
  const flushed = deflateRawSync(payload, { level: constants.Z_BEST_SPEED, finishFlush: constants.Z_SYNC_FLUSH })
  // The four bytes that every flush ends with are left out.
  return frame(FIN_TEXT | RSV1, flushed.subarray(0, -4))
}

function frame(first: number, payload: Buffer): Buffer {
  const bytes = Buffer.allocUnsafe(frameSize(payload.length))
  payload.copy(bytes, writeHead(bytes, 0, first, payload.length))
  return bytes
}

/** Writes everything that comes before the payload, and tells where that begins. */
function writeHead(into: Buffer, at: number, first: number, size: number): number {
  into[at] = first
  if (size < 126) {
    into[at + 1] = size
    return at + 2
  }
  if (size < 65_536) {
    into[at + 1] = 126
    return into.writeUInt16BE(size, at + 2)
  }
  into[at + 1] = 127
  into.writeUInt32BE(Math.floor(size / 2 ** 32), at + 2)
  return into.writeUInt32BE(size % 2 ** 32, at + 6)
}
