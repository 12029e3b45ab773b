import { createHash } from 'node:crypto'
import type { Segment } from '@seekyou/message'
import { isFileLocation, mediaUri } from '@seekyou/protocol'
import type { BackendHost } from '@seekyou/protocol'
import type { Image } from './document.ts'
import { missing, refuse } from './rule.ts'
import { badSegment, numberOf, pick, textOf } from './segment-param.ts'
import type { World } from './world.ts'

/** The largest image that the network takes, in bytes. */
const maxBytes = 30 * 1024 * 1024

/** Sizes of the second header of a bitmap, one for each version of the format. */
const bitmapHeaders = [12, 16, 40, 52, 56, 64, 108, 124]

/** Effects of an image that is shown with one. */
const effects = { first: 40000, last: 40005 }

/**
 * Reads what the `file` of an image names: a file by its location is loaded and stored, the name of an image seen
 * before is that image. `url` is where an image of an unknown name can be found.
 */
export async function readImage(
  file: string,
  url: string,
  world: World,
  host: Pick<BackendHost, 'files' | 'media'>,
): Promise<Image> {
  if (isFileLocation(file)) return loadImage(file, host)
  const known = world.image(file.toLowerCase())
  if (known) return known
  if (isFileLocation(url)) return loadImage(url, host)
  return missing(
    'IMAGE_NOT_FOUND',
    `no image named ${JSON.stringify(file.slice(0, 60))} was seen before; an image is base64://…, http(s)://…, file:///… or a name received`,
  )
}

/** An image as a message shows it: its name, its kind in a group, where it is, and how it is shown. */
export function imageSegment({ name, url }: Image, segment: Segment, isInGroup: boolean): Segment {
  const { data } = segment
  const subType = textOf(data, 'subType') === '' ? 0 : numberOf(segment, 'subType', 0)
  return {
    type: 'image',
    data: {
      file: name,
      ...(isInGroup && { subType: String(subType) }),
      url,
      ...showing(segment),
    },
  }
}

/** A picture as a card of its own, between its least and its greatest size. */
export function cardImageSegment({ name, url }: Image, segment: Segment): Segment {
  const { data } = segment
  const size = (param: string, absent: number) =>
    String(textOf(data, param) === '' ? absent : numberOf(segment, param, 1))
  return {
    type: 'cardimage',
    data: {
      file: name,
      minwidth: size('minwidth', 400),
      minheight: size('minheight', 400),
      maxwidth: size('maxwidth', 500),
      maxheight: size('maxheight', 1000),
      ...pick(data, ['source', 'icon', 'brief']),
      url,
    },
  }
}

function showing(segment: Segment): Segment['data'] {
  const type = textOf(segment.data, 'type')
  switch (type) {
    case '':
      return {}
    case 'flash':
      return { type }
    case 'show': {
      const hasEffect = textOf(segment.data, 'id') !== ''
      const effect = hasEffect ? numberOf(segment, 'id', effects.first, effects.last) : effects.first
      return { type, id: String(effect) }
    }
    default:
      return badSegment('image', 'takes flash or show as its type, or none')
  }
}

async function loadImage(file: string, { files, media }: Pick<BackendHost, 'files' | 'media'>): Promise<Image> {
  const bytes = Buffer.from((await files.load(file)).bytes)
  if (bytes.length > maxBytes) {
    return refuse('IMAGE_TOO_LARGE', `an image has at most ${maxBytes} bytes, this one has ${bytes.length}`)
  }
  const type = sniffImage(bytes)
  if (!type)
    return refuse('NOT_AN_IMAGE', 'an image is a PNG, JPEG, GIF, WebP or BMP file; these bytes are none of them')
  const { key } = await media.put(bytes, type)
  return { kind: 'image', name: `${md5(bytes)}.image`, url: mediaUri(key) }
}

/** What the network names media after. */
export function md5(bytes: Uint8Array): string {
  return createHash('md5').update(bytes).digest('hex')
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
