import type { BackendActions, DataOf } from '@seekyou/actions'
import type { Network } from './network.ts'
import { findGroup, findMember, findUser, outranks } from './rule.ts'
import type { Group, Member } from './document.ts'

/** What the bot can do on the network. `running` gives the network, or fails while there is none. */
export function createActions(running: () => Network) {
  return {
    async send_private_msg({ user_id, group_id, message }) {
      const network = running()
      const { message_id } = await network.say(network.world.bot, { type: 'private', user_id }, message, group_id)
      return { message_id }
    },

    async send_group_msg({ group_id, message }) {
      const network = running()
      const { message_id } = await network.say(network.world.bot, { type: 'group', group_id }, message)
      return { message_id }
    },

    async delete_msg({ message_id }) {
      const network = running()
      await network.recall(network.world.bot, message_id)
      return null
    },

    can_send_image: async () => ({ yes: true }),

    can_send_record: async () => ({ yes: false }),

    async get_login_info() {
      const { world } = running()
      const { user_id, nickname } = findUser(world, world.bot)
      return { user_id, nickname }
    },

    async get_stranger_info({ user_id }) {
      const { nickname, sex, age, qid, sign, level, login_days } = findUser(running().world, user_id)
      return { user_id, nickname, sex, age, qid, sign, level, login_days }
    },

    async get_friend_list() {
      const { world } = running()
      return world
        .friendships()
        .filter(({ direction }) => direction === 'two-way')
        .map(({ user_id, remark }) => ({ user_id, nickname: findUser(world, user_id).nickname, remark }))
    },

    async get_group_list() {
      const network = running()
      const { world } = network
      return world
        .groups()
        .filter(({ group_id }) => world.members(group_id).has(world.bot))
        .map((group) => groupInfo(network, group))
    },

    async get_group_info({ group_id }) {
      const network = running()
      return groupInfo(network, findGroup(network.world, group_id))
    },

    async get_group_member_list({ group_id }) {
      const network = running()
      findMember(network.world, group_id, network.world.bot)
      return network.world.memberList(group_id).map((member) => memberInfo(network, member))
    },

    async get_group_member_info({ group_id, user_id }) {
      const network = running()
      findMember(network.world, group_id, network.world.bot)
      return memberInfo(network, findMember(network.world, group_id, user_id))
    },
  } satisfies BackendActions
}

function groupInfo({ world }: Network, group: Group): DataOf<'get_group_info'> {
  const { group_id, group_name, group_memo, group_create_time, group_level, max_member_count } = group
  const member_count = world.members(group_id).size
  return { group_id, group_name, group_memo, group_create_time, group_level, member_count, max_member_count }
}

function memberInfo(network: Network, member: Member): DataOf<'get_group_member_info'> {
  const { world } = network
  const { group_id, user_id, role, card, title, level, join_time, last_sent_time, mute_until } = member
  const { nickname, sex, age, area } = findUser(world, user_id)
  return {
    group_id,
    user_id,
    nickname,
    card,
    sex,
    age,
    area,
    join_time,
    last_sent_time,
    shut_up_timestamp: mute_until > network.now() ? mute_until : 0,
    level: String(level),
    role,
    unfriendly: false,
    title,
    title_expire_time: 0,
    card_changeable: user_id === world.bot || outranks(findMember(world, group_id, world.bot).role, role),
  }
}
