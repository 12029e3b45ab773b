import type { ChatMessage } from './world.ts'

/** A notice as the server tells it; what is in it depends on its kind. */
export interface NoticeEvent {
  readonly post_type: string
  readonly time: number
  readonly [field: string]: unknown
}

export interface Notice {
  /** Rises with each. */
  readonly number: number
  readonly event: NoticeEvent
  /** The last message before it, where that is known. */
  readonly afterSeq?: number | undefined
}

/** One line of a chat. */
export type Row =
  | { readonly kind: 'day'; readonly key: string; readonly time: number }
  | {
      readonly kind: 'message'
      readonly key: string
      readonly message: ChatMessage
      /** Whether the same person just spoke, so that their name need not stand there again. */
      readonly continues: boolean
    }
  | { readonly kind: 'notice'; readonly key: string; readonly event: NoticeEvent }

/** Seconds within which what one person says stands together. */
const together = 180

/** Messages, by rising seq, and notices as lines, with the days that part them. */
export function rowsOf(messages: readonly ChatMessage[], notices: readonly Notice[]): readonly Row[] {
  const rows: Row[] = []
  let day = ''
  let before: ChatMessage | undefined
  const begin = (time: number): void => {
    const its = new Date(time * 1000).toDateString()
    if (its === day) return
    day = its
    before = undefined
    rows.push({ kind: 'day', key: `day ${its} ${rows.length}`, time })
  }
  let next = 0
  const tell = (until: ChatMessage | undefined): void => {
    for (; next < notices.length && isBefore(notices[next]!, until); next++) {
      const { number, event } = notices[next]!
      begin(event.time)
      before = undefined
      rows.push({ kind: 'notice', key: `notice ${number}`, event })
    }
  }
  for (const message of messages) {
    tell(message)
    begin(message.time)
    const continues =
      before !== undefined &&
      before.user_id === message.user_id &&
      before.sender.nickname === message.sender.nickname &&
      message.time - before.time <= together
    rows.push({ kind: 'message', key: `message ${message.message_id}`, message, continues })
    before = message
  }
  tell(undefined)
  return rows
}

function isBefore({ event, afterSeq }: Notice, message: ChatMessage | undefined): boolean {
  if (!message) return true
  return afterSeq === undefined ? event.time < message.time : afterSeq < message.message_seq
}

/** The chat that a notice belongs to; `undefined` for one that is shown elsewhere. */
export function chatOfNotice(event: NoticeEvent): string | undefined {
  const { post_type, group_id, guild_id, channel_id, user_id, notice_type } = event
  if (post_type !== 'notice') return undefined
  // What was recalled says so itself, and a file is a message as well.
  if (String(notice_type).endsWith('recall') || /^(?:group_upload|offline_file)$/.test(String(notice_type))) {
    return undefined
  }
  if (group_id) return `group:${group_id as number}`
  if (guild_id) return channel_id ? `channel:${guild_id as string}/${channel_id as string}` : undefined
  return user_id ? `private:${user_id as number}` : undefined
}
