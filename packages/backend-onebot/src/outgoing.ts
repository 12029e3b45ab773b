import type { ForwardNode } from '@seekyou/actions'
import { mergeText, summarize } from '@seekyou/message'
import type { Segment } from '@seekyou/message'
import { BackendRefused, messageId, quotation } from '@seekyou/protocol'
import type { MessageId, MessageStore } from '@seekyou/protocol'
import type { BridgeMedia } from './media.ts'
import type { Profile } from './profile.ts'

/** A message on its way out: what the upstream is given, what is remembered of it, and who is poked besides. */
export interface OutgoingMessage {
  readonly upstream: readonly Segment[]
  readonly told: readonly Segment[]
  readonly pokes: readonly string[]
}

/** What a message can refer to on its way out. */
export interface OutgoingContext {
  readonly profile: Profile
  readonly unsupported: 'refuse' | 'text' | 'drop'
  readonly media: BridgeMedia
  readonly messages: Pick<MessageStore, 'get'>
  /** The upstream's id of a message that is to be quoted; `undefined` where it knows no such message in this chat. */
  readonly quoted: (id: MessageId) => Promise<string | undefined>
  /** The upstream's id of a bundle. */
  readonly bundle: (id: string) => Promise<string>
}

const fileTypes: ReadonlySet<string> = new Set(['image', 'record', 'video', 'file', 'cardimage'])

/** Makes a message what the upstream can send; nothing of it is dropped unless the operator wants that. @throws ActionFailure */
export async function prepareMessage(message: readonly Segment[], context: OutgoingContext): Promise<OutgoingMessage> {
  const upstream: Segment[] = []
  const told: Segment[] = []
  const pokes: string[] = []
  for (const segment of message) {
    if (segment.type === 'poke' && textIn(segment, 'qq') !== '') {
      pokes.push(textIn(segment, 'qq'))
      continue
    }
    const prepared = await prepareSegment(segment, context)
    upstream.push(...prepared.upstream)
    told.push(...prepared.told)
  }
  if (context.unsupported === 'drop' && message.length > 0 && upstream.length === 0 && pokes.length === 0) {
    throw new BackendRefused('nothing is left of the message, since the upstream can send none of its parts', {
      code: 'EMPTY_MESSAGE',
    })
  }
  return { upstream: mergeText(upstream), told: mergeText(told), pokes }
}

/**
 * Makes a bundle what the upstream can send. Messages that it refers to are written out, since the upstream may have
 * forgotten them. @throws ActionFailure
 */
export async function prepareBundle(
  nodes: readonly ForwardNode[],
  context: OutgoingContext,
): Promise<{ readonly upstream: readonly object[]; readonly told: readonly Segment[] }> {
  const upstream: object[] = []
  const told: Segment[] = []
  for (const node of nodes) {
    const { author, content } = await readNode(node, context)
    const inner =
      node.type === 'nested' ? await prepareBundle(node.nodes, context) : await prepareMessage(content, context)
    const { user_id, nickname, time } = author
    const names = { user_id: String(user_id), nickname, ...(time !== undefined && { time: String(time) }) }
    upstream.push({ type: 'node', data: { ...names, uin: names.user_id, name: nickname, content: inner.upstream } })
    told.push({ type: 'node', data: { ...names, content: inner.told } })
  }
  return { upstream, told }
}

async function readNode(node: ForwardNode, { messages }: OutgoingContext) {
  if (node.type === 'nested') return { author: node, content: [] }
  if (node.type === 'custom') return { author: node, content: node.content }
  const stored = await messages.get(node.message_id)
  if (!stored) {
    throw new BackendRefused(`there is no message ${node.message_id} in the memory of this account`, {
      kind: 'no-data',
      code: 'MESSAGE_NOT_FOUND',
    })
  }
  const { sender, time, message } = stored.event
  // A quotation stays behind, since what it quotes is not there.
  const content = message.filter(({ type }) => type !== 'reply')
  return { author: { user_id: sender.user_id, nickname: sender.card || sender.nickname, time }, content }
}

type Prepared = Pick<OutgoingMessage, 'upstream' | 'told'>

async function prepareSegment(segment: Segment, context: OutgoingContext): Promise<Prepared> {
  const { type, data } = segment
  const row = Object.hasOwn(context.profile.outgoing, type) ? context.profile.outgoing[type] : undefined
  if (row && 'unsupported' in row && (row.when?.(segment) ?? true)) return replace(segment, row.unsupported, context)
  const sent = row && 'become' in row ? row.become(segment) : segment
  if (type === 'node') {
    return refuse(segment, 'bundles are sent by send_group_forward_msg and send_private_forward_msg')
  }
  if (type === 'reply' && textIn(segment, 'id') !== '') return quote(segment, context)
  if (type === 'forward') {
    const id = await context.bundle(textIn(segment, 'id'))
    return { upstream: [{ type, data: { ...sent.data, id } }], told: [segment] }
  }
  if (!fileTypes.has(type)) return { upstream: [sent], told: [segment] }

  const { upstream, name, url } = await context.media.outgoing(textIn(segment, 'file'), { url: textIn(segment, 'url') })
  const cover = textIn(segment, 'cover')
  const covered = cover === '' ? {} : { cover: (await context.media.outgoing(cover)).upstream }
  const { url: _, cache: _cache, proxy: _proxy, timeout: _timeout, ...rest } = sent.data
  return {
    upstream: [{ type: sent.type, data: { ...rest, ...covered, file: upstream } }],
    told: [{ type, data: { ...data, file: name, ...(url !== '' && { url }), ...(cover !== '' && { cover }) } }],
  }
}

async function quote(segment: Segment, context: OutgoingContext): Promise<Prepared> {
  const id = messageId.safeParse(segment.data['id'])
  const native = id.success ? await context.quoted(id.data) : undefined
  if (id.success && native !== undefined) {
    const stored = await context.messages.get(id.data)
    const told = stored ? quotation(stored.event) : segment
    return { upstream: [{ type: 'reply', data: { ...segment.data, id: native } }], told: [told] }
  }
  const wording = `message ${textIn(segment, 'id')} to reply to is not known to the upstream in this chat`
  if (context.unsupported !== 'refuse') return { upstream: [], told: [] }
  throw new BackendRefused(wording, { kind: 'no-data', code: 'REPLY_NOT_FOUND' })
}

/** What the upstream cannot send becomes text, if the operator wants that, or ends the call. */
function replace(segment: Segment, why: string, { unsupported }: OutgoingContext): Prepared {
  if (unsupported === 'refuse') return refuse(segment, why)
  if (unsupported === 'drop') return { upstream: [], told: [] }
  const text = inWords(segment)
  const replaced = text === '' ? [] : [{ type: 'text', data: { text } }]
  return { upstream: replaced, told: replaced }
}

function refuse({ type }: Segment, why: string): never {
  throw new BackendRefused(`the upstream cannot send ${type} segments: ${why}`, { code: 'UNSUPPORTED_SEGMENT' })
}

/** All that a segment says, for who can only read. */
function inWords(segment: Segment): string {
  const pick = (...names: readonly string[]) => names.map((name) => textIn(segment, name)).filter((text) => text !== '')
  switch (segment.type) {
    case 'share':
      return pick('title', 'content', 'url').join('\n')
    case 'music':
      return ['[音乐]', ...pick('title', 'content', 'url', 'audio', 'id')].join(' ')
    case 'location':
      return ['[位置]', ...pick('title', 'content', 'lat', 'lon')].join(' ')
    case 'contact':
      return ['[名片]', ...pick('type', 'id')].join(' ')
    case 'tts':
      return textIn(segment, 'text')
    case 'reply':
      return `「${pick('text').join('')}」\n`
    case 'anonymous':
      return ''
    default:
      return summarize([segment])
  }
}

function textIn({ data }: Segment, name: string): string {
  const value = data[name]
  return typeof value === 'string' ? value : ''
}
