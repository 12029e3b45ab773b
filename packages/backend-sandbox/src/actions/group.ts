import type { BackendActions, DataOf } from '@seekyou/actions'
import type { Group, HonorType, Member } from '../document.ts'
import { honorsOf } from '../honor.ts'
import type { Network } from '../network.ts'
import { readNotices } from '../notice-board.ts'
import { atAllRemain, dayOf } from '../quota.ts'
import { findGroup, findMember, findUser, outranks, titleOf } from '../rule.ts'
import type { World } from '../world.ts'

/** What the bot can look up about groups. */
export function createGroupActions(running: () => Network) {
  return {
    async get_group_list() {
      const network = running()
      const { world } = network
      return world
        .groups()
        .filter(({ group_id }) => world.members(group_id).has(world.bot))
        .map((group) => groupInfo(world, group))
    },

    async get_group_info({ group_id }) {
      const { world } = running()
      return groupInfo(world, findGroup(world, group_id))
    },

    async _get_group_info({ group_id }) {
      const { world } = running()
      const { group_name, group_create_time, group_memo, max_member_count } = findGroup(world, group_id)
      const managers = world.memberList(group_id).filter(({ role }) => role !== 'member')
      const owner = managers.find(({ role }) => role === 'owner')
      return {
        group_id,
        group_name,
        create_time: group_create_time,
        introduction: group_memo,
        member_count: world.members(group_id).size,
        max_member_count,
        ...(owner && { owner_id: owner.user_id }),
        admins: managers.map(({ user_id, role }) => ({ user_id, nickname: findUser(world, user_id).nickname, role })),
        admin_count: managers.length,
      }
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

    async get_group_honor_info({ group_id, type }) {
      const { world } = running()
      findMember(world, group_id, world.bot)
      const told = (honor: HonorType) =>
        honorsOf(world, group_id, honor).map(({ user_id, count }) => ({
          ...honored(world, user_id),
          description: `won ${count} in a row`,
        }))
      const [talkative] = honorsOf(world, group_id, 'talkative')
      const isAsked = (honor: HonorType) => type === 'all' || type === honor
      return {
        group_id,
        ...(isAsked('talkative') && {
          ...(talkative && { current_talkative: { ...honored(world, talkative.user_id), day_count: talkative.count } }),
          talkative_list: told('talkative'),
        }),
        ...(isAsked('performer') && { performer_list: told('performer') }),
        ...(isAsked('legend') && { legend_list: told('legend') }),
        ...(isAsked('strong_newbie') && { strong_newbie_list: told('strong_newbie') }),
        ...(isAsked('emotion') && { emotion_list: told('emotion') }),
      }
    },

    async get_group_signed_list({ group_id }) {
      const network = running()
      const { world } = network
      findMember(world, group_id, world.bot)
      return world
        .memberList(group_id)
        .filter(({ sign_time }) => dayOf(sign_time) === dayOf(network.now()))
        .toSorted((left, right) => left.sign_time - right.sign_time)
        .map(({ user_id, sign_time }, index) => ({
          user_id,
          nick: findUser(world, user_id).nickname,
          time: sign_time,
          rank: index + 1,
        }))
    },

    async get_group_at_all_remain({ group_id }) {
      const network = running()
      const { world } = network
      const { role } = findMember(world, group_id, world.bot)
      const remain = atAllRemain(world, world.bot, group_id, network.now())
      return {
        can_at_all: role !== 'member' && remain.user > 0 && remain.group > 0,
        remain_at_all_count_for_group: remain.group,
        remain_at_all_count_for_uin: remain.user,
      }
    },

    async _get_group_notice({ group_id }) {
      const { world } = running()
      return readNotices(world, group_id, world.bot).map(({ notice_id, sender_id, publish_time, text, images }) => ({
        notice_id,
        sender_id,
        publish_time,
        message: {
          text,
          images: images.map(({ id, width, height }) => ({ height: String(height), width: String(width), id })),
        },
      }))
    },
  } satisfies BackendActions
}

function honored(world: World, id: Member['user_id']) {
  const { user_id, nickname } = findUser(world, id)
  return { user_id, nickname, avatar: '' }
}

function groupInfo(world: World, group: Group): DataOf<'get_group_info'> {
  const { group_id, group_name, group_memo, group_create_time, group_level, max_member_count } = group
  const member_count = world.members(group_id).size
  return { group_id, group_name, group_memo, group_create_time, group_level, member_count, max_member_count }
}

function memberInfo(network: Network, member: Member): DataOf<'get_group_member_info'> {
  const { world } = network
  const now = network.now()
  const { group_id, user_id, role, card, level, join_time, last_sent_time, mute_until } = member
  const { nickname, sex, age, area } = findUser(world, user_id)
  const title = titleOf(member, now)
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
    shut_up_timestamp: mute_until > now ? mute_until : 0,
    level: String(level),
    role,
    unfriendly: false,
    title,
    title_expire_time: title === '' ? 0 : member.title_expire_time,
    card_changeable: user_id === world.bot || outranks(findMember(world, group_id, world.bot).role, role),
  }
}
