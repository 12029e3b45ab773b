import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const source = new URL('../src/', import.meta.url)

/** The classes that the rules of a folder begin with. */
function classesOf(folder: string): ReadonlySet<string> {
  const files = readdirSync(new URL(`${folder}/`, source)).filter((file) => file.endsWith('.css'))
  const rules = files.map((file) => readFileSync(new URL(`${folder}/${file}`, source), 'utf8')).join('\n')
  return new Set([...rules.matchAll(/^\s*\.([\w-]+)/gm)].map(([, name]) => name!))
}

test('no two pages give a class of the same name a look, for that of a page stays when another is opened', () => {
  const pages = ['chat', 'inspector', 'playground', 'links', 'tools', 'style']
  const owners = new Map<string, string[]>()
  for (const page of pages) for (const name of classesOf(page)) owners.set(name, [...(owners.get(name) ?? []), page])
  expect(owners.size).toBeGreaterThan(100)
  expect([...owners].filter(([, folders]) => folders.length > 1)).toEqual([])
})
