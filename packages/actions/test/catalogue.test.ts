import { catalogue } from '@seekyou/actions'
import type { ActionName, BackendActions, DataOf, ForwardNode, ParamsOf, SourceOf } from '@seekyou/actions'
import type { Segment } from '@seekyou/message'
import type { GroupId, GuildScopedId, MessageId, RenderedMessage, UserId } from '@seekyou/protocol'
import { describe, expect, expectTypeOf, it } from 'vitest'
import * as z from 'zod'

const user = { user_id: 10001, nickname: '小明' }
const group = {
  group_id: 20001,
  group_name: '测试群',
  group_memo: '',
  group_create_time: 1_700_000_000,
  group_level: 1,
  member_count: 3,
  max_member_count: 200,
}
const member = {
  group_id: 20001,
  ...user,
  card: '班长',
  sex: 'unknown',
  age: 0,
  area: '',
  join_time: 1_700_000_000,
  last_sent_time: 0,
  shut_up_timestamp: 0,
  level: '1',
  role: 'owner',
  unfriendly: false,
  title: '',
  title_expire_time: 0,
  card_changeable: true,
}

describe('the catalogue', () => {
  it.each([
    'send_private_msg',
    'send_group_msg',
    'send_discuss_msg',
    'send_msg',
    'delete_msg',
    'get_msg',
    'get_login_info',
    'get_stranger_info',
    'get_friend_list',
    'get_group_list',
    'get_group_info',
    'get_group_member_list',
    'get_group_member_info',
    'get_status',
    'get_version_info',
    'get_supported_actions',
    'can_send_image',
    'can_send_record',
    '.handle_quick_operation',
  ])('has %s', (name) => {
    expect(Object.keys(catalogue)).toContain(name)
  })

  it.each(Object.entries(catalogue))('%s tells in one sentence what it does', (_, { summary }) => {
    expect(summary).toMatch(/^[A-Z][^\n]*\.$/u)
  })

  it.each(Object.entries(catalogue))('%s can be told as JSON Schema', (_, { params, data }) => {
    expect(z.toJSONSchema(params, { io: 'input', unrepresentable: 'any' })).toMatchObject({ type: 'object' })
    expect(z.toJSONSchema(data, { io: 'input', unrepresentable: 'any' })).toBeInstanceOf(Object)
  })
})

/** What each result holds by the documents: CQHTTP, OneBot 11 and what go-cqhttp adds to them. */
const results: readonly (readonly [ActionName, unknown])[] = [
  ['send_private_msg', { message_id: 7 }],
  ['delete_msg', null],
  ['get_login_info', user],
  ['get_stranger_info', { ...user, sex: 'male', age: 18, qid: '', sign: '', level: 16, login_days: 7 }],
  ['get_friend_list', [{ ...user, remark: '' }]],
  ['get_group_list', [group]],
  ['get_group_info', group],
  ['get_group_member_list', [member]],
  ['get_group_member_info', member],
]

describe('the result of an action', () => {
  it.each(results)('of %s holds what the documents say', (action, data) => {
    const schema: z.ZodType = catalogue[action].data
    expect(schema.parse(data)).toEqual(data)
    const [one] = Array.isArray(data) ? data : [data]
    for (const field of Object.keys(one ?? {})) {
      const { [field]: _missing, ...rest } = one as Record<string, unknown>
      expect([field, schema.safeParse(Array.isArray(data) ? [rest] : rest).success]).toEqual([field, false])
    }
  })

  it.each(results)('of %s is not something else', (action) => {
    const schema: z.ZodType = catalogue[action].data
    for (const other of [undefined, 'ok', 1, [[]]]) expect(schema.safeParse(other).success).toBe(false)
  })
})

it('the types of params and results come from the catalogue', () => {
  expectTypeOf<ParamsOf<'send_group_msg'>['group_id']>().toEqualTypeOf<GroupId>()
  expectTypeOf<ParamsOf<'send_group_msg'>['message']>().toEqualTypeOf<readonly Segment[]>()
  expectTypeOf<ParamsOf<'send_group_msg'>>().not.toHaveProperty('auto_escape')
  expectTypeOf<ParamsOf<'send_private_msg'>['group_id']>().toEqualTypeOf<GroupId | undefined>()
  expectTypeOf<ParamsOf<'get_group_member_info'>['user_id']>().toEqualTypeOf<UserId>()
  expectTypeOf<ParamsOf<'get_group_list'>>().toEqualTypeOf<{ no_cache: boolean }>()
  expectTypeOf<DataOf<'send_msg'>>().toEqualTypeOf<{ message_id: MessageId }>()
  expectTypeOf<DataOf<'delete_msg'>>().toEqualTypeOf<null>()
  expectTypeOf<DataOf<'get_group_member_info'>['role']>().toEqualTypeOf<'owner' | 'admin' | 'member'>()

  expectTypeOf<ParamsOf<'send_group_forward_msg'>['messages']>().toEqualTypeOf<readonly ForwardNode[]>()
  expectTypeOf<ParamsOf<'set_group_anonymous_ban'>>().toEqualTypeOf<{
    group_id: GroupId
    flag: string
    duration: number
  }>()
  expectTypeOf<ParamsOf<'set_group_add_request'>['sub_type']>().toEqualTypeOf<'add' | 'invite' | undefined>()
  expectTypeOf<ParamsOf<'get_group_msg_history'>['message_seq']>().toEqualTypeOf<number | undefined>()
  expectTypeOf<ParamsOf<'set_guild_member_role'>['users']>().toEqualTypeOf<GuildScopedId[]>()
  expectTypeOf<DataOf<'send_group_forward_msg'>>().toEqualTypeOf<{ message_id: MessageId; forward_id: string }>()
  expectTypeOf<DataOf<'get_forward_msg'>['messages'][number]['sender']['user_id']>().toEqualTypeOf<number>()
  expectTypeOf<DataOf<'get_guild_msg'>['message']>().toEqualTypeOf<RenderedMessage>()

  // What a backend gives, where the link is told something made from it.
  expectTypeOf<SourceOf<'get_guild_msg'>['message']>().toEqualTypeOf<readonly Segment[]>()
  expectTypeOf<SourceOf<'get_forward_msg'>>().toEqualTypeOf<readonly Segment[]>()
  expectTypeOf<SourceOf<'get_group_list'>>().toEqualTypeOf<DataOf<'get_group_list'>>()
  expectTypeOf<BackendActions['get_forward_msg']>().toEqualTypeOf<
    ((params: { id: string }) => Promise<readonly Segment[]>) | undefined
  >()

  const backend = {
    async delete_msg({ message_id }) {
      expectTypeOf(message_id).toEqualTypeOf<MessageId>()
      return null
    },
    // @ts-expect-error a name that is no action
    async delete_message() {
      return null
    },
  } satisfies BackendActions
  expect(backend).toHaveProperty('delete_msg')

  // @ts-expect-error a result that the action does not give
  const wrong: BackendActions = { get_login_info: async () => ({ nickname: '小明' }) }
  expect(wrong).toBeDefined()
})
