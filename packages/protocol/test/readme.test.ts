import { readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { compileFunction } from 'node:vm'
import * as protocol from '@seekyou/protocol'
import { expect, it } from 'vitest'
import { withDialectTables } from './dialect-documentation.ts'

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')

it('the example of the README is true', () => {
  const [, code = ''] = /```ts\n(.*?)```/su.exec(readme) ?? []
  const source = code
    .replace(/^import (\{.*?\}) from '@seekyou\/protocol'$/mu, 'const $1 = protocol')
    .replaceAll(/^(.+?) \/\/ → (.+)$/gmu, 'check($1, $2)')
  let checks = 0
  const check = (got: unknown, expected: unknown): void => {
    checks++
    expect(got).toEqual(expected)
  }
  compileFunction(stripTypeScriptTypes(source), ['protocol', 'check'])(protocol, check)
  expect(checks).toBe(3)
})

it('the README lists the dialects as they are (if not: pnpm run docs)', () => {
  expect(readme).toBe(withDialectTables(readme))
})
