import { discussId, groupId, guildScopedId, once, role, userId } from '@seekyou/protocol'
import * as z from 'zod'
import { plain } from './document.ts'
import { accountOf } from './profile.ts'
import type { World } from './world.ts'

/** Everything there is in a world, as it is shown; of what things are made of only what is looked at first. */
export const overview = once(() => {
  const things = z.array(z.looseObject({}))
  return z.object({
    bot: userId,
    users: z.array(z.looseObject({ user_id: userId, nickname: z.string() })),
    friends: z.array(z.looseObject({ user_id: userId, direction: z.enum(['two-way', 'one-way']) })),
    groups: z.array(
      z.looseObject({
        group_id: groupId,
        group_name: z.string(),
        members: z.array(z.looseObject({ user_id: userId, role: role() })),
        masks: things,
        exiles: z.array(userId),
        essence: things,
        notices: things,
        honors: things,
        folders: things,
        files: things,
      }),
    ),
    discusses: z.array(
      z.looseObject({ discuss_id: discussId, discuss_name: z.string(), member_ids: z.array(userId).readonly() }),
    ),
    guilds: z.array(
      z.looseObject({
        guild_id: guildScopedId,
        guild_name: z.string(),
        channels: z.array(z.looseObject({ channel_id: guildScopedId, channel_name: z.string() })),
        roles: things,
        members: z.array(z.looseObject({ user_id: userId, standing: z.enum(['owner', 'admin', 'member']) })),
        feeds: things,
      }),
    ),
    read: z
      .array(z.object({ chat: z.string(), message_seq: z.int() }))
      .describe('how far the bot has read each chat, such as `group:20001`'),
    requests: z.array(z.looseObject({ flag: z.string(), type: z.enum(['friend', 'add', 'invite']), user_id: userId })),
    clients: z.array(z.object({ app_id: z.int(), device_name: z.string(), device_kind: z.string() })),
    account: z.looseObject({}).describe('what the account says of itself besides its name'),
  })
})

/** Everything there is in the world, as plain data. */
export function describeWorld(world: World): z.output<ReturnType<typeof overview>> {
  return {
    bot: world.bot,
    users: world.users().map((user) => plain(user)),
    friends: world.friendships().map((friendship) => plain(friendship)),
    groups: world.groups().map((group) => ({
      ...plain(group),
      members: world.memberList(group.group_id).map((member) => plain(member)),
      masks: world.list('mask', group.group_id).map((mask) => plain(mask)),
      exiles: world.list('exile', group.group_id).map(({ user_id }) => user_id),
      essence: world.list('essence', group.group_id).map((message) => plain(message)),
      notices: world.list('notice', group.group_id).map((notice) => plain(notice)),
      honors: world.list('honor', group.group_id).map((honor) => plain(honor)),
      folders: world.list('folder', group.group_id).map((folder) => plain(folder)),
      files: world.list('file', group.group_id).map((file) => plain(file)),
    })),
    discusses: world.discusses().map((discuss) => plain(discuss)),
    guilds: world.list('guild').map((guild) => ({
      ...plain(guild),
      channels: world.list('channel', guild.guild_id).map((channel) => plain(channel)),
      roles: world.list('guild_role', guild.guild_id).map((made) => plain(made)),
      members: world.list('guild_member', guild.guild_id).map((member) => plain(member)),
      feeds: world.list('feed', guild.guild_id).map((feed) => plain(feed)),
    })),
    read: world.list('read').map((mark) => plain(mark)),
    requests: world.list('request').map((request) => plain(request)),
    clients: world.list('client').map((client) => plain(client)),
    account: plain(accountOf(world)),
  }
}
