import { segment, summarize } from '@seekyou/message'
import { expect, it } from 'vitest'
import { xmlExamples } from './seed-examples.ts'

it('sums a message up in one line', () => {
  expect(
    summarize([segment.reply(1), segment.at({ qq: 1, name: '小明' }), segment.text('看\n这个 '), segment.image('x')]),
  ).toBe('[回复]@小明 看 这个 [图片]')
})

it.each([
  [segment.at('all'), '@全体成员'],
  [segment.emoji(128516), '😄'],
  [segment.emoji(100049), '1\u{FE0F}\u{20E3}'],
  [segment.redbag({ title: '恭喜发财' }), '[红包] 恭喜发财'],
  [segment.json('{"prompt":"[应用]"}'), '[应用]'],
  [segment.json('{'), '[卡片消息]'],
  [segment.xml('<msg brief="&#91;分享&#93; 十年" a="1"/>'), '[分享] 十年'],
  [segment.xml('<msg/>'), '[卡片消息]'],
  [segment.anonymous(), ''],
  [{ type: 'vendor', data: {} }, '[vendor]'],
  [{ type: 'constructor', data: {} }, '[constructor]'],
])('sums up %j', (one, summary) => {
  expect(summarize([one])).toBe(summary)
})

it.each(xmlExamples)('sums up the XML card $xml of the seed', ({ xml, summary }) => {
  expect(summarize([segment.xml(xml)])).toBe(summary)
})
