import { boolean, channelInfo, channelReaction, guildScopedId, integer, once, text } from '@seekyou/protocol'
import * as z from 'zod'
import { defineAction } from '../action.ts'
import { onlyGoCqhttp } from '../generation.ts'
import { withMessage } from '../message-param.ts'
import { content, nothing, renderedMessage } from '../result.ts'
import { filledText } from '../scalar.ts'

/* Ids of this chapter are decimal strings: they do not fit into a double. `user_id` means a tiny_id here. */

const guild = { guild_id: guildScopedId }
const channel = { ...guild, channel_id: guildScopedId }
const guildRole = { ...guild, role_id: guildScopedId }
const aGuild = { guild_id: '90071992547409930' }
const aChannel = { ...aGuild, channel_id: '7001' }

/** Ids of people; one alone is a list of one. */
const tinyIds = once(() =>
  z
    .preprocess(
      (value) => (value === undefined || Array.isArray(value) ? value : [value]),
      z.array(guildScopedId, { error: 'an array of ids (decimal strings)' }),
    )
    .meta({ id: 'GuildScopedIds' }),
)

const color = once(() =>
  integer
    .refine((value) => value >= 0 && value < 2 ** 32, { error: 'a color as an integer, 0xAARRGGBB' })
    .meta({ description: '0xAARRGGBB as an integer', minimum: 0, maximum: 2 ** 32 - 1 }),
)

// The misspelling is that of go-cqhttp.
const spelling = { indepedent: 'independent' }

const roleName = once(() => ({ role_id: guildScopedId, role_name: z.string() }))

/** A message of a channel, but for how its content is told. */
const channelMessage = once(() =>
  z.object({
    message_id: z.string(),
    message_source: z.enum(['channel', 'direct']),
    message_seq: z.int(),
    ...guild,
    channel_id: guildScopedId.optional(),
    time: z.int(),
    sender: z.object({ user_id: guildScopedId, tiny_id: guildScopedId, nickname: z.string() }),
    reactions: z.array(channelReaction()),
  }),
)

const feedFile = once(() =>
  z.object({
    file_id: z.string(),
    pattern_id: z.string(),
    url: z.string(),
    width: z.int(),
    height: z.int(),
  }),
)

/** A topic; `data` of a content by its type: text, at, face, channel_quote, url_quote. */
const feed = once(() =>
  z.object({
    id: z.string(),
    title: z.string(),
    sub_title: z.string(),
    create_time: z.int(),
    ...channel,
    poster_info: z.object({ tiny_id: guildScopedId, nickname: z.string(), icon_url: z.string() }),
    contents: z.array(z.object({ type: z.string(), data: z.record(z.string(), z.unknown()) })),
    resource: z.object({ images: z.array(feedFile()), videos: z.array(feedFile()) }),
  }),
)

/** Guilds, their channels, people and roles. */
export const guildActions = {
  get_guild_service_profile: defineAction({
    summary: 'Tells who the account is in guilds.',
    params: () => z.object({}),
    data: () => z.object({ nickname: z.string(), tiny_id: guildScopedId, avatar_url: z.string() }),
    generations: onlyGoCqhttp,
    example: { params: {}, data: { nickname: '小助手', tiny_id: '144115218000000001', avatar_url: '' } },
  }),

  get_guild_list: defineAction({
    summary: 'Lists the guilds the account is in.',
    params: () => z.object({}),
    data: () => z.array(z.object({ ...guild, guild_name: z.string(), guild_display_id: z.string() })),
    generations: onlyGoCqhttp,
    example: { params: {}, data: [{ ...aGuild, guild_name: '测试频道', guild_display_id: '1001' }] },
  }),

  get_guild_meta_by_guest: defineAction({
    summary: 'Tells what anyone may know of a guild.',
    params: () => z.object(guild),
    data: () =>
      z.object({
        ...guild,
        guild_name: z.string(),
        guild_profile: z.string(),
        create_time: z.int(),
        max_member_count: z.int(),
        max_robot_count: z.int(),
        max_admin_count: z.int(),
        member_count: z.int(),
        owner_id: guildScopedId,
      }),
    generations: onlyGoCqhttp,
    example: {
      params: aGuild,
      data: {
        ...aGuild,
        guild_name: '测试频道',
        guild_profile: '',
        create_time: 1_700_000_000,
        max_member_count: 1000,
        max_robot_count: 10,
        max_admin_count: 20,
        member_count: 3,
        owner_id: '144115218000000002',
      },
    },
  }),

  get_guild_channel_list: defineAction({
    summary: 'Lists the channels of a guild.',
    params: () => z.object({ ...guild, no_cache: boolean.default(false) }),
    data: () => z.array(channelInfo().extend(guild)),
    generations: onlyGoCqhttp,
    example: {
      params: aGuild,
      data: [
        {
          ...aChannel,
          owner_guild_id: aGuild.guild_id,
          channel_type: 1,
          channel_name: '闲聊',
          create_time: 1_700_000_000,
          creator_tiny_id: '144115218000000002',
          talk_permission: 1,
          visible_type: 1,
          current_slow_mode: 0,
          slow_modes: [{ slow_mode_key: 1, slow_mode_text: '5秒', speak_frequency: 1, slow_mode_circle: 5 }],
        },
      ],
    },
  }),

  get_guild_member_list: defineAction({
    summary: 'Lists the members of a guild, page by page.',
    params: () => z.object({ ...guild, next_token: text.default('').describe('where the page before ended') }),
    data: () =>
      z.object({
        members: z.array(z.object({ tiny_id: guildScopedId, title: z.string(), nickname: z.string(), ...roleName() })),
        finished: z.boolean(),
        next_token: z.string().nullable(),
      }),
    generations: onlyGoCqhttp,
    example: {
      params: aGuild,
      data: {
        members: [{ tiny_id: '144115218000000002', title: '', nickname: '小明', role_id: '4', role_name: '频道主' }],
        finished: true,
        next_token: null,
      },
    },
  }),

  get_guild_member_profile: defineAction({
    summary: 'Tells about a member of a guild.',
    params: () => z.object({ ...guild, user_id: guildScopedId }),
    data: () =>
      z.object({
        tiny_id: guildScopedId,
        nickname: z.string(),
        avatar_url: z.string(),
        join_time: z.int(),
        roles: z.array(z.object(roleName())),
      }),
    generations: onlyGoCqhttp,
    example: {
      params: { ...aGuild, user_id: '144115218000000002' },
      data: {
        tiny_id: '144115218000000002',
        nickname: '小明',
        avatar_url: '',
        join_time: 1_700_000_000,
        roles: [{ role_id: '4', role_name: '频道主' }],
      },
    },
  }),

  get_guild_roles: defineAction({
    summary: 'Lists the roles of a guild.',
    params: () => z.object(guild),
    data: () =>
      z.array(
        z.object({
          ...roleName(),
          argb_color: z.int(),
          independent: z.boolean(),
          member_count: z.int(),
          max_count: z.int(),
          owned: z.boolean(),
          disabled: z.boolean(),
        }),
      ),
    generations: onlyGoCqhttp,
    example: {
      params: aGuild,
      data: [
        {
          role_id: '4',
          role_name: '频道主',
          argb_color: 4_294_927_682,
          independent: true,
          member_count: 1,
          max_count: 1,
          owned: false,
          disabled: false,
        },
      ],
    },
  }),

  create_guild_role: defineAction({
    summary: 'Makes a role in a guild.',
    params: () =>
      z.object({
        ...guild,
        name: filledText,
        color: color().default(0),
        independent: boolean.default(false).describe('list its members apart'),
        initial_users: tinyIds().default([]).describe('who has it from the start'),
      }),
    aliases: spelling,
    data: () => z.object({ role_id: guildScopedId }),
    generations: onlyGoCqhttp,
    example: {
      params: { ...aGuild, name: '值日生', color: 4_294_927_682, independent: true, initial_users: [] },
      data: { role_id: '10001' },
    },
  }),

  update_guild_role: defineAction({
    summary: 'Changes a role of a guild; what is left out stays as it is.',
    params: () =>
      z.object({
        ...guildRole,
        name: text.optional(),
        color: color().optional(),
        independent: boolean.optional().describe('list its members apart'),
      }),
    aliases: spelling,
    data: nothing,
    generations: onlyGoCqhttp,
    example: { params: { ...aGuild, role_id: '10001', name: '值日生', color: 0, independent: false }, data: null },
  }),

  delete_guild_role: defineAction({
    summary: 'Removes a role of a guild.',
    params: () => z.object(guildRole),
    data: nothing,
    generations: onlyGoCqhttp,
    isUnsafe: true,
    example: { params: { ...aGuild, role_id: '10001' }, data: null },
  }),

  set_guild_member_role: defineAction({
    summary: 'Gives members of a guild a role, or takes it away.',
    params: () =>
      z.object({
        ...guildRole,
        set: boolean.default(false).describe('true gives it, false takes it away'),
        users: tinyIds(),
      }),
    data: nothing,
    generations: onlyGoCqhttp,
    isUnsafe: true,
    example: { params: { ...aGuild, role_id: '10001', set: true, users: ['144115218000000002'] }, data: null },
  }),

  send_guild_channel_msg: defineAction({
    summary: 'Sends a message to a channel of a guild.',
    params: () => withMessage(channel),
    aliases: { is_raw: 'auto_escape' },
    data: () => z.object({ message_id: z.string() }),
    generations: onlyGoCqhttp,
    example: { params: { ...aChannel, message: '你好' }, data: { message_id: '3-1' } },
  }),

  get_guild_msg: defineAction({
    summary: 'Gets a message of a channel.',
    params: () => z.object({ message_id: filledText, no_cache: boolean.default(false) }),
    data: () => channelMessage().extend({ message: renderedMessage }),
    source: () => channelMessage().extend({ message: content }),
    generations: onlyGoCqhttp,
    example: {
      params: { message_id: '3-1' },
      data: {
        message_id: '3-1',
        message_source: 'channel',
        message_seq: 3,
        ...aChannel,
        time: 1_700_000_000,
        sender: { user_id: '144115218000000002', tiny_id: '144115218000000002', nickname: '小明' },
        reactions: [{ emoji_id: '66', emoji_index: 0, emoji_type: 1, emoji_name: '爱心', count: 1, clicked: true }],
        message: '你好',
      },
    },
    async run(params, call, ask) {
      const { message, ...told } = await ask(params)
      return { ...told, message: call.render(message) }
    },
    needs: ['get_guild_msg'],
  }),

  get_topic_channel_feeds: defineAction({
    summary: 'Lists the topics of a channel.',
    params: () => z.object(channel),
    data: () => z.array(feed()),
    generations: onlyGoCqhttp,
    example: {
      params: aChannel,
      data: [
        {
          id: 'B_1',
          title: '第一帖',
          sub_title: '',
          create_time: 1_700_000_000,
          ...aChannel,
          poster_info: { tiny_id: '144115218000000002', nickname: '小明', icon_url: '' },
          contents: [{ type: 'text', data: { text: '你好' } }],
          resource: { images: [{ file_id: 'a', pattern_id: '', url: '', width: 1, height: 1 }], videos: [] },
        },
      ],
    },
  }),
}
