/** `pnpm docs`: writes the tables of dialects into the README. */
import { readFileSync, writeFileSync } from 'node:fs'
import { withDialectTables } from './dialect-documentation.ts'

const readme = new URL('../README.md', import.meta.url)
writeFileSync(readme, withDialectTables(readFileSync(readme, 'utf8')))
