import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

const source = new URL('../src/', import.meta.url)

/** A source file and all it imports, by name; what is no file of this package stays as it is written. */
function closureOf(...entries: readonly string[]): Set<string> {
  const found = new Set(entries)
  for (const name of found) {
    if (!name.startsWith('./')) continue
    for (const [, imported = ''] of readFileSync(new URL(name, source), 'utf8').matchAll(
      /^(?:import|export|\}) .*?from '(.*)'$/gm,
    )) {
      found.add(imported)
    }
  }
  return found
}

it('imports nothing but its own files', () => {
  expect([...closureOf('./index.ts')].filter((name) => !name.startsWith('./'))).toEqual([])
})

it('imports zod in the schemas only', () => {
  expect([...closureOf('./schema.ts')].filter((name) => !name.startsWith('./'))).toEqual(['zod'])
})

it('keeps the codec below 30 kB of source, comments and types included', () => {
  const files = [...closureOf('./cq-code.ts', './message-input.ts', './render.ts')].filter(
    (name) => name !== './segment.ts',
  )
  const bytes = files.reduce((sum, name) => sum + readFileSync(new URL(name, source)).length, 0)
  expect(files.length).toBeGreaterThan(6)
  expect(bytes).toBeLessThan(30_000)
})
