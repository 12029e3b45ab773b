import { segmentTable, summarize } from '@seekyou/message'
import type { Segment, SegmentInfo } from '@seekyou/message'
import { ActionFailure, chatKey, chatOf, integer, messageId, userId } from '@seekyou/protocol'
import type { BackendHost, Chat } from '@seekyou/protocol'
import { readImage } from './image.ts'
import { missing, refuse } from './rule.ts'
import type { Image } from './document.ts'
import type { World } from './world.ts'

/** How long a message can be: text counts its bytes, an image 100 and a quotation 444. */
const maxUnits = 5000
const maxImages = 50

/** A message as the network carries it, and the images in it. */
export interface Content {
  readonly segments: readonly Segment[]
  readonly images: readonly Image[]
}

/** Where a message is being said, and what it can refer to. */
interface Surroundings {
  readonly chat: Chat
  readonly world: World
  readonly host: BackendHost
  readonly random: () => number
}

/** Reads a message for a chat. It changes nothing but the media store. @throws ActionFailure */
export async function readContent(message: readonly Segment[], around: Surroundings): Promise<Content> {
  for (const segment of message) checkSegment(segment)
  checkLength(message)
  const segments: Segment[] = []
  const images: Image[] = []
  for (const segment of quotationFirst(message)) {
    const { type, data } = segment
    switch (type) {
      case 'at':
        segments.push({ type, data: readAt(data) })
        break
      case 'face':
        segments.push({ type, data: { ...data, id: String(readNumber(segment, 'id', 0, Number.MAX_SAFE_INTEGER)) } })
        break
      case 'reply':
        segments.push({ type, data: { id: await readQuotation(data, around) } })
        break
      case 'image': {
        const image = await readImage(textOf(data, 'file'), textOf(data, 'url'), around.world, around.host.media)
        images.push(image)
        segments.push({ type, data: { file: image.name, ...pick(data, ['type', 'id', 'subType']), url: image.url } })
        break
      }
      case 'dice':
        segments.push({ type, data: { value: String(draw(segment, 1, 6, around.random)) } })
        break
      case 'rps':
        segments.push({ type, data: { value: String(draw(segment, 0, 2, around.random)) } })
        break
      default:
        segments.push(segment)
    }
  }
  return { segments, images }
}

/** The types that the network carries; all but the first few as they come. */
const carried: ReadonlySet<string> = new Set([
  'text',
  'at',
  'face',
  'reply',
  'image',
  'dice',
  'rps',
  'emoji',
  'share',
  'contact',
  'location',
  'music',
  'json',
  'xml',
  'mface',
])

/** Whether the network carries a segment, and the segment says what its type has to say. */
function checkSegment({ type, data }: Segment): void {
  if (!carried.has(type)) {
    const verdict = Object.hasOwn(segmentTable, type) ? 'does not carry' : 'knows no'
    refuse(
      'UNSUPPORTED_SEGMENT',
      `the sandbox ${verdict} ${type.slice(0, 40)} segments; so far it carries ${[...carried].join(', ')}`,
    )
  }
  const { forms, params }: SegmentInfo = segmentTable[type as keyof typeof segmentTable]
  const has = (name: string) => [name, ...(params[name]?.aliases ?? [])].some((alias) => Object.hasOwn(data, alias))
  if (forms.some((form) => form.every((name) => has(name)))) return
  badSegment(type, `needs ${forms.map((form) => form.join(' and ')).join(', or ')}`)
}

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

/** A quotation leads the message, wherever it was written, and one is enough. */
function quotationFirst(message: readonly Segment[]): readonly Segment[] {
  const quotation = message.find(({ type }) => type === 'reply')
  return quotation ? [quotation, ...message.filter(({ type }) => type !== 'reply')] : message
}

function readAt(data: Segment['data']): Segment['data'] {
  const { target, ...rest } = data
  const qq = rest['qq'] ?? target
  if (qq === 'all') return { ...rest, qq }
  const id = userId.safeParse(qq)
  return id.success ? { ...rest, qq: String(id.data) } : badSegment('at', 'takes a user id or "all" as its qq')
}

async function readQuotation(data: Segment['data'], { chat, host, world }: Surroundings): Promise<string> {
  if (!Object.hasOwn(data, 'id')) {
    return refuse('UNSUPPORTED_SEGMENT', 'the sandbox does not carry made-up quotations yet; give the id of a message')
  }
  const id = messageId.safeParse(data['id'])
  if (!id.success) return badSegment('reply', 'takes a message id as its id')
  const stored = await host.messages.get(id.data)
  const isHere =
    stored !== undefined &&
    chatKey(chatOf(stored.event)) === chatKey(chat) &&
    stored.event.message_seq >= world.log(chat).first_seq
  return isHere ? String(id.data) : missing('REPLY_NOT_FOUND', `message ${id.data} to reply to is not in this chat`)
}

/** What the sender chose, or else what chance gives. */
function draw(segment: Segment, from: number, to: number, random: () => number): number {
  if (Object.hasOwn(segment.data, 'value')) return readNumber(segment, 'value', from, to)
  return from + Math.floor(random() * (to - from + 1))
}

function readNumber({ type, data }: Segment, name: string, from: number, to: number): number {
  const value = integer.safeParse(data[name])
  if (value.success && value.data >= from && value.data <= to) return value.data
  const range = to === Number.MAX_SAFE_INTEGER ? `from ${from} on` : `from ${from} to ${to}`
  return badSegment(type, `takes an integer ${range} as its ${name}`)
}

function textOf(data: Segment['data'], name: string): string {
  const value = Object.hasOwn(data, name) ? data[name] : undefined
  return typeof value === 'string' ? value : ''
}

function pick(data: Segment['data'], names: readonly string[]): Segment['data'] {
  return Object.fromEntries(names.filter((name) => Object.hasOwn(data, name)).map((name) => [name, data[name]!]))
}

function badSegment(type: string, problem: string): never {
  throw new ActionFailure('bad-params', `message: a segment of type ${type} ${problem}`)
}
