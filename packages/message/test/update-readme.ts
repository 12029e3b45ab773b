/** `pnpm docs`: writes the segment table into the README. */
import { readFileSync, writeFileSync } from 'node:fs'
import { withSegmentTable } from './segment-documentation.ts'

const readme = new URL('../README.md', import.meta.url)
writeFileSync(readme, withSegmentTable(readFileSync(readme, 'utf8')))
