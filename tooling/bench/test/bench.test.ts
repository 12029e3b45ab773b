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

it('tells the ratio first, and rounds', () => {
  const goal = { of: 'ratio', atLeast: 5 / 6 } as const
  expect(writeTable([{ ...result, ratio: 0.8, goal }])).toMatch(
    /^a: how fast\n +0\.80 x +b\|c +1235 ns +goal at least 0\.833 x: MISSED\n$/,
  )
})

it('writes a page that says where and when, which goals are met, and what was compared', () => {
  const goal = { of: 'value', atMost: 1000 } as const
  const results = [result, { ...result, name: 'd', goal }, { ...result, name: 'e', value: 10, goal, details: 'so' }]
  const page = writeMarkdown([{ suite: 's', about: 'One beside the other.', results }], {
    machine: 'a machine',
    date: '2026-01-02',
  })
  expect(page.replace(/^Ratios.*$/m, '…')).toBe(`# Results of \`pnpm bench\`

Measured 2026-01-02 on: a machine.

…

1 of 2 goals are met; missed:

- s, d: 1235 ns, goal at most 1000 ns

## s

One beside the other.

**a: how fast**

| ratio | what | figure | goal | more |
| --: | :-- | --: | :-- | :-- |
| 1.25 x | b\\|c | 1235 ns |  |  |
| 1.25 x | d | 1235 ns | at most 1000 ns: **missed** |  |
| 1.25 x | e | 10 ns | at most 1000 ns: met | so |
`)
})
