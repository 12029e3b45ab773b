import { isSegment } from '@seekyou/message'
import type { Segment } from '@seekyou/message'
import { ActionFailure, groupId, messageId, once, text, userId } from '@seekyou/protocol'
import * as z from 'zod'
import { defineAction } from '../action.ts'
import type { ActionCall } from '../action.ts'
import { nodeSegments, withNodes, withoutBundle } from '../forward-node.ts'
import { onlyExtended, onlyGoCqhttp, sinceOneBot11 } from '../generation.ts'
import { repeatable as key } from '../idempotency-key.ts'
import { content, renderedMessage, sent, sentForward } from '../result.ts'
import { storedMessage } from '../stored-message.ts'
import { anyTarget, targetType } from '../target.ts'

const personOrGroup = () => {
  const { discuss_id: _, ...rest } = anyTarget()
  return rest
}
const plural = { message: 'messages' }
const example = {
  params: {
    messages: [
      { type: 'node', data: { id: '7' } },
      { type: 'node', data: { user_id: '10001', nickname: '小明', content: '你好' } },
    ],
  },
  data: { message_id: 8, forward_id: 'f8' },
}

const nestedMessages = 'text or segments in the format of the link; of a bundle inside the bundle, a list like this one'

/** A message of a bundle, as go-cqhttp tells it; `time` in seconds since 1970. */
const forwardedMessage = once(() =>
  z.object({
    sender: z.object({ user_id: z.int(), nickname: z.string() }),
    time: z.int(),
    group_id: groupId.optional(),
    get content() {
      return z.union([renderedMessage, z.array(forwardedMessage())]).describe(nestedMessages)
    },
  }),
)

/** The same message as the node that OneBot 11 tells, under the names of both. */
const forwardedNode = once(() =>
  z.object({
    type: z.literal('node'),
    data: z.object({
      user_id: z.string(),
      nickname: z.string(),
      uin: z.string(),
      name: z.string(),
      time: z.string(),
      get content() {
        return z.union([renderedMessage, z.array(forwardedNode())]).describe(nestedMessages)
      },
    }),
  }),
)

type ForwardedMessage = z.output<ReturnType<typeof forwardedMessage>>
type ForwardedNode = z.output<ReturnType<typeof forwardedNode>>

/** The nodes of the bundle that `id` names: what the store keeps of it, or the id that the network knows it by. */
async function keptBundle(id: string, { messages }: ActionCall): Promise<readonly Segment[] | string> {
  const read = messageId.safeParse(id)
  const stored = read.success ? await messages.get(read.data) : undefined
  const forward = stored?.event.message.find((segment) => isSegment(segment, 'forward'))
  if (!forward) return id
  const { content: nodes, id: networkId } = forward.data
  return typeof nodes === 'object' ? nodes : (networkId ?? id)
}

/** A bundle in the words of both documents. */
function tellBundle(nodes: readonly Segment[], call: ActionCall) {
  const messages: ForwardedMessage[] = []
  const message: ForwardedNode[] = []
  for (const { data } of nodes) {
    const said = typeof data['content'] === 'object' ? data['content'] : []
    const inside = nodesIn(said)
    const told = inside ? tellBundle(inside, call) : undefined
    const rendered = told ? '' : call.render(said)
    const { user_id, nickname, time, group_id } = authorOf(data)
    const group = groupId.safeParse(group_id)
    messages.push({
      sender: { user_id: Number(user_id), nickname },
      time: Number(time),
      ...(group.success && { group_id: group.data }),
      content: told?.messages ?? rendered,
    })
    message.push({
      type: 'node',
      data: { user_id, nickname, uin: user_id, name: nickname, time, content: told?.message ?? rendered },
    })
  }
  return { messages, message }
}

/** Who said what a node holds, and when; 0 for what the network does not tell. */
function authorOf(data: Segment['data']) {
  const read = (name: string, absent: string): string => (typeof data[name] === 'string' ? data[name] : absent)
  return {
    user_id: read('user_id', '0'),
    nickname: read('nickname', ''),
    time: read('time', '0'),
    group_id: read('group_id', ''),
  }
}

/** The nodes of a message that is a bundle itself: nodes, or one forward whose content is kept. */
function nodesIn(message: readonly Segment[]): readonly Segment[] | undefined {
  const [first] = message
  if (first?.type === 'node') return message
  const inner = first?.type === 'forward' ? first.data['content'] : undefined
  return typeof inner === 'object' ? inner : undefined
}

/** What is said again elsewhere: a quotation stays behind, since what it quotes is not there. */
async function repeatable(id: z.output<typeof messageId>, call: ActionCall): Promise<readonly Segment[]> {
  const { event } = await storedMessage(id, call)
  return event.message.filter(({ type }) => type !== 'reply').map(withoutBundle)
}

/** Bundles of messages, and single messages said again elsewhere. */
export const forwardActions = {
  send_group_forward_msg: defineAction({
    summary: 'Sends a bundle of messages to a group.',
    params: () => withNodes({ group_id: groupId }),
    aliases: plural,
    data: sentForward,
    generations: onlyGoCqhttp,
    example: { ...example, params: { group_id: 20001, ...example.params } },
  }),

  send_private_forward_msg: defineAction({
    summary: 'Sends a bundle of messages to a person.',
    params: () => withNodes({ user_id: userId }),
    aliases: plural,
    data: sentForward,
    generations: onlyGoCqhttp,
    example: { ...example, params: { user_id: 10001, ...example.params } },
  }),

  send_forward_msg: defineAction({
    summary: 'Sends a bundle of messages to whoever `message_type` or the id given says.',
    params: () => withNodes(personOrGroup()),
    aliases: plural,
    data: sentForward,
    generations: onlyGoCqhttp,
    example: { ...example, params: { message_type: 'group', group_id: 20001, ...example.params } },
    run({ messages: nodes, ...target }, call) {
      const { user_id, group_id, message_type } = target
      const messages = nodeSegments(nodes)
      // Discuss groups knew no bundles: such a type says as little as any other that cannot be sent to.
      switch (targetType(message_type === 'discuss' ? { user_id, group_id } : target, call.dialect)) {
        case 'private':
          return call.call('send_private_forward_msg', { user_id, messages })
        case 'group':
          return call.call('send_group_forward_msg', { group_id, messages })
        case 'discuss':
        case undefined:
          throw new ActionFailure('bad-params', 'send_forward_msg needs someone to send to: user_id or group_id')
      }
    },
    needs: ['send_private_forward_msg', 'send_group_forward_msg'],
  }),

  get_forward_msg: defineAction({
    summary: 'Tells what is in a bundle of messages.',
    params: () =>
      z.object({ id: text.describe('the `id` of the forward segment, or the id of the message that holds it') }),
    aliases: { message_id: 'id', forward_id: 'id' },
    data: () =>
      z.object({
        messages: z.array(forwardedMessage().register(z.globalRegistry, { id: 'ForwardedMessage' })),
        message: z.array(forwardedNode().register(z.globalRegistry, { id: 'ForwardedNode' })),
      }),
    source: () => content.describe('the nodes of the bundle as segments: user_id, nickname, time, content'),
    generations: sinceOneBot11,
    example: {
      params: { id: 'f8' },
      data: {
        messages: [{ sender: { user_id: 10001, nickname: '小明' }, time: 1_700_000_000, content: '你好' }],
        message: [
          {
            type: 'node',
            data: {
              user_id: '10001',
              nickname: '小明',
              uin: '10001',
              name: '小明',
              time: '1700000000',
              content: '你好',
            },
          },
        ],
      },
    },
    async run({ id }, call, ask) {
      const kept = await keptBundle(id, call)
      if (typeof kept === 'object') return tellBundle(kept, call)
      if (call.backend.actions['get_forward_msg']) return tellBundle(await ask({ id: kept }), call)
      throw new ActionFailure('no-data', `there is no bundle ${JSON.stringify(id)} in the memory of this account`, {
        code: 'MESSAGE_NOT_FOUND',
      })
    },
  }),

  forward_group_single_msg: defineAction({
    summary: 'Says a message again in a group.',
    params: () => z.object({ group_id: groupId, message_id: messageId, ...key() }),
    data: sent,
    generations: onlyExtended,
    example: { params: { group_id: 20001, message_id: 7 }, data: { message_id: 8 } },
    run: async ({ group_id, message_id }, call) =>
      call.call('send_group_msg', { group_id, message: await repeatable(message_id, call) }),
    needs: ['send_group_msg'],
  }),

  forward_friend_single_msg: defineAction({
    summary: 'Says a message again to a person.',
    params: () => z.object({ user_id: userId, message_id: messageId, ...key() }),
    data: sent,
    generations: onlyExtended,
    example: { params: { user_id: 10001, message_id: 7 }, data: { message_id: 8 } },
    run: async ({ user_id, message_id }, call) =>
      call.call('send_private_msg', { user_id, message: await repeatable(message_id, call) }),
    needs: ['send_private_msg'],
  }),
}
