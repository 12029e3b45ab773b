/** An object seen as its properties. */
export type Bag = { readonly [key: string]: unknown }

/**
 * Reads one part of anything; whatever has no such part gives undefined.
 *
 * `plain` is true when the holder is known to be a plain object, which saves asking.
 */
export type Getter = (holder: unknown, plain: boolean) => unknown

const base = Object.prototype as unknown as Bag

/** An own property of a plain holder, undefined for everything else: inherited properties do not exist here. */
export function readOwn(holder: unknown, key: string): unknown {
  return typeof holder === 'object' && holder !== null && !Array.isArray(holder) && Object.hasOwn(holder, key)
    ? (holder as Bag)[key]
    : undefined
}

/** Whether a value is an object that inherits from Object.prototype and nothing else. */
export function isPlain(holder: unknown): boolean {
  return typeof holder === 'object' && holder !== null && Object.getPrototypeOf(holder) === base
}

// `Object.hasOwn` costs more than the read it guards. For a plain object the same is known from a cheaper fact: its
// prototype has no such key.
function own(holder: unknown, plain: boolean, key: string, value: unknown, inherited: unknown): unknown {
  return value === undefined || (inherited === undefined && (plain || isPlain(holder))) ? value : readOwn(holder, key)
}

type Read = (holder: Bag | null | undefined, plain: boolean) => unknown

// One function per key, because a property name written in the code is read several times faster than one in a variable.
const read = {
  anonymous: (o, plain) => own(o, plain, 'anonymous', o?.anonymous, base.anonymous),
  card: (o, plain) => own(o, plain, 'card', o?.card, base.card),
  channel_id: (o, plain) => own(o, plain, 'channel_id', o?.channel_id, base.channel_id),
  comment: (o, plain) => own(o, plain, 'comment', o?.comment, base.comment),
  data: (o, plain) => own(o, plain, 'data', o?.data, base.data),
  discuss_id: (o, plain) => own(o, plain, 'discuss_id', o?.discuss_id, base.discuss_id),
  duration: (o, plain) => own(o, plain, 'duration', o?.duration, base.duration),
  event: (o, plain) => own(o, plain, 'event', o?.event, base.event),
  flag: (o, plain) => own(o, plain, 'flag', o?.flag, base.flag),
  group_id: (o, plain) => own(o, plain, 'group_id', o?.group_id, base.group_id),
  guild_id: (o, plain) => own(o, plain, 'guild_id', o?.guild_id, base.guild_id),
  honor_type: (o, plain) => own(o, plain, 'honor_type', o?.honor_type, base.honor_type),
  id: (o, plain) => own(o, plain, 'id', o?.id, base.id),
  message: (o, plain) => own(o, plain, 'message', o?.message, base.message),
  message_id: (o, plain) => own(o, plain, 'message_id', o?.message_id, base.message_id),
  message_type: (o, plain) => own(o, plain, 'message_type', o?.message_type, base.message_type),
  meta_event_type: (o, plain) => own(o, plain, 'meta_event_type', o?.meta_event_type, base.meta_event_type),
  name: (o, plain) => own(o, plain, 'name', o?.name, base.name),
  nickname: (o, plain) => own(o, plain, 'nickname', o?.nickname, base.nickname),
  notice_type: (o, plain) => own(o, plain, 'notice_type', o?.notice_type, base.notice_type),
  operator_id: (o, plain) => own(o, plain, 'operator_id', o?.operator_id, base.operator_id),
  post_type: (o, plain) => own(o, plain, 'post_type', o?.post_type, base.post_type),
  raw_message: (o, plain) => own(o, plain, 'raw_message', o?.raw_message, base.raw_message),
  request_type: (o, plain) => own(o, plain, 'request_type', o?.request_type, base.request_type),
  role: (o, plain) => own(o, plain, 'role', o?.role, base.role),
  self_id: (o, plain) => own(o, plain, 'self_id', o?.self_id, base.self_id),
  sender: (o, plain) => own(o, plain, 'sender', o?.sender, base.sender),
  sub_type: (o, plain) => own(o, plain, 'sub_type', o?.sub_type, base.sub_type),
  target_id: (o, plain) => own(o, plain, 'target_id', o?.target_id, base.target_id),
  time: (o, plain) => own(o, plain, 'time', o?.time, base.time),
  type: (o, plain) => own(o, plain, 'type', o?.type, base.type),
  user_id: (o, plain) => own(o, plain, 'user_id', o?.user_id, base.user_id),
} satisfies { readonly [key: string]: Read }

/** Reads an own property by name: the common keys of events at full speed, any other correctly. */
export function keyGetter(key: string): Getter {
  return Object.hasOwn(read, key) ? (read[key as keyof typeof read] as Getter) : (holder) => readOwn(holder, key)
}
