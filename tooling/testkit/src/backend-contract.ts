import { mediaKey, quotation, userId } from '@seekyou/protocol'
import type { Backend, NetworkEvent, StoredMessage } from '@seekyou/protocol'
import { expect, test } from 'vitest'
import type { MemoryBackendHost } from './backend-host.ts'

/** Whatever a network says, it says it within this time. */
const patiently = { timeout: 10_000, interval: 2 }

/**
 * A backend in motion on a host in memory, and the people on the other side. The account is 10000. It owns the group
 * 20001, where Alice (10001), Bob (10002) and Dave (10004) are members and Carol (10003) an admin; Alice is a friend.
 */
export interface BackendStage extends AsyncDisposable {
  readonly backend: Backend
  readonly host: MemoryBackendHost
  /** Does an action as the dispatcher would, its data checked against the action's schema. */
  readonly act: (action: string, params?: object) => Promise<unknown>
  /** Someone says something, in a group or to the account. */
  say(as: number, chat: { readonly group_id?: number }, message: string): Promise<void>
  /** Someone takes back what was said last in a group. */
  recallLast(as: number, groupId: number): Promise<void>
  poke(as: number, target: number, groupId?: number): Promise<void>
  askToJoin(as: number, groupId: number, comment: string): Promise<void>
  /** The same backend after a restart, on what it left behind; the stage itself is of no more use. */
  restart(): Promise<BackendStage>
}

const group_id = 20001
const text = (content: string) => [{ type: 'text', data: { text: content } }]

const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='

/** What every backend does alike, whatever network it speaks to. */
export function describeBackend(open: () => Promise<BackendStage>): void {
  const onStage = (run: (stage: BackendStage) => Promise<void>) => async () => {
    await using stage = await open()
    await run(stage)
  }

  test(
    'is online, and knows who the account is',
    onStage(async ({ backend, host, act }) => {
      expect(backend.condition()).toEqual({ phase: 'online' })
      expect(host.self.user_id).toBe(10000)
      expect(await act('get_login_info')).toEqual({ user_id: 10000, nickname: host.self.nickname })
    }),
  )

  test(
    'tells what is said in a group, complete, numbered and remembered',
    onStage(async (stage) => {
      await stage.say(10001, { group_id }, 'good morning & [welcome]')
      await stage.say(10003, { group_id }, 'hello')
      const [first, second] = [await heard(stage, 0), await heard(stage, 1)]
      expect(first).toMatchObject({
        post_type: 'message',
        message_type: 'group',
        sub_type: 'normal',
        group_id,
        user_id: 10001,
        self_id: 10000,
        anonymous: null,
        message: text('good morning & [welcome]'),
        sender: { user_id: 10001, nickname: 'Alice', card: '', role: 'member' },
      })
      expect(second).toMatchObject({ user_id: 10003, sender: { role: 'admin' } })
      expect(second.message_id).toBeGreaterThan(first.message_id)
      expect(second.message_seq).toBeGreaterThan(first.message_seq)
      expect(await stage.host.messages.get(first.message_id)).toEqual({ event: first, recalled: false })
    }),
  )

  test(
    'tells what a friend says to the account',
    onStage(async (stage) => {
      await stage.say(10001, {}, 'psst')
      expect(await heard(stage)).toMatchObject({
        message_type: 'private',
        sub_type: 'friend',
        user_id: 10001,
        target_id: 10000,
        sender: { nickname: 'Alice' },
        message: text('psst'),
      })
    }),
  )

  test(
    'says something once, under the id that it answers',
    onStage(async (stage) => {
      const { message_id } = (await stage.act('send_group_msg', { group_id, message: 'hi' })) as Sent
      const told = await said(stage)
      expect(told).toMatchObject({ message_id, group_id, user_id: 10000, message: text('hi') })
      const { message_id: inPrivate } = (await stage.act('send_private_msg', { user_id: 10001, message: 'hi' })) as Sent
      expect(await said(stage, 1)).toMatchObject({ message_id: inPrivate, target_id: 10001, message: text('hi') })
      // What comes last shows that nothing was told twice before it.
      await stage.say(10001, { group_id }, 'bye')
      await heard(stage)
      expect(stage.host.events.filter(({ post_type }) => post_type === 'message_sent')).toHaveLength(2)
    }),
  )

  test(
    'quotes what it heard, and refuses to quote what nobody said',
    onStage(async (stage) => {
      await stage.say(10001, { group_id }, 'a question')
      const question = await heard(stage)
      const quoting = (id: number) => [{ type: 'reply', data: { id: String(id) } }, ...text('an answer')]
      await stage.act('send_group_msg', { group_id, message: quoting(question.message_id) })
      expect((await said(stage)).message).toEqual([quotation(question), ...text('an answer')])
      await expect(stage.act('send_group_msg', { group_id, message: quoting(99_999) })).rejects.toMatchObject({
        kind: 'no-data',
        code: 'REPLY_NOT_FOUND',
      })
      expect(stage.host.events.filter(({ post_type }) => post_type === 'message_sent')).toHaveLength(1)
    }),
  )

  test(
    'keeps a picture that it sends, and knows it again by its name',
    onStage(async (stage) => {
      const image = { type: 'image', data: { file: `base64://${png}` } }
      await stage.act('send_group_msg', { group_id, message: [image] })
      const [shown] = (await said(stage)).message
      const key = mediaKey(shown?.data['url'] as string)
      expect(key && Buffer.from((await stage.host.media.get(key))!.bytes).toString('base64')).toBe(png)
      expect(await stage.backend.mediaNamed?.(shown?.data['file'] as string)).toMatchObject({ key })
    }),
  )

  test(
    'tells of what is taken back by its own ids, and remembers it',
    onStage(async (stage) => {
      const { message_id } = (await stage.act('send_group_msg', { group_id, message: 'oops' })) as Sent
      await stage.act('delete_msg', { message_id })
      const own = { notice_type: 'group_recall', group_id, user_id: 10000, operator_id: 10000, message_id }
      expect(await noticed(stage, 'group_recall')).toMatchObject(own)
      expect((await recalled(stage, message_id)).recalled).toBe(true)

      await stage.say(10001, { group_id }, 'oops, too')
      const { message_id: other } = await heard(stage)
      await stage.recallLast(10003, group_id)
      const theirs = { user_id: 10001, operator_id: 10003, message_id: other }
      expect(await noticed(stage, 'group_recall', 1)).toMatchObject(theirs)
      expect((await recalled(stage, other)).recalled).toBe(true)
    }),
  )

  test(
    'lists groups, members and friends, with every field that clients read',
    onStage(async ({ act }) => {
      const groups = (await act('get_group_list')) as { group_id: number; group_name: string }[]
      expect(groups.map((group) => group.group_id)).toContain(group_id)
      expect(await act('get_group_info', { group_id })).toMatchObject({ group_name: 'Sandbox', member_count: 5 })
      const members = (await act('get_group_member_list', { group_id })) as { user_id: number; role: string }[]
      expect(members.map(({ user_id }) => user_id).toSorted((a, b) => a - b)).toEqual([
        10000, 10001, 10002, 10003, 10004,
      ])
      expect(await act('get_group_member_info', { group_id, user_id: 10003 })).toMatchObject({
        nickname: 'Carol',
        role: 'admin',
      })
      const friends = (await act('get_friend_list')) as { user_id: number }[]
      expect(friends.map(({ user_id }) => user_id)).toContain(10001)
      expect(await act('get_stranger_info', { user_id: 10004 })).toMatchObject({ user_id: 10004, nickname: 'Dave' })
    }),
  )

  test(
    'fails with its reason where there is no such group or member, and nothing happens',
    onStage(async ({ act, host }) => {
      await expect(act('send_group_msg', { group_id: 29_999, message: 'hi' })).rejects.toMatchObject({
        kind: 'no-data',
      })
      await expect(act('get_group_member_info', { group_id, user_id: 19_999 })).rejects.toMatchObject({
        kind: 'no-data',
      })
      await expect(act('delete_msg', { message_id: 99_999 })).rejects.toMatchObject({ kind: 'no-data' })
      expect(host.events).toEqual([])
    }),
  )

  test(
    'mutes for half an hour where nothing else is said, and lifts it',
    onStage(async (stage) => {
      await stage.act('set_group_ban', { group_id, user_id: 10002 })
      const ban = { sub_type: 'ban', group_id, user_id: 10002, operator_id: 10000, duration: 1800 }
      expect(await noticed(stage, 'group_ban')).toMatchObject(ban)
      await stage.act('set_group_ban', { group_id, user_id: 10002, duration: 0 })
      expect(await noticed(stage, 'group_ban', 1)).toMatchObject({ sub_type: 'lift_ban', user_id: 10002, duration: 0 })
    }),
  )

  test(
    'shows a new card in what it tells of the member',
    onStage(async (stage) => {
      await stage.act('set_group_card', { group_id, user_id: 10002, card: 'the builder' })
      const change = { user_id: 10002, card_new: 'the builder', card_old: '' }
      expect(await noticed(stage, 'group_card')).toMatchObject(change)
      expect(await stage.act('get_group_member_info', { group_id, user_id: 10002 })).toMatchObject({
        card: 'the builder',
      })
      await stage.say(10002, { group_id }, 'can we fix it?')
      expect(await heard(stage)).toMatchObject({ sender: { card: 'the builder' } })
    }),
  )

  test(
    'tells who poked whom, and pokes with a segment beside which the rest is said',
    onStage(async (stage) => {
      await stage.poke(10001, 10000, group_id)
      const poke = { sub_type: 'poke', group_id, user_id: 10001, sender_id: 10001, target_id: 10000 }
      expect(await noticed(stage, 'notify')).toMatchObject(poke)
      const back = { type: 'poke', data: { qq: '10001' } }
      expect(await stage.act('send_group_msg', { group_id, message: [back] })).toEqual({ message_id: 0 })
      const ours = { group_id, user_id: 10000, sender_id: 10000, target_id: 10001 }
      expect(await noticed(stage, 'notify', 1)).toMatchObject(ours)
      await stage.act('send_group_msg', { group_id, message: [back, ...text('there')] })
      expect(await said(stage)).toMatchObject({ message: text('there') })
    }),
  )

  test(
    'tells who asks to join, with a flag that answers it',
    onStage(async (stage) => {
      await stage.askToJoin(10005, group_id, 'let me in')
      const request = await seen(stage, 0, (event) => event.post_type === 'request')
      expect(request).toMatchObject({
        request_type: 'group',
        sub_type: 'add',
        group_id,
        user_id: 10005,
        comment: 'let me in',
      })
      const { flag } = request as unknown as { readonly flag: string }
      expect(await stage.act('set_group_add_request', { flag, sub_type: 'add', approve: false })).toBeNull()
    }),
  )

  test(
    'sends a bundle and tells what is in it',
    onStage(async (stage) => {
      await stage.say(10001, { group_id }, 'to be kept')
      const { message_id: kept } = await heard(stage)
      const own = { user_id: '10002', nickname: 'Bob', content: 'made up' }
      const messages = [
        { type: 'node', data: { id: String(kept) } },
        { type: 'node', data: own },
      ]
      const sent = (await stage.act('send_group_forward_msg', { group_id, messages })) as Sent & { forward_id: string }
      expect(await said(stage)).toMatchObject({ message_id: sent.message_id, message: [{ type: 'forward' }] })
      expect(await stage.act('get_forward_msg', { id: sent.forward_id })).toMatchObject([
        { type: 'node', data: { user_id: '10001', nickname: 'Alice', content: text('to be kept') } },
        { type: 'node', data: { user_id: '10002', nickname: 'Bob', content: text('made up') } },
      ])
    }),
  )

  test(
    'gives no id twice and knows its messages after a restart',
    onStage(async (first) => {
      await first.say(10001, { group_id }, 'before')
      const before = await heard(first)
      const { message_id: own } = (await first.act('send_group_msg', { group_id, message: 'mine' })) as Sent
      await using second = await first.restart()
      await second.say(10001, { group_id }, 'after')
      const after = await heard(second)
      expect(after.message_id).toBeGreaterThan(Math.max(before.message_id, own))
      await second.act('delete_msg', { message_id: own })
      expect(await noticed(second, 'group_recall')).toMatchObject({ message_id: own })
      const quoting = [{ type: 'reply', data: { id: String(before.message_id) } }, ...text('as I said')]
      await second.act('send_group_msg', { group_id, message: quoting })
      expect((await said(second)).message).toEqual([quotation(before), ...text('as I said')])
    }),
  )

  test(
    'is offline once it has stopped',
    onStage(async ({ backend }) => {
      await backend.stop()
      expect(backend.condition().phase).toBe('offline')
    }),
  )
}

interface Sent {
  readonly message_id: number
}

type Message = StoredMessage['event']

/** The `nth` event that passes, once it is there. */
async function seen(stage: BackendStage, nth: number, passes: (event: NetworkEvent) => boolean): Promise<NetworkEvent> {
  await expect.poll(() => stage.host.events.filter(passes).length, patiently).toBeGreaterThan(nth)
  return stage.host.events.filter(passes).at(nth)!
}

async function heard(stage: BackendStage, nth = 0): Promise<Message> {
  return (await seen(stage, nth, (event) => event.post_type === 'message')) as Message
}

async function said(stage: BackendStage, nth = 0): Promise<Message> {
  const event = (await seen(stage, nth, ({ post_type }) => post_type === 'message_sent')) as Message
  expect(event.user_id).toBe(userId.parse(10000))
  return event
}

function noticed(stage: BackendStage, type: string, nth = 0): Promise<NetworkEvent> {
  return seen(stage, nth, (event) => event.post_type === 'notice' && event.notice_type === type)
}

async function recalled({ host }: BackendStage, id: number): Promise<StoredMessage> {
  await expect.poll(async () => (await host.messages.get(id as Message['message_id']))?.recalled, patiently).toBe(true)
  return (await host.messages.get(id as Message['message_id']))!
}
