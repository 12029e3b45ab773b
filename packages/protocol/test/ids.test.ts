import { discussId, groupId, guildScopedId, messageId, userId } from '@seekyou/protocol'
import type { DiscussId, GroupId, GuildScopedId, MessageId, UserId } from '@seekyou/protocol'
import { describe, expect, expectTypeOf, it } from 'vitest'

describe.each([
  ['user', userId],
  ['group', groupId],
  ['discuss group', discussId],
])("a %s's id", (_, id) => {
  it.each([
    [10001, 10001],
    ['10001', 10001],
    ['+10001', 10001],
    ['9007199254740991', Number.MAX_SAFE_INTEGER],
  ])('is read from %j', (input, value) => {
    expect(id.parse(input)).toBe(value)
  })

  it.each([0, '0', -1, '-1', 1.5, '', 'all', '9007199254740993', 2 ** 53, true, null, undefined, [1], {}])(
    'is not read from %j, and says once what it takes',
    (input) => {
      const { error } = id.safeParse(input)
      const accepted = 'a positive integer (a number or a decimal string)'
      expect(error?.issues.map(({ message }) => message)).toEqual([accepted])
    },
  )
})

describe("a message's id", () => {
  it.each([
    [1, 1],
    ['2147483647', 2147483647],
    ['-904345238', -904345238],
    [0, 0],
  ])('is read from %j', (input, value) => {
    expect(messageId.parse(input)).toBe(value)
  })

  it.each(['', 'a', 1.5, null])('is not read from %j', (input) => {
    expect(messageId.safeParse(input).success).toBe(false)
  })
})

describe("a guild's id", () => {
  it.each([
    ['18446744073709551615', '18446744073709551615'],
    ['0', '0'],
    [123, '123'],
  ])('keeps every digit of %j', (input, value) => {
    expect(guildScopedId.parse(input)).toBe(value)
  })

  it.each(['18446744073709551616', '99999999999999999999', '-1', '1.5', '1e3', '', ' 1', 2 ** 53, 1e21, -1, null])(
    'is not read from %j',
    (input) => {
      const { error } = guildScopedId.safeParse(input)
      expect(error?.issues.map(({ message }) => message)).toEqual(['an unsigned 64-bit integer (a decimal string)'])
    },
  )
})

function kick(group: GroupId, user: UserId): string {
  return `${user} leaves ${group}`
}

it('no id can stand where another kind of id belongs', () => {
  expectTypeOf<GroupId>().not.toExtend<UserId>()
  expectTypeOf<UserId>().not.toExtend<GroupId>()
  expectTypeOf<DiscussId>().not.toExtend<GroupId>()
  expectTypeOf<MessageId>().not.toExtend<UserId>()
  expectTypeOf<GuildScopedId>().not.toExtend<UserId>()
  expectTypeOf<number>().not.toExtend<UserId>()
  expectTypeOf<string>().not.toExtend<GuildScopedId>()
  expectTypeOf<UserId>().toExtend<number>()

  const [group, user] = [groupId.parse(20001), userId.parse(10001)]
  // @ts-expect-error a group id where a user id belongs, and the other way round
  kick(user, group)
  // @ts-expect-error a number that nobody read as an id
  kick(20001, user)
  expect(kick(group, user)).toBe('10001 leaves 20001')
})
