import { execFileSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const source = new URL('../src/', import.meta.url)
const names = readdirSync(source)
  .filter((file) => file.endsWith('.bench.ts'))
  .map((file) => file.slice(0, -'.bench.ts'.length))

// Does the work once and looks at no figure: a test that times anything fails on a busy machine.
it.each(names)('runs the benchmark "%s"', (name) => {
  const printed = execFileSync(
    process.execPath,
    ['--conditions=@seekyou/source', fileURLToPath(new URL('main.ts', source)), name, '--smoke'],
    { encoding: 'utf8' },
  )
  expect(printed).toMatch(/how many times as fast|how much longer it takes|goal \d+/)
})
