import { once } from '../once.ts'
import type { WireEvent } from '../wire-event.ts'

/** The fields that a generation knows of something, each with those within it where it holds some. */
export interface Shape {
  readonly [field: string]: Shape | true
}

/** Which kinds of event a generation knows, and their fields; the kinds are as `kindOf` names them. */
export type EventShapes = ReadonlyMap<string, Shape>

/** Fields that hold no others, by their names. */
export function fields(names: string): Shape {
  return Object.fromEntries(names.split(' ').map((name) => [name, true]))
}

/* Each is made for the first link that wants it: they are many small objects, and most links want none. */

const common = once(() => fields('time self_id post_type'))

/** A message; what is not listed here depends on where it was said. */
const message = once((): Shape => ({
  ...common(),
  ...fields('message_type message_id user_id message raw_message font'),
  sender: fields('user_id nickname card sex age area level role title'),
}))
export const notice = once((): Shape => ({ ...common(), ...fields('notice_type group_id user_id') }))
const request = once((): Shape => ({ ...common(), ...fields('request_type user_id comment flag') }))
const metaEvent = once((): Shape => ({ ...common(), ...fields('meta_event_type') }))

/** What every generation knows. Fields that came to these events later are among them: they never did any harm. */
export const sinceCqhttp2 = once(
  (): EventShapes =>
    new Map([
      ['message private', { ...message(), ...fields('sub_type') }],
      ['message group', { ...message(), ...fields('sub_type group_id anonymous') }],
      ['notice group_upload', { ...notice(), file: fields('id name size busid') }],
      ['notice group_admin', { ...notice(), ...fields('sub_type') }],
      ['notice group_decrease', { ...notice(), ...fields('sub_type operator_id') }],
      ['notice group_increase', { ...notice(), ...fields('sub_type operator_id') }],
      ['notice friend_add', notice()],
      ['request friend', request()],
      ['request group', { ...request(), ...fields('sub_type group_id') }],
    ]),
)

/** What CQHTTP v4 brought, besides; OneBot 11 kept all of it. */
export const sinceCqhttp4 = once(
  (): EventShapes =>
    new Map([
      ...sinceCqhttp2(),
      ['notice group_ban', { ...notice(), ...fields('sub_type operator_id duration') }],
      ['meta_event lifecycle', { ...metaEvent(), ...fields('sub_type') }],
      ['meta_event heartbeat', { ...metaEvent(), ...fields('status interval') }],
    ]),
)

/** What went with CQHTTP. */
export const onlyCqhttp = once(
  (): EventShapes => new Map([['message discuss', { ...message(), ...fields('discuss_id') }]]),
)

/** The event as far as `shapes` knows it, its fields in their own order; `undefined` where no such event is known. */
export function inShape(event: WireEvent, shapes: EventShapes): WireEvent | undefined {
  const shape = shapes.get(kindOf(event))
  // Who is told what the account says itself must know to whom it said it.
  return shape && pick(event, event['post_type'] === 'message_sent' ? { ...shape, target_id: true } : shape)
}

/** What kind of event it is: `message group`, `notice group_ban`, `notice notify poke`, `request friend` and so on. */
function kindOf(event: WireEvent): string {
  // No generation but go-cqhttp has `message_sent`; only a link that asks for it by `report_self_message` is told.
  const family = event['post_type'] === 'message_sent' ? 'message' : String(event['post_type'])
  const type = String(event[`${family}_type`])
  return type === 'notify' ? `${family} ${type} ${String(event['sub_type'])}` : `${family} ${type}`
}

function pick(value: WireEvent, shape: Shape): WireEvent {
  const known: Record<string, unknown> = {}
  for (const [field, inner] of Object.entries(value)) {
    const inside = shape[field]
    if (inside) known[field] = inside !== true && isObject(inner) ? pick(inner, inside) : inner
  }
  return known
}

function isObject(value: unknown): value is WireEvent {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
