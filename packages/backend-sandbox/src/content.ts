import { encodeCqCode, summarize } from '@seekyou/message'
import type { Segment } from '@seekyou/message'
import { segmentTable } from '@seekyou/message/segment-table'
import type { SegmentInfo } from '@seekyou/message/segment-table'
import { ActionFailure } from '@seekyou/protocol'
import type { BackendHost, Chat, EventDraft, UserId } from '@seekyou/protocol'
import { readContact, readJson, readLocation, readShare, readXml } from './card.ts'
import { isDeed } from './deed.ts'
import type { Clip, Document, Image } from './document.ts'
import { readLot } from './draw.ts'
import { cardImageSegment, imageSegment, readImage } from './image.ts'
import { fileContent, readUpload } from './file-message.ts'
import { findForward, forwardSegment } from './forward.ts'
import { readMention } from './mention.ts'
import { readMusic } from './music.ts'
import { readQuotation } from './quotation.ts'
import { readRecord, storeRecord } from './record.ts'
import { refuse } from './rule.ts'
import { badSegment, isSet, numberOf, pick, textOf } from './segment-param.ts'
import type { SandboxOptions } from './options.ts'
import { speak } from './speech-synthesis.ts'
import { readVideo } from './video.ts'
import type { World } from './world.ts'

/** How long a message can be: text counts its bytes, an image 100 and a quotation 444. */
const maxUnits = 5000
const maxImages = 50

/** A message as the network carries it, what of it is kept, and what else is told of it, before it. */
export interface Content {
  readonly segments: readonly Segment[]
  readonly documents: readonly Document[]
  readonly notices?: readonly EventDraft[]
}

/** Where a message is being said, by whom, and what it can refer to. */
export interface Surroundings {
  readonly author: UserId
  readonly chat: Chat
  readonly world: World
  readonly host: BackendHost
  /** Seconds since 1970. */
  readonly now: number
  /** What becomes of a segment that cannot be carried; absent: it is refused. */
  readonly unsupported?: SandboxOptions['unsupported_segments']
}

/** Content whose parts are numbered only when it is said for good. */
export type Draft = Content | (() => Content)

type Reader = (segment: Segment, around: Surroundings) => Draft | Promise<Draft>

/**
 * Reads what someone says as the messages it makes: what the network sends on its own, such as a voice message, is one
 * of its own, and so is what stands before and after it. It changes nothing but the media store. @throws ActionFailure
 */
export async function readContents(given: readonly Segment[], around: Surroundings): Promise<readonly Draft[]> {
  const message = given.flatMap((segment) => carried(segment, around, () => checkSegment(segment, around)))
  if (message.length === 0 && given.length > 0) emptied()
  checkLength(message)
  const spoken = message.filter((segment) => !isDeed(segment) && segment.type !== 'anonymous')
  if (spoken.length === 0 && !message.some(isDeed))
    badSegment('anonymous', 'stands beside what is said, and nothing is')
  const drafts: Draft[] = []
  for (const part of split(spoken)) {
    const draft = await readPart(part, around)
    if (draft) drafts.push(draft)
  }
  if (drafts.length === 0 && !message.some(isDeed)) emptied()
  return drafts
}

/** Reads a message that stays in one piece, as those in a bundle do. It changes nothing but the media store. */
export async function readContent(message: readonly Segment[], around: Surroundings): Promise<Content> {
  for (const segment of message) checkSegment(segment, around)
  checkLength(message)
  const deed = message.find((segment) => isDeed(segment) || segment.type === 'anonymous' || segment.type === 'file')
  if (deed) refuse('UNSUPPORTED_SEGMENT', `a bundle does not carry ${deed.type} segments`)
  const draft = await readPart(message, around)
  return draft ? complete(draft) : { segments: [], documents: [] }
}

/** The content of a draft, in the turn in which it is said. */
export function complete(draft: Draft): Content {
  return typeof draft === 'function' ? draft() : draft
}

function emptied(): never {
  refuse('EMPTY_MESSAGE', 'nothing is left of the message, since none of its parts can be sent')
}

/** What a check lets pass, or what becomes of a segment that it does not. */
function carried(segment: Segment, around: Surroundings, check: () => void): readonly Segment[] {
  try {
    check()
    return [segment]
  } catch (error) {
    return insteadOf(segment, error, around)
  }
}

/** Characters of a CQ code that stand for a segment which cannot be sent; the rest may be the bytes of a file. */
const longestCode = 300

/** What becomes of a segment that failed. @throws what it failed with, unless something is to stand for it. */
function insteadOf(
  segment: Segment,
  error: unknown,
  { unsupported = 'refuse', host }: Surroundings,
): readonly Segment[] {
  if (unsupported === 'refuse' || !(error instanceof ActionFailure)) throw error
  const { type } = segment
  host.log.warn({ type: type.slice(0, 40), reason: error.message }, 'a part of a message cannot be sent as what it is')
  if (unsupported === 'drop') return []
  const code = encodeCqCode([segment])
  const text = code.length > longestCode ? `${code.slice(0, longestCode)}…` : code
  return [{ type: 'text', data: { text } }]
}

/** `undefined` where nothing of it can be carried. */
async function readPart(part: readonly Segment[], around: Surroundings): Promise<Draft | undefined> {
  const drafts: Draft[] = []
  for (const segment of part) {
    try {
      drafts.push(await readers[segment.type]!(segment, around))
    } catch (error) {
      drafts.push(...insteadOf(segment, error, around).map((text) => said(text)))
    }
  }
  if (drafts.length === 0) return undefined
  return () => {
    const contents = drafts.map(complete)
    return {
      segments: contents.flatMap(({ segments }) => segments),
      documents: contents.flatMap(({ documents }) => documents),
      notices: contents.flatMap(({ notices = [] }) => notices),
    }
  }
}

/** A quotation leads the first message, wherever it was written, and one is enough. */
function split(message: readonly Segment[]): readonly (readonly Segment[])[] {
  const quotation = message.find(({ type }) => type === 'reply')
  const parts: Segment[][] = []
  let isOpen = false
  for (const segment of message) {
    if (segment.type === 'reply') continue
    const isAlone = standsAlone(segment)
    if (isOpen && !isAlone) parts.at(-1)!.push(segment)
    else parts.push([segment])
    isOpen = !isAlone
  }
  // Between messages a line break is no message.
  const spoken = parts.length === 1 ? parts : parts.filter((part) => !part.every(isBlank))
  if (!quotation) return spoken
  const [first = [], ...rest] = spoken
  return [[quotation, ...first], ...rest]
}

function standsAlone({ type }: Segment): boolean {
  const { limits }: SegmentInfo = segmentTable[type as keyof typeof segmentTable]
  return limits?.includes('whole-message') === true
}

function isBlank({ type, data }: Segment): boolean {
  return type === 'text' && textOf(data, 'text').trim() === ''
}

/** How each type is read; a type that is not here is not carried. */
const readers: Readonly<Record<string, Reader>> = {
  text: asItIs,
  emoji: asItIs,
  mface: asItIs,
  face: (segment) =>
    said({ type: 'face', data: { id: String(numberOf(segment, 'id', 0)), ...pick(segment.data, ['type']) } }),
  at: (segment, { chat, world }) => said(readMention(segment, chat, world)),
  reply: async (segment, around) => said(await readQuotation(segment, around)),
  dice: (segment) => said(readLot(segment)),
  rps: (segment) => said(readLot(segment)),
  share: (segment) => said(readShare(segment)),
  contact: (segment) => said(readContact(segment)),
  location: (segment) => said(readLocation(segment)),
  json: (segment) => said(readJson(segment)),
  xml: (segment) => said(readXml(segment)),
  music: (segment) => said(readMusic(segment)),
  forward: ({ data }, { world }) => said(forwardSegment(findForward(world, textOf(data, 'id')))),
  redbag: ({ data }) => said({ type: 'redbag', data: { title: textOf(data, 'title') } }),

  shake(segment, { chat }) {
    if (chat.type !== 'private') refuse('SHAKE_REFUSED', 'a window can be shaken in private only')
    return said({ type: segment.type, data: {} })
  },

  async image(segment, { chat, world, host }) {
    const image = await readImage(textOf(segment.data, 'file'), textOf(segment.data, 'url'), world, host)
    return said(imageSegment(image, segment, chat.type === 'group'), image)
  },

  async cardimage(segment, { world, host }) {
    const image = await readImage(textOf(segment.data, 'file'), textOf(segment.data, 'url'), world, host)
    return said(cardImageSegment(image, segment), image)
  },

  async record({ data }, { world, host }) {
    const record = await readRecord(textOf(data, 'file'), textOf(data, 'url'), world, host)
    const magic = isSet(data, 'magic') ? { magic: '1' } : {}
    return said({ type: 'record', data: { file: record.name, ...magic, url: record.url } }, record)
  },

  async tts({ data }, { chat, host }) {
    if (chat.type !== 'group') refuse('TTS_REFUSED', 'the network speaks texts in groups only')
    const record = await storeRecord(await speak(textOf(data, 'text')), 'audio/wav', host)
    return said({ type: 'record', data: { file: record.name, url: record.url } }, record)
  },

  async file({ data }, { author, chat, world, host, now }) {
    const sources = [textOf(data, 'file_id'), textOf(data, 'file'), textOf(data, 'path')].filter(
      (source) => source !== '',
    )
    const upload = await readUpload(sources, textOf(data, 'name'), world, host)
    return () => fileContent(upload, { author, chat, world, now })
  },

  async video({ data }, { world, host }) {
    const cover = textOf(data, 'cover')
    const image = cover === '' ? undefined : await readImage(cover, '', world, host)
    const video = await readVideo(textOf(data, 'file'), textOf(data, 'url'), world, host)
    const kept = image ? { ...video, cover: image.name } : video
    const shown = kept.cover === '' ? {} : { cover: kept.cover }
    return said({ type: 'video', data: { file: kept.name, ...shown, url: kept.url } }, kept, ...(image ? [image] : []))
  },
}

function asItIs(segment: Segment): Content {
  return said(segment)
}

function said(segment: Segment, ...documents: readonly (Image | Clip)[]): Content {
  return { segments: [segment], documents }
}

/** Whether the network carries a segment, and the segment says what its type has to say. */
function checkSegment({ type, data }: Segment, { author, world }: Surroundings): void {
  const isKnown = Object.hasOwn(segmentTable, type)
  const isCarried = Object.hasOwn(readers, type) || isDeed({ type, data }) || type === 'anonymous'
  if (!isKnown || !isCarried) {
    refuse(
      'UNSUPPORTED_SEGMENT',
      `the sandbox ${isKnown ? 'does not carry' : 'knows no'} ${type.slice(0, 40)} segments${type === 'node' ? bundleHint : ''}`,
    )
  }
  const { forms, params, direction }: SegmentInfo = segmentTable[type as keyof typeof segmentTable]
  if (direction === 'receive' && author === world.bot) {
    refuse('UNSUPPORTED_SEGMENT', `a bot cannot send ${type} segments; only people can`)
  }
  const has = (name: string) => [name, ...(params[name]?.aliases ?? [])].some((alias) => Object.hasOwn(data, alias))
  if (forms.some((form) => form.every((name) => has(name)))) return
  badSegment(type, `needs ${forms.map((form) => form.join(' and ')).join(', or ')}`)
}

const bundleHint = ' in a message; send_group_forward_msg and send_private_forward_msg send bundles of them'

function checkLength(message: readonly Segment[]): void {
  const images = message.filter(({ type }) => type === 'image').length
  if (images > maxImages) {
    refuse('TOO_MANY_IMAGES', `a message has at most ${maxImages} images, this one has ${images}`)
  }
  const units = message.reduce((sum, segment) => sum + unitsOf(segment), 0)
  if (units > maxUnits) {
    refuse(
      'MESSAGE_TOO_LONG',
      `a message has at most ${maxUnits} units, this one has ${units}: a byte of text is one, an image 100, a reply 444`,
    )
  }
}

function unitsOf(segment: Segment): number {
  switch (segment.type) {
    case 'text':
      return Buffer.byteLength(textOf(segment.data, 'text'))
    case 'image':
      return 100
    case 'reply':
      return 444
    default:
      return Buffer.byteLength(summarize([segment]))
  }
}
