import { crc32 } from 'node:zlib'

/** An object on the wire of a fake upstream. */
export type WireObject = Readonly<Record<string, unknown>>

export interface WireSegment {
  readonly type: string
  readonly data: WireObject
}

/** Implementations that can be played. */
export type UpstreamKind = 'generic' | 'go-cqhttp' | 'napcat' | 'llonebot' | 'lagrange'

interface Said {
  readonly chat: string
  readonly seq: number
  readonly id: number
  readonly user_id: number
  readonly target_id: number
  readonly group_id: number | undefined
  readonly time: number
  readonly message: readonly WireSegment[]
  isRecalled: boolean
}

interface Member {
  readonly user_id: number
  card: string
  role: 'owner' | 'admin' | 'member'
  level: string
  title: string
}

export const bot = 10000

const people: Readonly<Record<number, string>> = {
  10000: 'SeekYou',
  10001: 'Alice',
  10002: 'Bob',
  10003: 'Carol',
  10004: 'Dave',
}
const friends = [10001, 10002, 10003]

function memberOf(user_id: number, role: Member['role']): Member {
  return { user_id, card: '', role, level: '3', title: '' }
}

/** The failure of an action, in go-cqhttp's words; each implementation has codes of its own. */
export class UpstreamFailure extends Error {
  readonly code: string

  constructor(code: string, wording: string) {
    super(wording)
    this.code = code
  }
}

const messageNotFound = () => new UpstreamFailure('MESSAGE_NOT_FOUND', '消息不存在')
const groupNotFound = () => new UpstreamFailure('GROUP_NOT_FOUND', '群聊不存在')

/**
 * A small network as one implementation tells it: go-cqhttp's behaviour, and beside it what the others are known to do
 * differently. Nothing in here is what any of them ought to do.
 */
export class FakeNetwork {
  readonly kind: UpstreamKind
  readonly #tell: (event: WireObject) => void
  readonly #now: () => number
  readonly #said: Said[] = []
  readonly #groups = new Map<number, { readonly name: string; readonly members: Map<number, Member> }>()
  readonly #seqs = new Map<string, number>()
  readonly #essence = new Set<number>()
  readonly #actions: Readonly<Record<string, (params: WireObject) => unknown>>
  readonly #bundles = new Map<string, readonly WireSegment[]>()
  /** Ids that the implementation still knows. */
  #known = new Set<number>()
  #ids = 0
  /** Whether it tells what the account itself said. */
  reportsSelf: boolean

  constructor(kind: UpstreamKind, tell: (event: WireObject) => void, now: () => number) {
    this.kind = kind
    this.#tell = tell
    this.#now = now
    this.reportsSelf = kind === 'napcat' || kind === 'llonebot'
    this.#actions = this.#table()
    this.#found(20001, 'Sandbox', [
      memberOf(bot, 'owner'),
      memberOf(10003, 'admin'),
      ...[10001, 10002, 10004].map((id) => memberOf(id, 'member')),
    ])
    this.#found(20002, 'Guests', [
      memberOf(10003, 'owner'),
      memberOf(10001, 'admin'),
      memberOf(10002, 'member'),
      memberOf(bot, 'member'),
    ])
  }

  /** Someone else says something; the id that the implementation gives it. */
  say(
    as: number,
    chat: { readonly group_id?: number; readonly user_id?: number },
    message: readonly WireSegment[] | string,
  ): number {
    const segments = typeof message === 'string' ? [{ type: 'text', data: { text: message } }] : message
    const said = this.#add(as, chat.group_id, bot, segments)
    this.#tell(this.#eventOf(said, 'message'))
    return said.id
  }

  recall(as: number, id: number): void {
    const said = this.#said.find((one) => one.id === id)
    if (!said) throw messageNotFound()
    said.isRecalled = true
    const who = said.group_id === undefined ? {} : { group_id: said.group_id, operator_id: as }
    const notice_type = said.group_id === undefined ? 'friend_recall' : 'group_recall'
    const user_id = said.group_id === undefined && said.user_id === bot ? said.target_id : said.user_id
    this.#notice({ notice_type, user_id, message_id: id, ...who })
  }

  poke(as: number, target: number, group_id?: number): void {
    const base = { notice_type: 'notify', sub_type: 'poke', target_id: target }
    if (group_id === undefined) {
      if (this.kind === 'napcat') this.#notice({ ...base, user_id: as, sender_id: as, raw_info: [] })
      else if (this.kind === 'llonebot') this.#notice({ ...base, user_id: as })
      else this.#notice({ ...base, user_id: as, sender_id: as })
      return
    }
    const hasSender = this.kind !== 'napcat' && this.kind !== 'llonebot'
    this.#notice({ ...base, group_id, user_id: as, ...(hasSender ? { sender_id: as } : { raw_info: [] }) })
  }

  rename(user: number, group_id: number, card: string): void {
    const member = this.#member(group_id, user)
    const card_old = member.card
    member.card = card
    this.#notice({ notice_type: 'group_card', group_id, user_id: user, card_new: card, card_old })
  }

  askToJoin(user: number, group_id: number, comment: string, flag: string): void {
    const invitor = this.kind === 'napcat' ? {} : { invitor_id: 0 }
    this.#tellStamped({
      post_type: 'request',
      request_type: 'group',
      sub_type: 'add',
      group_id,
      user_id: user,
      comment,
      flag,
      ...invitor,
    })
  }

  /** Tells a notice as it is given. */
  notice(event: WireObject): void {
    this.#notice(event)
  }

  /** What a restart of an implementation that keeps its ids in memory does. */
  forgetMessages(): void {
    if (this.kind === 'napcat') this.#known = new Set()
  }

  messagesIn(group_id: number): readonly Said[] {
    return this.#said.filter((said) => said.group_id === group_id)
  }

  messagesWith(user: number): readonly Said[] {
    return this.#said.filter((said) => said.chat === `private:${user}`)
  }

  memberCard(group_id: number, user: number): string {
    return this.#member(group_id, user).card
  }

  /** Keeps a bundle that get_forward_msg can be asked for. */
  bundle(id: string, nodes: readonly WireSegment[]): void {
    this.#bundles.set(id, nodes)
  }

  /** Does an action; `undefined` for one that the implementation does not have. @throws UpstreamFailure */
  act(action: string, params: WireObject): { readonly data: unknown } | undefined {
    const run = this.#actions[action]
    return run && { data: run(params) }
  }

  #table(): Readonly<Record<string, (params: WireObject) => unknown>> {
    return {
      get_login_info: () => ({ user_id: bot, nickname: people[bot] }),
      get_status: () => ({ online: true, good: true, stat: {} }),
      get_friend_list: () => friends.map((user_id) => ({ user_id, nickname: people[user_id], remark: '' })),
      get_stranger_info: ({ user_id }) => {
        const id = Number(user_id)
        if (!people[id]) throw new UpstreamFailure('SUMMARY_API_ERROR', '用户不存在')
        const common = { user_id: id, nickname: people[id], sex: 'female', age: 20, qid: '' }
        if (this.kind === 'napcat') return { ...common, qqLevel: 16, long_nick: 'hi', login_days: 0 }
        if (this.kind === 'llonebot') return { ...common, level: 16, long_nick: 'hi', login_days: 7 }
        return { ...common, level: 16, sign: 'hi', login_days: 7, vip_level: '' }
      },
      get_group_list: () => [...this.#groups.keys()].map((id) => this.#groupInfo(id)),
      get_group_info: ({ group_id }) => this.#groupInfo(Number(group_id)),
      get_group_member_list: ({ group_id }) =>
        [...this.#group(Number(group_id)).members.values()].map((member) => this.#memberInfo(Number(group_id), member)),
      get_group_member_info: ({ group_id, user_id }) =>
        this.#memberInfo(Number(group_id), this.#member(Number(group_id), Number(user_id))),
      send_private_msg: ({ user_id, message }) => this.#send(undefined, Number(user_id), message),
      send_group_msg: ({ group_id, message }) => {
        this.#group(Number(group_id))
        return this.#send(Number(group_id), 0, message)
      },
      send_group_forward_msg: ({ group_id, messages }) => this.#sendBundle(Number(group_id), 0, messages),
      send_private_forward_msg: ({ user_id, messages }) => this.#sendBundle(undefined, Number(user_id), messages),
      delete_msg: ({ message_id }) => {
        const said = this.#find(message_id)
        this.recall(bot, said.id)
        return null
      },
      get_msg: ({ message_id }) => this.#eventOf(this.#find(message_id), 'message'),
      get_group_msg_history: (params) => this.#history(`group:${String(params['group_id'])}`, params),
      ...(this.kind !== 'go-cqhttp' && {
        get_friend_msg_history: (params: WireObject) => this.#history(`private:${String(params['user_id'])}`, params),
      }),
      get_forward_msg: (params) => this.#forwarded(params),
      set_group_ban: ({ group_id, user_id, duration }) => {
        const absent = this.kind === 'napcat' ? 0 : 1800
        const seconds = duration === undefined ? absent : Number(duration)
        this.#member(Number(group_id), Number(user_id))
        const sub_type = seconds === 0 ? 'lift_ban' : 'ban'
        this.#notice({ notice_type: 'group_ban', sub_type, group_id, user_id, operator_id: bot, duration: seconds })
        return null
      },
      set_group_card: ({ group_id, user_id, card }) => {
        this.rename(Number(user_id), Number(group_id), typeof card === 'string' ? card : '')
        return null
      },
      set_group_add_request: () => null,
      set_friend_add_request: () => null,
      set_essence_msg: ({ message_id }) => {
        const said = this.#find(message_id)
        this.#essence.add(said.id)
        this.#notice({
          notice_type: 'essence',
          sub_type: 'add',
          group_id: said.group_id,
          sender_id: said.user_id,
          operator_id: bot,
          message_id: said.id,
        })
        return null
      },
      delete_essence_msg: ({ message_id }) => {
        const said = this.#find(message_id)
        this.#essence.delete(said.id)
        // NapCat calls everything an addition.
        const sub_type = this.kind === 'napcat' ? 'add' : 'delete'
        this.#notice({
          notice_type: 'essence',
          sub_type,
          group_id: said.group_id,
          sender_id: said.user_id,
          operator_id: bot,
          message_id: said.id,
        })
        return null
      },
      get_essence_msg_list: ({ group_id }) =>
        this.#said
          .filter((said) => this.#essence.has(said.id) && said.group_id === Number(group_id))
          .map((said) => ({
            sender_id: said.user_id,
            sender_nick: people[said.user_id],
            ...(this.kind !== 'napcat' && { sender_time: said.time }),
            operator_id: bot,
            operator_nick: people[bot],
            operator_time: this.#now(),
            message_id: said.id,
          })),
      get_group_file_url: ({ file_id }) => ({ url: `http://files.test/${String(file_id)}` }),
      can_send_image: () => ({ yes: true }),
      can_send_record: () => ({ yes: true }),
      set_group_kick: ({ group_id, user_id }) => {
        this.#member(Number(group_id), Number(user_id))
        this.#group(Number(group_id)).members.delete(Number(user_id))
        this.#notice({ notice_type: 'group_decrease', sub_type: 'kick', group_id, user_id, operator_id: bot })
        return null
      },
      get_group_system_msg: () => {
        const asked = {
          request_id: 7,
          group_id: 20001,
          group_name: 'Sandbox',
          message: 'let me in',
          checked: false,
          actor: 0,
        }
        if (this.kind === 'napcat') {
          return {
            InvitedRequest: [],
            invited_requests: [],
            join_requests: [{ ...asked, invitor_uin: 10004, invitor_nick: 'Dave' }],
          }
        }
        const requester = { requester_uin: 10004, requester_nick: 'Dave' }
        return { invited_requests: this.kind === 'llonebot' ? [] : null, join_requests: [{ ...asked, ...requester }] }
      },
      get_online_clients: () =>
        this.kind === 'napcat' ? [] : { clients: [{ app_id: 1, device_name: 'PC', device_kind: 'PC' }] },
      get_unidirectional_friend_list: () =>
        this.kind === 'napcat'
          ? [{ uin: 10005, nick_name: 'Erin', source: 'group' }]
          : [{ user_id: 10005, nickname: 'Erin', source: 'group' }],
      _send_group_notice: () => (this.kind === 'napcat' || this.kind === 'llonebot' ? null : { notice_id: 'n1' }),
      [this.kind === 'llonebot' ? '_delete_group_notice' : '_del_group_notice']: () => null,
      ...(this.kind !== 'go-cqhttp' &&
        this.kind !== 'generic' && {
          group_poke: ({ group_id, user_id }: WireObject) => {
            this.poke(bot, Number(user_id), Number(group_id))
            return null
          },
          friend_poke: ({ user_id, target_id }: WireObject) => {
            this.poke(bot, Number(target_id ?? user_id))
            return null
          },
        }),
      ...(this.kind !== 'go-cqhttp' && { send_like: () => null }),
    }
  }

  #send(group_id: number | undefined, target: number, message: unknown) {
    const given = Array.isArray(message)
      ? (message as WireSegment[])
      : [{ type: 'text', data: { text: String(message) } }]
    const poke = given.find(({ type }) => type === 'poke')
    if (poke && (this.kind === 'go-cqhttp' || this.kind === 'generic')) {
      this.poke(bot, Number(poke.data['qq']), group_id)
      return { message_id: 0 }
    }
    const carried = given.flatMap((segment) => this.#carry(segment))
    if (carried.length === 0) throw new UpstreamFailure('EMPTY_MSG_ERROR', '消息为空')
    const said = this.#add(bot, group_id, target, carried)
    if (this.reportsSelf) this.#tell({ ...this.#eventOf(said, 'message_sent'), message_sent_type: 'self' })
    return { message_id: said.id }
  }

  /** What becomes of a segment that is sent. */
  #carry(segment: WireSegment): readonly WireSegment[] {
    const { type, data } = segment
    if (this.kind === 'napcat') {
      if (type === 'location') return [{ type: 'text', data: { text: '测试' } }]
      if (['xml', 'poke', 'miniapp'].includes(type)) return []
      if (['share', 'tts', 'cardimage', 'gift', 'redbag', 'anonymous', 'emoji', 'shake'].includes(type)) {
        throw new UpstreamFailure('', `未知的消息类型：${type}`)
      }
    }
    if (this.kind === 'llonebot') {
      const carried = [
        'text',
        'at',
        'face',
        'mface',
        'image',
        'record',
        'video',
        'file',
        'reply',
        'json',
        'music',
        'dice',
        'rps',
        'forward',
        'contact',
        'markdown',
        'keyboard',
      ]
      if (!carried.includes(type)) return []
    }
    if (type === 'reply' && this.kind !== 'go-cqhttp' && this.kind !== 'generic' && !this.#isKnown(data['id']))
      return []
    if (type === 'image') return [{ type, data: { file: 'SENT.png', url: 'https://gone.test/x' } }]
    return [segment]
  }

  #sendBundle(group_id: number | undefined, target: number, messages: unknown) {
    const id = `res${this.#bundles.size + 1}`
    this.#bundles.set(id, messages as WireSegment[])
    const said = this.#add(bot, group_id, target, [{ type: 'forward', data: { id } }])
    return { message_id: said.id, [this.kind === 'napcat' ? 'res_id' : 'forward_id']: id }
  }

  #forwarded({ id, message_id }: WireObject) {
    const wanted = id ?? message_id
    if (this.kind === 'llonebot' && typeof wanted !== 'string') throw new UpstreamFailure('', 'id: expected a string')
    const byMessage = this.#said.find((said) => String(said.id) === String(wanted))
    const segment = byMessage?.message.find(({ type }) => type === 'forward')
    const nodes = this.#bundles.get(String(segment?.data['id'] ?? wanted))
    if (!nodes) throw messageNotFound()
    const messages = nodes.map(({ data }) => {
      const sender = { user_id: Number(data['user_id']), nickname: String(data['nickname']) }
      const common = { sender, time: Number(data['time'] ?? 0) }
      return this.kind === 'napcat'
        ? { ...common, message_type: 'group', user_id: sender.user_id, message_id: 1, message: data['content'] }
        : { ...common, content: data['content'] }
    })
    return { messages }
  }

  #history(chat: string, { message_seq, count }: WireObject) {
    const all = this.#said.filter((said) => said.chat === chat)
    const limit = Number(count ?? 20)
    let page = all
    if (message_seq !== undefined && Number(message_seq) !== 0) {
      if (this.kind === 'napcat') {
        const last = this.#find(message_seq)
        page = all.filter((said) => said.seq <= last.seq)
      } else {
        page = all.filter((said) => said.seq <= Number(message_seq))
      }
    }
    const told = page.slice(-limit)
    if (told.length === 0 && this.kind === 'napcat') throw new UpstreamFailure('', '消息不存在')
    for (const said of told) this.#known.add(said.id)
    return { messages: told.map((said) => this.#eventOf(said, said.user_id === bot ? 'message_sent' : 'message')) }
  }

  #eventOf(said: Said, post_type: string): WireObject {
    const isGroup = said.group_id !== undefined
    const common = {
      post_type,
      message_type: isGroup ? 'group' : 'private',
      sub_type: isGroup ? 'normal' : 'friend',
      time: said.time,
      self_id: bot,
      user_id: said.user_id,
      message_id: said.id,
      message: said.message.map((segment) => this.#shown(segment, said)),
      raw_message: '',
      font: 14,
      sender: this.#sender(said),
      ...(isGroup ? { group_id: said.group_id, anonymous: null } : { target_id: said.target_id }),
    }
    switch (this.kind) {
      case 'napcat':
        return {
          ...common,
          message_seq: said.id,
          real_id: said.id,
          real_seq: String(said.seq),
          message_format: 'array',
        }
      case 'llonebot':
      case 'lagrange':
        return { ...common, message_seq: said.seq }
      default:
        return isGroup ? { ...common, message_seq: said.seq } : common
    }
  }

  #shown({ type, data }: WireSegment, said: Said): WireSegment {
    if (this.kind === 'napcat') {
      if (type === 'face')
        return { type, data: { ...data, raw: { faceIndex: Number(data['id']), faceType: 1 }, resultId: null } }
      if (type === 'image') return { type, data: { summary: '', sub_type: 1, file_size: '70', ...data } }
      if (type === 'forward') return { type, data: { id: String(said.id) } }
      if (type === 'dice' || type === 'rps') return { type, data: { result: data['value'] ?? 3 } }
    }
    if (this.kind === 'llonebot' && (type === 'dice' || type === 'rps'))
      return { type, data: { result: data['value'] ?? 3 } }
    return { type, data }
  }

  #sender({ user_id, group_id }: Said): WireObject {
    const nickname = people[user_id]
    const member = group_id === undefined ? undefined : this.#groups.get(group_id)?.members.get(user_id)
    if (!member) return { user_id, nickname }
    const { card, role, level, title } = member
    switch (this.kind) {
      case 'napcat':
        return { user_id, nickname, card, role }
      case 'llonebot':
        return { user_id, nickname, card, role, level, title }
      default:
        return { user_id, nickname, card, role, level, title, age: 0, sex: 'unknown', area: '' }
    }
  }

  #add(user_id: number, group_id: number | undefined, target: number, message: readonly WireSegment[]): Said {
    const chat = group_id === undefined ? `private:${user_id === bot ? target : user_id}` : `group:${group_id}`
    const seq = (this.#seqs.get(chat) ?? 100) + 1
    this.#seqs.set(chat, seq)
    const id =
      this.kind === 'go-cqhttp' || this.kind === 'napcat'
        ? crc32(`${group_id ?? user_id}-${seq}`) | 0
        : ++this.#ids + 7_000_000
    const said = { chat, seq, id, user_id, target_id: target, group_id, time: this.#now(), message, isRecalled: false }
    this.#said.push(said)
    this.#known.add(id)
    return said
  }

  #isKnown(id: unknown): boolean {
    const found = this.#said.find((said) => String(said.id) === String(id))
    return found !== undefined && (this.kind !== 'napcat' || this.#known.has(found.id))
  }

  #find(id: unknown): Said {
    const found = this.#said.find((said) => String(said.id) === String(id))
    if (!found || !this.#isKnown(id)) throw messageNotFound()
    return found
  }

  #found(id: number, name: string, members: readonly Member[]): void {
    this.#groups.set(id, { name, members: new Map(members.map((member) => [member.user_id, member])) })
  }

  #group(id: number) {
    const group = this.#groups.get(id)
    if (!group) throw groupNotFound()
    return group
  }

  #member(group_id: number, user: number): Member {
    const member = this.#group(group_id).members.get(user)
    if (!member) throw new UpstreamFailure('MEMBER_NOT_FOUND', '群员不存在')
    return member
  }

  #groupInfo(group_id: number): WireObject {
    const { name, members } = this.#group(group_id)
    const common = { group_id, group_name: name, member_count: members.size, max_member_count: 200 }
    if (this.kind === 'napcat') return { ...common, group_all_shut: 0, group_remark: '' }
    return { ...common, group_create_time: 1_700_000_000, ...(this.kind !== 'llonebot' && { group_level: 1 }) }
  }

  #memberInfo(group_id: number, { user_id, card, role, level, title }: Member): WireObject {
    const common = {
      group_id,
      user_id,
      nickname: people[user_id],
      card,
      role,
      level,
      title,
      join_time: 1,
      last_sent_time: 2,
    }
    return this.kind === 'napcat'
      ? { ...common, age: 0, sex: 'unknown' }
      : { ...common, age: 0, sex: 'unknown', area: '' }
  }

  #notice(event: WireObject): void {
    this.#tellStamped({ post_type: 'notice', ...event })
  }

  #tellStamped(event: WireObject): void {
    this.#tell({ time: this.#now(), self_id: bot, ...event })
  }
}
