import { describe, expect, test } from 'vitest'
import { chatIdOf, readChat, readChats } from '../src/chat/chat-id.ts'
import { chatsOf, nameInChat, peopleOf, titleOfChat, usualPersona } from '../src/chat/world.ts'
import { readRoute, writeRoute } from '../src/kit/route.ts'
import { world } from './world.ts'

const sandbox = { type: 'group', group_id: 20001 } as const

describe('chats', () => {
  test.each(['group:20001', 'private:10001', 'discuss:30001', 'channel:40001/50001'])(
    '%s is read and written',
    (id) => {
      expect(chatIdOf(readChat(id)!)).toBe(id)
    },
  )

  test('are read from an address, each once, without what names none', () => {
    const { rest } = readRoute(writeRoute({ page: 'chat', rest: 'group:20001,channel:40001/50001' }))
    expect(readChats(`${rest},group:20001,nonsense,group:x,channel:1`)).toEqual(['group:20001', 'channel:40001/50001'])
  })

  test('have a title, and are found by it and by their number', () => {
    expect(titleOfChat(world, { type: 'channel', guild_id: '40001', channel_id: '50001' })).toBe('Guild / text')
    expect(titleOfChat(world, { type: 'group', group_id: 404 })).toBe('404')
    const found = (search: string) => chatsOf(world, search).flatMap(({ chats }) => chats.map(({ id }) => id))
    expect(found('sand')).toEqual(['group:20001'])
    expect(found('1000')).toEqual(['private:10001', 'private:10002', 'private:10003'])
  })
})

describe('people', () => {
  test('stand by their rank and go by their cards', () => {
    expect(peopleOf(world, sandbox).map(({ name, role }) => [name, role])).toEqual([
      ['SeekYou', 'owner'],
      ['Carol', 'admin'],
      ['Bobby', 'member'],
    ])
    expect(nameInChat(world, sandbox, 10002)).toBe('Bobby')
    expect(nameInChat(world, undefined, 10002)).toBe('Bob')
  })

  test('speak first who have no rank, and never the bot unless it is alone', () => {
    expect(usualPersona(world, sandbox)).toBe(10002)
    expect(usualPersona(world, { type: 'private', user_id: 10001 })).toBe(10001)
    expect(usualPersona(world, { type: 'group', group_id: 404 })).toBe(10000)
  })
})

describe('an address', () => {
  test('holds a page, a place and a query, whatever is in them', () => {
    const route = { page: 'links', rest: 'a b/ü', query: { q: 'x&y=#z' } } as const
    expect(readRoute(writeRoute(route))).toEqual(route)
    expect(readRoute('')).toEqual({ page: 'chat', rest: '', query: {} })
    expect(readRoute('#/nowhere/%E0%A4%A')).toEqual({ page: 'chat', rest: '%E0%A4%A', query: {} })
  })
})
