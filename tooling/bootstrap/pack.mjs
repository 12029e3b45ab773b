/** `node tooling/bootstrap/pack.mjs <folder>`: builds the program and writes it there as the package that is published. */
import { resolve } from 'node:path'
import { buildConsole } from './console.mjs'
import { install, pnpm } from './install.mjs'

const folder = resolve(process.argv[2] ?? '.')

install()
if (!buildConsole()) process.exit(1)
process.exit(
  pnpm(['--filter', 'seekyou', 'run', 'build'], 2) ||
    pnpm(['--filter', 'seekyou', 'pack', '--pack-destination', folder], 2),
)
