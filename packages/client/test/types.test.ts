import type { ActionName } from '@seekyou/actions'
import type {
  BotEvent,
  CallArguments,
  CallData,
  CallName,
  CallParams,
  Client,
  EventName,
  EventOf,
  MessageContent,
  MessageInput,
} from '@seekyou/client'
import { expect, expectTypeOf, it } from 'vitest'
import type { $brand } from 'zod'

/* `pnpm types` checks what is here; the functions that take a client never run. */

/** Whether a brand is anywhere in `T`, as deep as anything is that is not made of itself. */
type HasBrand<T, Depth extends readonly 0[] = []> = Depth['length'] extends 8
  ? never
  : T extends { readonly [$brand]: unknown }
    ? true
    : T extends readonly (infer Item)[]
      ? HasBrand<Item, [0, ...Depth]>
      : T extends object
        ? { [Key in keyof T]-?: HasBrand<T[Key], [0, ...Depth]> }[keyof T]
        : never

type Scalar = string | number | boolean | undefined

/** The params that are more than a scalar, a list of them, a message or whatever one likes. */
type Structured<Params> = {
  [Key in keyof Params]-?: unknown extends Params[Key]
    ? never
    : Params[Key] extends Scalar | readonly Scalar[] | MessageInput | Record<string, unknown>
      ? never
      : Key
}[keyof Params]

it('params that are missing, wrong or unknown do not compile', () => {
  const wrong = (client: Client) => [
    client.call('get_msg', { message_id: 1 }),
    // @ts-expect-error -- a param is missing
    client.call('get_msg', {}),
    // @ts-expect-error -- so is this one
    client.call('get_msg'),
    // @ts-expect-error -- a boolean is no id
    client.call('get_msg', { message_id: true }),
    // @ts-expect-error -- there is no such param
    client.call('get_msg', { message_id: 1, group: 1 }),
    // @ts-expect-error -- there is no such action
    client.call('get_message', { message_id: 1 }),
    // @ts-expect-error -- a group is no person
    client.call('send_private_msg', { group_id: 1, message: 'hi' }),
    // @ts-expect-error -- only a boolean
    client.call('send_group_msg', { group_id: 1, message: 'hi', auto_escape: 'maybe' }),
    // @ts-expect-error -- a segment has data
    client.call('send_group_msg', { group_id: 1, message: [{ type: 'text', text: 'hi' }] }),
    // @ts-expect-error -- a message must be there
    client.actions.send_group_msg({ group_id: 1 }),
    // @ts-expect-error -- there is no such action
    client.actions.send_message({ group_id: 1 }),
    // @ts-expect-error -- nor with a suffix
    client.call('send_message_async', { group_id: 1 }),
    // @ts-expect-error -- the params are those of the action
    client.call('send_group_msg_async', { user_id: 1, message: 'hi' }),
    // @ts-expect-error -- there is nothing to reply to
    client.reply({ post_type: 'notice' }, 'hi'),
  ]
  expect(wrong).toBeTypeOf('function')
})

it('names of events that there are not do not compile', () => {
  const wrong = (client: Client) => [
    client.on('message.group.normal', () => undefined),
    // @ts-expect-error -- there is no such event
    client.on('message.guilds', () => undefined),
    // @ts-expect-error -- an event of its name has no such field
    client.on('message.private', ({ group_id }) => group_id),
    // @ts-expect-error -- a name begins at the beginning
    client.events('group'),
  ]
  expect(wrong).toBeTypeOf('function')
})

it('params are what a bot author writes', () => {
  expectTypeOf<CallParams<'send_group_msg'>>().toEqualTypeOf<{
    readonly group_id: number
    readonly message: MessageInput
    readonly auto_escape?: boolean
    readonly _idempotency_key?: string
  }>()
  expectTypeOf<CallParams<'get_group_info'>>().toEqualTypeOf<{
    readonly group_id: number
    readonly no_cache?: boolean
  }>()
  expectTypeOf<CallParams<'send_msg'>['user_id']>().toEqualTypeOf<number | undefined>()
  expectTypeOf<CallParams<'send_group_msg_async'>>().toEqualTypeOf<CallParams<'send_group_msg'>>()
  expectTypeOf<CallArguments<'get_status'>>().toExtend<readonly [params?: object, options?: object]>()
  expectTypeOf<CallArguments<'get_group_list_rate_limited'>['0']>().toEqualTypeOf<
    CallParams<'get_group_list'> | undefined
  >()
})

it('data are plain', () => {
  expectTypeOf<CallData<'send_msg'>>().toEqualTypeOf<{ message_id: number }>()
  expectTypeOf<CallData<'send_msg_async'>>().toEqualTypeOf<{ message_id: number } | null>()
  expectTypeOf<CallData<'delete_msg'>>().toEqualTypeOf<null>()
  expectTypeOf<CallData<'get_msg'>['message']>().toEqualTypeOf<MessageContent>()
  expectTypeOf<CallData<'get_group_member_list'>[number]['role']>().toEqualTypeOf<'owner' | 'admin' | 'member'>()
  expectTypeOf<CallData<'get_group_member_list'>[number]['user_id']>().toEqualTypeOf<number>()
})

it('no brand is left in any params, data or event', () => {
  expectTypeOf<{ [Name in ActionName]: HasBrand<CallParams<Name>> }[ActionName]>().toEqualTypeOf<never>()
  expectTypeOf<{ [Name in ActionName]: HasBrand<CallData<Name>> }[ActionName]>().toEqualTypeOf<never>()
  expectTypeOf<HasBrand<BotEvent>>().toEqualTypeOf<never>()
})

// What comes out of a schema that reads a structure is not what goes in, and only its input type can tell.
it('no param is a structure that its schema does not tell', () => {
  expectTypeOf<{ [Name in ActionName]: Structured<CallParams<Name>> }[ActionName]>().toEqualTypeOf<never>()
})

it('every action can be called with a suffix', () => {
  expectTypeOf<CallName>().toEqualTypeOf<ActionName | `${ActionName}_async` | `${ActionName}_rate_limited`>()
})

it('events are narrowed by their names', () => {
  expectTypeOf<EventOf<'message'>['post_type']>().toEqualTypeOf<'message'>()
  expectTypeOf<EventOf<'message'>['message']>().toEqualTypeOf<MessageContent>()
  expectTypeOf<EventOf<'message'>['raw_message']>().toEqualTypeOf<string>()
  expectTypeOf<EventOf<'message'>['message_type']>().toEqualTypeOf<'private' | 'group' | 'discuss' | 'guild'>()
  expectTypeOf<EventOf<'message.group'>['group_id']>().toEqualTypeOf<number>()
  expectTypeOf<EventOf<'message.group'>['sub_type']>().toEqualTypeOf<'normal' | 'anonymous' | 'notice'>()
  expectTypeOf<EventOf<'message.group.normal'>['sub_type']>().toEqualTypeOf<'normal'>()
  expectTypeOf<EventOf<'message_sent.private'>['post_type']>().toEqualTypeOf<'message_sent'>()
  expectTypeOf<EventOf<'notice.notify.poke'>['group_id']>().toEqualTypeOf<number | undefined>()
  expectTypeOf<EventOf<'notice.notify.title'>['title']>().toEqualTypeOf<string>()
  expectTypeOf<EventOf<'notice.channel_created'>['guild_id']>().toEqualTypeOf<string>()
  expectTypeOf<EventOf<'request'>['request_type']>().toEqualTypeOf<'friend' | 'group'>()
  expectTypeOf<EventOf<'meta_event.heartbeat'>['interval']>().toEqualTypeOf<number>()
  expectTypeOf<EventOf<'message' | 'message_sent' | 'notice' | 'request' | 'meta_event'>>().toEqualTypeOf<BotEvent>()
  expectTypeOf<'meta_event.lifecycle.connect' | 'request.group.invite' | 'notice.friend_add'>().toExtend<EventName>()
})
