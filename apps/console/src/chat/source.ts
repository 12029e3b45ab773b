import { readMessage } from '@seekyou/message'
import { act, isAbsent, look, request, urlOf } from '../kit/api.ts'
import { connection, listen } from '../kit/event-stream.ts'
import type { Chat, ChatId } from './chat-id.ts'
import { chatParams } from './chat-id.ts'
import type { NoticeEvent } from './timeline.ts'
import type { ChatMessage, Member, World } from './world.ts'

/** Something changed in what the page shows. */
interface Change {
  /** Look at all of it again. */
  readonly everything: boolean
  readonly world: boolean
  readonly chats: readonly ChatId[]
  readonly events: readonly Happened[]
}

/** A notice or request, and the last message of its chat before it, where that is known. */
export interface Happened {
  readonly event: NoticeEvent
  readonly after_seq?: number
}

/** Where the page has its chats from: the sandbox, or through the bridge a real network. */
export interface Source {
  readonly kind: 'sandbox' | 'bridge'
  world(): Promise<World>
  /** The newest messages of a chat, below a seq, ascending. */
  messages(chat: Chat, below: number | undefined, limit: number): Promise<readonly ChatMessage[]>
  /** Tells what changes, until the signal is aborted. */
  follow(onChange: (change: Change) => void, signal: AbortSignal): void
}

/** The source that this server has. @throws ApiFailure where it cannot be asked. */
export async function findSource(): Promise<Source> {
  try {
    await look('world')
    return sandbox
  } catch (error) {
    if (isAbsent(error)) return bridge
    throw error
  }
}

/** How long the server lets us wait for a change. */
const waitMs = 25_000
const firstRetryMs = 500
const lastRetryMs = 10_000

const sandbox: Source = {
  kind: 'sandbox',
  async world() {
    const [world, clock] = await Promise.all([look<Omit<World, 'clock'>>('world'), look<World['clock']>('clock')])
    return { ...world, clock }
  },
  async messages(chat, below, limit) {
    const query = { ...chatParams(chat), limit, ...(below !== undefined && { before_seq: below }) }
    return (await look<{ messages: ChatMessage[] }>('messages', query)).messages
  },
  follow(onChange, signal) {
    void followChanges(onChange, signal)
  },
}

async function followChanges(onChange: (change: Change) => void, signal: AbortSignal): Promise<void> {
  let after: number | undefined
  let retryMs = firstRetryMs
  connection.set('connecting')
  // At once: what is shown next says itself how it stands.
  signal.addEventListener('abort', () => connection.set('idle'), { once: true })
  while (!signal.aborted) {
    try {
      const query = { wait_ms: waitMs, ...(after !== undefined && { after }) }
      const { mark, ...change } = await look<Change & { mark: number }>('changes', query, signal)
      connection.set('open')
      retryMs = firstRetryMs
      if (mark !== after) onChange(change)
      after = mark
    } catch {
      if (signal.aborted) break
      connection.set('lost')
      await new Promise((resolve) => setTimeout(resolve, retryMs))
      retryMs = Math.min(retryMs * 2, lastRetryMs)
    }
  }
}

/* A real network: only what the actions of the bot tell. */

interface NetworkMessage {
  readonly message_id: number
  readonly message_seq?: number
  readonly real_id?: number
  readonly time: number
  readonly user_id: number
  readonly sender: ChatMessage['sender'] & { readonly user_id?: number }
  readonly message: unknown
}

const bridge: Source = {
  kind: 'bridge',
  async world() {
    const [bot, groups, friends] = await Promise.all([
      act<{ user_id: number; nickname: string }>('get_login_info'),
      act<{ group_id: number; group_name: string }[]>('get_group_list'),
      act<{ user_id: number; nickname: string; remark?: string }[]>('get_friend_list'),
    ])
    const members = await Promise.all(
      // Enough to mention people by name; a list of hundreds of groups is not asked for one by one.
      groups.slice(0, mostMemberLists).map(({ group_id }) => membersOf(group_id)),
    )
    const known = new Map([bot, ...friends, ...members.flat()].map((user) => [user.user_id, user]))
    return {
      bot: bot.user_id,
      users: [...known.values()].map(({ user_id, nickname }) => ({
        user_id,
        nickname,
        sex: 'unknown',
        age: 0,
        area: '',
        level: 0,
        sign: '',
      })),
      friends: friends.map(({ user_id, remark = '' }) => ({ user_id, direction: 'two-way', remark })),
      groups: groups.map(({ group_id, group_name }, index) => ({
        group_id,
        group_name,
        group_memo: '',
        max_member_count: 0,
        whole_ban: false,
        anonymous: false,
        members: (members[index] ?? []).map(({ user_id, role, card, title, level, shut_up_timestamp = 0 }) => ({
          user_id,
          role,
          card,
          title,
          level,
          mute_until: shut_up_timestamp,
        })),
        essence: [],
        honors: [],
        notices: [],
        files: [],
      })),
      discusses: [],
      guilds: [],
      requests: [],
      clock: { clock: 'real', now_ms: Date.now() },
      clients: [],
    }
  },
  async messages(chat, below, limit) {
    const action = chat.type === 'group' ? 'get_group_msg_history' : 'get_friend_msg_history'
    const { messages } = await act<{ messages: NetworkMessage[] }>(action, {
      ...chatParams(chat),
      count: limit,
      ...(below !== undefined && { message_seq: below - 1 }),
    })
    return messages.map((one) => ({
      message_id: one.message_id,
      message_seq: one.message_seq ?? one.real_id ?? one.message_id,
      time: one.time,
      user_id: one.user_id ?? one.sender.user_id,
      sender: one.sender,
      message: readMessage(one.message),
      recalled: false,
    }))
  },
  follow(onChange, signal) {
    void followRecords(onChange, signal)
  },
}

async function followRecords(onChange: (change: Change) => void, signal: AbortSignal): Promise<void> {
  // The tap tells what the bot does as well; where it is switched off, events say the rest.
  const { status } = await request('inspect/tap?format=json&limit=1', { signal }).catch(() => ({ status: 0 }))
  const hasTap = status === 200
  listen(hasTap ? 'inspect/tap?recent=0' : '_events', {
    signal,
    onState: (state) => connection.set(state),
    onOpen: () => onChange({ everything: true, world: false, chats: [], events: [] }),
    onData(data) {
      const told: unknown = JSON.parse(data)
      const change = changeOf(hasTap ? (told as TapRecord) : { type: 'event', event: told as NoticeEvent })
      if (change) onChange(change)
    },
  })
}

/** A record of `/inspect/tap`, as far as it is looked at here. */
interface TapRecord {
  readonly type: string
  readonly event?: NoticeEvent
  readonly action?: string
  readonly params?: unknown
}

/** What a record says of the chats; what the bot does itself is not told to it as an event. */
function changeOf({ type, event, action = '', params }: TapRecord): Change | undefined {
  if (type === 'gap') return { everything: true, world: true, chats: [], events: [] }
  if (type === 'call' && /^(?:send_|delete_msg|set_group_|group_poke|friend_poke)/.test(action)) {
    const { group_id, user_id } = (params ?? {}) as { readonly group_id?: number; readonly user_id?: number }
    const chats = group_id ? [`group:${group_id}`] : user_id ? [`private:${user_id}`] : []
    // A message that is recalled says by its number alone where it was.
    return { everything: chats.length === 0, world: action.startsWith('set_'), chats, events: [] }
  }
  if (!event) return undefined
  const { post_type, message_type, group_id, user_id, self_id, target_id } = event
  if (post_type === 'message' || post_type === 'message_sent') {
    const person = user_id === self_id ? target_id : user_id
    const chats = [message_type === 'group' ? `group:${String(group_id)}` : `private:${String(person)}`]
    return { everything: false, world: false, chats, events: [] }
  }
  if (post_type !== 'notice' && post_type !== 'request') return undefined
  return { everything: false, world: true, chats: [], events: [{ event }] }
}

const mostMemberLists = 20

async function membersOf(group_id: number) {
  return act<(Member & { nickname: string; shut_up_timestamp?: number })[]>('get_group_member_list', { group_id })
}

/** The address of media of a message as this page can load it; `undefined` for what is not the web's. */
export function mediaUrl(url: string | undefined): string | undefined {
  if (!url || !URL.canParse(url)) return undefined
  const { protocol, pathname, search } = new URL(url)
  // The server tells its address as it was configured, which need not be the one that it was reached by.
  const [own] = /media\/[0-9a-f]{64}$/.exec(pathname) ?? []
  if (own) return urlOf(own + search)
  // The policy of the page lets no unencrypted pictures in; those who keep them serve both.
  if (protocol === 'http:') return url.replace('http:', 'https:')
  return protocol === 'https:' || protocol === 'data:' ? url : undefined
}
