import { expect, test } from 'vitest'
import { choicesFor } from '../../src/playground/choices.ts'
import { idsOfWorld } from '../../src/tools/world.ts'

const world = {
  users: [
    { user_id: 10001, nickname: 'Alice' },
    { user_id: 10002, nickname: 'Bob' },
  ],
  groups: [
    { group_id: 20001, group_name: 'Sandbox', members: [{ user_id: 10002 }] },
    { group_id: 20002, group_name: 'Guests' },
  ],
  discusses: [{ discuss_id: 30001, discuss_name: 'Discuss' }],
  guilds: [{ guild_id: '40001', guild_name: 'Guild', channels: [{ channel_id: '50001', channel_name: 'text' }] }],
}

test('reads the ids of a world with their names', () => {
  expect(idsOfWorld(world)).toEqual({
    users: [
      { id: '10001', name: 'Alice' },
      { id: '10002', name: 'Bob' },
    ],
    groups: [
      { id: '20001', name: 'Sandbox' },
      { id: '20002', name: 'Guests' },
    ],
    discusses: [{ id: '30001', name: 'Discuss' }],
    guilds: [{ id: '40001', name: 'Guild' }],
    channels: [{ id: '50001', name: 'text' }],
    members: new Map([['20001', ['10002']]]),
  })
  expect(idsOfWorld({ groups: 'odd', users: [null, {}] })).toMatchObject({ groups: [], users: [{ id: '', name: '' }] })
})

test('members of the chosen group are offered first', () => {
  const names = (group: string | undefined) =>
    choicesFor({ kind: 'user' }, idsOfWorld(world), group).map(({ name }) => name)
  expect(names(undefined)).toEqual(['Alice', 'Bob'])
  expect(names('20001')).toEqual(['Bob', 'Alice'])
})
