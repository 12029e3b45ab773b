import { execFileSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { isMet, writeMarkdown, writeTable } from '../src/result.ts'
import type { Result } from '../src/result.ts'

const source = new URL('../src/', import.meta.url)
const names = readdirSync(source)
  .filter((file) => file.endsWith('.bench.ts'))
  .map((file) => file.slice(0, -'.bench.ts'.length))

function bench(...args: readonly string[]): string {
  const main = fileURLToPath(new URL('main.ts', source))
  return execFileSync(process.execPath, ['--conditions=@seekyou/source', main, ...args], { encoding: 'utf8' })
}

// Does the work once and looks at no figure: a test that times anything fails on a busy machine.
it.each(names)('runs the benchmark "%s"', (name) => {
  const { suites } = JSON.parse(bench(name, '--smoke', '--json')) as {
    readonly suites: readonly { readonly suite: string; readonly results: readonly Result[] }[]
  }
  expect(suites.map(({ suite }) => suite)).toEqual([name])
  expect(suites[0]!.results.length).toBeGreaterThan(0)
  for (const result of suites[0]!.results) {
    expect(result).toMatchObject({ group: expect.any(String), name: expect.any(String), unit: expect.any(String) })
  }
})

const result: Result = { group: 'a: how fast', name: 'b|c', ratio: 1.25, value: 1234.5, unit: 'ns' }

it.each([
  [{ of: 'ratio', atLeast: 1.2 }, true],
  [{ of: 'ratio', atLeast: 1.3 }, false],
  [{ of: 'ratio', atMost: 1.3 }, true],
  [{ of: 'value', atMost: 1000 }, false],
  [{ of: 'value', atLeast: 1000 }, true],
] as const)('a goal of %j is met: %j', (goal, met) => {
  expect(isMet({ ...result, goal })).toBe(met)
})

it('tells the ratio first, to people and in Markdown', () => {
  const goal = { of: 'ratio', atLeast: 1.3 } as const
  expect(writeTable([{ ...result, goal }])).toMatch(
    /^a: how fast\n +1\.25 x +b\|c +1235 ns +goal at least 1\.3 x: MISSED\n$/,
  )
  expect(writeMarkdown([result])).toContain('| 1.25 x | b\\|c | 1235 ns |  |')
})
