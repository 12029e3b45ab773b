import { ActionFailure } from '@seekyou/protocol'
import type { MessageId, StoredMessage } from '@seekyou/protocol'
import type { ActionCall } from './action.ts'

/**
 * The message an action names, or the failure that says there is none. What our own memory no longer has, a network may:
 * a backend with a `get_msg` of its own brings it back into the memory.
 */
export async function storedMessage(id: MessageId, call: ActionCall): Promise<StoredMessage> {
  const stored = (await call.messages.get(id)) ?? (await fetched(id, call))
  if (stored) return stored
  throw new ActionFailure('no-data', `there is no message ${id} in the memory of this account`, {
    code: 'MESSAGE_NOT_FOUND',
  })
}

async function fetched(id: MessageId, { backend, messages }: ActionCall): Promise<StoredMessage | undefined> {
  const fetch = backend.actions['get_msg'] as
    | ((params: { readonly message_id: MessageId }) => Promise<unknown>)
    | undefined
  if (!fetch) return undefined
  await fetch({ message_id: id })
  return messages.get(id)
}
