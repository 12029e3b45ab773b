/** An object seen as its properties. */
export type Bag = { readonly [key: string]: unknown }

/** Reads one own property of anything; whatever has no such property gives undefined. */
export type Getter = (holder: unknown) => unknown

const base = Object.prototype as unknown as Bag

/** An own property of a plain holder, undefined for everything else: inherited properties do not exist here. */
export function readOwn(holder: unknown, key: string): unknown {
  return typeof holder === 'object' && holder !== null && !Array.isArray(holder) && Object.hasOwn(holder, key)
    ? (holder as Bag)[key]
    : undefined
}

// `Object.hasOwn` costs more than the read it guards. For a plain object the same is known from two cheaper facts: its
// prototype is Object.prototype, and that one has no such key.
function own(holder: unknown, key: string, value: unknown, inherited: unknown): unknown {
  return value === undefined || (inherited === undefined && Object.getPrototypeOf(holder) === base)
    ? value
    : readOwn(holder, key)
}

type Read = (holder: Bag | null | undefined) => unknown

// One function per key, because a property name written in the code is read several times faster than one in a variable.
const read = {
  anonymous: (o) => own(o, 'anonymous', o?.anonymous, base.anonymous),
  card: (o) => own(o, 'card', o?.card, base.card),
  channel_id: (o) => own(o, 'channel_id', o?.channel_id, base.channel_id),
  comment: (o) => own(o, 'comment', o?.comment, base.comment),
  data: (o) => own(o, 'data', o?.data, base.data),
  discuss_id: (o) => own(o, 'discuss_id', o?.discuss_id, base.discuss_id),
  duration: (o) => own(o, 'duration', o?.duration, base.duration),
  event: (o) => own(o, 'event', o?.event, base.event),
  flag: (o) => own(o, 'flag', o?.flag, base.flag),
  group_id: (o) => own(o, 'group_id', o?.group_id, base.group_id),
  guild_id: (o) => own(o, 'guild_id', o?.guild_id, base.guild_id),
  honor_type: (o) => own(o, 'honor_type', o?.honor_type, base.honor_type),
  id: (o) => own(o, 'id', o?.id, base.id),
  message: (o) => own(o, 'message', o?.message, base.message),
  message_id: (o) => own(o, 'message_id', o?.message_id, base.message_id),
  message_type: (o) => own(o, 'message_type', o?.message_type, base.message_type),
  meta_event_type: (o) => own(o, 'meta_event_type', o?.meta_event_type, base.meta_event_type),
  name: (o) => own(o, 'name', o?.name, base.name),
  nickname: (o) => own(o, 'nickname', o?.nickname, base.nickname),
  notice_type: (o) => own(o, 'notice_type', o?.notice_type, base.notice_type),
  operator_id: (o) => own(o, 'operator_id', o?.operator_id, base.operator_id),
  post_type: (o) => own(o, 'post_type', o?.post_type, base.post_type),
  raw_message: (o) => own(o, 'raw_message', o?.raw_message, base.raw_message),
  request_type: (o) => own(o, 'request_type', o?.request_type, base.request_type),
  role: (o) => own(o, 'role', o?.role, base.role),
  self_id: (o) => own(o, 'self_id', o?.self_id, base.self_id),
  sender: (o) => own(o, 'sender', o?.sender, base.sender),
  sub_type: (o) => own(o, 'sub_type', o?.sub_type, base.sub_type),
  target_id: (o) => own(o, 'target_id', o?.target_id, base.target_id),
  time: (o) => own(o, 'time', o?.time, base.time),
  type: (o) => own(o, 'type', o?.type, base.type),
  user_id: (o) => own(o, 'user_id', o?.user_id, base.user_id),
} satisfies { readonly [key: string]: Read }

/** Reads an own property by name: the common keys of events at full speed, any other correctly. */
export function keyGetter(key: string): Getter {
  return Object.hasOwn(read, key) ? (read[key as keyof typeof read] as Getter) : (holder) => readOwn(holder, key)
}
