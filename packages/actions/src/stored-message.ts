import { ActionFailure } from '@seekyou/protocol'
import type { MessageId, StoredMessage } from '@seekyou/protocol'
import type { ActionCall } from './action.ts'

/** The message an action names, or the failure that says there is none. */
export async function storedMessage(id: MessageId, call: ActionCall): Promise<StoredMessage> {
  const stored = await call.messages.get(id)
  if (stored) return stored
  throw new ActionFailure('no-data', `there is no message ${id} in the memory of this account`, {
    code: 'MESSAGE_NOT_FOUND',
  })
}
