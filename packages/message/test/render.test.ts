import { renderMessage, type Segment } from '@seekyou/message'
import { expect, it } from 'vitest'

const message: readonly Segment[] = [
  { type: 'text', data: { text: 'a&b' } },
  { type: 'node', data: { content: [{ type: 'text', data: { text: 'c' } }] } },
]

it('renders a message as text with CQ codes', () => {
  expect(renderMessage(message, 'string')).toBe('a&amp;b[CQ:node,content=c]')
})

it('renders a message as an array with nested content', () => {
  expect(renderMessage(message, 'array')).toEqual(message)
})
