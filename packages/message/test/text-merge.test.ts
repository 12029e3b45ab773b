import { mergeText, segment } from '@seekyou/message'
import { expect, it } from 'vitest'

it('joins neighbouring text and drops empty text', () => {
  const face = segment.face(1)
  expect(mergeText([segment.text(''), segment.text('a'), segment.text('b'), face, segment.text(''), face])).toEqual([
    segment.text('ab'),
    face,
    face,
  ])
})

it('keeps only the text of a text segment', () => {
  expect(
    mergeText([
      { type: 'text', data: { text: 'a', font: 'b' } },
      { type: 'text', data: {} },
    ]),
  ).toEqual([segment.text('a')])
})
