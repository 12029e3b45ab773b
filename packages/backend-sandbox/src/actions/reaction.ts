import type { BackendActions } from '@seekyou/actions'
import { chatOf } from '@seekyou/protocol'
import { setEssence } from '../essence.ts'
import type { Network } from '../network.ts'
import { setReaction, whoReacted } from '../reaction.ts'
import { markAllRead, markRead } from '../read-mark.ts'
import { checkHearing, findMember, findUser } from '../rule.ts'

/** What the bot makes of messages: essence messages, faces under them, and that they were read. */
export function createReactionActions(running: () => Network) {
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

    async set_msg_emoji_like({ message_id, emoji_id, set }) {
      const network = running()
      await setReaction(network, network.world.bot, message_id, emoji_id, set)
      return null
    },

    async mark_msg_as_read({ message_id }) {
      const network = running()
      const { event } = await network.message(message_id)
      checkHearing(network.world, network.world.bot, event)
      await markRead(network, chatOf(event), event.message_seq)
      return null
    },

    async mark_private_msg_as_read({ user_id }) {
      const network = running()
      findUser(network.world, user_id)
      await markRead(network, { type: 'private', user_id })
      return null
    },

    async mark_group_msg_as_read({ group_id }) {
      const network = running()
      findMember(network.world, group_id, network.world.bot)
      await markRead(network, { type: 'group', group_id })
      return null
    },

    async _mark_all_as_read() {
      await markAllRead(running())
      return null
    },

    async fetch_emoji_like({ message_id, emojiId, count, cookie }) {
      const network = running()
      checkHearing(network.world, network.world.bot, (await network.message(message_id)).event)
      const from = /^\d{1,9}$/.test(cookie) ? Number(cookie) : 0
      const all = whoReacted(network.world, message_id, emojiId)
      const page = all.slice(from, from + count)
      const isLastPage = from + count >= all.length
      return {
        emojiLikesList: page.map((id) => ({
          tinyId: String(id),
          nickName: network.world.user(id)?.nickname ?? '',
          headUrl: '',
        })),
        cookie: isLastPage ? '' : String(from + count),
        isFirstPage: from === 0,
        isLastPage,
      }
    },
  } satisfies BackendActions
}
