import { compileFilter } from '@seekyou/event-filter'
import { expect, test } from 'vitest'

const event = {
  post_type: 'message',
  message_type: 'group',
  group_id: 5,
  sender: { role: 'member' },
  raw_message: 'hi',
}

test('an event that passes has no deciding clause', () => {
  expect(compileFilter({ group_id: 5 }).explain(event)).toEqual({ pass: true })
})

test('the first clause in the order of the rule that is false decides, though test tries the cheap ones first', () => {
  const filter = compileFilter({ post_type: 'message', raw_message: { '.regex': '^!+\\w' }, group_id: 6 })
  expect(filter.explain(event)).toEqual({
    pass: false,
    decidedBy: {
      path: '/raw_message/.regex',
      field: 'raw_message',
      operator: '.regex',
      argument: '^!+\\w',
      value: 'hi',
    },
  })
})

test('a plain key is an .eq', () => {
  expect(compileFilter({ message_type: 'private' }).explain(event).decidedBy).toEqual({
    path: '/message_type',
    field: 'message_type',
    operator: '.eq',
    argument: 'private',
    value: 'group',
  })
})

test('nested rules say where in the rule and where in the event', () => {
  const filter = compileFilter({ '.and': { sender: { role: { '.in': ['owner', 'admin'] } } } })
  expect(filter.explain(event).decidedBy).toEqual({
    path: '/.and/sender/role/.in',
    field: 'sender.role',
    operator: '.in',
    argument: ['owner', 'admin'],
    value: 'member',
  })
})

test('.not decides itself', () => {
  const filter = compileFilter({ group_id: { '.not': { '.eq': 5 } } })
  expect(filter.explain(event).decidedBy).toEqual({
    path: '/group_id/.not',
    field: 'group_id',
    operator: '.not',
    argument: { '.eq': 5 },
    value: '5',
  })
})

test('.or says why each of its rules said no', () => {
  const filter = compileFilter({ '.or': [{ message_type: 'private' }, { group_id: 6, 'sender.title': 'x' }] })
  const { decidedBy } = filter.explain(event)
  expect(decidedBy).toMatchObject({ path: '/.or', field: '', operator: '.or' })
  expect(decidedBy?.alternatives?.map(({ path, value }) => [path, value])).toEqual([
    ['/.or/0/message_type', 'group'],
    ['/.or/1/group_id', '5'],
  ])
  expect(compileFilter({ '.or': [] }).explain(event).decidedBy?.alternatives).toEqual([])
})

test('a missing value is shown as ""', () => {
  expect(compileFilter({ user_id: 1 }).explain(event).decidedBy?.value).toBe('')
})

test('a long value is cut', () => {
  const { decidedBy } = compileFilter({ raw_message: 'x' }).explain({ raw_message: 'y'.repeat(1_000_000) })
  expect(decidedBy?.value).toBe(`${'y'.repeat(200)}…`)
})

test('the verdict is plain data that a log can write', () => {
  const filter = compileFilter({ '.or': [{ a: { '.in': [1, null] } }, { '.not': {} }] })
  const verdict = filter.explain(event)
  expect(JSON.parse(JSON.stringify(verdict))).toEqual(verdict)
})
