import type { BackendActions } from '@seekyou/actions'
import { leaveDiscuss } from '../discuss.ts'
import { allowMasks, rename, setGroupRemark, setPortrait, sign } from '../group-profile.ts'
import { kick, leave } from '../membership.ts'
import { ban, banAll, banMask } from '../moderation.ts'
import type { Network } from '../network.ts'
import { postNotice, removeNotice } from '../notice-board.ts'
import { setAdmin, setCard, setTitle } from '../standing.ts'

/** What the bot does to groups and to those in them. */
export function createGroupManagementActions(running: () => Network) {
  /** Does something as the bot that answers nothing. */
  async function done(operate: (network: Network, bot: Network['world']['bot']) => Promise<void>): Promise<null> {
    const network = running()
    await operate(network, network.world.bot)
    return null
  }

  return {
    set_group_kick: ({ group_id, user_id, reject_add_request }) =>
      done((network, bot) => kick(network, group_id, bot, user_id, reject_add_request)),

    set_group_ban: ({ group_id, user_id, duration }) =>
      done((network, bot) => ban(network, group_id, bot, user_id, duration)),

    set_group_anonymous_ban: ({ group_id, flag, duration }) =>
      done((network, bot) => banMask(network, group_id, bot, flag, duration)),

    set_group_whole_ban: ({ group_id, enable }) => done((network, bot) => banAll(network, group_id, bot, enable)),

    set_group_admin: ({ group_id, user_id, enable }) =>
      done((network, bot) => setAdmin(network, group_id, bot, user_id, enable)),

    set_group_anonymous: ({ group_id, enable }) => done((network, bot) => allowMasks(network, group_id, bot, enable)),

    set_group_card: ({ group_id, user_id, card }) =>
      done((network, bot) => setCard(network, group_id, bot, user_id, card)),

    set_group_name: ({ group_id, group_name }) => done((network, bot) => rename(network, group_id, bot, group_name)),

    set_group_portrait: ({ group_id, file }) => done((network, bot) => setPortrait(network, group_id, bot, file)),

    set_group_special_title: ({ group_id, user_id, special_title, duration }) =>
      done((network, bot) => setTitle(network, group_id, bot, user_id, special_title, duration)),

    set_group_remark: ({ group_id, remark }) => done((network) => setGroupRemark(network, group_id, remark)),

    set_group_leave: ({ group_id, is_dismiss }) => done((network, bot) => leave(network, group_id, bot, is_dismiss)),

    set_discuss_leave: ({ discuss_id }) => done((network, bot) => leaveDiscuss(network, discuss_id, bot)),

    async _send_group_notice({ group_id, content, title, image }) {
      const network = running()
      const text = title === '' ? content : `${title}\n${content}`
      const { notice_id } = await postNotice(network, group_id, network.world.bot, text, image)
      return { notice_id }
    },

    _del_group_notice: ({ group_id, notice_id }) =>
      done((network, bot) => removeNotice(network, group_id, bot, notice_id)),

    send_group_sign: ({ group_id }) => done((network, bot) => sign(network, group_id, bot)),

    group_poke: ({ group_id, user_id }) =>
      done((network, bot) => network.poke(bot, user_id, { type: 'group', group_id })),
  } satisfies BackendActions
}
