import { isSegment, type Segment } from '@seekyou/message'
import { expect, expectTypeOf, it } from 'vitest'

it('narrows a segment to its type', () => {
  const segment: Segment = { type: 'image', data: { file: 'a.png' } }
  expect(isSegment(segment, 'image')).toBe(true)
  expect(isSegment(segment, 'face')).toBe(false)
  if (isSegment(segment, 'image')) expectTypeOf(segment.data.file).toEqualTypeOf<string | undefined>()
  if (isSegment(segment, 'text')) expectTypeOf(segment.data.text).toEqualTypeOf<string>()
  if (isSegment(segment, 'node')) {
    expectTypeOf(segment.data.content).toEqualTypeOf<string | readonly Segment[] | undefined>()
  }
})

it('takes no text segment for one that has no text', () => {
  expect(isSegment({ type: 'text', data: {} }, 'text')).toBe(false)
})
