import { storedMessage } from '@seekyou/actions'
import type { ActionCall, ForwardNode } from '@seekyou/actions'
import type { Segment } from '@seekyou/message'
import { ActionFailure, chatOf, isFileLocation, messageId } from '@seekyou/protocol'
import type { Chat, MessageId } from '@seekyou/protocol'
import type { Reach } from './permissions.ts'
import type { ToldIndex, ToldKind } from './told-index.ts'

/** Something that a call reaches: it is in each of these chats; in none where nobody here knows of one. */
export interface Reached {
  /** What it is, for a sentence: `the message 7`. */
  readonly what: string
  readonly chats: readonly Chat[]
}

/** No message quotes as much as this, and each takes a look at the store. */
const MOST_REFERENCES = 1000

/** Finds the chats that a call reaches. `params` are as the schema of its action reads them. @throws ActionFailure */
export async function chatsReached(
  reaches: readonly Reach[],
  params: unknown,
  { call, told }: { readonly call: ActionCall; readonly told: ToldIndex },
): Promise<readonly Reached[]> {
  const given = params as Readonly<Record<string, unknown>>
  return (await Promise.all(reaches.map(async (reach) => find(reach)))).flat()

  async function find(reach: Reach): Promise<readonly Reached[]> {
    switch (reach) {
      case 'group_id':
        return [chatNamed({ type: 'group', group_id: given['group_id'] } as Chat)]
      case 'user_id':
        return [chatNamed({ type: 'private', user_id: given['user_id'] } as Chat)]
      case 'discuss_id':
        return [chatNamed({ type: 'discuss', discuss_id: given['discuss_id'] } as Chat)]
      case 'message_id': {
        const { event } = await storedMessage(given['message_id'] as MessageId, call)
        return [{ what: `the message ${event.message_id}`, chats: [chatOf(event)] }]
      }
      case 'flag':
        return [await findTold('flag', given['flag'])]
      case 'file':
        return findFile(given['file'] ?? given['file_id'] ?? given['image'])
      case 'upload':
        return isPath(given['file']) ? [] : findFile(given['file'])
      case 'bundle':
        return [await findBundle(given['id'])]
      case 'content':
        return findReferences(given['message'] as readonly Segment[])
      case 'nodes':
        return findInNodes(given['messages'] as readonly ForwardNode[])
      case 'everything':
        return [{ what: 'more than one chat', chats: [] }]
    }
  }

  async function findTold(kind: ToldKind, name: unknown): Promise<Reached> {
    const text = nameIn(name)
    const what = `the ${kind === 'flag' ? 'request' : kind} ${JSON.stringify(text.slice(0, 60))}`
    return { what, chats: await told.chats(kind, text) }
  }

  async function findFile(name: unknown): Promise<readonly Reached[]> {
    // What is named by where it is, is not of a chat; which places may be read, the operator says.
    if (typeof name !== 'string' || name === '' || isFileLocation(name)) return []
    const key = /^([0-9a-f]{64})(?:\.\w+)?$/.exec(name)?.[1]
    return [await findTold('file', key ?? name)]
  }

  /** By the id of a message that holds it, as `get_forward_msg` finds it, else by its own. */
  async function findBundle(named: unknown): Promise<Reached> {
    const id = nameIn(named)
    const read = messageId.safeParse(id)
    const stored = read.success ? await call.messages.get(read.data) : undefined
    const isHeld = stored?.event.message.some(({ type }) => type === 'forward')
    return isHeld ? { what: `the message ${id}`, chats: [chatOf(stored!.event)] } : findTold('bundle', id)
  }

  async function findMessage(id: unknown): Promise<Reached> {
    const what = `the message ${JSON.stringify(nameIn(id).slice(0, 30))} that it refers to`
    const read = messageId.safeParse(id)
    if (!read.success) return { what, chats: [] }
    try {
      return { what, chats: [chatOf((await storedMessage(read.data, call)).event)] }
    } catch (error) {
      if (error instanceof ActionFailure) return { what, chats: [] }
      throw error
    }
  }

  async function findReferences(segments: readonly Segment[]): Promise<readonly Reached[]> {
    const found: Reached[] = []
    for (const { type, data } of segments) {
      const { id, content } = data
      if ((type === 'reply' || type === 'node') && id !== undefined && id !== '') found.push(await findMessage(id))
      if (type === 'forward') found.push(await findBundle(id))
      for (const name of [data['file'], data['file_id'], data['path'], data['cover']])
        found.push(...(await findFile(name)))
      if (typeof content === 'object') found.push(...(await findReferences(content)))
      refuseMany(found)
    }
    return found
  }

  async function findInNodes(nodes: readonly ForwardNode[]): Promise<readonly Reached[]> {
    const found: Reached[] = []
    for (const node of nodes) {
      if (node.type === 'by-id') found.push(await findMessage(node.message_id))
      else found.push(...(await (node.type === 'nested' ? findInNodes(node.nodes) : findReferences(node.content))))
      refuseMany(found)
    }
    return found
  }
}

/** A path of this machine, which file sources judge; `/f1` is how networks number files. */
function isPath(file: unknown): boolean {
  return typeof file === 'string' && /^(?:[a-z]:[\\/]|[\\/][^\\/]+[\\/])/i.test(file)
}

/** What a client calls something; what is no name is the name of nothing. */
function nameIn(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}

function chatNamed(chat: Chat): Reached {
  return { what: nameOf(chat), chats: [chat] }
}

/** A chat as a sentence names it. */
function nameOf(chat: Chat): string {
  switch (chat.type) {
    case 'group':
      return `the group ${chat.group_id}`
    case 'private':
      return `the private chat with ${chat.user_id}`
    case 'discuss':
      return `the discuss group ${chat.discuss_id}`
  }
}

function refuseMany({ length }: readonly Reached[]): void {
  if (length <= MOST_REFERENCES) return
  throw new ActionFailure('bad-params', `a message refers to ${MOST_REFERENCES} files and messages at most`)
}
