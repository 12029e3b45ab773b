import type { BackendActions, ForwardNode } from '@seekyou/actions'
import type { Chat } from '@seekyou/protocol'
import { findForward } from '../forward.ts'
import { textOf } from '../segment-param.ts'
import type { Network } from '../network.ts'

/** Bundles of messages, as the bot sends and reads them. */
export function createForwardActions(running: () => Network) {
  async function send(chat: Chat, nodes: readonly ForwardNode[]) {
    const network = running()
    const { message_id, message } = await network.sayBundle(network.world.bot, chat, nodes)
    return { message_id, forward_id: textOf(message[0]!.data, 'id') }
  }

  return {
    send_group_forward_msg: ({ group_id, messages }) => send({ type: 'group', group_id }, messages),

    send_private_forward_msg: ({ user_id, messages }) => send({ type: 'private', user_id }, messages),

    get_forward_msg: async ({ id }) => findForward(running().world, id).nodes,
  } satisfies BackendActions
}
