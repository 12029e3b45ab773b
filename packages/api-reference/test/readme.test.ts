import { readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { compileFunction } from 'node:vm'
import * as reference from '@seekyou/api-reference'
import { expect, it } from 'vitest'
import { published } from './document.ts'

it('the example of the README is true', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
  const [, code = ''] = /```ts\n(.*?)```/su.exec(readme) ?? []
  const source = stripTypeScriptTypes(
    code
      .replace(/^import (\{.*?\}) from '@seekyou\/api-reference'$/mu, 'const $1 = reference')
      .replaceAll(/^(.+?) \/\/ → (.+)$/gmu, ';check($1, $2)'),
  )
  let checks = 0
  const check = (got: object, expected: unknown): void => {
    checks++
    expect(published(got)).toEqual(expected)
  }
  compileFunction(source, ['reference', 'check'])(reference, check)
  expect(checks).toBe(5)
})
