import { createSandbox, worldFile } from '@seekyou/backend-sandbox'
import { createBackendHost } from '@seekyou/testkit'
import * as fc from 'fast-check'
import { plainDoor } from '../door.ts'
import { spoilt, strangeValue } from '../strange.ts'

const seeds = fc.constantFrom<unknown>(
  {
    bot: { user_id: 10000, nickname: 'SeekYou' },
    users: [
      { user_id: 10001, nickname: 'Alice', friend: true },
      { nickname: 'Bob', friend: 'one-way', remark: 'Bobby', level: 3 },
      { user_id: '10101-10120', nickname: 'Person {id}' },
    ],
    groups: [
      {
        group_id: 20001,
        group_name: 'Club',
        owner: 'Alice',
        admins: ['bot'],
        members: ['Bob', '10101-10105', { user: 'Alice', card: 'x', title: 'y' }],
      },
    ],
    discusses: [{ discuss_name: 'Talk', members: ['bot', 10001] }],
    guilds: [{ guild_name: 'Hall', owner: 'Alice', members: ['bot'], channels: [{ channel_name: 'main' }] }],
  },
  { users: [{ user_id: '1-999999999999999', nickname: 'x' }, { nickname: 'y' }] },
  {},
)

const strange = fc.oneof(
  strangeValue,
  fc.constantFrom<unknown>(
    '1-999999999999999',
    '9-1',
    '10001-10002',
    '1-1',
    '000000000000001-2',
    'bot',
    'Alice',
    10000,
    10001,
    20001,
    '0-0',
    2 ** 53,
  ),
)

/** A world file begins a world, or it is said what is wrong with it. */
async function check(value: unknown): Promise<void> {
  const read = worldFile.safeParse(value)
  if (!read.success) return
  const sandbox = createSandbox({ world: './world.yml', readWorld: () => read.data })
  const self = await sandbox.identify()
  await sandbox.start(createBackendHost({ self }))
  await sandbox.actions['get_group_list']?.({} as never)
  await sandbox.stop()
}

/** What a person may have written into a world file. */
export const worlds = plainDoor('worlds', 4000, spoilt(seeds, strange), check)
