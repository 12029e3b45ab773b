import { readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { compileFunction } from 'node:vm'
import { expect } from 'vitest'

/** The examples of a README in TypeScript or JavaScript, in their order. */
export function examplesOf(readme: URL): readonly string[] {
  return [...readFileSync(readme, 'utf8').matchAll(/^```[jt]s\n(.*?)^```/gms)].map(([, code = '']) => code)
}

/**
 * Runs an example of a README to its end. `modules` are what it imports, `given` what it takes for granted. A line
 * `<expression> // → <value>` is held against what it says; resolves with how many there were.
 */
export async function runExample(
  code: string,
  {
    modules,
    given = {},
  }: { readonly modules: Readonly<Record<string, object>>; readonly given?: Readonly<Record<string, unknown>> },
): Promise<number> {
  let checks = 0
  const check = (got: unknown, said: unknown): void => {
    checks++
    expect(got).toEqual(said)
  }
  const body = code
    .replaceAll(/^import type .*$/gm, '')
    .replaceAll(/^import (\{.*?\}) from ('.*?')$/gms, 'const $1 = modules[$2]')
    .replaceAll(/^(.+?) \/\/ → (.+)$/gm, ';check($1, $2)')
  const script = stripTypeScriptTypes(`async function example() {\n${body}\n}`)
  const names = ['modules', 'check', ...Object.keys(given)]
  const example = compileFunction(`${script}; return example()`, names) as (...values: unknown[]) => Promise<void>
  await example(modules, check, ...Object.values(given))
  return checks
}
