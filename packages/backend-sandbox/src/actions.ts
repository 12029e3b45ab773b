import type { BackendActions } from '@seekyou/actions'
import { createContactActions } from './actions/contact.ts'
import { createEssenceActions } from './actions/essence.ts'
import { createGroupManagementActions } from './actions/group-management.ts'
import { createGroupActions } from './actions/group.ts'
import { createRequestActions } from './actions/request.ts'
import type { Network } from './network.ts'

/** What the bot can do on the network. `running` gives the network, or fails while there is none. */
export function createActions(running: () => Network) {
  return {
    async send_private_msg({ user_id, group_id, message }) {
      const network = running()
      const { bot } = network.world
      const { message_id } = await network.say(bot, { type: 'private', user_id }, message, { through: group_id })
      return { message_id }
    },

    async send_group_msg({ group_id, message }) {
      const network = running()
      const { message_id } = await network.say(network.world.bot, { type: 'group', group_id }, message)
      return { message_id }
    },

    async send_discuss_msg({ discuss_id, message }) {
      const network = running()
      const { message_id } = await network.say(network.world.bot, { type: 'discuss', discuss_id }, message)
      return { message_id }
    },

    async delete_msg({ message_id }) {
      const network = running()
      await network.recall(network.world.bot, message_id)
      return null
    },

    can_send_image: async () => ({ yes: true }),

    can_send_record: async () => ({ yes: false }),

    ...createContactActions(running),
    ...createGroupActions(running),
    ...createGroupManagementActions(running),
    ...createRequestActions(running),
    ...createEssenceActions(running),
  } satisfies BackendActions
}
