import { compileFilter } from '@seekyou/event-filter'
import { describe, expect, test } from 'vitest'

const keys = [
  'anonymous',
  'card',
  'channel_id',
  'comment',
  'data',
  'discuss_id',
  'duration',
  'event',
  'flag',
  'group_id',
  'guild_id',
  'honor_type',
  'id',
  'message',
  'message_id',
  'message_type',
  'meta_event_type',
  'name',
  'nickname',
  'notice_type',
  'operator_id',
  'post_type',
  'raw_message',
  'request_type',
  'role',
  'self_id',
  'sender',
  'sub_type',
  'target_id',
  'time',
  'type',
  'user_id',
  'interval',
  'anything_else',
]

describe('every key reads its own property and no other', () => {
  test.each(keys)('%s', (key) => {
    const others = Object.fromEntries(keys.filter((other) => other !== key).map((other) => [other, 'other']))
    const filter = compileFilter({ [key]: 'mine' })
    expect(filter.test({ ...others, [key]: 'mine' })).toBe(true)
    expect(filter.test(Object.assign(Object.create({ [key]: 'other' }), { [key]: 'mine' }))).toBe(true)
    expect(filter.test({ ...others, [key]: 'other' })).toBe(false)
    expect(compileFilter({ [key]: null }).test(others)).toBe(true)
    expect(compileFilter({ [key]: null }).test(Object.create({ [key]: 'inherited' }))).toBe(true)
    expect(compileFilter({ [`list.${key}`]: null }).test({ list: Object.assign([], { [key]: 'on an array' }) })).toBe(
      true,
    )
  })

  test.each(keys)('%s is not read from a polluted Object.prototype', (key) => {
    const base = Object.prototype as { [key: string]: unknown }
    try {
      Object.defineProperty(base, key, { value: 'polluted', configurable: true, writable: true })
      expect(compileFilter({ [key]: 'polluted' }).test({})).toBe(false)
    } finally {
      delete base[key]
    }
  })
})
