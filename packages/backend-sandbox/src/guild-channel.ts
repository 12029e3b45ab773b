import { guildScopedId, once } from '@seekyou/protocol'
import type { GuildScopedId, UserId } from '@seekyou/protocol'
import * as z from 'zod'
import { channelTypes } from './document.ts'
import type { Channel } from './document.ts'
import { checkGuildManager, findChannel, tinyIdOf } from './guild.ts'
import type { Network } from './network.ts'
import { refuse } from './rule.ts'
import type { World } from './world.ts'

/* The channels of guilds coming, changing and going, by the hands of those who manage them. */

const typeNames = Object.keys(channelTypes) as (keyof typeof channelTypes)[]

/** What a channel is for, by name, in params; read as its number. */
export const channelType = once(() =>
  z.enum(typeNames, { error: `one of ${typeNames.join(', ')}` }).transform((type) => channelTypes[type]),
)

type Look = Pick<Channel, 'channel_name' | 'channel_type'>

/** Opens a channel. @returns its id. */
export async function createChannel(
  network: Network,
  guild_id: GuildScopedId,
  actor: UserId,
  look: Look,
): Promise<GuildScopedId> {
  const { world } = network
  checkGuildManager(world, guild_id, actor, 'open channels')
  checkName(look.channel_name)
  const channel_id = nextChannelId(world)
  const made = { guild_id, channel_id, creator_id: actor, create_time: network.now() }
  const channel: Channel = { kind: 'channel', ...made, ...look }
  world.put(channel)
  await network.tell({
    ...told(network, channel, actor),
    notice_type: 'channel_created',
    channel_info: infoOf(channel),
  })
  return channel_id
}

/** The next id that no channel of any guild has. */
export function nextChannelId(world: World): GuildScopedId {
  const taken = new Set(
    world.list('guild').flatMap((guild) => world.list('channel', guild.guild_id).map(({ channel_id }) => channel_id)),
  )
  let channel_id = guildScopedId.parse(60_000 + world.count('channel'))
  while (taken.has(channel_id)) channel_id = guildScopedId.parse(60_000 + world.count('channel'))
  return channel_id
}

/** Changes what is given of a channel. */
export async function updateChannel(
  network: Network,
  guildId: GuildScopedId,
  channelId: GuildScopedId,
  actor: UserId,
  look: Partial<Look>,
): Promise<void> {
  const { world } = network
  checkGuildManager(world, guildId, actor, 'change channels')
  if (look.channel_name !== undefined) checkName(look.channel_name)
  const before = findChannel(world, guildId, channelId)
  const channel = { ...before, ...look }
  if (channel.channel_name === before.channel_name && channel.channel_type === before.channel_type) return
  world.put(channel)
  const infos = { old_info: infoOf(before), new_info: infoOf(channel) }
  await network.tell({ ...told(network, channel, actor), notice_type: 'channel_updated', ...infos })
}

/** Closes a channel, with all that was said in it. */
export async function destroyChannel(
  network: Network,
  guildId: GuildScopedId,
  channelId: GuildScopedId,
  actor: UserId,
): Promise<void> {
  const { world } = network
  checkGuildManager(world, guildId, actor, 'close channels')
  const channel = findChannel(world, guildId, channelId)
  for (const document of [...world.list('guild_message', guildId), ...world.list('feed', guildId)]) {
    if (document.channel_id === channelId) world.remove(document)
  }
  world.remove(channel)
  await network.tell({
    ...told(network, channel, actor),
    notice_type: 'channel_destroyed',
    channel_info: infoOf(channel),
  })
}

/** What is told of a channel: everyone sees it and may speak there, as often as they like. */
export function infoOf({ guild_id, channel_id, channel_type, channel_name, creator_id, create_time }: Channel) {
  return {
    channel_id,
    owner_guild_id: guild_id,
    channel_type,
    channel_name,
    create_time,
    creator_tiny_id: tinyIdOf(creator_id),
    talk_permission: 1,
    visible_type: 1,
    current_slow_mode: 0,
    slow_modes: [],
  }
}

/** What all events of a channel say of where it was and who did it. */
function told({ world }: Network, { guild_id, channel_id }: Channel, actor: UserId) {
  const operator = tinyIdOf(actor)
  const self_tiny_id = tinyIdOf(world.bot)
  return { post_type: 'notice', guild_id, channel_id, operator_id: operator, user_id: operator, self_tiny_id } as const
}

function checkName(name: string): void {
  if (name === '') refuse('CHANNEL_NAME_EMPTY', 'the name of a channel has at least one character')
}
