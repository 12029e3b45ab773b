import { createHash } from 'node:crypto'
import { chatOf, messageEvent, noticeEvent, userId } from '@seekyou/protocol'
import type { AccountStore, Chat, Clock, Logger, MessageEvent, NoticeEvent, Store } from '@seekyou/protocol'
import { describe, expect, test } from 'vitest'
import { createRecordingLogger } from './recording-logger.ts'
import { createTemporaryFolder } from './temporary-folder.ts'
import { createVirtualClock } from './virtual-clock.ts'

/** Where a store under test lives; opened with the same place again, it must be the same store. */
export interface StorePlace {
  readonly dataDir: string
  readonly clock: Clock
  readonly log: Logger
}

/** The account of the sample events. */
export const sampleAccount = userId.parse(10000)

/** A group message as the hub would store it. */
export function sampleMessage(id: number, fields: { group?: number; seq?: number; text?: string } = {}): MessageEvent {
  const { group = 20001, seq = id, text = `message ${id}` } = fields
  return messageEvent.parse({
    post_type: 'message',
    message_type: 'group',
    sub_type: 'normal',
    time: 1_767_225_600,
    self_id: sampleAccount,
    message_id: id,
    message_seq: seq,
    user_id: 10001,
    message: [{ type: 'text', data: { text } }],
    font: 0,
    sender: { user_id: 10001, nickname: 'Alice 爱丽丝' },
    group_id: group,
    anonymous: null,
  })
}

/** An event that is no message. */
export function sampleNotice(who: number): NoticeEvent {
  const fields = { post_type: 'notice', notice_type: 'friend_add', time: 1_767_225_600 }
  return noticeEvent.parse({ ...fields, self_id: sampleAccount, user_id: who })
}

function inGroup(id: number): Chat {
  return chatOf(sampleMessage(1, { group: id }))
}

/** What every implementation of the port `Store` promises; called once for each, at the top of a test file. */
export function describeStore(name: string, open: (place: StorePlace) => Promise<Store>): void {
  /** A place of the test's own, where a store can be opened again and again. */
  async function createPlace() {
    const folder = await createTemporaryFolder()
    const clock = createVirtualClock()
    const place = { dataDir: folder.path, clock, log: createRecordingLogger() }
    return { clock, open: () => open(place), [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() }
  }

  /** Runs `use` with a fresh account, then `check` with the same account after a restart. */
  async function acrossRestart<T>(
    use: (account: AccountStore, clock: { advance(ms: number): Promise<void> }) => Promise<T>,
    check: (account: AccountStore, result: T) => Promise<void>,
  ): Promise<void> {
    await using place = await createPlace()
    let result: T
    {
      await using store = await place.open()
      result = await use(store.account(sampleAccount), place.clock)
    }
    await using again = await place.open()
    await check(again.account(sampleAccount), result)
  }

  async function withAccount(use: (account: AccountStore, store: Store) => Promise<void>): Promise<void> {
    await using place = await createPlace()
    await using store = await place.open()
    await use(store.account(sampleAccount), store)
  }

  describe(`${name}: journal`, () => {
    test('an empty journal ends at 0 and has nothing to read', () =>
      withAccount(async ({ journal }) => {
        expect(journal.last()).toBe(0)
        expect(await journal.read(0, 10)).toEqual([])
      }))

    test('seqs begin at 1 and rise by one in the order of the calls, within a turn and between turns', () =>
      withAccount(async ({ journal }) => {
        const first = await Promise.all([1, 2, 3].map((who) => journal.append(sampleNotice(who))))
        const second = await journal.append(sampleNotice(4))
        expect([...first, second].map(({ seq }) => seq)).toEqual([1, 2, 3, 4])
        expect(journal.last()).toBe(4)
      }))

    test('an entry says when it was written down, whatever time its event has', () =>
      acrossRestart(
        async ({ journal }, clock) => {
          await clock.advance(5000)
          return journal.append(sampleNotice(1))
        },
        async ({ journal }, appended) => {
          expect(appended.at).toBe(Date.UTC(2026, 0, 1) + 5000)
          expect(await journal.read(0, 10)).toEqual([appended])
        },
      ))

    test('an entry is not there before its append resolves', () =>
      withAccount(async ({ journal }) => {
        const appended = journal.append(sampleNotice(1))
        expect(journal.last()).toBe(0)
        expect(await journal.read(0, 10)).toEqual([])
        await appended
        expect(journal.last()).toBe(1)
      }))

    test('an event is read as it was appended, whatever becomes of its message', () =>
      withAccount(async ({ journal, messages }) => {
        const events = [sampleMessage(1), sampleNotice(2), sampleMessage(3), sampleMessage(4)] as const
        await Promise.all([
          journal.append(events[0]),
          messages.put(sampleMessage(1)),
          journal.append(events[1]),
          // Stored under the same id, but not the same.
          journal.append(events[2]),
          messages.put(sampleMessage(3, { text: 'edited' })),
          // Never stored.
          journal.append(events[3]),
        ])
        await messages.markRecalled(sampleMessage(1).message_id)
        expect((await journal.read(0, 10)).map(({ event }) => event)).toEqual(events)
      }))

    test('reading begins after the given seq and ends at the limit', () =>
      withAccount(async ({ journal }) => {
        await Promise.all([1, 2, 3, 4, 5].map((who) => journal.append(sampleNotice(who))))
        const seqs = async (after: number, limit: number) => (await journal.read(after, limit)).map(({ seq }) => seq)
        expect(await seqs(1, 2)).toEqual([2, 3])
        expect(await seqs(4, 10)).toEqual([5])
        expect(await seqs(5, 10)).toEqual([])
        expect(await seqs(0, 0)).toEqual([])
      }))

    test('each account has a journal of its own', () =>
      withAccount(async ({ journal }, store) => {
        const other = store.account(userId.parse(10009)).journal
        await Promise.all([journal.append(sampleNotice(1)), other.append(sampleNotice(2))])
        expect([journal.last(), other.last()]).toEqual([1, 1])
        expect(await other.read(0, 10)).toMatchObject([{ seq: 1, event: sampleNotice(2) }])
      }))

    test('a restart keeps the entries and goes on counting', () =>
      acrossRestart(
        async ({ journal }) => void (await journal.append(sampleNotice(1))),
        async ({ journal }) => {
          expect(journal.last()).toBe(1)
          expect(await journal.append(sampleNotice(2))).toMatchObject({ seq: 2, event: sampleNotice(2) })
          expect(await journal.read(0, 10)).toHaveLength(2)
        },
      ))
  })

  describe(`${name}: cursors`, () => {
    test('a name never seen has none', () =>
      withAccount(async ({ journal }) => {
        expect(await journal.cursor('bot')).toBeUndefined()
      }))

    test('a cursor may stand at 0, and never moves backwards', () =>
      withAccount(async ({ journal }) => {
        journal.advance('bot', 0)
        expect(await journal.cursor('bot')).toBe(0)
        journal.advance('bot', 7)
        journal.advance('bot', 3)
        expect(await journal.cursor('bot')).toBe(7)
        expect(await journal.cursor('other')).toBeUndefined()
      }))

    test('a cursor survives a restart, each link and each account for itself', async () => {
      await using place = await createPlace()
      const other = userId.parse(10009)
      {
        await using store = await place.open()
        store.account(sampleAccount).journal.advance('bot', 5)
        store.account(sampleAccount).journal.advance('log', 2)
        store.account(other).journal.advance('bot', 1)
      }
      await using again = await place.open()
      const { journal } = again.account(sampleAccount)
      expect(await journal.cursor('bot')).toBe(5)
      expect(await journal.cursor('log')).toBe(2)
      expect(await again.account(other).journal.cursor('bot')).toBe(1)
      journal.advance('bot', 4)
      expect(await journal.cursor('bot')).toBe(5)
    })
  })

  describe(`${name}: messages`, () => {
    test('ids are positive, rise, and are given at once', () =>
      withAccount(async ({ messages }) => {
        const ids = [messages.allocateId(), messages.allocateId(), messages.allocateId()]
        expect(ids[0]).toBeGreaterThan(0)
        expect(ids).toEqual(ids.toSorted((a, b) => a - b))
        expect(new Set(ids).size).toBe(3)
      }))

    test('no id is given twice, stored or not, before and after a restart', () =>
      acrossRestart(
        async ({ messages }) => {
          const stored = messages.allocateId()
          await messages.put(sampleMessage(stored))
          return Math.max(stored, messages.allocateId())
        },
        async ({ messages }, highest) => expect(messages.allocateId()).toBeGreaterThan(highest),
      ))

    test('a stored message is found by its id, in its account only', () =>
      withAccount(async ({ messages }, store) => {
        const event = sampleMessage(5)
        await messages.put(event)
        expect(await messages.get(event.message_id)).toEqual({ event, recalled: false })
        expect(await messages.get(sampleMessage(6).message_id)).toBeUndefined()
        expect(await store.account(userId.parse(10009)).messages.get(event.message_id)).toBeUndefined()
      }))

    test('a message that is there already is refused and stays what it was', () =>
      withAccount(async ({ messages }) => {
        await messages.put(sampleMessage(5))
        await expect(messages.put(sampleMessage(5, { text: 'other' }))).rejects.toThrow(/message 5 is already stored/)
        expect((await messages.get(sampleMessage(5).message_id))?.event).toEqual(sampleMessage(5))
      }))

    test('a recalled message keeps its content, and stays recalled after a restart', () =>
      acrossRestart(
        async ({ messages }) => {
          const event = sampleMessage(5)
          await messages.put(event)
          expect(await messages.markRecalled(event.message_id)).toBe(true)
          return event
        },
        async ({ messages }, event) => {
          expect(await messages.get(event.message_id)).toEqual({ event, recalled: true })
        },
      ))

    test('recalling what was never stored says so', () =>
      withAccount(async ({ messages }) => {
        expect(await messages.markRecalled(sampleMessage(5).message_id)).toBe(false)
      }))

    test('a message stored and recalled in one turn is recalled', () =>
      withAccount(async ({ messages }) => {
        const event = sampleMessage(5)
        const [, isRecalled] = await Promise.all([messages.put(event), messages.markRecalled(event.message_id)])
        expect(isRecalled).toBe(true)
        expect(await messages.get(event.message_id)).toMatchObject({ recalled: true })
      }))

    test('a page is the newest messages up to a seq, ascending by seq whatever the ids', () =>
      withAccount(async ({ messages }) => {
        const seqOfId = [30, 10, 50, 20, 40]
        await Promise.all(seqOfId.map((seq, index) => messages.put(sampleMessage(index + 1, { seq }))))
        await messages.put(sampleMessage(6, { group: 20002, seq: 25 }))
        const seqs = async (options: { upTo?: number; limit: number }) =>
          (await messages.page(inGroup(20001), options)).map(({ event }) => event.message_seq)
        expect(await seqs({ limit: 10 })).toEqual([10, 20, 30, 40, 50])
        expect(await seqs({ limit: 2 })).toEqual([40, 50])
        expect(await seqs({ upTo: 30, limit: 2 })).toEqual([20, 30])
        expect(await seqs({ upTo: 35, limit: 1 })).toEqual([30])
        expect(await seqs({ upTo: 5, limit: 1 })).toEqual([])
        expect(await messages.page(inGroup(20003), { limit: 5 })).toEqual([])
      }))

    test('a private message of the account itself is filed under its addressee', () =>
      withAccount(async ({ messages }) => {
        const { group_id: _, anonymous: __, ...rest } = { ...sampleMessage(1), group_id: 0, anonymous: null }
        const fields = { post_type: 'message_sent', message_type: 'private', sub_type: 'friend' }
        const sent = messageEvent.parse({ ...rest, ...fields, user_id: sampleAccount, target_id: 10001 })
        await messages.put(sent)
        const chat: Chat = { type: 'private', user_id: userId.parse(10001) }
        expect(await messages.page(chat, { limit: 5 })).toEqual([{ event: sent, recalled: false }])
      }))

    test('the highest seq of a chat is 0 when it has no messages', () =>
      withAccount(async ({ messages }) => {
        expect(await messages.lastSeq(inGroup(20001))).toBe(0)
        await Promise.all([7, 9, 8].map((seq) => messages.put(sampleMessage(seq))))
        expect(await messages.lastSeq(inGroup(20001))).toBe(9)
        expect(await messages.lastSeq(inGroup(20002))).toBe(0)
      }))
  })

  describe(`${name}: backend state`, () => {
    test('values come back in the order of their keys, as they were, after a restart too', () =>
      acrossRestart(
        async ({ state }) => {
          state.put('b', { nested: [1, 'two', null] })
          state.put('c', false)
          state.put('a', '文字')
          state.put('c', 3)
          state.put('gone', 1)
          state.delete('gone')
          state.delete('never there')
        },
        async ({ state }) => {
          expect([await state.get('c'), await state.get('gone')]).toEqual([3, undefined])
          expect([...(await state.entries())]).toEqual([
            ['a', '文字'],
            ['b', { nested: [1, 'two', null] }],
            ['c', 3],
          ])
        },
      ))

    test('a value is what it was when it was put', () =>
      withAccount(async ({ journal, state }) => {
        const value = { count: 1 }
        state.put('a', value)
        value.count = 2
        await journal.append(sampleNotice(1))
        expect([...(await state.entries())]).toEqual([['a', { count: 1 }]])
      }))

    test('what is put in the turn of an append is there once the append resolves, in this account only', () =>
      withAccount(async ({ journal, state }, store) => {
        const appended = journal.append(sampleNotice(1))
        state.put('a', 1)
        await appended
        expect([...(await state.entries())]).toEqual([['a', 1]])
        expect([...(await store.account(userId.parse(10009)).state.entries())]).toEqual([])
      }))

    test('what is put is there once the state is saved', () =>
      withAccount(async ({ state }) => {
        state.put('a', 1)
        expect([...(await state.entries())]).toEqual([])
        await state.saved()
        expect([...(await state.entries())]).toEqual([['a', 1]])
      }))

    test('a value that is no JSON is refused', () =>
      withAccount(async ({ state }) => {
        expect(() => state.put('a', undefined)).toThrow(TypeError)
      }))
  })

  describe(`${name}: media`, () => {
    const bytes = new TextEncoder().encode('a picture')
    const key = createHash('sha256').update(bytes).digest('hex')

    test('a file is kept under the hash of its bytes, after a restart too', async () => {
      await using place = await createPlace()
      {
        await using store = await place.open()
        expect(await store.media.put(bytes, 'image/png')).toEqual({ key, size: bytes.byteLength, type: 'image/png' })
      }
      await using again = await place.open()
      const found = await again.media.get(key)
      expect(found).toMatchObject({ key, size: bytes.byteLength, type: 'image/png' })
      expect(Buffer.from(found!.bytes).equals(bytes)).toBe(true)
    })

    test('the same bytes stored many times at once are one file; the last type holds', () =>
      withAccount(async (_, { media }) => {
        const stored = await Promise.all([1, 2, 3].map(() => media.put(bytes, 'image/png')))
        expect(new Set(stored.map((medium) => medium.key))).toEqual(new Set([key]))
        await media.put(bytes, 'image/gif')
        expect(await media.get(key)).toMatchObject({ type: 'image/gif' })
      }))

    test('a key that is not stored has no file, whatever it looks like', () =>
      withAccount(async (_, { media }) => {
        expect(await media.get('0'.repeat(64))).toBeUndefined()
        expect(await media.get('../../etc/passwd')).toBeUndefined()
        expect(await media.get('')).toBeUndefined()
      }))

    test('a file of no bytes is a file', () =>
      withAccount(async (_, { media }) => {
        const empty = await media.put(new Uint8Array(), 'text/plain')
        expect(await media.get(empty.key)).toMatchObject({ size: 0 })
      }))

    test('the cache can be cleared, all of it or one kind of file', () =>
      withAccount(async (_, { media }) => {
        const put = (text: string, type: string) => media.put(new TextEncoder().encode(text), type, { isCached: true })
        const [picture, song, page] = [
          await put('picture', 'image/png'),
          await put('song', 'audio/mpeg'),
          await put('page', 'text/plain'),
        ]
        expect(await media.clearCache('audio/')).toBe(1)
        expect(await media.get(song.key)).toBeUndefined()
        expect(await media.get(picture.key)).toBeDefined()
        expect(await media.clearCache()).toBe(2)
        expect(await media.get(picture.key)).toBeUndefined()
        expect(await media.get(page.key)).toBeUndefined()
        expect(await media.clearCache()).toBe(0)
      }))

    test('what was put for keeps, before or after, is no cache', () =>
      withAccount(async (_, { media }) => {
        await media.put(bytes, 'image/png')
        await media.put(bytes, 'image/png', { isCached: true })
        const other = new TextEncoder().encode('another picture')
        const { key: otherKey } = await media.put(other, 'image/png', { isCached: true })
        const cleared = media.clearCache()
        await media.put(other, 'image/png')
        await cleared
        expect(await media.clearCache()).toBe(0)
        expect(await media.get(key)).toBeDefined()
        expect(await media.get(otherKey)).toBeDefined()
      }))
  })

  describe(`${name}: closing`, () => {
    test('what was begun before closing is kept, what comes after is refused', async () => {
      await using place = await createPlace()
      const store = await place.open()
      const { journal } = store.account(sampleAccount)
      const begun = journal.append(sampleNotice(1))
      await store[Symbol.asyncDispose]()
      await store[Symbol.asyncDispose]()
      expect(await begun).toMatchObject({ seq: 1 })
      await expect(journal.append(sampleNotice(2))).rejects.toThrow(/closed/)
      await using again = await place.open()
      expect(again.account(sampleAccount).journal.last()).toBe(1)
    })
  })
}
