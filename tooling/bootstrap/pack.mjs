/** `node tooling/bootstrap/pack.mjs <folder>`: builds the program and writes it there as the package that is published. */
import { resolve } from 'node:path'
import { install, pnpm } from './install.mjs'

const folder = resolve(process.argv[2] ?? '.')

install()
process.exit(
  pnpm(['--filter', 'seekyou', 'run', 'build'], 2) ||
    pnpm(['--filter', 'seekyou', 'pack', '--pack-destination', folder], 2),
)
