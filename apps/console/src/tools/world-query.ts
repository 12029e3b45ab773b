import { queryOptions } from '@tanstack/react-query'
import { act, isAbsent, look } from '../kit/api.ts'
import { idsOfWorld } from './world.ts'
import type { Item, KnownIds } from './world.ts'

/** The ids, of the world of the sandbox if there is one. */
export const knownIdsQuery = queryOptions({
  queryKey: ['known ids'],
  queryFn: readIds,
})

async function readIds(): Promise<KnownIds> {
  try {
    return idsOfWorld(await look<Item>('world'))
  } catch (error) {
    if (!isAbsent(error)) throw error
    const [groups, friends] = await Promise.all([
      act<readonly Item[]>('get_group_list'),
      act<readonly Item[]>('get_friend_list'),
    ])
    return idsOfWorld({ groups, users: friends })
  }
}
