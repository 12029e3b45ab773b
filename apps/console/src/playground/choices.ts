import type { KnownIds, Named } from '../tools/world.ts'
import type { Field } from './field.ts'

/** Which of the known ids fit a field; members of the chosen group come first. */
export function choicesFor(
  { kind }: Pick<Field, 'kind'>,
  ids: KnownIds | undefined,
  group: string | undefined,
): readonly Named[] {
  if (!ids) return []
  switch (kind) {
    case 'group':
      return ids.groups
    case 'user': {
      const members = new Set(group === undefined ? [] : ids.members.get(group))
      return ids.users.toSorted((one, other) => Number(members.has(other.id)) - Number(members.has(one.id)))
    }
    case 'discuss':
      return ids.discusses
    case 'guild':
      return ids.guilds
    case 'channel':
      return ids.channels
    case 'message-id':
    case 'message':
    case 'choice':
    case 'boolean':
    case 'integer':
    case 'text':
    case 'json':
      return []
  }
}
