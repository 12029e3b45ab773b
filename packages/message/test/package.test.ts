import { readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { expect, it } from 'vitest'

const source = new URL('../src/', import.meta.url)

function read(name: string): string {
  return readFileSync(new URL(name, source), 'utf8')
}

/** A source file and all that is loaded with it, by name; what is no file of this package stays as it is written. */
function closureOf(...entries: readonly string[]): string[] {
  const found = new Set(entries)
  for (const name of found) {
    if (!name.startsWith('./')) continue
    // Without its types, which load nothing.
    for (const [, imported = ''] of stripTypeScriptTypes(read(name)).matchAll(
      /^(?:import|export|\}) .*?from '(.*)'$/gm,
    )) {
      found.add(imported)
    }
  }
  return [...found]
}

function bytesOf(texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0)
}

/** A source file without its types and comments, and without the gaps they leave. */
function codeOf(name: string): string {
  return stripTypeScriptTypes(read(name))
    .replaceAll(/\/\*\*.*?\*\/|^ *\/\/.*?$/gms, '')
    .replaceAll(/(?<=\S) {2,}| +$/gm, ' ')
    .replaceAll(/\n\s*\n/g, '\n')
}

it('imports nothing but its own files', () => {
  const loaded = [...closureOf('./index.ts'), ...closureOf('./segment-table.ts')]
  expect(loaded.filter((name) => !name.startsWith('./'))).toEqual([])
})

it('imports zod in the schemas only', () => {
  expect(closureOf('./schema.ts').filter((name) => !name.startsWith('./'))).toEqual(['zod'])
})

it('does not load the segment table with the main entry', () => {
  expect(closureOf('./index.ts')).not.toContain('./segment-table.ts')
  expect(closureOf('./schema.ts')).toContain('./segment-table.ts')
})

it('keeps what the main entry loads below 30 kB of code, comments and types aside', () => {
  const files = closureOf('./index.ts')
  expect(files.length).toBeGreaterThan(10)
  expect(bytesOf(files.map(codeOf))).toBeLessThan(30_000)
})

it('keeps the codec alone below 30 kB of source, comments and types included', () => {
  const files = closureOf('./cq-code.ts')
  expect(files.length).toBeGreaterThan(4)
  expect(bytesOf(files.map(read))).toBeLessThan(30_000)
})
