import type { Backend, BackendHost, EventDraft, GroupId, UserId } from '@seekyou/protocol'

/** A network that is this program: what happens there is what it has the `host` told. */
export function createBareBackend() {
  let host: BackendHost | undefined
  const backend: Backend = {
    kind: 'bare',
    identify: async () => ({ user_id: 10000 as UserId, nickname: 'SeekYou' }),
    start: async (lent) => void (host = lent),
    stop: async () => undefined,
    condition: () => ({ phase: 'online' }),
    actions: {},
  }
  return { backend, emit: (draft: EventDraft) => host!.emit(draft) }
}

/** A message that Alice says in a group. */
export function groupMessage(text: string, seq: number): EventDraft {
  return {
    post_type: 'message',
    message_type: 'group',
    sub_type: 'normal',
    message_seq: seq,
    user_id: 10001 as UserId,
    group_id: 20001 as GroupId,
    anonymous: null,
    message: [{ type: 'text', data: { text } }],
    sender: { user_id: 10001 as UserId, nickname: 'Alice', role: 'member' },
  }
}
