import { describe, expect, test } from 'vitest'
import { sayNotice } from '../src/chat/notice.ts'
import { chatOfNotice, rowsOf } from '../src/chat/timeline.ts'
import type { NoticeEvent } from '../src/chat/timeline.ts'
import { chatWords, durationIn } from '../src/chat/words.ts'
import type { ChatMessage } from '../src/chat/world.ts'
import { world } from './world.ts'

const noon = Date.UTC(2026, 0, 1, 12) / 1000

function message(message_id: number, time: number, user_id = 10001): ChatMessage {
  return {
    message_id,
    message_seq: message_id,
    time,
    user_id,
    sender: { nickname: String(user_id) },
    message: [],
    recalled: false,
  }
}

function notice(time: number, fields: object): NoticeEvent {
  return { post_type: 'notice', time, group_id: 20001, ...fields }
}

describe('the lines of a chat', () => {
  test('part the days, and keep together what one person says in a row', () => {
    const messages = [
      message(1, noon),
      message(2, noon + 60),
      message(3, noon + 61, 10002),
      message(4, noon + 62, 10001),
      message(5, noon + 600, 10001),
      message(6, noon + 86_400, 10001),
    ]
    expect(
      rowsOf(messages, []).map((row) => (row.kind === 'message' ? [row.message.message_id, row.continues] : row.kind)),
    ).toEqual(['day', [1, false], [2, true], [3, false], [4, false], [5, false], 'day', [6, false]])
  })

  test('have notices where they happened, each with a key of its own', () => {
    const rows = rowsOf(
      [message(1, noon), message(2, noon + 10)],
      [
        { number: 1, event: notice(noon + 5, {}) },
        { number: 2, event: notice(noon + 20, {}) },
      ],
    )
    expect(rows.map(({ kind }) => kind)).toEqual(['day', 'message', 'notice', 'message', 'notice'])
    const atOnce = rowsOf([message(1, noon), message(2, noon)], [{ number: 1, event: notice(noon, {}), afterSeq: 1 }])
    expect(atOnce.map(({ kind }) => kind)).toEqual(['day', 'message', 'notice', 'message'])
    expect(new Set(rows.map(({ key }) => key)).size).toBe(rows.length)
  })
})

describe('a notice', () => {
  test('belongs to its chat, unless a message says it already', () => {
    expect(chatOfNotice(notice(noon, { notice_type: 'group_ban' }))).toBe('group:20001')
    expect(chatOfNotice({ post_type: 'notice', time: noon, notice_type: 'friend_add', user_id: 10004 })).toBe(
      'private:10004',
    )
    expect(chatOfNotice(notice(noon, { notice_type: 'group_recall' }))).toBeUndefined()
    expect(chatOfNotice({ post_type: 'request', time: noon, user_id: 1 })).toBeUndefined()
  })

  test.each<[object, string, string]>([
    [
      { notice_type: 'group_ban', sub_type: 'ban', operator_id: 10003, user_id: 10001, duration: 600 },
      'Alice was muted for 10 min by Carol',
      'Alice 被 Carol 禁言 10 分钟',
    ],
    [
      { notice_type: 'group_ban', sub_type: 'ban', operator_id: 10003, user_id: 0, duration: -1 },
      'Carol muted everyone',
      'Carol 开启了全员禁言',
    ],
    [
      { notice_type: 'group_increase', sub_type: 'approve', operator_id: 0, user_id: 10001 },
      'Alice joined',
      'Alice 加入了群',
    ],
    [
      { notice_type: 'group_decrease', sub_type: 'kick', operator_id: 10003, user_id: 10001 },
      'Alice was removed by Carol',
      'Alice 被 Carol 移出了群',
    ],
    [
      { notice_type: 'notify', sub_type: 'poke', user_id: 10001, target_id: 10003 },
      'Alice poked Carol',
      'Alice 戳了戳 Carol',
    ],
    [{ notice_type: 'notify', sub_type: 'unheard_of' }, 'notify / unheard_of', 'notify / unheard_of'],
  ])('%j is said in both languages', (fields, english, chinese) => {
    expect(sayNotice(notice(noon, fields), world, chatWords.en)).toBe(english)
    expect(sayNotice(notice(noon, fields), world, chatWords.zh)).toBe(chinese)
  })

  test('counts time in the largest unit', () => {
    expect([0.2, 59, 60, 3599, 5400, 86_400 * 3].map((seconds) => durationIn(chatWords.en, seconds))).toEqual([
      '1 s',
      '59 s',
      '1 min',
      '60 min',
      '1.5 h',
      '3 d',
    ])
  })
})
