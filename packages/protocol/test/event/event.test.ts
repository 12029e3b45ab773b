import { isMessage, metaEvent, networkEvent } from '@seekyou/protocol'
import { describe, expect, it } from 'vitest'
import { messages, metas, notices, requests } from '../event-examples.ts'

const network = { ...messages, ...notices, ...requests }

describe('an event of the network', () => {
  it.each(Object.entries(network))('%s is read as it is', (_, event) => {
    expect(networkEvent.parse(event)).toEqual(event)
  })

  it.each(Object.entries(network))('%s survives the journal', (_, event) => {
    expect(networkEvent.parse(JSON.parse(JSON.stringify(event)))).toEqual(event)
  })

  it.each(Object.entries(network))('%s needs every field but those that may be missing', (_, event) => {
    const optional = [
      'temp_source',
      'invitor_id',
      ...('notice_type' in event && isFriendlyPoke(event) ? ['group_id'] : []),
    ]
    for (const field of Object.keys(event)) {
      const { [field as keyof typeof event]: _removed, ...rest } = event
      expect([field, networkEvent.safeParse(rest).success]).toEqual([field, optional.includes(field)])
    }
  })

  it.each(Object.entries(metas))('is none: %s', (_, event) => {
    expect(networkEvent.safeParse(event).success).toBe(false)
  })

  const group = messages['message group normal']
  it.each([
    ['a group that is no id', { ...group, group_id: 'all' }],
    ['a person with the number 0', { ...group, user_id: 0 }],
    ['a message that is text', { ...group, message: 'hi' }],
    ['a segment without a type', { ...group, message: [{ data: {} }] }],
    ['a segment without data', { ...group, message: [{ type: 'text' }] }],
    ['a segment whose data is a list', { ...group, message: [{ type: 'text', data: [] }] }],
    ['a segment that is none', { ...group, message: [null] }],
    ['a mask that is a name', { ...group, anonymous: '大力鬼王' }],
    ['a level that is a number', { ...group, sender: { ...group.sender, level: 1 } }],
    ['a role that nobody has', { ...group, sender: { ...group.sender, role: 'king' } }],
    ['no sender', { ...group, sender: null }],
    ['a second name that is unknown', { ...group, sub_type: 'friend' }],
    ['a kind of chat that is unknown', { ...group, message_type: 'channel' }],
    ['a time with a fraction', { ...group, time: 1.5 }],
    ['a name that is unknown', { ...notices.friend_add, notice_type: 'friend_remove' }],
    ['a notify of no kind', { ...notices['notify poke in a group'], sub_type: 'hug' }],
    ['an honour that nobody has', { ...notices['notify honor'], honor_type: 'ERROR' }],
    ['a flag that is a number', { ...requests.friend, flag: 77 }],
    ['a guild id that has lost digits', { ...notices.channel_created, guild_id: 2 ** 60 }],
    ['nothing', {}],
    ['no object', null],
  ])('has not %s', (_, event) => {
    expect(networkEvent.safeParse(event).success).toBe(false)
  })

  it('is a message or it is not', () => {
    for (const event of Object.values(network)) {
      expect(isMessage(networkEvent.parse(event))).toBe(event.post_type.startsWith('message'))
    }
  })
})

function isFriendlyPoke(event: object): boolean {
  return 'sub_type' in event && event.sub_type === 'poke'
}

describe('an event of the server', () => {
  it.each(Object.entries(metas))('%s is read as it is', (_, event) => {
    expect(metaEvent.parse(event)).toEqual(event)
  })

  it.each([
    ['an unknown turn of life', { ...metas['lifecycle connect'], sub_type: 'pause' }],
    ['a heartbeat without a status', { ...metas.heartbeat, status: undefined }],
    [
      'a heartbeat that does not know whether it is online',
      {
        ...metas.heartbeat,
        status: { ...metas.heartbeat.status, online: null },
      },
    ],
    ['an event of the network', notices.friend_add],
  ])('is not %s', (_, event) => {
    expect(metaEvent.safeParse(event).success).toBe(false)
  })
})
