import type { BackendActions } from '@seekyou/actions'
import { setEssence } from '../essence.ts'
import type { Network } from '../network.ts'
import { findMember } from '../rule.ts'

/** Essence messages, as the bot chooses and sees them. */
export function createEssenceActions(running: () => Network) {
  return {
    async set_essence_msg({ message_id }) {
      const network = running()
      await setEssence(network, network.world.bot, message_id, true)
      return null
    },

    async delete_essence_msg({ message_id }) {
      const network = running()
      await setEssence(network, network.world.bot, message_id, false)
      return null
    },

    async get_essence_msg_list({ group_id }) {
      const { world } = running()
      findMember(world, group_id, world.bot)
      return world
        .list('essence', group_id)
        .map(({ kind: _kind, group_id: _group, ...essence }) => ({
          ...essence,
          operator_nick: world.user(essence.operator_id)?.nickname ?? '',
        }))
        .toReversed()
    },
  } satisfies BackendActions
}
