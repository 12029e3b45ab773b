import { compileFilter, FilterSyntaxError } from '@seekyou/event-filter'
import * as fc from 'fast-check'
import { plainDoor } from '../door.ts'
import { spoilt, strangeText, strangeValue } from '../strange.ts'

const operators = [
  '.and',
  '.or',
  '.not',
  '.eq',
  '.neq',
  '.in',
  '.contains',
  '.regex',
  '.unknown',
  'user_id',
  'a.b.#.c',
  'sender.role',
  '*',
  'message.0.data.text',
]

const rules = fc.letrec<{ rule: unknown }>((tie) => ({
  rule: fc.oneof(
    { maxDepth: 4 },
    strangeText,
    fc.constantFrom<unknown>(1, true, null, ['a', 1], '^(a+)+$', '(?=x)', '\\d{1,1000}', '[', 'a{999999}', '(?i)签到'),
    fc.dictionary(fc.oneof(fc.constantFrom(...operators), strangeText), tie('rule'), {
      maxKeys: 3,
      noNullPrototype: true,
    }),
    fc.array(tie('rule'), { maxLength: 3 }),
  ),
})).rule

const event = fc.constantFrom<unknown>(
  { post_type: 'message', user_id: 10001, sender: { role: 'member' }, message: 'hello', raw_message: 'hello' },
  { post_type: 'message', message: [{ type: 'text', data: { text: 'hello' } }], group_id: 2 ** 60, anonymous: null },
)

/** A rule is compiled, or it is said what is wrong with it; then every event passes or not, and the reason agrees. */
function check([rule, told]: readonly [unknown, unknown]): void {
  let filter
  try {
    filter = compileFilter(rule)
  } catch (error) {
    if (error instanceof FilterSyntaxError) return
    throw error
  }
  if (typeof told !== 'object' || told === null) return
  const passes = filter.test(told)
  if (typeof passes !== 'boolean') throw new Error(`the verdict is ${String(passes)}`)
  if (filter.explain(told).pass !== passes) throw new Error('the explanation says otherwise')
}

export const filters = plainDoor(
  'filters',
  10_000,
  fc.tuple(fc.oneof(rules, spoilt(rules)), spoilt(event, strangeValue)),
  check,
)
