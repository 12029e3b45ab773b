import { readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { compileFunction } from 'node:vm'
import * as actions from '@seekyou/actions'
import { ActionFailure, failures } from '@seekyou/protocol'
import { expect, it } from 'vitest'
import { withActionTable } from './action-documentation.ts'

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')

/** The cells of the table below a heading, without its head. */
function tableBelow(heading: string): readonly (readonly string[])[] {
  const [, table = ''] = readme.split(`## ${heading}\n`)[1]?.split('|\n| -') ?? []
  const [rows = ''] = table.split('\n\n')
  return rows
    .split('\n')
    .slice(1)
    .map((row) =>
      row
        .split('|')
        .map((cell) => cell.trim())
        .slice(1, -1),
    )
}

it('the example of the README is true', () => {
  const [, code = ''] = /```ts\n(.*?)```/su.exec(readme) ?? []
  const source = stripTypeScriptTypes(
    code
      .replaceAll(/^import type .*$/gmu, '')
      .replace(/^import (\{.*?\}) from '@seekyou\/actions'$/mu, 'const $1 = actions')
      .replaceAll(/^(.+?) \/\/ → (.+)$/gmu, 'check($1, $2)')
      .replaceAll(/^(.+?) \/\/ throws (.+)$/gmu, (_line, expression: string, message: string) => {
        return `checkThrows(() => ${expression}, ${JSON.stringify(message)})`
      }),
  )
  let checks = 0
  const check = (got: unknown, expected: unknown): void => {
    checks++
    expect(got).toEqual(expected)
  }
  const checkThrows = (got: () => unknown, message: string): void => {
    checks++
    expect(got).toThrow(new ActionFailure('bad-params', message))
  }
  compileFunction(source, ['actions', 'check', 'checkThrows'])(actions, check, checkThrows)
  expect(checks).toBe(4)
})

it('the README lists every action as the catalogue tells it (if not: pnpm run docs)', () => {
  expect(readme).toBe(withActionTable(readme))
})

it('the README lists every option as it is', () => {
  const options = Object.entries(actions.actionOptions.shape).map(([key, option]) => [
    `\`${key}\``,
    `\`${JSON.stringify(option.def.defaultValue)}\``,
    option.description,
  ])
  expect(tableBelow('Options')).toEqual(options)
})

it('the README names only kinds of failure that there are', () => {
  const kinds = tableBelow('How a call ends').map(([kind = '']) => kind.replaceAll('`', ''))
  expect(kinds).toEqual(['unknown-action', 'unsupported', 'bad-request', 'bad-params', 'internal'])
  expect(Object.keys(failures)).toEqual(expect.arrayContaining(kinds))
})
