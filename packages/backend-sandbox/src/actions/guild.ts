import type { BackendActions } from '@seekyou/actions'
import { present } from '../document.ts'
import type { Channel } from '../document.ts'
import { findByTinyId, findGuild, findGuildMember, pageOfMembers, tinyIdOf } from '../guild.ts'
import { infoOf } from '../guild-channel.ts'
import { findChannelMessage, reactionsOf, readFeeds, sayInChannel, senderOf } from '../guild-message.ts'
import { createRole, deleteRole, giveRole, listRoles, rolesOf, updateRole } from '../guild-role.ts'
import type { Network } from '../network.ts'
import { findUser } from '../rule.ts'
import type { World } from '../world.ts'

/** Guilds, as the bot sees them and what it does there. */
export function createGuildActions(running: () => Network) {
  return {
    async get_guild_service_profile() {
      const { world } = running()
      return { nickname: findUser(world, world.bot).nickname, tiny_id: tinyIdOf(world.bot), avatar_url: '' }
    },

    async get_guild_list() {
      const { world } = running()
      return world
        .list('guild')
        .filter(({ guild_id }) => world.find('guild_member', guild_id, world.bot))
        .map(({ guild_id, guild_name }) => ({ guild_id, guild_name, guild_display_id: guild_id }))
    },

    async get_guild_meta_by_guest({ guild_id }) {
      const { world } = running()
      const { guild_name, guild_profile, create_time } = findGuild(world, guild_id)
      const members = world.list('guild_member', guild_id)
      const owner = members.find(({ standing }) => standing === 'owner')
      return {
        guild_id,
        guild_name,
        guild_profile,
        create_time,
        max_member_count: 5000,
        max_robot_count: 10,
        max_admin_count: 50,
        member_count: members.length,
        owner_id: tinyIdOf(owner?.user_id ?? world.bot),
      }
    },

    async get_guild_channel_list({ guild_id }) {
      const { world } = running()
      findGuildMember(world, guild_id, world.bot)
      return world.list('channel', guild_id).map((channel) => ({ guild_id, ...infoOf(channel) }))
    },

    async get_guild_member_list({ guild_id, next_token }) {
      const { world } = running()
      const { members, next } = pageOfMembers(world, guild_id, next_token)
      return {
        members: members.map((member) => {
          const [{ role_id, role_name }] = rolesOf(world, member) as [ReturnType<typeof rolesOf>[number]]
          const tiny_id = tinyIdOf(member.user_id)
          return { tiny_id, title: member.title, nickname: nickname(world, member.user_id), role_id, role_name }
        }),
        finished: next === null,
        next_token: next,
      }
    },

    async get_guild_member_profile({ guild_id, user_id: tinyId }) {
      const { world } = running()
      findGuildMember(world, guild_id, world.bot)
      const member = findByTinyId(world, guild_id, tinyId)
      return {
        tiny_id: tinyId,
        nickname: nickname(world, member.user_id),
        avatar_url: '',
        join_time: member.join_time,
        roles: rolesOf(world, member).map(({ role_id, role_name }) => ({ role_id, role_name })),
      }
    },

    get_guild_roles: async ({ guild_id }) => listRoles(running().world, guild_id),

    async create_guild_role({ guild_id, name, color, independent, initial_users }) {
      const role = { role_name: name, argb_color: color, independent, holders: initial_users }
      return { role_id: await createRole(running(), guild_id, role) }
    },

    async update_guild_role({ guild_id, role_id, name, color, independent }) {
      await updateRole(running(), guild_id, role_id, present({ role_name: name, argb_color: color, independent }))
      return null
    },

    async delete_guild_role({ guild_id, role_id }) {
      await deleteRole(running(), guild_id, role_id)
      return null
    },

    async set_guild_member_role({ guild_id, role_id, set, users }) {
      await giveRole(running(), guild_id, role_id, users, set)
      return null
    },

    async send_guild_channel_msg({ guild_id, channel_id, message }) {
      const network = running()
      const { message_id } = await sayInChannel(network, network.world.bot, guild_id, channel_id, message)
      return { message_id }
    },

    async get_guild_msg({ message_id }) {
      const { world } = running()
      const found = findChannelMessage(world, world.bot, message_id)
      const { message_seq, guild_id, channel_id, time, message } = found
      return {
        message_id,
        message_source: 'channel' as const,
        message_seq,
        guild_id,
        channel_id,
        time,
        sender: senderOf(found),
        reactions: reactionsOf(world, found),
        message,
      }
    },

    async get_topic_channel_feeds({ guild_id, channel_id }) {
      const { world } = running()
      return readFeeds(world, guild_id, channel_id).map(({ id, title, time, user_id, contents, images }) => ({
        id,
        title,
        sub_title: '',
        create_time: time,
        guild_id,
        channel_id,
        poster_info: { tiny_id: tinyIdOf(user_id), nickname: nickname(world, user_id), icon_url: '' },
        contents: contents.map(({ type, data }) => ({ type, data })),
        resource: {
          images: images.map(({ id: file_id, width, height }) => ({
            file_id,
            pattern_id: '',
            url: world.image(file_id)?.url ?? '',
            width,
            height,
          })),
          videos: [],
        },
      }))
    },
  } satisfies BackendActions
}

function nickname(world: World, id: Channel['creator_id']): string {
  return world.user(id)?.nickname ?? ''
}
