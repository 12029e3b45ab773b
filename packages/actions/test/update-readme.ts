/** `pnpm docs`: writes the table of actions into the README. */
import { readFileSync, writeFileSync } from 'node:fs'
import { withActionTable } from './action-documentation.ts'

const readme = new URL('../README.md', import.meta.url)
writeFileSync(readme, withActionTable(readFileSync(readme, 'utf8')))
