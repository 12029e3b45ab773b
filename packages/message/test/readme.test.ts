import { readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { compileFunction } from 'node:vm'
import { describe, expect, it } from 'vitest'
import * as message from '@seekyou/message'
import * as schema from '@seekyou/message/schema'
import { withSegmentTable } from './segment-documentation.ts'

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
const modules: Record<string, object> = { '@seekyou/message': message, '@seekyou/message/schema': schema }
const blocks = [...readme.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, block = '']) => block)

/** Runs a block; each expression followed by `// => …` gives a pair of what it is and what the comment says. */
function run(block: string): [actual: unknown, expected: unknown][] {
  const script = stripTypeScriptTypes(
    block.replaceAll(/^import (\{.*?\}) from '(.*?)'$/gms, "const $1 = modules['$2']"),
  ).replaceAll(
    /^(?!const )(\S.*)\n\/\/ => (.*(?:\n\/\/ {4}.*)*)/gm,
    (_, expression: string, said: string) => `pairs.push([of(() => ${expression}), ${said.replaceAll('\n//', '\n')}]);`,
  )
  const pairs: [unknown, unknown][] = []
  compileFunction(script, ['modules', 'pairs', 'of'])(modules, pairs, (expression: () => unknown) => {
    try {
      return expression()
    } catch (error) {
      return String(error)
    }
  })
  return pairs
}

describe('the README', () => {
  it.each(blocks.map((block, index) => [index + 1, block] as const))('shows what example %i does', (_, block) => {
    const pairs = run(block)
    expect(pairs.length).toBe(block.split('// =>').length - 1)
    for (const [actual, expected] of pairs) expect(actual).toEqual(expected)
  })

  it('has examples', () => {
    expect(blocks.length).toBeGreaterThan(4)
  })

  it('shows the segment table as it is (if not: pnpm run docs)', () => {
    expect(readme).toBe(withSegmentTable(readme))
  })
})
