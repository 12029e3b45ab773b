import { catalogue, invoke, readParams } from '@seekyou/actions'
import { describe, expect, it } from 'vitest'
import { createFakeCall } from '../fake-call.ts'

const beyondDouble = '18446744073709551615'

describe('an id of a guild', () => {
  it.each([
    [beyondDouble, beyondDouble],
    ['7', '7'],
    [7, '7'],
  ])('given as %j loses no digit', (guild_id, read) => {
    expect(readParams('get_guild_roles', catalogue.get_guild_roles, { guild_id })).toEqual({ guild_id: read })
  })

  it.each([2 ** 60, -1, 1.5, '', 'x', '18446744073709551616', [7]])('is not %j', (guild_id) => {
    expect(() => readParams('get_guild_roles', catalogue.get_guild_roles, { guild_id })).toThrow(
      /^get_guild_roles: guild_id takes an unsigned 64-bit integer/u,
    )
  })
})

describe('a list of people', () => {
  const read = (users: unknown) =>
    readParams('set_guild_member_role', catalogue.set_guild_member_role, { guild_id: 1, role_id: 2, users }).users

  it('may be one alone', () => {
    expect(read(beyondDouble)).toEqual([beyondDouble])
    expect(read(7)).toEqual(['7'])
    expect(read([7, beyondDouble])).toEqual(['7', beyondDouble])
  })

  it('holds only ids', () => {
    expect(() => read(['7', 'x'])).toThrow('users.1 takes an unsigned 64-bit integer (a decimal string), not "x"')
  })
})

it.each([-1, 2 ** 32, 'red'])('the color of a role is not %j', (color) => {
  expect(() => readParams('create_guild_role', catalogue.create_guild_role, { guild_id: 1, name: 'a', color })).toThrow(
    /^create_guild_role: color takes /u,
  )
})

it("get_guild_msg tells what the backend gives, in the link's own format", async () => {
  const { message: _, ...told } = catalogue.get_guild_msg.example.data as Readonly<Record<string, unknown>>
  const message = [
    { type: 'text', data: { text: 'a&b' } },
    { type: 'face', data: { id: '1' } },
  ]
  const answers = { get_guild_msg: { ...told, message } }
  const get = async (format: 'string' | 'array') =>
    invoke({ action: 'get_guild_msg', params: { message_id: '3-1' } }, createFakeCall({ answers, format }).call)
  expect(await get('array')).toEqual({ type: 'done', data: { ...told, message } })
  expect(await get('string')).toEqual({ type: 'done', data: { ...told, message: 'a&amp;b[CQ:face,id=1]' } })
})
