import { createHash } from 'node:crypto'
import { mediaUri } from '@seekyou/protocol'
import type { MediaStore } from '@seekyou/protocol'
import { missing, refuse } from './rule.ts'
import type { Image } from './document.ts'
import type { World } from './world.ts'

/** The largest image that the network takes, in bytes. */
const maxBytes = 30 * 1024 * 1024

/** Sizes of the second header of a bitmap, one for each version of the format. */
const bitmapHeaders = [12, 16, 40, 52, 56, 64, 108, 124]

/**
 * Reads what the `file` of a sent image names: `base64://…` is stored, `http(s)://…` stays where it is, and the name of
 * an image seen before is that image. `url` is where an image of an unknown name can be found.
 */
export async function readImage(file: string, url: string, world: World, media: MediaStore): Promise<Image> {
  if (file.startsWith('base64://')) return storeImage(decodeBase64(file.slice('base64://'.length)), media)
  if (isRemote(file)) return remoteImage(file)
  if (/^file:/i.test(file)) {
    return refuse(
      'FILE_REFUSED',
      'the sandbox reads no files of its machine; send the image as base64://… or http(s)://…',
    )
  }
  const known = world.image(file.toLowerCase())
  if (known) return known
  if (isRemote(url)) return remoteImage(url)
  return missing(
    'IMAGE_NOT_FOUND',
    `no image named ${JSON.stringify(file.slice(0, 60))} was seen before; an image is base64://…, http(s)://…, or a name received`,
  )
}

async function storeImage(bytes: Buffer, media: MediaStore): Promise<Image> {
  if (bytes.length > maxBytes) {
    return refuse('IMAGE_TOO_LARGE', `an image has at most ${maxBytes} bytes, this one has ${bytes.length}`)
  }
  const type = sniffImage(bytes)
  if (!type)
    return refuse('NOT_AN_IMAGE', 'an image is a PNG, JPEG, GIF, WebP or BMP file; these bytes are none of them')
  const { key } = await media.put(bytes, type)
  return { kind: 'image', name: nameFor(bytes), url: mediaUri(key) }
}

function remoteImage(url: string): Image {
  return { kind: 'image', name: nameFor(url), url }
}

/** How the network names images: after the MD5 of what they are. */
function nameFor(content: Buffer | string): string {
  return `${createHash('md5').update(content).digest('hex')}.image`
}

function isRemote(text: string): boolean {
  return /^https?:\/\/./i.test(text)
}

function decodeBase64(text: string): Buffer {
  // Some encoders break lines, and some use the alphabet for URLs; Buffer reads both, but reads anything else too.
  if (/^[\w+/\s-]*={0,2}\s*$/.test(text)) return Buffer.from(text, 'base64')
  return refuse('NOT_AN_IMAGE', 'what follows base64:// is not base64')
}

/** The MIME type of an image by its first bytes; `undefined` when they are of no image the network knows. */
function sniffImage(bytes: Buffer): string | undefined {
  const at = (start: number, end: number) => bytes.toString('latin1', start, end)
  if (at(0, 8) === '\x89PNG\r\n\x1A\n') return 'image/png'
  if (at(0, 3) === '\xFF\xD8\xFF') return 'image/jpeg'
  if (at(0, 6) === 'GIF87a' || at(0, 6) === 'GIF89a') return 'image/gif'
  if (at(0, 4) === 'RIFF' && at(8, 12) === 'WEBP') return 'image/webp'
  if (at(0, 2) === 'BM' && bytes.length >= 26 && bitmapHeaders.includes(bytes.readUInt32LE(14))) return 'image/bmp'
  return undefined
}
