import { readFile, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const page = fileURLToPath(new URL('../dist/page', import.meta.url))
const mostBytes = 250_000

test('loads first with less than 250 kB of compressed script and style, and nothing from elsewhere', async () => {
  const html = await readFile(join(page, 'index.html'), 'utf8')
  const files = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, file]) => file!)
  for (const file of files) expect(file).toMatch(/^\.\/assets\//)
  const entry = files.filter((file) => /\.(?:js|css)$/.test(file))
  const sizes = await Promise.all(entry.map(async (file) => (await stat(join(page, `${file}.gz`))).size))
  expect(sizes.length).toBeGreaterThan(1)
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(mostBytes)
})

test('is compressed once, when it is built', async () => {
  const names = await readdir(join(page, 'assets'))
  for (const name of names.filter((one) => /\.(?:js|css|svg)$/.test(one))) {
    expect(names).toContain(`${name}.br`)
    expect(names).toContain(`${name}.gz`)
  }
})
