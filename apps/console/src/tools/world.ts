/** Something that has an id and a name. */
export interface Named {
  readonly id: string
  readonly name: string
}

/** What there is on the network to be chosen from; of a bridge, what the account can see. */
export interface KnownIds {
  readonly users: readonly Named[]
  readonly groups: readonly Named[]
  readonly discusses: readonly Named[]
  readonly guilds: readonly Named[]
  readonly channels: readonly Named[]
  /** Who is in which group, where that is known. */
  readonly members: ReadonlyMap<string, readonly string[]>
}

/** An object of an answer. */
export type Item = Readonly<Record<string, unknown>>

/** Reads `/sandbox/world`, or what has the same names in it. */
export function idsOfWorld(world: Item): KnownIds {
  const groups = itemsIn(world, 'groups')
  const guilds = itemsIn(world, 'guilds')
  const members = groups.map((group): [string, string[]] => [
    textOf(group['group_id']),
    itemsIn(group, 'members').map((member) => textOf(member['user_id'])),
  ])
  return {
    users: itemsIn(world, 'users').map((user) => named(user, 'user_id', 'nickname')),
    groups: groups.map((group) => named(group, 'group_id', 'group_name')),
    discusses: itemsIn(world, 'discusses').map((discuss) => named(discuss, 'discuss_id', 'discuss_name')),
    guilds: guilds.map((guild) => named(guild, 'guild_id', 'guild_name')),
    channels: guilds.flatMap((guild) =>
      itemsIn(guild, 'channels').map((channel) => named(channel, 'channel_id', 'channel_name')),
    ),
    members: new Map(members.filter(([, ids]) => ids.length > 0)),
  }
}

function itemsIn(holder: Item, name: string): readonly Item[] {
  const list = holder[name]
  return Array.isArray(list) ? list.filter((item): item is Item => typeof item === 'object' && item !== null) : []
}

function named(item: Item, id: string, name: string): Named {
  return { id: textOf(item[id]), name: textOf(item[name]) }
}

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}
