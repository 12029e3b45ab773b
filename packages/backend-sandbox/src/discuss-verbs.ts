import { discussId, once, userId } from '@seekyou/protocol'
import type { ControlVerb, DiscussId, UserId } from '@seekyou/protocol'
import * as z from 'zod'
import type { Network } from './network.ts'
import { findUser, missing, refuse } from './rule.ts'
import { defineVerb, filled, freeId } from './verb.ts'
import type { World } from './world.ts'

const members = once(() => z.array(userId, { error: 'an array of user ids' }))

/** What whoever owns the network can set of discuss groups. No event is told of any of it. */
export function createDiscussVerbs(running: () => Network) {
  return {
    create_discuss: defineVerb('create_discuss', {
      summary: 'Begins a discuss group.',
      reads: false,
      data: () => z.object({ discuss_id: discussId }),
      params: () =>
        z.object({
          discuss_id: discussId.optional().describe('absent: the next one from 30001 on that is free'),
          discuss_name: filled,
          member_ids: members().default([]).describe('who is in it; the bot only if it is named'),
        }),
      async run({ discuss_id: wanted, discuss_name, member_ids }) {
        const { world } = running()
        if (wanted !== undefined && world.discuss(wanted)) {
          refuse('DISCUSS_EXISTS', `there is a discuss group ${wanted} already`)
        }
        const roster = readRoster(world, member_ids)
        const discuss_id = wanted ?? (freeId(30001, (id) => world.discuss(id as DiscussId), world) as DiscussId)
        world.put({ kind: 'discuss', discuss_id, discuss_name, member_ids: roster })
        await world.saved()
        return { discuss_id }
      },
    }),

    update_discuss: defineVerb('update_discuss', {
      summary: 'Changes the name of a discuss group, and who is in it.',
      reads: false,
      params: () =>
        z.object({
          discuss_id: discussId,
          discuss_name: filled.optional(),
          member_ids: members().optional().describe('everyone who is in it from now on'),
        }),
      async run({ discuss_id, discuss_name, member_ids }) {
        const { world } = running()
        const discuss = findDiscuss(world, discuss_id)
        const roster = member_ids && readRoster(world, member_ids)
        world.put({
          ...discuss,
          ...(discuss_name !== undefined && { discuss_name }),
          ...(roster && { member_ids: roster }),
        })
        await world.saved()
        return null
      },
    }),

    delete_discuss: defineVerb('delete_discuss', {
      summary: 'Removes a discuss group.',
      reads: false,
      params: () => z.object({ discuss_id: discussId }),
      async run({ discuss_id }) {
        const { world } = running()
        world.remove(findDiscuss(world, discuss_id))
        world.endLog({ type: 'discuss', discuss_id })
        await world.saved()
        return null
      },
    }),
  } satisfies Readonly<Record<string, ControlVerb>>
}

function findDiscuss(world: World, id: DiscussId) {
  return world.discuss(id) ?? missing('DISCUSS_NOT_FOUND', `there is no discuss group ${id} in this network`)
}

/** Each of them once. */
function readRoster(world: World, ids: readonly UserId[]): readonly UserId[] {
  for (const id of ids) findUser(world, id)
  return [...new Set(ids)]
}
