import { createHash } from 'node:crypto'
import type { ForwardNode } from '@seekyou/actions'
import type { Segment } from '@seekyou/message'
import { chatOf } from '@seekyou/protocol'
import type { MessageId } from '@seekyou/protocol'
import { readContent } from './content.ts'
import type { Content, Surroundings } from './content.ts'
import type { Document, Forward } from './document.ts'
import { missing, refuse } from './rule.ts'
import { forwardSegment } from './forward.ts'
import { isInLog } from './world.ts'

/** Reads a bundle as one message: messages that are there are looked up, made-up ones read as if they were said here. */
export async function readBundle(nodes: readonly ForwardNode[], around: Surroundings): Promise<Content> {
  const read = await readNodes(nodes, around)
  // Whoever sends the same once more sends the same bundle.
  const forward_id = createHash('md5').update(JSON.stringify(read.segments)).digest('hex')
  const forward: Forward = { kind: 'forward', forward_id, nodes: read.segments }
  return { segments: [forwardSegment(forward)], documents: [...read.documents, forward] }
}

async function readNodes(nodes: readonly ForwardNode[], around: Surroundings): Promise<Content> {
  const segments: Segment[] = []
  const documents: Document[] = []
  for (const node of nodes) {
    if (node.type === 'by-id') {
      segments.push(await quote(node.message_id, around))
      continue
    }
    const said = node.type === 'nested' ? await readNodes(node.nodes, around) : await readContent(node.content, around)
    const { user_id, nickname, time = around.now } = node
    segments.push(nodeSegment({ user_id: String(user_id), nickname, time: String(time) }, said.segments))
    documents.push(...said.documents)
  }
  return { segments, documents }
}

/** A message of this world as a node; what it quoted is not there, so the quotation stays behind. */
async function quote(id: MessageId, { world, host }: Surroundings): Promise<Segment> {
  const stored = await host.messages.get(id)
  if (!stored || stored.recalled || !isInLog(world.log(chatOf(stored.event)), stored.event.message_seq)) {
    return missing('MESSAGE_NOT_FOUND', `there is no message ${id} in this network to put into a bundle`)
  }
  const { event } = stored
  const message = event.message.filter(({ type }) => type !== 'reply')
  if (message.length === 0)
    return refuse('EMPTY_NODE', `message ${id} is but a quotation: nothing of it can be forwarded`)
  const { sender, time } = event
  const author = { user_id: String(sender.user_id), nickname: sender.card || sender.nickname, time: String(time) }
  const origin = event.message_type === 'group' ? { group_id: String(event.group_id) } : {}
  return nodeSegment({ ...author, ...origin }, message)
}

function nodeSegment(author: Readonly<Record<string, string>>, content: readonly Segment[]): Segment {
  return { type: 'node', data: { ...author, content } }
}
