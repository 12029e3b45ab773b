/** Width and height in pixels. */
export interface Size {
  readonly width: number
  readonly height: number
}

/** The size of an image by its headers; 0 by 0 where they do not tell. */
export function sizeOf(bytes: Buffer): Size {
  return readSize(bytes) ?? { width: 0, height: 0 }
}

function readSize(bytes: Buffer): Size | undefined {
  const at = (start: number, end: number) => bytes.toString('latin1', start, end)
  if (at(1, 4) === 'PNG' && bytes.length >= 24) return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) }
  if (at(0, 3) === 'GIF' && bytes.length >= 10) return { width: bytes.readUInt16LE(6), height: bytes.readUInt16LE(8) }
  if (at(0, 2) === 'BM' && bytes.length >= 26) return bitmapSize(bytes)
  if (at(8, 12) === 'WEBP' && bytes.length >= 30) return webpSize(bytes, at(12, 16))
  return at(0, 2) === '\xFF\xD8' ? jpegSize(bytes) : undefined
}

/** The oldest bitmaps have sizes of two bytes; of the others a negative height only turns the picture over. */
function bitmapSize(bytes: Buffer): Size {
  if (bytes.readUInt32LE(14) === 12) return { width: bytes.readUInt16LE(18), height: bytes.readUInt16LE(20) }
  return { width: bytes.readInt32LE(18), height: Math.abs(bytes.readInt32LE(22)) }
}

function webpSize(bytes: Buffer, format: string): Size | undefined {
  switch (format) {
    case 'VP8 ':
      return { width: bytes.readUInt16LE(26) & 0x3f_ff, height: bytes.readUInt16LE(28) & 0x3f_ff }
    case 'VP8L': {
      const bits = bytes.readUInt32LE(21)
      return { width: (bits & 0x3f_ff) + 1, height: ((bits >>> 14) & 0x3f_ff) + 1 }
    }
    case 'VP8X':
      return { width: bytes.readUIntLE(24, 3) + 1, height: bytes.readUIntLE(27, 3) + 1 }
    default:
      return undefined
  }
}

/** The size stands in the first frame header, behind segments of any length. */
function jpegSize(bytes: Buffer): Size | undefined {
  for (let offset = 2; offset + 9 <= bytes.length;) {
    const marker = bytes.readUInt16BE(offset)
    const isFrame = marker >= 0xff_c0 && marker <= 0xff_cf && ![0xff_c4, 0xff_c8, 0xff_cc].includes(marker)
    if (isFrame) return { width: bytes.readUInt16BE(offset + 7), height: bytes.readUInt16BE(offset + 5) }
    if (marker < 0xff_01) return undefined
    offset += 2 + bytes.readUInt16BE(offset + 2)
  }
  return undefined
}
