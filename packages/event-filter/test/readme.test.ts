import { readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { compileFunction } from 'node:vm'
import * as eventFilter from '@seekyou/event-filter'
import { describe, expect, test } from 'vitest'

const readmes = ['README.md', 'README.zh-CN.md'].map((name) => ({
  name,
  text: readFileSync(new URL(`../${name}`, import.meta.url), 'utf8'),
}))

const examples = readmes.flatMap(({ name, text }) =>
  [...text.matchAll(/```ts\n(.*?)```/gsu)].map(([, code = ''], index) => ({
    name: `${name}, example ${index + 1}`,
    code,
  })),
)

/** Runs an example; `expression // → value` and `expression // throws message` become checks. */
function run(code: string): number {
  let checks = 0
  const check = (got: () => unknown, expected: () => unknown): void => {
    checks++
    expect(got()).toEqual(expected())
  }
  const checkThrows = (got: () => unknown, message: string): void => {
    checks++
    expect(got).toThrow(eventFilter.FilterSyntaxError)
    expect(got).toThrow(message)
  }
  const source = code
    .replaceAll(/^import (\{.*\}) from '@seekyou\/event-filter'$/gmu, 'const $1 = eventFilter')
    .replaceAll(/^(.+?) \/\/ → (.+)$/gmu, 'check(() => ($1), () => ($2))')
    .replaceAll(/^(.+?) \/\/ throws (.+)$/gmu, (_line, expression: string, message: string) => {
      return `checkThrows(() => (${expression}), ${JSON.stringify(message)})`
    })
  compileFunction(stripTypeScriptTypes(source), ['eventFilter', 'check', 'checkThrows'])(
    eventFilter,
    check,
    checkThrows,
  )
  return checks
}

describe('the examples of the READMEs are true', () => {
  test.each(examples)('$name', ({ code }) => {
    expect(run(code)).toBeGreaterThan(0)
  })

  test('there are examples', () => {
    expect(examples.length).toBeGreaterThanOrEqual(8)
  })
})

test('the README lists every operator as the JSON Schema describes it', () => {
  const rows = (readmes[0]?.text ?? '').matchAll(/^\| `(\.\w+)` +\|.*\| (.*?) +\|$/gmu)
  const { rule } = eventFilter.filterJsonSchema['$defs'] as { rule: { properties: object } }
  const described = Object.entries(rule.properties).map(([name, { description }]) => [name, description])
  expect([...rows].map(([, name, meaning]) => [name, meaning])).toEqual(described)
})
