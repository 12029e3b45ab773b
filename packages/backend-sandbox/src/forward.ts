import type { Segment } from '@seekyou/message'
import type { Forward } from './document.ts'
import { missing } from './rule.ts'
import type { World } from './world.ts'

/** A bundle that was sent before. */
export function findForward(world: World, id: string): Forward {
  const forward = world.find('forward', id)
  if (forward) return forward
  return missing(
    'FORWARD_NOT_FOUND',
    `there is no bundle of messages ${JSON.stringify(id.slice(0, 60))} in this network`,
  )
}

/** A bundle as a message shows it; what it holds stays in the house. */
export function forwardSegment({ forward_id, nodes }: Forward): Segment {
  return { type: 'forward', data: { id: forward_id, content: nodes } }
}
