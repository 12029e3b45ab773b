import { isMessage } from '@seekyou/protocol'
import type { Clock, EventDraft, MessageId, NetworkEvent, UserId } from '@seekyou/protocol'

/** Completes what a backend told: whose event it is, when it happened, and a message's number. */
export function stamp(
  draft: EventDraft,
  account: { readonly selfId: UserId; readonly clock: Clock; readonly allocateId: () => MessageId },
): NetworkEvent {
  const { selfId, clock, allocateId } = account
  const time = draft.time ?? Math.floor(clock.now() / 1000)
  // A draft is its event but for what is added here; the compiler does not follow that through the union.
  return {
    ...draft,
    time,
    self_id: selfId,
    ...(isMessage(draft) && { message_id: draft.message_id ?? allocateId(), font: 0 }),
  } as NetworkEvent
}
