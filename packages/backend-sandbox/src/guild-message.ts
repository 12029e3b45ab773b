import type { Segment } from '@seekyou/message'
import type { EventDraft, GuildScopedId, UserId } from '@seekyou/protocol'
import { channelTypes } from './document.ts'
import type { Channel, Feed, GuildMessage, Image } from './document.ts'
import { checkGuildManager, checkHeardGuild, findByTinyId, findChannel, findGuildMember, tinyIdOf } from './guild.ts'
import type { Network } from './network.ts'
import { findUser, missing, refuse } from './rule.ts'
import type { World } from './world.ts'

/* What is said in the channels of guilds. The network remembers the last thousand messages of each. */

const remembered = 1000

/** Says something in a text channel. */
export async function sayInChannel(
  network: Network,
  author: UserId,
  guildId: GuildScopedId,
  channelId: GuildScopedId,
  message: readonly Segment[],
): Promise<GuildMessage> {
  const { world } = network
  const check = () => checkChannel(world, author, guildId, channelId, channelTypes.text)
  check()
  const { segments, images } = await readChannelContent(network, guildId, message)
  check()
  for (const image of images) world.put(image)
  const seq = world.count(`guild/${guildId}/${channelId}`)
  const idOf = (message_seq: number) => `${guildId}-${channelId}-${message_seq}`
  const said: GuildMessage = {
    kind: 'guild_message',
    guild_id: guildId,
    channel_id: channelId,
    message_id: idOf(seq),
    message_seq: seq,
    time: network.now(),
    user_id: author,
    nickname: findUser(world, author).nickname,
    message: segments,
    reactions: [],
  }
  world.put(said)
  const forgotten = world.find('guild_message', guildId, idOf(seq - remembered))
  if (forgotten) world.remove(forgotten)
  // What the bot says in a channel is told to nobody: no generation knows such an event.
  if (author === world.bot) await world.saved()
  else await network.tell(heard(world, said))
  return said
}

/** A message of a channel for one of the members of its guild. */
export function findChannelMessage(world: World, reader: UserId, id: string): GuildMessage {
  const [guildId] = id.split('-', 1)
  const message = world.find('guild_message', guildId as GuildScopedId, id)
  if (!message)
    return missing('MESSAGE_NOT_FOUND', `no channel of this network has a message ${JSON.stringify(id.slice(0, 70))}`)
  findGuildMember(world, message.guild_id, reader)
  return message
}

/** The newest messages of a channel below a seq, ascending; `user_id` is the person, `sender` as the bot is told. */
export function readHistory(
  world: World,
  { guild_id, channel_id }: Pick<Channel, 'guild_id' | 'channel_id'>,
  below: number | undefined,
  limit: number,
) {
  findChannel(world, guild_id, channel_id)
  return world
    .list('guild_message', guild_id)
    .filter((said) => said.channel_id === channel_id && said.message_seq < (below ?? Infinity))
    .toSorted((left, right) => left.message_seq - right.message_seq)
    .slice(-limit)
    .map((said) => {
      const { message_id, message_seq, time, user_id, message } = said
      const sender = senderOf(said)
      // What is taken back in a channel is there no longer.
      return {
        message_id,
        message_seq,
        time,
        user_id,
        sender,
        message,
        recalled: false,
        reactions: reactionsOf(world, said),
      }
    })
}

/** Takes a message of a channel back: one's own, or as one who manages the guild. */
export async function recallInChannel(network: Network, actor: UserId, id: string): Promise<void> {
  const { world } = network
  const message = findChannelMessage(world, actor, id)
  const { guild_id, user_id } = message
  if (user_id !== actor) checkGuildManager(world, guild_id, actor, 'recall what others said')
  checkHeardGuild(world, guild_id)
  world.remove(message)
  await network.tell({
    ...told(network, message, actor),
    notice_type: 'guild_channel_recall',
    user_id: tinyIdOf(user_id),
  })
}

/** Puts a face under a message of a channel, or takes it away. */
export async function react(
  network: Network,
  actor: UserId,
  id: string,
  emoji_id: string,
  isThere: boolean,
): Promise<void> {
  const { world } = network
  const message = findChannelMessage(world, actor, id)
  checkHeardGuild(world, message.guild_id)
  const before = message.reactions.find((reaction) => reaction.emoji_id === emoji_id)?.user_ids ?? []
  if (before.includes(actor) === isThere) return
  const user_ids = isThere ? [...before, actor] : before.filter((id_) => id_ !== actor)
  const others = message.reactions.filter((reaction) => reaction.emoji_id !== emoji_id)
  const reactions = user_ids.length > 0 ? [...others, { emoji_id, user_ids }] : others
  const changed = { ...message, reactions }
  world.put(changed)
  await network.tell({
    ...told(network, changed, actor),
    notice_type: 'message_reactions_updated',
    user_id: tinyIdOf(actor),
    current_reactions: reactionsOf(world, changed),
  })
}

/** The faces under a message of a channel, as the bot sees them. */
export function reactionsOf(world: World, { reactions }: GuildMessage) {
  return reactions.map(({ emoji_id, user_ids }) => {
    // Faces of the network have small numbers; anything else is the code point of an emoji.
    const isFace = /^\d{1,4}$/.test(emoji_id)
    const point = Number(emoji_id)
    const isPoint = !isFace && Number.isInteger(point) && point > 0 && point <= 0x10_ff_ff
    return {
      emoji_id,
      emoji_index: 0,
      emoji_type: isFace ? 1 : 2,
      emoji_name: isPoint ? String.fromCodePoint(point) : emoji_id,
      count: user_ids.length,
      clicked: user_ids.includes(world.bot),
    }
  })
}

/** Opens a topic. Nobody is told. @returns its id. */
export async function postFeed(
  network: Network,
  author: UserId,
  guild_id: GuildScopedId,
  channel_id: GuildScopedId,
  title: string,
  message: readonly Segment[],
): Promise<string> {
  const { world } = network
  const check = () => checkChannel(world, author, guild_id, channel_id, channelTypes.topic)
  check()
  const { segments, images } = await readChannelContent(network, guild_id, message)
  const pictures = await Promise.all(images.map((image) => network.pictureOf(image)))
  check()
  for (const image of images) world.put(image)
  const id = `B_${world.count('feed')}`
  world.put({
    kind: 'feed',
    guild_id,
    channel_id,
    id,
    title,
    time: network.now(),
    user_id: author,
    contents: segments.filter(({ type }) => type !== 'image'),
    images: pictures,
  })
  await world.saved()
  return id
}

/** The topics of a channel for the bot, the newest first. */
export function readFeeds(world: World, guildId: GuildScopedId, channelId: GuildScopedId): readonly Feed[] {
  checkChannel(world, world.bot, guildId, channelId, channelTypes.topic)
  return world
    .list('feed', guildId)
    .filter(({ channel_id }) => channel_id === channelId)
    .toReversed()
}

const typeNames: Readonly<Record<number, string>> = { 1: 'text', 2: 'voice', 5: 'live', 7: 'topics' }

function checkChannel(
  world: World,
  author: UserId,
  guildId: GuildScopedId,
  channelId: GuildScopedId,
  type: number,
): Channel {
  if (author !== world.bot) checkHeardGuild(world, guildId)
  findGuildMember(world, guildId, author)
  const channel = findChannel(world, guildId, channelId)
  if (channel.channel_type === type) return channel
  const is = typeNames[channel.channel_type] ?? `type ${channel.channel_type}`
  const name = `${channel.channel_name} (${channelId})`
  return type === channelTypes.text
    ? refuse('CHANNEL_NOT_SUPPORTED_TEXT_MSG', `the channel ${name} is for ${is}; messages go to channels for text`)
    : refuse('CHANNEL_TYPE_ERROR', `the channel ${name} is for ${is}; topics are in channels for topics`)
}

const carried = ['text', 'at', 'face', 'image'] as const

/** What channels carry: little; people are mentioned by their tiny ids. */
async function readChannelContent(network: Network, guildId: GuildScopedId, message: readonly Segment[]) {
  const segments: Segment[] = []
  const images: Image[] = []
  for (const { type, data } of message) {
    const value = (name: string) => (typeof data[name] === 'string' ? data[name] : '')
    if (type === 'at') {
      const qq = value('qq')
      if (qq !== 'all') findByTinyId(network.world, guildId, (/^\d{1,20}$/.test(qq) ? qq : '0') as GuildScopedId)
      segments.push({ type, data: { qq } })
    } else if (type === 'image') {
      const image = await network.picture(value('file'))
      images.push(image)
      segments.push({ type, data: { file: image.name, url: image.url } })
    } else if (type === 'text' || type === 'face') {
      segments.push({ type, data })
    } else {
      refuse('UNSUPPORTED_SEGMENT', `a channel of a guild carries ${carried.join(', ')}, not ${type.slice(0, 40)}`)
    }
  }
  return { segments, images }
}

/** A message of a channel as the bot hears it. */
function heard(world: World, said: GuildMessage): EventDraft {
  const { guild_id, channel_id, message_id, message } = said
  const sender = senderOf(said)
  return {
    post_type: 'message',
    message_type: 'guild',
    sub_type: 'channel',
    guild_id,
    channel_id,
    message_id,
    user_id: sender.user_id,
    self_tiny_id: tinyIdOf(world.bot),
    message,
    sender,
  }
}

/** Who said it, as the bot is told. */
export function senderOf({ user_id, nickname }: Pick<GuildMessage, 'user_id' | 'nickname'>) {
  const tiny_id = tinyIdOf(user_id)
  return { user_id: tiny_id, tiny_id, nickname }
}

/** What all events of a message say of where it was and who did it. */
function told({ world }: Network, { guild_id, channel_id, message_id }: GuildMessage, actor: UserId) {
  const self_tiny_id = tinyIdOf(world.bot)
  return { post_type: 'notice', guild_id, channel_id, message_id, operator_id: tinyIdOf(actor), self_tiny_id } as const
}
