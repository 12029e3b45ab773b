import { compileFilter } from '@seekyou/event-filter'
import * as fc from 'fast-check'
import { RE2JS } from 're2js'
import { describe, expect, test } from 'vitest'

const matches = (pattern: unknown, text: string): boolean =>
  compileFilter({ raw_message: { '.regex': pattern } }).test({ raw_message: text })

describe('a pattern', () => {
  test.each([
    ['^!!', '!!help', true],
    ['^!!', 'x!!', false],
    ['help$', '!!help', true],
    ['help$', 'help\n', false],
    ['^help$', 'help', true],
    ['^(签到|打卡)$', '打卡', true],
    ['^(签到|打卡)$', '打卡了', false],
    ['^(签到|打卡)', '打卡了', true],
    ['签到|^打卡', '去打卡', false],
    ['签到|打卡', '去打卡', true],
    ['^a|b$', 'xb', true],
    ['^a|b$', 'bx', false],
    ['^[!/](\\w+)', '/help', true],
    ['^[!/](\\w+)', '!', false],
    ['^[!/](\\w+)', 'x/help', false],
    ['^[!/](\\w+)', '/帮助', false],
    ['^(roll|抽奖) (?:\\d+)', '抽奖 3', true],
    ['^(roll|抽奖) (?:\\d+)', 'roll x', false],
    ['^\\s', '\u000B', false],
    ['^#\\d', '#١', false],
    ['(?i)HELLO', 'say hello', true],
    ['(?s)a.b', 'a\nb', true],
    ['a.b', 'a\nb', false],
    ['\\[CQ:at,qq=(\\d+)\\]', '[CQ:at,qq=1] hi', true],
    ['^\\p{Han}+$', '汉字', true],
    ['(?P<name>x)', 'x', true],
    ['\\Qa.b\\E', 'a.b', true],
    ['a|b|c|d|e|f|g|h|i|j', 'xxj', true],
    ['', 'anything', true],
    ['^$', '', true],
    ['^$', 'x', false],
    ['😀?$', '', true],
    ['^a(?i)?', '', true],
    ['^a*b', 'b', true],
    ['^ab?c', 'ac', true],
    ['^😀?x', 'x', true],
    ['^(ab|cd){0,1}x', 'x', true],
    ['^a\\Q\\E*', 'b', true],
    [123, 'x123', true],
    [true, 'is true', true],
    [null, 'anything', true],
  ])('%s on %j: %s', (pattern, text, match) => {
    expect(matches(pattern, text)).toBe(match)
  })

  test('is tried against "" when the value is missing', () => {
    expect(compileFilter({ x: { '.regex': '^$' } }).test({})).toBe(true)
    expect(compileFilter({ x: { '.regex': '.' } }).test({})).toBe(false)
  })

  test('sees numbers and arrays as their text', () => {
    expect(compileFilter({ x: { '.regex': '^12+$' } }).test({ x: 122 })).toBe(true)
    expect(compileFilter({ x: { '.regex': '"type":"at"' } }).test({ x: [{ type: 'at' }] })).toBe(true)
  })
})

describe('patterns that RE2 does not have are refused by name', () => {
  test.each([
    ['(?=a)b', 'lookahead'],
    ['a(?!b)', 'lookahead'],
    ['(?<=a)b', 'lookbehind'],
    ['(?<!a)b', 'lookbehind'],
    ['(a)\\1', 'backreference'],
    ['(?P<x>a)\\k<x>', 'backreference'],
    ['(?>a)', 'atomic group'],
    ['(unclosed', 'missing closing )'],
    ['a**', 'invalid nested repetition operator'],
    ['[z-a]', 'invalid character class range'],
    ['(a{40}){40}', 'invalid repeat count'],
    ['((a{100}){100}){100}', 'which stands for 1000000 characters with its repeats written out; allowed: a pattern'],
    ['a{1000}'.repeat(5), 'which stands for 5000 characters'],
    ['([ab]{900,}c){5}', 'which stands for 4510 characters'],
    ['(?:\\pL{10,1000}|\\d){5}', 'which stands for 5025 characters'],
    ['('.repeat(2000) + ')'.repeat(2000), 'nests too deeply'],
    ['a'.repeat(4097), 'a pattern of 4097 characters'],
  ])('%s', (pattern, reason) => {
    expect(() => matches(pattern, '')).toThrow(reason)
    expect(() => matches(pattern, '')).toThrow('/raw_message/.regex')
  })
})

test('what only looks like a counted repeat is not one', () => {
  for (const [pattern, text] of [
    ['^a.{0,1000}b{1000}', `a${'b'.repeat(1000)}`],
    ['\\Qx{9999}\\E$', 'x{9999}'],
    ['^[]{9999}]+$', '{9999}]'],
    ['^[[:alpha:]{9999}\\]]+$', 'a{9999}]'],
    ['^a\\{9999}$', 'a{9999}'],
    ['^x{,9999}$', 'x{,9999}'],
    ['^\\x{1F600}\\p{Han}{2}$', '😀签到'],
  ] as const) {
    expect([pattern, matches(pattern, text)]).toEqual([pattern, true])
  }
})

function answers(compile: () => (text: string) => boolean, texts: readonly string[]): boolean[] | 'refused' {
  try {
    return texts.map(compile())
  } catch {
    return 'refused'
  }
}

describe('the literal shortcuts', () => {
  const units =
    'a b ab ! 签 😀 ^ $ | ( (?: ) [ab] [!/] [^a] \\. . + * ? {2} \\w \\d+ \\s (\\w+) (?:\\d) (?i) (?P<n> \\Q \\E - ]'.split(
      ' ',
    )
  const unit = fc.constantFrom(...units, '\uD83D', '\uDE00')
  const anchor = fc.constantFrom('', '^', '^a', '^[!/]', '^(?:', '(')
  const patterns = fc.tuple(anchor, fc.array(unit, { maxLength: 8 })).map(([start, parts]) => start + parts.join(''))
  const someTexts = fc
    .array(
      fc.constantFrom(...Array.from('abzAZ09_!/签😀.-@[`{:'), ' ', '\n', '\u000B', '\f', 'é', '\uD83D', '\uDE00'),
      {
        maxLength: 6,
      },
    )
    .map((parts) => parts.join(''))

  test('answer like the engine for every pattern, and refuse what it refuses', () => {
    let compared = 0
    fc.assert(
      fc.property(patterns, fc.array(someTexts, { minLength: 1, maxLength: 6 }), (pattern, texts) => {
        const engine = answers(() => {
          const regex = RE2JS.compile(pattern)
          return (text) => regex.test(text)
        }, texts)
        const ours = answers(() => {
          const filter = compileFilter({ x: { '.regex': pattern } })
          return (x) => filter.test({ x })
        }, texts)
        expect(ours).toEqual(engine)
        if (engine !== 'refused') compared++
      }),
      { numRuns: 20_000 },
    )
    expect(compared).toBeGreaterThan(1000)
  })
})

describe('catastrophic patterns on a hundred thousand characters', () => {
  // A backtracking engine would need longer than the age of the universe: this test ends, or it does not.
  test.each([
    '(a+)+$',
    '^(a+)+$',
    '(a|aa)+$',
    '^(\\w+\\s?)*$',
    '(.*)(.*)(.*)(.*)x$',
    '(?i)^(A|a)*b',
    '^(([a-z])+.)+[A-Z]([a-z])+$',
  ])('%s', (pattern) => {
    expect(matches(pattern, `${'a'.repeat(100_000)}!`)).toBe(false)
  })
})
