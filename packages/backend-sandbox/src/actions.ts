import type { BackendActions } from '@seekyou/actions'
import { messageId } from '@seekyou/protocol'
import type { MessageEvent } from '@seekyou/protocol'
import { createContactActions } from './actions/contact.ts'
import { createForwardActions } from './actions/forward.ts'
import { createGroupFileActions } from './actions/group-file.ts'
import { createReactionActions } from './actions/reaction.ts'
import { createGroupManagementActions } from './actions/group-management.ts'
import { createGroupActions } from './actions/group.ts'
import { createGuildActions } from './actions/guild.ts'
import { createRequestActions } from './actions/request.ts'
import type { Network } from './network.ts'

/** What the bot can do on the network. `running` gives the network, or fails while there is none. */
export function createActions(running: () => Network) {
  return {
    async send_private_msg({ user_id, group_id, message }) {
      const network = running()
      const { bot } = network.world
      const said = await network.say(bot, { type: 'private', user_id }, message, { through: group_id })
      return sent(said)
    },

    async send_group_msg({ group_id, message }) {
      const network = running()
      const said = await network.say(network.world.bot, { type: 'group', group_id }, message)
      return sent(said)
    },

    async send_discuss_msg({ discuss_id, message }) {
      const network = running()
      const said = await network.say(network.world.bot, { type: 'discuss', discuss_id }, message)
      return sent(said)
    },

    async delete_msg({ message_id }) {
      const network = running()
      await network.recall(network.world.bot, message_id)
      return null
    },

    can_send_image: async () => ({ yes: true }),

    can_send_record: async () => ({ yes: true }),

    ...createContactActions(running),
    ...createGroupActions(running),
    ...createGroupManagementActions(running),
    ...createRequestActions(running),
    ...createReactionActions(running),
    ...createForwardActions(running),
    ...createGroupFileActions(running),
    ...createGuildActions(running),
  } satisfies BackendActions
}

/** What a send answers: the last message it made, or 0 where it made none. */
function sent(message: MessageEvent | undefined) {
  return { message_id: message?.message_id ?? messageId.parse(0) }
}
