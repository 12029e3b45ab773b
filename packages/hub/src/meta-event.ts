import type { Clock, MetaEvent, Status, UserId } from '@seekyou/protocol'

/** The events that an account tells of itself; `self_id` is its number. */
export interface MetaEvents {
  lifecycle(sub_type: 'connect' | 'enable' | 'disable'): MetaEvent
  heartbeat(status: Status, intervalMs: number): MetaEvent
}

export function createMetaEvents(self_id: UserId, clock: Clock): MetaEvents {
  const stamped = () => ({ post_type: 'meta_event' as const, time: Math.floor(clock.now() / 1000), self_id })
  return {
    lifecycle: (sub_type) => ({ ...stamped(), meta_event_type: 'lifecycle', sub_type }),
    heartbeat: (status, interval) => ({ ...stamped(), meta_event_type: 'heartbeat', status, interval }),
  }
}
