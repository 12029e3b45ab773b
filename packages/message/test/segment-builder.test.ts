import { segment } from '@seekyou/message'
import { segmentTable } from '@seekyou/message/segment-table'
import { expect, it } from 'vitest'

it('has a constructor for every type of the table', () => {
  expect(Object.keys(segment)).toEqual(Object.keys(segmentTable))
})

it('builds segments from params', () => {
  expect(segment.image({ file: 'a.png', type: 'show', id: 40004, cache: false, c: 2 })).toEqual({
    type: 'image',
    data: { file: 'a.png', type: 'show', id: '40004', cache: '0', c: '2' },
  })
  expect(segment.music({ type: '163', id: 28949129 })).toEqual({ type: 'music', data: { type: '163', id: '28949129' } })
  expect(segment.dice()).toEqual({ type: 'dice', data: {} })
  expect(segment.share({ url: 'u', title: 't', content: undefined })).toEqual({
    type: 'share',
    data: { url: 'u', title: 't' },
  })
})

it('builds segments from their main param', () => {
  expect(segment.text('hi')).toEqual({ type: 'text', data: { text: 'hi' } })
  expect(segment.at(10086n)).toEqual({ type: 'at', data: { qq: '10086' } })
  expect(segment.reply(-5)).toEqual({ type: 'reply', data: { id: '-5' } })
})

it('builds nodes around any form of message', () => {
  expect(segment.node({ name: 'n', uin: 1, content: 'hi[CQ:face,id=1]' })).toEqual({
    type: 'node',
    data: { name: 'n', uin: '1', content: [segment.text('hi'), segment.face(1)] },
  })
})

it('refuses what the table does not allow at compile time', () => {
  // @ts-expect-error: an image needs a file
  segment.image({ url: 'x' })
  // @ts-expect-error: there is no such kind of image
  segment.image({ file: 'x', type: 'sticker' })
  // @ts-expect-error: a shake has no main param
  segment.shake('x')
  // @ts-expect-error: there are gifts 0 to 13
  expect(segment.gift({ qq: 1, id: 14 }).data.id).toBe('14')
})
